"""Lengths of the training pairs, and output limits derived from them."""

import math
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from seq2seq.decoding.options import SearchOptions, WritingOptions
from seq2seq.options import Options, within

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHARE = 0.999
"""Fraction of training targets that fit the limits; most of the longer targets are misaligned."""
SPARE = 1.25
"""Factor from observed lengths to limits."""
MUCH_LONGER = 2
"""A source is much longer than in training if it exceeds the longest training source by this factor."""


@dataclass(frozen=True)
class Lengths(Options):
    """Lengths of the training pairs, in pieces.

    Args:
        source: Maximum source length.
        target: 99.9 % quantile of the target length.
        ratio: 99.9 % quantile of (target length - 10) / source length; negative values count as 0.
    """

    source: int
    target: int
    ratio: float

    def __post_init__(self) -> None:
        """Check the values."""
        for name in ("source", "target"):
            within(f"lengths.{name}", getattr(self, name), 0, whole=True)
        within("lengths.ratio", self.ratio, 0, 1_000_000)

    @classmethod
    def of(cls, sources: "NDArray[np.int32]", targets: "NDArray[np.int32]") -> "Lengths | None":
        """Return statistics of source and target lengths, each [P] for P training pairs; None for no pairs."""
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
        """Return search settings with output limits that fit; if `is_growing`, they grow with the source length."""
        if is_growing:
            ratio = min(1000.0, max(0.1, round(SPARE * self.ratio, 3)))
            return replace(search, max_length=0, max_length_ratio=ratio, max_length_extra=20)
        longest = max(search.min_length, math.ceil(SPARE * self.target) + 5)
        return replace(search, max_length=0, max_length_ratio=0.0, max_length_extra=longest)


def limited(
    search: SearchOptions, lengths: Lengths | None, usual: WritingOptions, *, is_growing: bool
) -> SearchOptions:
    """Return search settings in which default limits are replaced by limits from the training lengths.

    `usual` are the task's default settings; for `is_growing`, see `Lengths.fitted`.
    """
    if lengths and has_limits_of(search, usual):
        return lengths.fitted(search, is_growing=is_growing)
    return search


def has_limits_of(search: WritingOptions, other: WritingOptions) -> bool:
    """Return whether two settings have the same output limits."""
    names = ("max_length", "max_length_ratio", "max_length_extra")
    return [getattr(search, name, None) for name in names] == [getattr(other, name, None) for name in names]


class LongSources:
    """Counts sources that are much longer than any in training.

    Args:
        lengths: The training lengths; None disables counting.
    """

    def __init__(self, lengths: Lengths | None) -> None:
        self.longest = lengths.source if lengths else 0
        self.count = 0
        self._first = ("", 0)

    def add(self, pieces: int, place: str) -> None:
        """Check a source of `pieces` pieces; the note quotes `place`, the source's location."""
        if self.longest and pieces > MUCH_LONGER * self.longest:
            self._first = self._first if self.count else (place, pieces)
            self.count += 1

    def sentence(self) -> str:
        """Return a note about long sources; '' if there were none."""
        if not self.count:
            return ""
        place, pieces = self._first
        what, whose = ("source is", "its output") if self.count == 1 else ("sources are", "their outputs")
        return (
            f"{self.count:,} {what} much longer than any in training, where the longest had {self.longest:,} pieces "
            f"(first at {place}, {pieces:,} pieces): check {whose}."
        )
