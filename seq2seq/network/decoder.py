"""The decoder: LSTM layers over the target, with attention after the first layer.

Shapes: ``B`` batch, ``T`` target length, ``S`` source length, ``N`` rows of search (beams of all sources, grouped by
source), ``L`` layers, ``H`` hidden width, ``C`` context width, ``R`` readout width.

In training, each layer runs over the whole target in one fused call. Attention for all positions is computed after the
first layer, and its context is an input of every layer above (the architecture of GNMT v2 and RNMT+). Only input
feeding and coverage in the score need a loop over time, because they depend on the previous step's attention.
"""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seq2seq.network.attention import ATTENTIONS, Attention
from seq2seq.network.bridge import BRIDGES
from seq2seq.network.cpu_products import Product, has_onednn, packed
from seq2seq.network.embedding import Embedding, ProjectedEmbedding
from seq2seq.network.lstm import LAYERS, Cell, LSTMLayer, SequenceDropout, glorot
from seq2seq.network.options import NetworkOptions
from seq2seq.network.state import Decoded, Memory, State

PROJECTED_BYTES = 2**28
"""Maximum size of the table of projected embeddings in decoding, in bytes."""


class Steps(NamedTuple):
    """The computations of one step, as functions.

    Attributes:
        embed: Maps pieces [N] to the first cell's input: embeddings, or their precomputed gate inputs.
        cells: One step of each layer.
        readout: The projection and tanh before the output layer; the identity without a readout.
        gate: Maps the readout's input to the log odds of generating; to [N, 0] without copying.
    """

    embed: Product
    cells: list[Cell]
    readout: Product
    gate: Product


