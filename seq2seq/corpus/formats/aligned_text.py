"""Aligned text files: line n of the source belongs to line n of the target."""

from collections.abc import Iterator
from pathlib import Path

from seq2seq.amounts import amount
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines


def aligned(source: Path, target: Path, source_field: str, target_field: str) -> Iterator[tuple[str, dict[str, str]]]:
    """Yield pairs of lines.

    Raises:
        UserError: If the files differ in their number of lines, or if both are the same file.
    """
    if source.exists() and target.exists() and source.samefile(target):
        raise UserError(
            f"{source} is given as source and as target: give the file of the targets second (or a copy of this one, "
            "to learn copying)."
        )
    sources, targets = lines(source), lines(target)
    number = 0
    for number, first in enumerate(sources, start=1):
        second = next(targets, None)
        if second is None:
            raise _unequal(source, number + sum(1 for _ in sources), target, number - 1)
        yield f"{source}:{number}", {source_field: first, target_field: second}
    if more := sum(1 for _ in targets):
        raise _unequal(source, number, target, number + more)


def _unequal(source: Path, source_lines: int, target: Path, target_lines: int) -> UserError:
    return UserError(
        f"{source} has {amount(source_lines, 'line')}, but {target} has {target_lines:,}: "
        "aligned files need one target line for every source line."
    )
