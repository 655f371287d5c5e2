"""Encodes sources segment by segment; the counterpart of `seq2seq.network.hierarchical_encoder`.

Shapes: ``B`` sources, ``S`` source length, ``P`` pieces of all sources, ``R`` segments of all sources, ``N`` maximum
number of segments per source, ``W`` maximum segment length, ``C`` state width.
"""

from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.runtime.graphs import DIALOGUE, PROJECT, TURNS, Graph, ids
from seq2seq.runtime.memory import Floats


class Segments(NamedTuple):
    """The place of each piece in its segment.

    Attributes:
        sources: [P], index of the piece's source.
        places: [P], index of the piece in its source.
        rows: [P], index of the piece's segment, counted over all sources.
        within: [P], index of the piece in its segment.
        numbers: [R], index of the segment in its source.
        owners: [R], index of the segment's source.
        lengths: [R], number of pieces of the segment.
    """

    sources: NDArray[np.int64]
    places: NDArray[np.int64]
    rows: NDArray[np.int64]
    within: NDArray[np.int64]
    numbers: NDArray[np.int64]
    owners: NDArray[np.int64]
    lengths: NDArray[np.int64]


def cut(lengths: NDArray[np.int64], is_boundary: NDArray[np.bool_]) -> Segments:
    """Split sources into segments, each of which ends with its boundary piece or with its source.

    Args:
        lengths: [B], number of pieces of each source, at least one each.
        is_boundary: [B, S], true on pieces that end a segment; padding is ignored.
    """
    positions = np.arange(is_boundary.shape[1])
    is_piece = positions < lengths[:, None]
    sources, places = np.nonzero(is_piece)
    ends = (is_boundary | (positions == lengths[:, None] - 1))[is_piece]
    rows = np.cumsum(ends) - ends
    last = np.flatnonzero(ends)
    sizes = np.diff(last, prepend=-1)
    within = np.arange(len(rows)) - (last - sizes + 1)[rows]
    owners = sources[last]
    first = np.searchsorted(owners, np.arange(len(lengths)))
    return Segments(sources, places, rows, within, np.arange(len(last)) - first[owners], owners, sizes)


class SegmentEncoder:
    """The graphs of a hierarchical encoder.

    Args:
        folder: The folder of the graphs.
        boundaries: Source ids that end a segment.
        has_attention: Whether the decoder attends to the states.

    Raises:
        UserError: If a graph is missing.
    """

    def __init__(self, folder: Path, boundaries: Sequence[int], *, has_attention: bool) -> None:
        self._boundaries = list(boundaries)
        context = ["after", "context"] if has_attention else []
        self._turns = Graph(folder / TURNS, ["states", "vectors"])
        self._dialogue = Graph(folder / DIALOGUE, [*context, "hidden", "cell"])
        self._project = Graph(folder / PROJECT, ["keys"]) if has_attention else None

    def open(self) -> None:
        """Read the graphs that have not been run yet."""
        for graph in filter(None, (self._turns, self._dialogue, self._project)):
            graph.open()

    def encode(self, source: NDArray[np.int64], lengths: NDArray[np.int64]) -> dict[str, Floats]:
        """Return keys, values, hidden and cell of sources, as ``encode.onnx`` does."""
        is_boundary = np.isin(source, self._boundaries)
        segments = cut(lengths, is_boundary)
        pieces = np.zeros((len(segments.lengths), int(segments.lengths.max())), np.int64)
        pieces[segments.rows, segments.within] = source[segments.sources, segments.places]
        turns = self._turns.run({"segments": pieces, "lengths": ids(segments.lengths)})
        counts = np.bincount(segments.owners, minlength=len(source))
        vectors = np.zeros((len(source), int(counts.max()), turns["vectors"].shape[1]), np.float32)
        vectors[segments.owners, segments.numbers] = turns["vectors"]
        encoded = self._dialogue.run({"turns": vectors, "counts": ids(counts)})
        if self._project is None:
            return encoded
        numbers = segments.numbers[segments.rows]
        own = turns["states"][segments.rows, segments.within] + encoded["context"][segments.sources, numbers]
        is_end = is_boundary[segments.sources, segments.places][:, None]
        states = np.zeros((*source.shape, own.shape[1]), np.float32)
        states[segments.sources, segments.places] = np.where(is_end, encoded["after"][segments.sources, numbers], own)
        return {**encoded, **self._project.run({"states": states})}
