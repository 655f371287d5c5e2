"""Progress of reading a file, for readings that have no other display."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from seq2seq.amounts import amount
from seq2seq.progress import Progress

Item = TypeVar("Item")
EVERY = 256
"""Number of items between two looks at the clock."""


def watched(items: Iterable[Item], what: str, unit: str) -> Iterator[Item]:
    """Yield items, and show their number on stderr if reading takes long.

    Args:
        items: Anything that is read from files.
        what: What is done, such as ``Reading train.json``.
        unit: Name of an item, such as ``record``.
    """
    progress = Progress(after_s=2.0)
    try:
        for number, item in enumerate(items, start=1):
            if number % EVERY == 0 and progress.is_due:
                progress.write(f"{what}: {amount(number, unit)}", f"{number / progress.seconds:,.0f} a second")
            yield item
    finally:
        progress.end()
