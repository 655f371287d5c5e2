"""Encoded sources and decoder states as NumPy arrays.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows of search (beams of all sources, grouped by source), ``L``
layers, ``H`` hidden width, ``A`` key width, ``C`` context width, ``R`` readout width.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


class OnnxState(NamedTuple):
    """The decoder's state between two steps; see `seq2seq.network.state.State`, which has the same parts.

    Attributes:
        hidden: [N, L, H], the hidden states.
        cell: [N, L, H], the cell states.
        feed: [N, R], the last attentional state; [N, 0] without input feeding.
        attention: [N, S], the attention weights of the last step; zeros at the start.
        read: [N, S], the sum of the attention weights of all steps; [N, 0] without coverage in the score.
    """

    hidden: Floats
    cell: Floats
    feed: Floats
    attention: Floats
    read: Floats

    def select(self, rows: NDArray[np.int64]) -> "OnnxState":
        """Return the state of the given rows, in this order."""
        return OnnxState(*(part[rows] for part in self))

    def followed_by(self, others: "Sequence[OnnxState]") -> "OnnxState":
        """Return the state with the rows of other states behind its own."""
        return OnnxState(*(np.concatenate(parts) for parts in zip(self, *others, strict=True)))


class OnnxMemory(NamedTuple):
    """A batch of encoded sources.

    Attributes:
        is_token: [B, S], true on tokens, false on padding.
        keys: [B, S, A], attention's keys.
        values: [B, S, C], attention's values; [B, 0, 0] if they are the keys.
        hidden: [B, L, H], the decoder's hidden states before the first piece.
        cell: [B, L, H], the decoder's cell states before the first piece.
        copies: [B, S], the target id that each source position copies; [B, 0] without copying.
        first: [B, S], the first position with the same target id; [B, 0] without copying.
        extra: Number of ids above the vocabulary for unknown words of the sources.
    """

    is_token: NDArray[np.bool_]
    keys: Floats
    values: Floats
    hidden: Floats
    cell: Floats
    copies: NDArray[np.int64]
    first: NDArray[np.int64]
    extra: int = 0

    @property
    def rows(self) -> int:
        """Number of sources, B."""
        return len(self.is_token)

    def select(self, rows: NDArray[np.int64]) -> "OnnxMemory":
        """Return the memory of the given sources, in this order."""
        return OnnxMemory(
            self.is_token[rows],
            self.keys[rows],
            self.values[rows],
            self.hidden[rows],
            self.cell[rows],
            self.copies[rows],
            self.first[rows],
            self.extra,
        )
