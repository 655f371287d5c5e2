"""Filters of training pairs, and a report of the dropped pairs."""

from dataclasses import dataclass, field
from typing import Any, Self

import numpy as np

from seq2seq.amounts import amount
from seq2seq.corpus.example import Example
from seq2seq.corpus.options import FilterOptions

# The lengths of short texts often differ threefold ("OK." and "好的，没问题。"), so their ratio means little.
RATIO_FLOOR = 10


@dataclass
class FilterReport:
    """Numbers of pairs read and dropped.

    Attributes:
        read: Number of pairs read.
        dropped: Maps each reason to the number of dropped pairs and the location (``FILE:LINE``) of the first one.
    """

    read: int = 0
    dropped: dict[str, tuple[int, str]] = field(default_factory=dict)

    @property
    def kept(self) -> int:
        """Number of pairs kept."""
        return self.read - sum(count for count, _ in self.dropped.values())

    def sentence(self) -> str:
        """Return a message: ``Dropped 7 of 1,000 pairs: 4 with an empty side (first at a.en:17), ...``."""
        if not self.dropped:
            return f"Kept all {amount(self.read, 'pair')}."
        parts = [
            f"{count:,} {reason}" + (f" (first at {place})" if place else "")
            for reason, (count, place) in self.dropped.items()
        ]
        return f"Dropped {self.read - self.kept:,} of {amount(self.read, 'pair')}: {', '.join(parts)}."

    def to_json(self) -> dict[str, Any]:
        """Return the report as JSON-serializable values."""
        return {"read": self.read, "dropped": {reason: list(value) for reason, value in self.dropped.items()}}

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Build the report from the result of `to_json`."""
        return cls(values["read"], {reason: (count, place) for reason, (count, place) in values["dropped"].items()})


class Filters:
    """Filters pairs one by one, and counts them."""

    def __init__(self, options: FilterOptions) -> None:
        self.options = options
        self.report = FilterReport()
        self._seen = HashSet()

    def keep(self, example: Example, source_pieces: int, target_pieces: int) -> bool:
        """Return whether to keep the next pair, and count it."""
        self.report.read += 1
        reason = self._reason(example, source_pieces, target_pieces)
        if reason:
            count, place = self.report.dropped.get(reason, (0, example.place))
            self.report.dropped[reason] = (count + 1, place)
        return not reason

    def _reason(self, example: Example, source_pieces: int, target_pieces: int) -> str:
        options = self.options
        shorter, longer = sorted((source_pieces, target_pieces))
        if options.drop_empty and shorter == 0:
            return "with an empty side"
        if options.max_source_pieces and source_pieces > options.max_source_pieces:
            return f"longer than {options.max_source_pieces} source pieces"
        if options.max_target_pieces and target_pieces > options.max_target_pieces:
            return f"longer than {options.max_target_pieces} target pieces"
        if options.max_ratio and longer > RATIO_FLOOR and longer > options.max_ratio * shorter:
            return f"with one side more than {options.max_ratio:g} times as long as the other"
        if options.drop_duplicates and not self._seen.add(hash_of(example)):
            return "seen before"
        return ""


def hash_of(example: Example) -> int:
    """Return a 64-bit hash of a pair; a collision among a million pairs has a probability of 3e-8."""
    import hashlib

    key = repr((example.source, example.target)).encode("utf-8", "surrogatepass")
    return int.from_bytes(hashlib.blake2b(key, digest_size=8).digest(), "little")


class HashSet:
    """Growing set of 64-bit integers, which uses 8 bytes each (a Python set uses about 70).

    Numbers are kept in sorted arrays of doubling size. Arrays of equal size are merged, so adding is cheap and a lookup
    searches few arrays.
    """

    BUFFER = 1 << 14

    def __init__(self) -> None:
        self._recent: set[int] = set()
        self._sorted: list[np.ndarray[tuple[int], np.dtype[np.uint64]]] = []

    def add(self, number: int) -> bool:
        """Add a number, and return whether it is new."""
        if number in self._recent:
            return False
        key = np.uint64(number)
        for numbers in self._sorted:
            place = int(np.searchsorted(numbers, key))
            if place < len(numbers) and numbers[place] == key:
                return False
        self._recent.add(number)
        if len(self._recent) == self.BUFFER:
            merged = np.fromiter(self._recent, np.uint64, len(self._recent))
            merged.sort()
            while self._sorted and len(self._sorted[-1]) <= len(merged):
                merged = np.concatenate([self._sorted.pop(), merged])
                merged.sort(kind="stable")
            self._sorted.append(merged)
            self._recent = set()
        return True
