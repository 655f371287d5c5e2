"""Lengths of the training examples, and output limits that follow from them.

Shapes: ``P`` pairs.
"""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seq2seq.decoding.options import SearchOptions, WritingOptions
from seq2seq.options import Options, within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHARE = 0.999
"""Share of the training targets within the limits; most longer ones are misaligned."""
SPARE = 1.25
"""Limits as a multiple of the observed lengths."""
MUCH_LONGER = 2
"""Multiple of the longest training source above which a source is much longer."""


@dataclass(frozen=True)
class Lengths(Options):
    """Lengths of the training pairs, in pieces.

    Args:
        source: The longest source.
        target: A length that 99.9 % of the targets do not exceed.
        ratio: Target pieces beyond the first 10 per source piece; 99.9 % of the pairs do not exceed it.
    """

    source: int
    target: int
    ratio: float

    def __post_init__(self) -> None:
        """Refuse impossible lengths."""
        for name in ("source", "target"):
            within(f"lengths.{name}", getattr(self, name), 0, whole=True)
        within("lengths.ratio", self.ratio, 0, 1_000_000)

    @classmethod
    def of(cls, sources: "NDArray[np.int32]", targets: "NDArray[np.int32]") -> "Lengths | None":
        """Return the lengths of some pairs; None if there are none.

        Args:
            sources: [P], pieces of each source.
            targets: [P], pieces of each target.
        """
        import numpy as np

        if not len(targets):
            return None
        ratios = np.maximum(targets - 10, 0) / np.maximum(sources, 1)
        return cls(
            int(sources.max()),
            math.ceil(np.quantile(targets, SHARE)),
            math.ceil(1000 * float(np.quantile(ratios, SHARE))) / 1000,
        )

    def fitted(self, search: SearchOptions, *, is_growing: bool) -> SearchOptions:
        """Return search settings whose longest output fits these lengths.

        Args:
            search: The settings.
            is_growing: Whether outputs grow with their sources, as translations do and summaries do not.
        """
        if is_growing:
            ratio = min(1000.0, max(0.1, round(SPARE * self.ratio, 3)))
            return replace(search, max_length=0, max_length_ratio=ratio, max_length_extra=20)
        longest = max(search.min_length, math.ceil(SPARE * self.target) + 5)
        return replace(search, max_length=0, max_length_ratio=0.0, max_length_extra=longest)


def limited(
    search: SearchOptions, lengths: Lengths | None, usual: WritingOptions, *, is_growing: bool
) -> SearchOptions:
    """Return a model's search settings; limits that the user has not set follow the training lengths.

    Args:
        search: The requested settings.
        lengths: The lengths in training, if known.
        usual: The task's settings.
        is_growing: As for `Lengths.fitted`.
    """
    if lengths and has_limits_of(search, usual):
        return lengths.fitted(search, is_growing=is_growing)
    return search


def has_limits_of(search: WritingOptions, other: WritingOptions) -> bool:
    """Return whether two settings have the same limits, so that the user has not changed them."""
    names = ("max_length", "max_length_ratio", "max_length_extra")
    return [getattr(search, name, None) for name in names] == [getattr(other, name, None) for name in names]


class LongSources:
    """Counts sources that are much longer than any in training.

    Args:
        lengths: The lengths in training; None counts nothing.
    """

    def __init__(self, lengths: Lengths | None) -> None:
        self.longest = lengths.source if lengths else 0
        self.count = 0
        self._first = ("", 0)

    def add(self, pieces: int, place: str) -> None:
        """Check a source.

        Args:
            pieces: Its pieces.
            place: Its location, for messages.
        """
        if self.longest and pieces > MUCH_LONGER * self.longest:
            self._first = self._first if self.count else (place, pieces)
            self.count += 1

    def sentence(self) -> str:
        """Return the note about long sources; '' if there was none."""
        if not self.count:
            return ""
        place, pieces = self._first
        what, whose = ("source is", "its output") if self.count == 1 else ("sources are", "their outputs")
        return (
            f"{self.count:,} {what} much longer than any in training, where the longest had {self.longest:,} pieces "
            f"(first at {place}, {pieces:,} pieces): check {whose}."
        )
