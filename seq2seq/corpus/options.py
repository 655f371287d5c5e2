"""Options of what is read; light to import, so that parsers read them in milliseconds."""

from dataclasses import dataclass

from seq2seq.options import Options, require


@dataclass(frozen=True)
class FilterOptions(Options):
    """Filters of training pairs. Lengths are counted in pieces, so that they mean the same for Chinese and English.

    Args:
        drop_empty: Whether to drop pairs with an empty side (after normalisation).
        max_source_pieces: Largest number of source pieces; 0 is no limit.
        max_target_pieces: Largest number of target pieces; 0 is no limit.
        max_ratio: Largest ratio of the longer side to the shorter, applied where the longer has more than 10 pieces;
            0 is no limit. Unsuitable for summaries, which are short by nature.
        drop_duplicates: Whether to keep only the first of equal pairs. Off by default: frequent pairs should be learned
            as such, and it costs 8 to 16 bytes of memory per pair while the store is built.
    """

    drop_empty: bool = True
    max_source_pieces: int = 0
    max_target_pieces: int = 0
    max_ratio: float = 0.0
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        """Refuse limits that no pair could satisfy."""
        for name in ("max_source_pieces", "max_target_pieces"):
            require(
                getattr(self, name) >= 0,
                f"filters.{name} is {getattr(self, name)}, but it must be positive, or 0 for no limit.",
            )
        require(
            self.max_ratio == 0 or self.max_ratio >= 1,
            f"filters.max_ratio is {self.max_ratio}, but the longer side is at least as long as the shorter: "
            "give 1 or more, or 0 for no limit.",
        )
