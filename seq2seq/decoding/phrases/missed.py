"""A counter of what outputs should contain and do not: terms of a glossary, placeholders of the source."""

from collections.abc import Sequence


class Missed:
    """Counts what outputs lack.

    Attributes:
        count: How much they lack.
        first: What was missed first, and the location of its source.
    """

    def __init__(self) -> None:
        self.count = 0
        self.first = ("", "")

    def add(self, missed: Sequence[str], place: str) -> None:
        """Count what an output lacks; `place` is the location of its source."""
        if missed and not self.count:
            self.first = (missed[0], place)
        self.count += len(missed)
