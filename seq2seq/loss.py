"""The training objective: cross-entropy with label smoothing over the output layer, fused and in chunks.

Shapes: ``B`` batch, ``T`` target length, ``R`` readout width, ``V`` vocabulary.

The logits of a batch are its largest tensor by far. On a CPU, allocations over 32 MB are mapped and page-faulted anew
at every step, which cost 30-45 % of the time of a plain cross-entropy over [2048 x 8000]. So the loss works through
chunks of rows that stay below that (and near the cache), and computes each chunk's gradient while its probabilities
are at hand instead of keeping them for the backward pass.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Float, Int
from torch import Tensor
from torch.nn import functional

from seq2seq.network import Network
from seq2seq.products import linear

CHUNK_BYTES = 16 * 2**20
"""Largest chunk of logits; half of the size from which the allocator maps memory anew."""


class LossSum(NamedTuple):
    """Sums over the target pieces of a batch, end marks included.

    Attributes:
        total: [], the smoothed objective; gradients flow through it.
        nll: [], the negative log likelihood in nats, without smoothing; detached.
        tokens: How many pieces were summed.
    """

    total: Tensor
    nll: Tensor
    tokens: int


class _ChunkedCrossEntropy(torch.autograd.Function):
    """Sum of smoothed cross-entropies of ``states @ weight.T + bias``; gradients are computed in the forward pass."""

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - the type that torch's own stubs give
        states: Tensor,
        weight: Tensor,
        bias: Tensor,
        target: Tensor,
        smoothing: float,
        precision: torch.dtype,
    ) -> tuple[Tensor, Tensor]:
        vocabulary = weight.shape[0]
        # Matrix products run in the precision asked for; sums, exponentials and the weights' gradient never do.
        low_states, low_weight, low_bias = states.to(precision), weight.to(precision), bias.to(precision)
        share = smoothing / vocabulary  # what the smoothed target gives to every piece
        needs_gradient = any(ctx.needs_input_grad)
        if needs_gradient:
            state_gradient = torch.empty_like(states)
            weight_gradient = torch.zeros_like(weight)
            bias_gradient = torch.zeros_like(bias)
        nll = weight.new_zeros((), dtype=torch.float64)
        total = weight.new_zeros((), dtype=torch.float64)
        rows = max(1, CHUNK_BYTES // (4 * vocabulary))
        for start in range(0, states.shape[0], rows):
            part, wanted = low_states[start : start + rows], target[start : start + rows].unsqueeze(1)
            logits = linear(part, low_weight, low_bias)
            scores = torch.log_softmax(logits, -1, dtype=weight.dtype)  # [rows, V]
            chosen = scores.gather(1, wanted).sum(dtype=torch.float64)
            nll -= chosen
            total -= (1 - smoothing) * chosen
            if smoothing > 0:
                # Row by row first: a sum of the whole in float64 would copy the whole to float64.
                total -= share * scores.sum(-1).sum(dtype=torch.float64)
            if needs_gradient:
                # d/dlogits = softmax - target distribution; the uniform share is taken off below, for all rows at once.
                gradient = scores.exp_()
                gradient.scatter_add_(1, wanted, gradient.new_full(wanted.shape, smoothing - 1))
                bias_gradient += gradient.sum(0)
                low_gradient = gradient.to(precision)
                state_gradient[start : start + rows] = linear(low_gradient, low_weight.t())
                weight_gradient += linear(part.t(), low_gradient.t()).t()
        if needs_gradient:
            if smoothing > 0:
                state_gradient -= share * weight.sum(0)
                weight_gradient -= share * states.sum(0)
                bias_gradient -= share * states.shape[0]
            ctx.save_for_backward(state_gradient, weight_gradient, bias_gradient)
        nll, total = nll.to(weight.dtype), total.to(weight.dtype)
        ctx.mark_non_differentiable(nll)
        return total, nll

    @staticmethod
    def backward(
        ctx: Any,  # noqa: ANN401
        *gradients: Tensor,
    ) -> tuple[Tensor, Tensor, Tensor, None, None, None]:
        states, weight, bias = ctx.saved_tensors
        # Scaled in place: these tensors are nobody else's, and backward runs once.
        factor = gradients[0]
        return states.mul_(factor), weight.mul_(factor), bias.mul_(factor), None, None, None


def cross_entropy(
    states: Float[Tensor, "pieces readout"],
    weight: Float[Tensor, "vocabulary readout"],
    bias: Float[Tensor, " vocabulary"],
    target: Int[Tensor, " pieces"],
    smoothing: float,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the smoothed cross-entropy (Szegedy et al. 2016, section 7) and the plain one, each summed over pieces.

    On a GPU, where the trap of the module's docstring does not exist, the same is computed by plain operations.
    """
    if states.device.type == "cpu":
        precision = torch.get_autocast_dtype("cpu") if torch.is_autocast_enabled("cpu") else weight.dtype
        with torch.autocast("cpu", enabled=False):
            sums: tuple[Tensor, Tensor] = _ChunkedCrossEntropy.apply(  # type: ignore[no-untyped-call]
                states, weight, bias, target, smoothing, precision
            )
        return sums
    return plain_cross_entropy(states, weight, bias, target, smoothing)


def plain_cross_entropy(
    states: Float[Tensor, "pieces readout"],
    weight: Float[Tensor, "vocabulary readout"],
    bias: Float[Tensor, " vocabulary"],
    target: Int[Tensor, " pieces"],
    smoothing: float,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the same two sums as :func:`cross_entropy`, by plain operations over all pieces at once."""
    logits = functional.linear(states, weight, bias)
    scores = torch.log_softmax(logits, -1, dtype=torch.float32)
    nll = -scores.gather(1, target.unsqueeze(1)).sum()
    total = (1 - smoothing) * nll - (smoothing / weight.shape[0]) * scores.sum()
    return total, nll.detach()


def sequence_loss(
    network: Network,
    states: Float[Tensor, "batch target readout"],
    target: Int[Tensor, "batch target"],
    padding: int,
    label_smoothing: float,
) -> LossSum:
    """Return the loss of a batch from its readout states.

    Args:
        network: The network whose output layer scores the states.
        states: What ``network.forward`` returned.
        target: The right pieces, padded.
        padding: Id of padding, which is left out before anything is computed.
        label_smoothing: Share of the target probability that is spread evenly over the vocabulary.
    """
    is_token = target != padding
    pieces = target[is_token]
    output = network.output
    total, nll = cross_entropy(states[is_token], output.weight, output.bias, pieces, label_smoothing)
    return LossSum(total, nll, pieces.numel())