class Decoder(nn.Module):
    """Maps target pieces to readout states, the input of the output layer."""

    def __init__(self, options: NetworkOptions, embedding: Embedding) -> None:
        super().__init__()
        width = options.hidden_size
        layer = LAYERS[options.layer_norm]
        self.embedding = embedding
        self.input_feeding = options.input_feeding
        self.coverage = options.coverage
        self.residual = options.residual
        self.readout_width = options.readout_width
        self.bridge = BRIDGES[options.bridge](options)
        self.attention: Attention = ATTENTIONS[options.attention](options)
        context = self.attention.context_size
        feed = options.readout_width if options.input_feeding else 0
        self.layers = nn.ModuleList(
            layer(options.embedding_size + feed if depth == 0 else width + context, width, options.recurrent_dropout)
            for depth in range(options.decoder_layers)
        )
        self.norms = nn.ModuleList(
            nn.LayerNorm(width) if options.layer_norm == "between" else nn.Identity() for _ in self.layers
        )
        self.dropout = SequenceDropout(options.dropout, options.variational)
        is_dense = options.readout == "dense"
        self.readout = glorot(nn.Linear(width + context, options.readout_width)) if is_dense else None
        # See et al. 2017, equation 8, without the term for the last piece, because the LSTM's state includes it.
        self.gate = glorot(nn.Linear(width + context, 1)) if options.copying else None

    def read_out(self, below: Float[Tensor, "... input"]) -> Float[Tensor, "... readout"]:
        """Return the readout states for the last layer's output and the context."""
        return below if self.readout is None else torch.tanh(self.readout(below))

    def odds(self, below: Float[Tensor, "... input"]) -> Float[Tensor, "... odds"]:
        """Return the log odds of generating versus copying for the readout's input; [N, 0] without copying."""
        if self.gate is None:
            return below[..., :0]
        gate: Tensor = self.gate(below)
        return gate

    def stack(self) -> list[LSTMLayer]:
        """Return the layers, lowest first."""
        return [cast(LSTMLayer, layer) for layer in self.layers]

    def pack(self) -> Steps:
        """Pack the weights for many decoding steps; outdated once the weights change."""
        first, *others = self.stack()
        embed, cell = self.embedding.step, first.packed_cell
        pieces, gates = self.embedding.weight.shape[0], first.weight_input.shape[0]
        if not self.input_feeding and has_onednn(first.weight_input) and 4 * pieces * gates <= PROJECTED_BYTES:
            # The first cell's input depends only on the piece, so its part of the gates is computed once per piece.
            embed, cell = ProjectedEmbedding(self.embedding, first.packed_input(), gates), first.packed_recurrence
        cells = [cell(), *(layer.packed_cell() for layer in others)]
        gate = packed(self.gate.weight, self.gate.bias) if self.gate is not None else self.odds
        dense = self.readout
        readout = self.read_out if dense is None else packed(dense.weight, dense.bias, "tanh")
        return Steps(embed, cells, readout, gate)

    def start(self, memory: Memory, beams: int) -> State:
        """Return the state before the first piece, with ``beams`` rows for each source."""
        hidden, cell = self.bridge(memory.last)
        rows = memory.rows * beams
        return State(
            hidden.repeat_interleave(beams, 1),
            cell.repeat_interleave(beams, 1),
            hidden.new_zeros(rows, self.readout_width if self.input_feeding else 0),
            hidden.new_zeros(rows, memory.is_token.shape[1]),
            hidden.new_zeros(rows, memory.is_token.shape[1] if self.coverage else 0),
            hidden.new_zeros(rows, 0 if self.gate is None else 1),
        )

    def forward(
        self,
        memory: Memory,
        target_input: Int[Tensor, "batch target"],
        covering: bool = True,
        state: State | None = None,
    ) -> Decoded:
        """Run over whole targets (teacher forcing).

        Args:
            memory: The sources.
            target_input: The correct pieces before each position.
            covering: Whether to use coverage in the score, if the network has it. If not, all positions are computed at
                once; while the coverage weights are zero, the result is the same.
            state: State to continue from, to read a text in chunks; None for the initial state.
        """
        embedded = self.embedding(target_input)  # [B, T, E]
        start = self.start(memory, 1) if state is None else state
        if self.input_feeding or (self.coverage and covering):
            return self._loop(memory, embedded, start, covering)
        top, hidden, cell = self.layers[0](embedded, start.hidden[0], start.cell[0])  # [B, T, H], [B, H], [B, H]
        hiddens, cells = [hidden], [cell]
        x = self.norms[0](top)
        dropped = self.dropout(x)
        context, weights = self.attention(dropped, memory.keys, memory.values, memory.is_token)
        for depth in range(1, len(self.layers)):
            below = torch.cat([dropped, context], -1)  # [B, T, H + C]
            top, hidden, cell = self.layers[depth](below, start.hidden[depth], start.cell[depth])
            hiddens.append(hidden)
            cells.append(cell)
            output = self.norms[depth](top)
            x = x + output if self.residual else output
            dropped = self.dropout(x)
        below = torch.cat([dropped, context], -1)
        if self.attention.cover is not None:
            # Distributed training needs a gradient for every weight, even one that is not used yet.
            below = below + 0 * self.attention.cover.sum()
        odds = self.odds(below)
        read = start.read + weights.sum(1) if self.coverage and covering else start.read
        end = State(torch.stack(hiddens), torch.stack(cells), start.feed, weights[:, -1], read, odds[:, -1])
        return Decoded(self.read_out(below), weights, odds, top, end)

    def _loop(self, memory: Memory, embedded: Tensor, state: State, covering: bool) -> Decoded:
        """Run step by step, for input feeding or coverage."""
        parts = self._plain([layer.recurrence() for layer in self.stack()])
        width = self.stack()[0].hidden_size
        shape = embedded.new_empty(1, 1, 1).expand(embedded.shape[0], embedded.shape[1], width)
        masks = [self.dropout.masks(shape) for _ in self.layers]
        readouts, weights, gates, tops = [], [], [], []
        for time, x in enumerate(embedded.unbind(1)):
            after = self._advance(x, state, memory, parts, [mask[:, time] for mask in masks])
            state = after if covering else after._replace(read=state.read)  # not updated, so `read` stays zero
            readouts.append(state.feed)
            weights.append(state.attention)
            gates.append(state.gate)
            tops.append(state.hidden[-1])
        # Without input feeding, `feed` is not part of the state; it only carries the readout state out of the step.
        end = state if self.input_feeding else state._replace(feed=state.feed[:, :0])
        return Decoded(
            torch.stack(readouts, 1), torch.stack(weights, 1), torch.stack(gates, 1), torch.stack(tops, 1), end
        )

    def step(
        self, token: Int[Tensor, " rows"], state: State, memory: Memory, steps: Steps | None = None
    ) -> tuple[Float[Tensor, "rows readout"], State]:
        """Run one step; return readout states and the next state. ``steps`` may come from :meth:`pack`."""
        if steps is None:
            steps = self._plain([layer.weight_hidden for layer in self.stack()])
        after = self._advance(steps.embed(token), state, memory, steps, [])
        return after.feed, after if self.input_feeding else after._replace(feed=state.feed)

    def _plain(self, recurrences: list[Tensor]) -> Steps:
        """Return the step functions without packed weights; ``recurrences`` has W_hh of each layer."""
        cells = [layer.cell(recurrence) for layer, recurrence in zip(self.stack(), recurrences, strict=True)]
        return Steps(self.embedding.step, cells, self.read_out, self.odds)

    def _advance(self, x: Tensor, state: State, memory: Memory, steps: Steps, masks: list[Tensor]) -> State:
        """Run one step of all layers; ``feed`` receives the readout state. ``masks`` is empty without dropout."""
        if self.input_feeding:
            x = torch.cat([x, state.feed], -1)
        hiddens, cells = [], []
        context = weights = x[:, :0]
        below = x
        for depth, (advance, norm) in enumerate(zip(steps.cells, self.norms, strict=True)):
            hidden, cell = advance(below, state.hidden[depth], state.cell[depth])
            hiddens.append(hidden)
            cells.append(cell)
            output = norm(hidden)
            x = x + output if self.residual and depth > 0 else output
            dropped = x * masks[depth] if masks else x
            if depth == 0:
                queries = dropped.view(memory.rows, -1, dropped.shape[1])  # [B, N / B, H]: beams are queries
                read = state.read.view(*queries.shape[:2], -1) if self.coverage else None
                context, weights = self.attention(queries, memory.keys, memory.values, memory.is_token, read)
                context, weights = context.flatten(0, 1), weights.flatten(0, 1)
            below = torch.cat([dropped, context], -1)
        readout = steps.readout(below)
        hidden, cell = (
            (hiddens[0].unsqueeze(0), cells[0].unsqueeze(0))
            if len(hiddens) == 1
            else (torch.stack(hiddens), torch.stack(cells))
        )
        read = state.read + weights if self.coverage else state.read
        return State(hidden, cell, readout, weights, read, steps.gate(below))
