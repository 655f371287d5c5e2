"""First inputs that users type to try a model of a sample corpus, with the right answers."""

from collections.abc import Sequence
from dataclasses import dataclass

MARKS = " .!?。！？"
"""Trailing characters that do not change a line."""


@dataclass(frozen=True)
class FirstLine:
    """An input to try a model with.

    Attributes:
        text: The line.
        accepted: The correct outputs, the most expected one first.
    """

    text: str
    accepted: tuple[str, ...]

    def is_right(self, output: str) -> bool:
        """Return whether an output is one of the accepted ones; case and the final punctuation mark do not matter."""
        return bare(output) in {bare(one) for one in self.accepted}


def bare(text: str) -> str:
    """Return a text in lower case and without trailing punctuation, for comparison."""
    return text.lower().rstrip(MARKS)


def first_lines(table: str) -> list[FirstLine]:
    """Read a table with rows ``TEXT = OUTPUT / OUTPUT ...``."""
    rows = (row.split(" = ") for row in table.strip().splitlines())
    return [FirstLine(text, tuple(outputs.split(" / "))) for text, outputs in rows]


def count_right(lines: Sequence[FirstLine], outputs: Sequence[str], name: str) -> int:
    """Return the number of right outputs, and print the wrong ones.

    Args:
        lines: The lines.
        outputs: The model's output for each.
        name: Name of the group of lines, such as 'first lines in English'.
    """
    wrong = [(line, output) for line, output in zip(lines, outputs, strict=True) if not line.is_right(output)]
    for line, output in wrong:
        print(f"wrong: {line.text} -> {output} (right: {line.accepted[0]})")
    right = len(lines) - len(wrong)
    print(f"{right} of {len(lines)} {name} are right")
    return right
