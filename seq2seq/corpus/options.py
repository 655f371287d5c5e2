"""Filter options, and names of tags. The module is light to import, so parsers load it in milliseconds."""

import re
from dataclasses import dataclass

from seq2seq.options import Options, require


@dataclass(frozen=True)
class FilterOptions(Options):
    """Filters of training pairs. Lengths are counted in pieces, so limits suit Chinese and English alike.

    Args:
        drop_empty: Whether to drop pairs with an empty side (after normalization).
        max_source_pieces: Maximum number of source pieces; 0 is no limit.
        max_target_pieces: Maximum number of target pieces; 0 is no limit.
        max_ratio: Maximum ratio of the longer side to the shorter, if the longer side has more than 10 pieces; 0 is no
            limit. Unsuitable for summaries, because they are much shorter than their sources.
        drop_duplicates: Whether to keep only the first of equal pairs, using 8 to 16 bytes of memory per pair. Off by
            default, because frequent pairs should count as often as they occur.
    """

    drop_empty: bool = True
    max_source_pieces: int = 0
    max_target_pieces: int = 0
    max_ratio: float = 0.0
    drop_duplicates: bool = False

    def __post_init__(self) -> None:
        """Refuse values out of range."""
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


def require_tag(option: str, tag: str) -> None:
    """Refuse a name that no tag can have.

    Raises:
        UserError: If there is such a name.
    """
    require(
        not tag or bool(re.fullmatch(r"[\w.-]{1,40}", tag)),
        f"{option} is '{tag}', but a tag has 1 to 40 letters, digits, points, hyphens and underscores.",
    )
