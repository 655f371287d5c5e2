"""Data passed between the network and its callers: encoded sources, decoder states, decoder outputs.

Shapes: ``B`` batch, ``T`` target length, ``S`` source length, ``N`` rows of search (beams of all sources, grouped by
source), ``L`` layers, ``H`` hidden width, ``C`` context width, ``A`` key width, ``R`` readout width.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor

ROWS = -2
"""The dimension of the rows in each tensor of a `State`."""


class Memory(NamedTuple):
    """A batch of encoded sources, as read by the decoder.

    Attributes:
        states: [B, S, C], the encoder's states.
        is_token: [B, S], true on tokens, false on padding.
        keys: [B, S, A], attention's keys.
        values: [B, S, C], attention's values.
        last: [L, B, C], the last hidden state of each encoder layer.
        copies: [B, S], the target id that each source position copies; [B, 0] without copying.
        first: [B, S], the first position with the same target id; [B, 0] without copying.
        extra: Number of ids above the vocabulary for unknown words of the sources.
    """

    states: Tensor
    is_token: Tensor
    keys: Tensor
    values: Tensor
    last: Tensor
    copies: Tensor
    first: Tensor
    extra: int = 0

    @property
    def rows(self) -> int:
        """Number of sources, B."""
        return self.is_token.shape[0]

    def select(self, rows: Int[Tensor, " kept"]) -> "Memory":
        """Return the memory of the given sources, in this order."""
        return Memory(
            self.states.index_select(0, rows),
            self.is_token.index_select(0, rows),
            self.keys.index_select(0, rows),
            self.values.index_select(0, rows),
            self.last.index_select(1, rows),
            self.copies.index_select(0, rows),
            self.first.index_select(0, rows),
            self.extra,
        )


class State(NamedTuple):
    """The decoder's state between two steps.

    Attributes:
        hidden: [L, N, H], the hidden states.
        cell: [L, N, H], the cell states.
        feed: [N, R], the last attentional state; [N, 0] without input feeding.
        attention: [N, S], the attention weights of the last step; zeros at the start.
        read: [N, S], the sum of the attention weights of all steps; [N, 0] without coverage in the score.
        gate: [N, 1], the last log odds of generating versus copying; [N, 0] without copying.
    """

    hidden: Tensor
    cell: Tensor
    feed: Tensor
    attention: Tensor
    read: Tensor
    gate: Tensor

    def select(self, rows: Int[Tensor, " kept"]) -> "State":
        """Return the state of the given rows, in this order."""
        return self.mapped(lambda tensor: tensor.index_select(ROWS, rows))

    def followed_by(self, others: Sequence["State"]) -> "State":
        """Return the state with the rows of other states behind its own."""
        return State(*(torch.cat(tensors, ROWS) for tensors in zip(self, *others, strict=True)))

    def detached(self) -> "State":
        """Return the state detached from its graph, which ends back-propagation."""
        return self.mapped(torch.Tensor.detach)

    def restarted(self, rows: Bool[Tensor, " rows"]) -> "State":
        """Return the state with the marked rows set to zero."""
        return self.mapped(lambda tensor: tensor.masked_fill(rows.unsqueeze(1), 0.0))

    def mapped(self, change: Callable[[Tensor], Tensor]) -> "State":
        """Return the state with a function applied to each tensor."""
        return State(*map(change, self))


class Decoded(NamedTuple):
    """Decoder outputs for whole targets.

    Attributes:
        states: [B, T, R], the readout states, the input of the output layer.
        weights: [B, T, S], the attention weights.
        gate: [B, T, 1], the log odds of generating versus copying; [B, T, 0] without copying.
        top: [B, T, H], the hidden states of the last layer, before dropout.
        state: The state after the last position (after any padding).
    """

    states: Tensor
    weights: Tensor
    gate: Tensor
    top: Tensor
    state: State
