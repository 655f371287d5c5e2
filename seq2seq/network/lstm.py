"""The LSTM: a gate-by-gate reference, a fused layer, and a layer-normalised variant.

Shapes: ``B`` batch, ``T`` time, ``I`` input width, ``H`` hidden width. ``docs/lstm.md`` explains every line.

The cell (Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000)::

    f_t = sigma(W_fx x_t + W_fh h_{t-1} + b_f)          forget gate
    i_t = sigma(W_ix x_t + W_ih h_{t-1} + b_i)          input gate
    g_t = tanh (W_cx x_t + W_ch h_{t-1} + b_c)          candidate
    c_t = f_t * c_{t-1} + i_t * g_t                     cell state
    o_t = sigma(W_ox x_t + W_oh h_{t-1} + b_o)          output gate: no tanh(c_t) here
    h_t = o_t * tanh(c_t)                               hidden state
"""

from collections.abc import Callable
from typing import NamedTuple

import torch
from jaxtyping import Float
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.network.cpu_products import Product, linear, packed
from seq2seq.network.precision import has_lstm

Cell = Callable[[Tensor, Tensor, Tensor], tuple[Tensor, Tensor]]
"""One step of a layer: maps input [N, I], hidden [N, H] and cell state [N, H] to the next hidden and cell state."""


class Gates(NamedTuple):
    """All values of one step of the cell, each [B, H]."""

    forget: Tensor
    input: Tensor
    candidate: Tensor
    cell: Tensor
    output: Tensor
    hidden: Tensor


def reference_step(
    x: Float[Tensor, "batch input"],
    hidden: Float[Tensor, "batch hidden"],
    cell: Float[Tensor, "batch hidden"],
    weight_input: Float[Tensor, "gates input"],
    weight_hidden: Float[Tensor, "gates hidden"],
    bias: Float[Tensor, " gates"],
) -> Gates:
    """Run one step gate by gate, slowly, in the order of the equations and in the dtype of the input.

    Tests compare it with the fused layer in float64. The weights stack the four gates in PyTorch's order (input,
    forget, candidate, output), so ``gates`` is 4H.
    """
    w_ix, w_fx, w_cx, w_ox = weight_input.chunk(4)
    w_ih, w_fh, w_ch, w_oh = weight_hidden.chunk(4)
    b_i, b_f, b_c, b_o = bias.chunk(4)
    f = torch.sigmoid(x @ w_fx.T + hidden @ w_fh.T + b_f)
    i = torch.sigmoid(x @ w_ix.T + hidden @ w_ih.T + b_i)
    g = torch.tanh(x @ w_cx.T + hidden @ w_ch.T + b_c)
    c = f * cell + i * g
    o = torch.sigmoid(x @ w_ox.T + hidden @ w_oh.T + b_o)
    h = o * torch.tanh(c)
    return Gates(f, i, g, c, o, h)


