"""The encoder: a stack of LSTM layers over the source, in one or both directions, blind to padding.

Shapes: ``B`` batch, ``S`` source length, ``E`` embedding width, ``C`` width of the states (the option hidden_size).
"""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seq2seq.embedding import Embedding, ProjectedEmbedding, is_projectable
from seq2seq.lstm import LAYERS, LSTMLayer, SequenceDropout
from seq2seq.options import NetworkOptions


class Encoded(NamedTuple):
    """What the encoder returns.

    Attributes:
        states: [B, S, C], the top layer's state at each source position.
        last: [L, B, C], what each layer says after its last token (both directions side by side). The cell state there
            is not known, since a fused call over a padded batch returns the one after the padding.
    """

    states: Tensor
    last: Tensor


class Reading:
    """The lowest layer of one direction, for decoding: from pieces to states.

    What a piece gives to the gates is looked up, so that only the recurrence is left to multiply: on one thread 32
    sources of 13 pieces took half the time of the fused call over their embeddings.

    Args:
        embedding: The source's embedding.
        layer: The layer.
    """

    def __init__(self, embedding: Embedding, layer: LSTMLayer) -> None:
        self.size = layer.hidden_size
        self.gates = ProjectedEmbedding(embedding, layer.packed_input(), layer.weight_input.shape[0])
        self.cell = layer.packed_recurrence()

    def __call__(self, ids: Int[Tensor, "batch source"]) -> Float[Tensor, "batch source state"]:
        """Read the pieces of each row from first to last."""
        gates = self.gates(ids.t().flatten()).view(ids.shape[1], ids.shape[0], -1)  # [S, B, 4 * state]
        hidden = cell = gates.new_zeros(ids.shape[0], self.size)
        states = []
        for share in gates:
            hidden, cell = self.cell(share, hidden, cell)
            states.append(hidden)
        return torch.stack(states, 1)


class Encoder(nn.Module):
    """Stacked LSTM layers; layer by layer a forward and (if bidirectional) a backward pass.

    The backward pass reads each source reversed within its own length, so padding stands after the last token in both
    directions and never reaches a state. Both passes are dense fused calls, which packed sequences would not be.
    """

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        directions = 2 if options.bidirectional else 1
        width = options.hidden_size // directions
        layer = LAYERS[options.layer_norm]
        self.residual = options.residual
        self.layers = nn.ModuleList(
            nn.ModuleList(
                layer(options.embedding_size if depth == 0 else options.hidden_size, width, options.recurrent_dropout)
                for _ in range(directions)
            )
            for depth in range(options.encoder_layers)
        )
        self.norms = nn.ModuleList(
            nn.LayerNorm(options.hidden_size) if options.layer_norm == "between" else nn.Identity()
            for _ in range(options.encoder_layers)
        )
        self.dropout = SequenceDropout(options.dropout, options.variational)

    def pack(self, embedding: Embedding) -> list[Reading] | None:
        """Lay out the lowest layer for reading many sources; None where it would not pay. Stale once weights change."""
        passes = [cast(LSTMLayer, layer) for layer in cast(nn.ModuleList, self.layers[0])]
        if not is_projectable(embedding, sum(layer.weight_input.shape[0] for layer in passes)):
            return None
        return [Reading(embedding, layer) for layer in passes]

    def forward(
        self,
        x: Float[Tensor, "batch source embedding"],
        lengths: Int[Tensor, " batch"],
        source: Int[Tensor, "batch source"] | None = None,
        readings: list[Reading] | None = None,
    ) -> Encoded:
        """Encode embedded sources of the given lengths (each at least 1).

        ``readings`` (from :meth:`pack`) make the same faster; they take the pieces themselves, ``source``.
        """
        end = (lengths - 1).view(-1, 1, 1)  # position of the last token
        # Position p of a reversed source of length n comes from n - 1 - p; padding stays where it is.
        positions = torch.arange(x.shape[1], device=x.device).unsqueeze(0)
        mirrored = lengths.unsqueeze(1) - 1 - positions
        order = torch.where(mirrored >= 0, mirrored, positions).unsqueeze(-1)  # [B, S, 1]

        last_of_layers = []
        for depth, (passes, norm) in enumerate(zip(self.layers, self.norms, strict=True)):
            if depth > 0:
                x = self.dropout(x)
            outputs = []
            for reverse, module in enumerate(cast(nn.ModuleList, passes)):
                layer = cast(LSTMLayer, module)
                start = x.new_zeros(x.shape[0], layer.hidden_size)
                if depth == 0 and readings is not None and source is not None:
                    output = readings[reverse](source.gather(1, order.squeeze(-1)) if reverse else source)
                else:
                    output, _, _ = layer(x.gather(1, order.expand_as(x)) if reverse else x, start, start)
                outputs.append(output.gather(1, order.expand_as(output)) if reverse else output)
            output = norm(torch.cat(outputs, -1))  # [B, S, C]
            x = x + output if self.residual and x.shape == output.shape else output
            # A backward pass ends at the first token.
            ahead, back = x[..., : start.shape[1]], x[:, 0, start.shape[1] :]
            last_of_layers.append(torch.cat([ahead.gather(1, end.expand_as(ahead[:, :1])).squeeze(1), back], -1))
        return Encoded(x, torch.stack(last_of_layers))
