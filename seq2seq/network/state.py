"""Data passed between the network and its callers: encoded sources, the state between two steps, decoder outputs.

Shapes: ``B`` batch, ``T`` target length, ``S`` source length, ``N`` rows of search (beams of all sources, grouped by
source), ``L`` layers, ``H`` hidden width, ``C`` context width, ``A`` width of attention's keys, ``R`` readout width.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import torch
from jaxtyping import Bool, Int
from torch import Tensor


class Memory(NamedTuple):
    """A batch of encoded sources: everything that the decoder reads.

    Attributes:
        states: [B, S, C], the encoder's states.
        is_token: [B, S], true on tokens, false on padding.
        keys: [B, S, A], the states as attention's keys.
        values: [B, S, C], the states as attention's values.
        last: [L, B, C], the last hidden state of each encoder layer.
        copies: [B, S], the target id that copying each source position writes; [B, 0] without copying.
        first: [B, S], the first position that writes the same id ([B, 0] like copies).
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
        """B, the number of sources."""
        return self.is_token.shape[0]

    def select(self, rows: Int[Tensor, " kept"]) -> "Memory":
        """Return the memory of some of the sources, in the order given."""
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
    """The decoder's state between two steps; passed and returned, never stored in the network.

    Attributes:
        hidden: [L, N, H].
        cell: [L, N, H].
        feed: [N, R], the last attentional state, for input feeding ([N, 0] without it).
        attention: [N, S], the weights of the last step (zeros at the start).
        read: [N, S], the sum of the weights of all steps, for coverage in the score ([N, 0] without it).
        gate: [N, 1], the log odds of writing against copying at the last step ([N, 0] without copying).
    """

    hidden: Tensor
    cell: Tensor
    feed: Tensor
    attention: Tensor
    read: Tensor
    gate: Tensor

    def select(self, rows: Int[Tensor, " kept"]) -> "State":
        """Return the state of some of the rows, in the order given."""
        return State(
            self.hidden.index_select(1, rows),
            self.cell.index_select(1, rows),
            self.feed.index_select(0, rows),
            self.attention.index_select(0, rows),
            self.read.index_select(0, rows),
            self.gate.index_select(0, rows),
        )

    @staticmethod
    def joined(states: Sequence["State"]) -> "State":
        """Concatenate the rows of several states."""
        return State(
            torch.cat([one.hidden for one in states], 1),
            torch.cat([one.cell for one in states], 1),
            torch.cat([one.feed for one in states]),
            torch.cat([one.attention for one in states]),
            torch.cat([one.read for one in states]),
            torch.cat([one.gate for one in states]),
        )

    def detached(self) -> "State":
        """Return the state detached from its graph: back-propagation ends there."""
        return self.mapped(lambda tensor: tensor.detach())

    def restarted(self, rows: Bool[Tensor, " rows"]) -> "State":
        """Return the state with some of its rows set to zero, as before any input."""
        flat = rows.unsqueeze(1)  # [N, 1]
        return State(
            self.hidden.masked_fill(flat, 0.0),
            self.cell.masked_fill(flat, 0.0),
            self.feed.masked_fill(flat, 0.0),
            self.attention.masked_fill(flat, 0.0),
            self.read.masked_fill(flat, 0.0),
            self.gate.masked_fill(flat, 0.0),
        )

    def mapped(self, change: Callable[[Tensor], Tensor]) -> "State":
        """Return the state with each of its tensors mapped."""
        return State(
            change(self.hidden),
            change(self.cell),
            change(self.feed),
            change(self.attention),
            change(self.read),
            change(self.gate),
        )


class Decoded(NamedTuple):
    """Decoder outputs for whole targets.

    Attributes:
        states: [B, T, R], the readout states, which the output layer turns into logits.
        weights: [B, T, S], the attention.
        gate: [B, T, 1], the log odds of writing against copying ([B, T, 0] without copying).
        top: [B, T, H], the hidden states of the last layer, before dropout.
        state: The state after the last position (after any padding), to continue from.
    """

    states: Tensor
    weights: Tensor
    gate: Tensor
    top: Tensor
    state: State
