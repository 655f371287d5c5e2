"""Typical first inputs to a model of a sample corpus, with their accepted outputs."""

from collections.abc import Sequence
from dataclasses import dataclass

MARKS = " .!?。！？"
"""Trailing characters that comparisons ignore."""


@dataclass(frozen=True)
class FirstLine:
    """A test input for a model.

    Attributes:
        text: The input.
        accepted: Accepted outputs, the most likely one first.
    """

    text: str
    accepted: tuple[str, ...]

    def is_right(self, output: str) -> bool:
        """Return whether an output is accepted, ignoring case and final punctuation."""
        return bare(output) in {bare(text) for text in self.accepted}


def bare(text: str) -> str:
    """Return a text in lower case and without trailing punctuation."""
    return text.lower().rstrip(MARKS)


def first_lines(table: str) -> list[FirstLine]:
    """Parse a table with rows ``TEXT = OUTPUT / OUTPUT ...``."""
    rows = (row.split(" = ") for row in table.strip().splitlines())
    return [FirstLine(text, tuple(outputs.split(" / "))) for text, outputs in rows]


def count_right(lines: Sequence[FirstLine], outputs: Sequence[str], name: str) -> int:
    """Return the number of accepted outputs, and print the others; `name` describes the lines."""
    wrong = [(line, output) for line, output in zip(lines, outputs, strict=True) if not line.is_right(output)]
    for line, output in wrong:
        print(f"wrong: {line.text} -> {output} (right: {line.accepted[0]})")
    right = len(lines) - len(wrong)
    print(f"{right} of {len(lines)} {name} are right")
    return right
