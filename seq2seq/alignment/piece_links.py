"""Maps links between spans of texts to the pieces of any segmentation, and back.

A piece belongs to the unit (word, character or token) in which its first character stands; blanks before a word belong
to it. So links outlast subword sampling, which segments a text anew in each epoch.
"""

from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.alignment.pharaoh import Link
from seq2seq.corpus.example import Text
from seq2seq.tokenization.tokenizer import Tokenizer

Numbers = NDArray[np.int64]


def piece_links(links: NDArray[Any], source_starts: Numbers, target_starts: Numbers) -> Numbers:
    """Return the links between pieces, [N, 2]: target position, source position; in order, without duplicates.

    Args:
        links: [L, 4], see `pharaoh.Link`.
        source_starts: [S], see `Tokenizer.starts`.
        target_starts: [T], likewise.
    """
    spans = np.asarray(links).reshape(-1, 4)
    sources = np.searchsorted(source_starts, spans[:, :2])  # [L, 2]: the first piece of a unit, and that after its last
    targets = np.searchsorted(target_starts, spans[:, 2:])
    found = {
        (target, source)
        for (first, last), (begin, end) in zip(sources.tolist(), targets.tolist(), strict=True)
        for target in range(begin, end)
        for source in range(first, last)
    }
    return np.array(sorted(found), np.int64).reshape(-1, 2)


def kept_links(links: Numbers, kept: Sequence[int], shift: int) -> Numbers:
    """Return the links to the pieces of a source that are kept, with their new positions.

    Args:
        links: [N, 2], see `piece_links`.
        kept: Positions of the kept source pieces, in order.
        shift: Number of ids before the source, such as a tag.
    """
    positions = np.asarray(kept, np.int64)
    at = np.searchsorted(positions, links[:, 1])
    is_kept = at < len(positions)
    is_kept[is_kept] = positions[at[is_kept]] == links[is_kept, 1]
    return np.stack([links[is_kept, 0], at[is_kept] + shift], axis=1)


def unit_pieces(tokenizer: Tokenizer, text: Text) -> tuple[list[int], list[tuple[int, int]]]:
    """Return the ids of a text's pieces that have characters, and the span that belongs to each.

    Line breaks and other marks are left out. Of several pieces that begin at the same character, such
    as bytes or a blank before a word, only the last is returned.
    """
    ids = tokenizer.encode(text)
    starts = tokenizer.starts(text, ids)
    ends = np.append(starts[1:], starts[-1:] + 1)
    special = set(tokenizer.own_marks)
    is_unit = [number not in special and start < end for number, start, end in zip(ids, starts, ends, strict=True)]
    spans = np.stack([starts, ends], axis=1)[is_unit].tolist()
    return [number for number, unit in zip(ids, is_unit, strict=True) if unit], [(start, end) for start, end in spans]


def spanned(
    links: Iterable[tuple[int, int]], sources: Sequence[tuple[int, int]], targets: Sequence[tuple[int, int]]
) -> tuple[Link, ...]:
    """Return links between units as links between their spans."""
    return tuple((*sources[source], *targets[target]) for source, target in links)
