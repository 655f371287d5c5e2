"""The encoder: stacked LSTM layers over the source, in one or both directions, unaffected by padding.

Shapes: ``B`` batch, ``L`` layers, ``S`` source length, ``E`` embedding width, ``C`` state width (`hidden_size`).
"""

from typing import NamedTuple, cast

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn

from seq2seq.network.lstm import LAYERS, LSTMLayer, SequenceDropout
from seq2seq.network.options import NetworkOptions


class Encoded(NamedTuple):
    """The encoder's output.

    Attributes:
        states: [B, S, C], the top layer's state at each source position.
        last: [L, B, C], each layer's output after its last token, both directions concatenated. (The cell state is not
            available, because a fused call over a padded batch returns only its value after the padding.)
    """

    states: Tensor
    last: Tensor


class Encoder(nn.Module):
    """Stacked LSTM layers, each with a forward and (if bidirectional) a backward pass.

    The backward pass reads each source reversed within its own length, so padding comes last in both directions and
    never affects a state. Both passes are dense fused calls, without packed sequences.

    Args:
        options: The architecture.
        input_size: Width of the vectors that the first layer reads.
        is_bidirectional: Whether there are backward passes.
    """

    def __init__(self, options: NetworkOptions, input_size: int, is_bidirectional: bool) -> None:
        super().__init__()
        directions = 2 if is_bidirectional else 1
        width = options.hidden_size // directions
        layer = LAYERS[options.layer_norm]
        self.residual = options.residual
        self.layers = nn.ModuleList(
            nn.ModuleList(
                layer(input_size if depth == 0 else options.hidden_size, width, options.recurrent_dropout)
                for _ in range(directions)
            )
            for depth in range(options.encoder_layers)
        )
        self.norms = nn.ModuleList(
            nn.LayerNorm(options.hidden_size) if options.layer_norm == "between" else nn.Identity()
            for _ in range(options.encoder_layers)
        )
        self.dropout = SequenceDropout(options.dropout, options.variational)

    def forward(self, x: Float[Tensor, "batch source embedding"], lengths: Int[Tensor, " batch"]) -> Encoded:
        """Encode embedded sources of the given lengths (each at least 1)."""
        end = (lengths - 1).view(-1, 1, 1)  # position of the last token
        # Position p of a reversed source of length n comes from n - 1 - p; padding is not moved.
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
                read = x.gather(1, order.expand_as(x)) if reverse else x
                start = x.new_zeros(x.shape[0], layer.hidden_size)
                output, _, _ = layer(read, start, start)
                outputs.append(output.gather(1, order.expand_as(output)) if reverse else output)
            output = norm(torch.cat(outputs, -1))  # [B, S, C]
            x = x + output if self.residual and x.shape == output.shape else output
            # The backward pass ends at the first token.
            ahead, back = x[..., : start.shape[1]], x[:, 0, start.shape[1] :]
            last_of_layers.append(torch.cat([ahead.gather(1, end.expand_as(ahead[:, :1])).squeeze(1), back], -1))
        return Encoded(x, torch.stack(last_of_layers))