class LSTMLayer(nn.Module):
    """One unidirectional layer, fused over a whole sequence (``forward``) or for one step (``step``).

    It replaces ``nn.LSTM`` because weight drop needs different weights for each sequence, because a single step of
    ``nn.LSTM`` takes 2.4-3.6 times as long as a cell on a CPU, and because its second bias is redundant.

    Args:
        input_size: I.
        hidden_size: H.
        recurrent_dropout: Probability of dropping a weight of W_hh, sampled once per sequence (Merity et al. 2018).
    """

    zero_bias: Tensor

    def __init__(self, input_size: int, hidden_size: int, recurrent_dropout: float = 0.0) -> None:
        super().__init__()
        self.hidden_size = hidden_size
        self.recurrent_dropout = recurrent_dropout
        self.weight_input = nn.Parameter(torch.empty(4 * hidden_size, input_size))
        self.weight_hidden = nn.Parameter(torch.empty(4 * hidden_size, hidden_size))
        self.bias = nn.Parameter(torch.zeros(4 * hidden_size))
        # The fused kernels add two biases, of which the second is zero.
        self.register_buffer("zero_bias", torch.zeros(4 * hidden_size), persistent=False)
        self.reset()

    def reset(self) -> None:
        """Initialise with orthogonal recurrences (Saxe et al. 2014) and a forget bias of 1 (Jozefowicz et al. 2015)."""
        with torch.no_grad():
            for gate in self.weight_input.chunk(4):
                nn.init.xavier_uniform_(gate)
            for gate in self.weight_hidden.chunk(4):
                nn.init.orthogonal_(gate)
            self.bias.zero_()
            self.bias[self.hidden_size : 2 * self.hidden_size] = 1.0

    def recurrence(self) -> Float[Tensor, "gates hidden"]:
        """Return W_hh for one sequence; in training, with weight drop."""
        return functional.dropout(self.weight_hidden, self.recurrent_dropout, self.training)

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        hidden: Float[Tensor, "batch hidden"],
        cell: Float[Tensor, "batch hidden"],
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """Run over a sequence; return all hidden states, the last hidden state and the last cell state."""
        tensors = [x, hidden, cell, self.weight_input, self.recurrence(), self.bias, self.zero_bias]
        device = x.device.type
        if not (device in ("cpu", "cuda") and torch.is_autocast_enabled(device)):
            return self._fused(*tensors)
        dtype = torch.get_autocast_dtype(device)
        if device == "cpu":
            if has_lstm(dtype):
                return self._fused(*tensors)
            dtype = torch.float32
        # On a GPU, PyTorch's autocast passes float16 to the LSTM even if bfloat16 was requested (seen in 2.11), so
        # small gradients vanish.
        with torch.autocast(device, enabled=False):
            return self._fused(*(tensor.to(dtype) for tensor in tensors))

    def _fused(
        self, x: Tensor, hidden: Tensor, cell: Tensor, weight_input: Tensor, weight_hidden: Tensor, *biases: Tensor
    ) -> tuple[Tensor, Tensor, Tensor]:
        weights = [weight_input, weight_hidden, *biases]
        states, last_hidden, last_cell = torch.lstm(
            x, (hidden.unsqueeze(0), cell.unsqueeze(0)), weights, True, 1, 0.0, self.training, False, True
        )
        return states, last_hidden[0], last_cell[0]

    def step(
        self,
        x: Float[Tensor, "batch input"],
        hidden: Float[Tensor, "batch hidden"],
        cell: Float[Tensor, "batch hidden"],
        recurrence: Float[Tensor, "gates hidden"],
    ) -> tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """Run one step; ``recurrence`` is this sequence's W_hh (see :meth:`recurrence`)."""
        return torch.lstm_cell(x, (hidden, cell), self.weight_input, recurrence, self.bias, self.zero_bias)

    def cell(self, recurrence: Float[Tensor, "gates hidden"]) -> Cell:
        """Return a function for one step with this sequence's W_hh."""
        return lambda x, hidden, cell: self.step(x, hidden, cell, recurrence)

    def packed_cell(self) -> Cell:
        """Return a function for one decoding step, with packed weights and both products merged into one."""
        gates_of = packed(doubled(torch.cat([self.weight_input, self.weight_hidden], 1)), doubled(self.bias))
        return lambda x, hidden, cell: advance(gates_of(torch.cat([x, hidden], -1)), cell)

    def packed_input(self) -> Product:
        """Return a function for the input's part of the gates, from [N, I] to [N, 4H]."""
        weight, bias = doubled(self.weight_input), doubled(self.bias)
        return lambda x: linear(x, weight, bias)

    def packed_recurrence(self) -> Cell:
        """Return a function for one step that takes the input's part of the gates instead of the input."""
        gates_of = packed(doubled(self.weight_hidden), None)
        return lambda gates, hidden, cell: advance(gates_of(hidden).add_(gates), cell)


def doubled(gates: Float[Tensor, "gates ..."]) -> Float[Tensor, "gates ..."]:
    """Return the weights or biases of the four gates, with the candidate's doubled for :func:`advance`."""
    i, f, g, o = gates.detach().chunk(4)
    return torch.cat([i, f, 2 * g, o])


def advance(
    gates: Float[Tensor, "rows gates"], cell: Float[Tensor, "rows hidden"]
) -> tuple[Float[Tensor, "rows hidden"], Float[Tensor, "rows hidden"]]:
    """Return the next hidden and cell state; overwrites ``gates``.

    On a CPU, PyTorch's sigmoid is six times as fast as its tanh, so tanh(z) is computed as 2 sigma(2z) - 1.
    """
    i, f, g, o = gates.sigmoid_().chunk(4, -1)
    g.mul_(2).sub_(1)
    cell = torch.addcmul(f * cell, i, g)
    return (2 * cell).sigmoid_().mul_(2).sub_(1).mul_(o), cell


