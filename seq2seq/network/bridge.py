"""Bridges compute the decoder's initial state from the encoder's last state.

Shapes: ``B`` batch, ``L`` layers, ``H`` hidden width.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seq2seq.network.lstm import glorot
from seq2seq.network.options import NetworkOptions


class Bridge(nn.Module):
    """Base class of bridges; initialises the decoder with zeros (as in GNMT)."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        self.layers = options.decoder_layers
        self.width = options.hidden_size

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        zeros = last.new_zeros(self.layers, last.shape[1], self.width)
        return zeros, zeros


class CopyBridge(Bridge):
    """Copies hidden states layer by layer from the top; cell states start at 0.

    If the decoder has more layers, its lower layers all get the lowest encoder layer's state.
    """

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        hidden = torch.stack([last[max(0, len(last) - self.layers + layer)] for layer in range(self.layers)])
        return hidden, torch.zeros_like(hidden)


class DenseBridge(Bridge):
    """Computes each state from the top encoder layer by a dense layer (Bahdanau et al. 2015, appendix A.2.2)."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.project = glorot(nn.Linear(options.hidden_size, 2 * options.decoder_layers * options.hidden_size))

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        states = torch.tanh(self.project(last[-1])).view(-1, 2, self.layers, self.width)
        hidden, cell = states.permute(1, 2, 0, 3).contiguous().unbind(0)
        return hidden, cell


BRIDGES: dict[str, type[Bridge]] = {"zero": Bridge, "copy": CopyBridge, "dense": DenseBridge}
"""Class for each value of the option ``bridge``."""
