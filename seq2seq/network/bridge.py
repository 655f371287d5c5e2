"""Bridges: the decoder's initial state, from the encoder's last one.

Shapes: ``B`` batch, ``L`` layers, ``H`` hidden width.
"""

import torch
from jaxtyping import Float
from torch import Tensor, nn

from seq2seq.network.lstm import glorot
from seq2seq.network.options import NetworkOptions


class Bridge(nn.Module):
    """Initialises the decoder from the encoder's last state; this base class starts it at zero (as in GNMT)."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__()
        self.layers = options.decoder_layers
        self.width = options.hidden_size

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        zeros = last.new_zeros(self.layers, last.shape[1], self.width)
        return zeros, zeros


class CopyBridge(Bridge):
    """Hidden states copied layer by layer, from the top (extra decoder layers reuse the lowest); cells start at 0."""

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        hidden = torch.stack([last[max(0, len(last) - self.layers + layer)] for layer in range(self.layers)])
        return hidden, torch.zeros_like(hidden)


class DenseBridge(Bridge):
    """A learned layer for each state (Bahdanau et al. 2015, appendix A.2.2), read from the top encoder layer."""

    def __init__(self, options: NetworkOptions) -> None:
        super().__init__(options)
        self.project = glorot(nn.Linear(options.hidden_size, 2 * options.decoder_layers * options.hidden_size))

    def forward(self, last: Float[Tensor, "layers batch state"]) -> tuple[Tensor, Tensor]:
        """Return hidden and cell state, each [L, B, H]."""
        states = torch.tanh(self.project(last[-1])).view(-1, 2, self.layers, self.width)
        hidden, cell = states.permute(1, 2, 0, 3).contiguous().unbind(0)
        return hidden, cell


BRIDGES: dict[str, type[Bridge]] = {"zero": Bridge, "copy": CopyBridge, "dense": DenseBridge}
"""The class behind each value of the option ``bridge``."""
