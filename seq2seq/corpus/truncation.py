"""Counts truncated sources, to report them."""

from dataclasses import asdict, dataclass
from typing import Any, Self


@dataclass
class Truncation:
    """Numbers of truncated sources and pieces, collected while sources are read.

    Attributes:
        limit: Maximum number of pieces kept of a source; 0 is no limit.
        sources: Number of sources.
        cut: Number of truncated sources.
        first: ``FILE:LINE`` of the first truncated source; may be empty.
        pieces: Total number of source pieces, including lost ones.
        lost: Number of lost pieces.
    """

    limit: int
    sources: int = 0
    cut: int = 0
    first: str = ""
    pieces: int = 0
    lost: int = 0

    def count(self, pieces: int, lost: int, place: str) -> None:
        """Count a source.

        Args:
            pieces: Number of its pieces, including lost ones.
            lost: Number of lost pieces.
            place: Location of the source, for messages.
        """
        self.sources += 1
        self.pieces += pieces
        self.lost += lost
        if lost:
            self.first = self.first if self.cut else place
            self.cut += 1

    def sentence(self, what: str = "source") -> str:
        """Return the message; '' if nothing was cut.

        Args:
            what: Noun for a source.
        """
        if not self.cut:
            return ""
        place = f" (first at {self.first})" if self.first else ""
        return (
            f"{self.cut:,} of {self.sources:,} {what}{'' if self.sources == 1 else 's'} "
            f"{'was' if self.cut == 1 else 'were'} cut to {self.limit:,} pieces{place}; "
            f"{100 * self.lost / self.pieces:.1f} % of all source pieces were lost."
        )

    def to_json(self) -> dict[str, Any]:
        """Return the counts as JSON-serializable values."""
        return asdict(self)

    @classmethod
    def from_json(cls, values: dict[str, Any]) -> Self:
        """Build the counts from the result of `to_json`."""
        return cls(**values)