class LayerNormLSTMLayer(LSTMLayer):
    """A layer with layer normalisation inside the cell (Ba et al. 2016, equations 20-22); slow, because it loops."""

    def __init__(self, input_size: int, hidden_size: int, recurrent_dropout: float = 0.0) -> None:
        super().__init__(input_size, hidden_size, recurrent_dropout)
        # These norms need no bias, because self.bias is added to the gates.
        self.norm_input = nn.LayerNorm(4 * hidden_size, bias=False)
        self.norm_hidden = nn.LayerNorm(4 * hidden_size, bias=False)
        self.norm_cell = nn.LayerNorm(hidden_size)

    def _cell(self, from_input: Tensor, hidden: Tensor, cell: Tensor, recurrence: Tensor) -> tuple[Tensor, Tensor]:
        gates = from_input + self.norm_hidden(functional.linear(hidden, recurrence))  # [B, 4H]
        i, f, g, o = gates.chunk(4, dim=-1)
        cell = torch.sigmoid(f) * cell + torch.sigmoid(i) * torch.tanh(g)
        return torch.sigmoid(o) * torch.tanh(self.norm_cell(cell)), cell

    def forward(
        self,
        x: Float[Tensor, "batch time input"],
        hidden: Float[Tensor, "batch hidden"],
        cell: Float[Tensor, "batch hidden"],
    ) -> tuple[Float[Tensor, "batch time hidden"], Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """Run over a sequence, computing the input's part of the gates for all steps at once."""
        recurrence = self.recurrence()
        from_input = self._from_input(x)  # [B, T, 4H]
        states = []
        for gates in from_input.unbind(1):
            hidden, cell = self._cell(gates, hidden, cell, recurrence)
            states.append(hidden)
        return torch.stack(states, 1), hidden, cell

    def step(
        self,
        x: Float[Tensor, "batch input"],
        hidden: Float[Tensor, "batch hidden"],
        cell: Float[Tensor, "batch hidden"],
        recurrence: Float[Tensor, "gates hidden"],
    ) -> tuple[Float[Tensor, "batch hidden"], Float[Tensor, "batch hidden"]]:
        """Run one step."""
        return self._cell(self._from_input(x), hidden, cell, recurrence)

    def _from_input(self, x: Tensor) -> Tensor:
        gates: Tensor = self.norm_input(functional.linear(x, self.weight_input)) + self.bias
        return gates

    def packed_cell(self) -> Cell:
        """Return a function for one step, without packing because norms separate the products."""
        return self.cell(self.weight_hidden)

    def packed_input(self) -> Product:
        """Return a function for the input's part of the gates, from [N, I] to [N, 4H]."""
        return self._from_input

    def packed_recurrence(self) -> Cell:
        """Return a function for one step that takes the input's part of the gates instead of the input."""
        return lambda gates, hidden, cell: self._cell(gates, hidden, cell, self.weight_hidden)


LAYERS: dict[str, type[LSTMLayer]] = {"none": LSTMLayer, "between": LSTMLayer, "gates": LayerNormLSTMLayer}
"""Class for each value of the option ``layer_norm``."""


class SequenceDropout(nn.Module):
    """Dropout over [B, T, D]; ``variational`` uses one mask for all time steps (Gal and Ghahramani 2016)."""

    def __init__(self, probability: float, variational: bool) -> None:
        super().__init__()
        self.probability = probability
        self.variational = variational

    def forward(self, x: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        """Apply dropout in training."""
        if not self.training or self.probability == 0:
            return x
        if not self.variational:
            return functional.dropout(x, self.probability)
        return x * functional.dropout(x.new_ones(x.shape[0], 1, x.shape[2]), self.probability)

    def masks(self, like: Float[Tensor, "batch time width"]) -> Float[Tensor, "batch time width"]:
        """Return the dropout masks of a whole sequence, for a loop over its steps."""
        return self.forward(torch.ones_like(like))


def glorot(linear: nn.Linear) -> nn.Linear:
    """Initialise a projection in place (Glorot and Bengio 2010) and return it."""
    nn.init.xavier_uniform_(linear.weight)
    if linear.bias is not None:
        nn.init.zeros_(linear.bias)
    return linear
