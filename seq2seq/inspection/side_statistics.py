"""Statistics of the texts of one side: lengths, empty and damaged texts, and a sample."""

import re
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

QUANTILES = (0.0, 0.05, 0.5, 0.95, 1.0)
SAMPLE_FIRST, SAMPLE_STEP, MOST_SAMPLED = 1000, 37, 3000
"""The first texts are sampled, and then every 37th."""
SAMPLED_CHARACTERS = 400
# UTF-8 that was decoded as Latin-1 or Windows-1252: Ã©, â€™, ä½ å¥½
_MISREAD = re.compile(
    "[\u00c3\u00c2][\u0080-\u00bf]|\u00e2\u20ac[\u0080-\u2122]|[\u00e4-\u00e9][\u00a0-\u00bf\u0080-\u009f]{2}"
)
_UNREADABLE = "\ufffd"


@dataclass(frozen=True)
class Lengths:
    """Quantiles and mean of lengths."""

    quantiles: tuple[int, ...]
    mean: float

    @classmethod
    def of(cls, lengths: Sequence[int]) -> "Lengths | None":
        """Return those of some lengths; None if there are none."""
        if not lengths:
            return None
        ordered = sorted(lengths)
        chosen = tuple(ordered[round(share * (len(ordered) - 1))] for share in QUANTILES)
        return cls(chosen, sum(ordered) / len(ordered))

    def to_json(self) -> dict[str, float]:
        """Return them by name."""
        names = ("least", "5%", "median", "95%", "most")
        return {**dict(zip(names, self.quantiles, strict=True)), "mean": round(self.mean, 2)}


@dataclass
class Tally:
    """A number of cases, and the place of the first."""

    count: int = 0
    first: str = ""

    def add(self, place: str) -> None:
        """Count a case."""
        self.count += 1
        self.first = self.first or place


@dataclass
class SideStatistics:
    """Statistics of one side, which grow with each text.

    Args:
        pieces: Counts the pieces of a text; None counts none.

    Attributes:
        characters: Number of characters of each text.
        piece_counts: Number of pieces of each text.
        empty: Texts without a visible character.
        damaged: Texts with signs of a wrong encoding.
        sample: Some texts with their places.
    """

    pieces: Callable[[str], int] | None = None
    characters: "array[int]" = field(default_factory=lambda: array("L"))
    piece_counts: "array[int]" = field(default_factory=lambda: array("L"))
    empty: Tally = field(default_factory=Tally)
    damaged: Tally = field(default_factory=Tally)
    sample: list[tuple[str, str]] = field(default_factory=list)

    def add(self, text: str, place: str) -> None:
        """Add a text."""
        number = len(self.characters)
        self.characters.append(len(text))
        if self.pieces:
            self.piece_counts.append(self.pieces(text))
        if not text.strip():
            self.empty.add(place)
        elif _UNREADABLE in text or (not text.isascii() and _MISREAD.search(text)):
            self.damaged.add(place)
        is_drawn = number < SAMPLE_FIRST or number % SAMPLE_STEP == 0
        if is_drawn and len(self.sample) < MOST_SAMPLED:
            self.sample.append((place, text[:SAMPLED_CHARACTERS]))
