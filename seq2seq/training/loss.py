"""Training loss: label-smoothed cross-entropy, fused with the output layer and computed in chunks.

Shapes: ``B`` batch, ``T`` target length, ``R`` readout width, ``V`` vocabulary.

The logits of a batch are by far its largest tensor. On a CPU, allocations over 32 MB are mapped and page-faulted in
every step, which took 30-45 % of the time of a plain cross-entropy over [2048 x 8000]. The loss therefore processes
chunks of rows smaller than that (and close to the cache size), and computes each chunk's gradient in the forward pass
instead of keeping the probabilities. A GPU has larger chunks, and saves memory: the logits of 128 x 50 tokens over
32,000 pieces are 819 MB in float32, of which plain operations keep several copies.

If the network copies, the loss (with label smoothing) is computed for the mixture of `seq2seq.network.pointer`.
"""

from typing import Any, NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

from seq2seq.network.cpu_products import linear
from seq2seq.network.encoder_decoder import CHUNK_BYTES, Network
from seq2seq.network.pointer import TINY, Chosen, coverage_loss, plain_mixture
from seq2seq.network.state import Decoded, Memory
from seq2seq.run_setup.training_options import ActivationOptions
from seq2seq.training.rdrop import add_divergence, divergence, pairing

GPU_CHUNK_BYTES = 256 * 2**20
"""Maximum size of a chunk of logits on a GPU, which computes large products only."""


class LossSum(NamedTuple):
    """Sums over the target tokens of a batch, including end tokens.

    Attributes:
        total: [], smoothed loss including the coverage and alignment losses; differentiable.
        nll: [], negative log likelihood in nats, without smoothing; detached.
        tokens: Number of tokens.
    """

    total: Tensor
    nll: Tensor
    tokens: int


class Copied(NamedTuple):
    """Inputs of the copy mechanism for ``N`` target pieces.

    Attributes:
        gate: [N, 1], log odds of generating.
        weights: [N, S], attention weights.
        rows: [N], index of each piece's source.
        copies: [B, S], target id of each source position.
        first: [B, S], see :func:`seq2seq.network.pointer.first_places`.
    """

    gate: Tensor
    weights: Tensor
    rows: Tensor
    copies: Tensor
    first: Tensor


class _ChunkedCrossEntropy(torch.autograd.Function):
    """Summed smoothed cross-entropy of ``states @ weight.T + bias``; computes gradients in the forward pass.

    With copying, ``gate`` and ``weights`` of ``copied`` are additional inputs, passed on their own because they have
    gradients; see `seq2seq.network.pointer.Chosen` for the formulas.
    """

    @staticmethod
    def forward(
        ctx: Any,  # noqa: ANN401 - as in torch's stubs
        states: Tensor,
        weight: Tensor,
        bias: Tensor,
        target: Tensor,
        smoothing: float,
        precision: torch.dtype,
        gate: Tensor | None,
        weights: Tensor | None,
        copied: Copied | None,
        rdrop_weight: float,
    ) -> tuple[Tensor, Tensor]:
        vocabulary = weight.shape[0]
        # Matrix products run in the requested precision; sums, exponentials and weight gradients stay in float32.
        low_states, low_weight, low_bias = states.to(precision), weight.to(precision), bias.to(precision)
        # Gradients are not scaled yet, and float16 would lose small ones.
        is_wide = precision == torch.float16
        share = smoothing / vocabulary  # probability that smoothing gives each piece
        needs_gradient = any(ctx.needs_input_grad)
        if needs_gradient:
            state_gradient = torch.empty_like(states)
            weight_gradient = torch.zeros_like(weight)
            bias_gradient = torch.zeros_like(bias)
            gate_gradient = None if gate is None else torch.empty_like(gate)
            weights_gradient = None if weights is None else torch.empty_like(weights)
        nll = weight.new_zeros((), dtype=torch.float64)
        total = weight.new_zeros((), dtype=torch.float64)
        most = CHUNK_BYTES if states.device.type == "cpu" else GPU_CHUNK_BYTES
        # An even number, so that both passes of R-Drop are together.
        rows = max(2, most // (8 * vocabulary) * 2)
        for start in range(0, states.shape[0], rows):
            part, wanted = low_states[start : start + rows], target[start : start + rows].unsqueeze(1)
            logits = linear(part, low_weight, low_bias)
            scores = torch.log_softmax(logits, -1, dtype=weight.dtype)  # [rows, V]
            mixed = smooth = None
            if copied is not None and gate is not None and weights is not None:
                sources = copied.rows[start : start + rows]
                part_gate, part_weights = gate[start : start + rows], weights[start : start + rows]
                mixed = Chosen(scores, part_gate, part_weights, copied.copies[sources], wanted)
                chosen = mixed.log_probability.sum(dtype=torch.float64)
                if smoothing > 0:
                    smooth = mixed.smoothed(copied.first[sources])
                    more = smooth.more + vocabulary * mixed.writing
                    total -= share * more.sum(dtype=torch.float64)
            else:
                chosen = scores.gather(1, wanted).sum(dtype=torch.float64)
            nll -= chosen
            total -= (1 - smoothing) * chosen
            if smoothing > 0:
                # Sum each row first, because a float64 sum over everything would convert the whole tensor.
                total -= share * scores.sum(-1).sum(dtype=torch.float64)
            difference = None
            if rdrop_weight > 0 and needs_gradient:
                first, second = scores.view(-1, 2, vocabulary).unbind(1)
                difference = first - second
            elif rdrop_weight > 0:
                total += rdrop_weight * divergence(scores)
            if needs_gradient:
                # d/dlogits = softmax - target; the target's uniform part is subtracted below, for all rows at once.
                gradient = scores.exp_()
                if difference is not None:
                    total += rdrop_weight * add_divergence(difference, gradient, rdrop_weight)
                pull = gradient.new_full(wanted.shape, smoothing - 1)
                if mixed is not None and gate_gradient is not None and weights_gradient is not None:
                    written = 1 - (1 - smoothing) * mixed.share  # G of `Chosen`, [rows, 1]
                    drawn = (smoothing - 1) * mixed.pull
                    if smooth is not None:
                        written = written - share * smooth.share.sum(1, keepdim=True)
                        drawn = drawn.sub_(smooth.pull, alpha=share)
                    gate_gradient[start : start + rows] = torch.sigmoid(part_gate) - written
                    weights_gradient[start : start + rows] = drawn
                    gradient *= written
                    if smooth is not None:
                        gradient.scatter_add_(1, smooth.at, share * smooth.share)
                    pull *= 1 - mixed.share
                    wanted = wanted.clamp(max=vocabulary - 1)  # an unknown word has no logit, and its pull is 0
                gradient.scatter_add_(1, wanted, pull)
                bias_gradient += gradient.sum(0)
                low_gradient = gradient if is_wide else gradient.to(precision)
                below, back = (part.to(weight.dtype), weight) if is_wide else (part, low_weight)
                state_gradient[start : start + rows] = linear(low_gradient, back.t())
                weight_gradient += linear(below.t(), low_gradient.t()).t()
        if needs_gradient:
            if smoothing > 0:
                state_gradient -= share * weight.sum(0)
                weight_gradient -= share * states.sum(0)
                bias_gradient -= share * states.shape[0]
            ctx.save_for_backward(state_gradient, weight_gradient, bias_gradient, gate_gradient, weights_gradient)
        nll, total = nll.to(weight.dtype), total.to(weight.dtype)
        ctx.mark_non_differentiable(nll)
        return total, nll

    @staticmethod
    def backward(
        ctx: Any,  # noqa: ANN401
        *gradients: Tensor,
    ) -> tuple[Tensor | None, ...]:
        states, weight, bias, gate, weights = ctx.saved_tensors
        # Scaling in place is safe, because these tensors are used only here and backward runs once.
        factor = gradients[0]
        whole = states.mul_(factor), weight.mul_(factor), bias.mul_(factor)
        if gate is None:
            return *whole, None, None, None, None, None, None, None
        return *whole, None, None, None, gate.mul_(factor), weights.mul_(factor), None, None


def cross_entropy(
    states: Float[Tensor, "pieces readout"],
    weight: Float[Tensor, "vocabulary readout"],
    bias: Float[Tensor, " vocabulary"],
    target: Int[Tensor, " pieces"],
    smoothing: float,
    copied: Copied | None = None,
    rdrop_weight: float = 0.0,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the smoothed (Szegedy et al. 2016, section 7) and the plain cross-entropy, each summed over pieces.

    With ``copied``, the loss is computed for the mixture of generating and copying, and targets may be unknown words of
    the source. With ``rdrop_weight``, rows 2 p and 2 p + 1 are two passes of the same piece, and the first sum includes
    their weighted divergence; with both, plain operations compute it.
    """
    device = states.device.type
    if device in ("cpu", "cuda") and not (copied is not None and rdrop_weight > 0):
        precision = torch.get_autocast_dtype(device) if torch.is_autocast_enabled(device) else weight.dtype
        with torch.autocast(device, enabled=False):
            gate, weights = (copied.gate.to(weight.dtype), copied.weights.to(weight.dtype)) if copied else (None, None)
            sums: tuple[Tensor, Tensor] = _ChunkedCrossEntropy.apply(  # type: ignore[no-untyped-call]
                states, weight, bias, target, smoothing, precision, gate, weights, copied, rdrop_weight
            )
        return sums
    return plain_cross_entropy(states, weight, bias, target, smoothing, copied, rdrop_weight)


def plain_cross_entropy(
    states: Float[Tensor, "pieces readout"],
    weight: Float[Tensor, "vocabulary readout"],
    bias: Float[Tensor, " vocabulary"],
    target: Int[Tensor, " pieces"],
    smoothing: float,
    copied: Copied | None = None,
    rdrop_weight: float = 0.0,
) -> tuple[Float[Tensor, ""], Float[Tensor, ""]]:
    """Return the same sums as :func:`cross_entropy`, computed by plain operations over all pieces at once."""
    logits = functional.linear(states, weight, bias)
    vocabulary = weight.shape[0]
    if copied is None:
        scores = torch.log_softmax(logits, -1, dtype=torch.float32)
    else:
        copies = copied.copies[copied.rows]
        extra = max(0, int(copies.max()) + 1 - vocabulary) if copies.numel() else 0
        scores = plain_mixture(logits, copied.gate, copied.weights, copies, extra)
    nll = -scores.gather(1, target.unsqueeze(1)).sum()
    total = (1 - smoothing) * nll
    if smoothing > 0:
        total = total - (smoothing / vocabulary) * scores[:, :vocabulary].sum()
    if rdrop_weight > 0:
        total = total + rdrop_weight * divergence(scores)
    return total, nll.detach()


def activation_loss(
    top: Float[Tensor, "batch target hidden"], is_token: Bool[Tensor, "batch target"], options: ActivationOptions
) -> Float[Tensor, ""]:
    """Return the penalty on states and their changes (Merity et al. 2018), averaged over units and summed over pieces.

    The paper's code differs in two ways. It squares the states after dropout, which scales up the remaining ones; here
    they are squared before dropout. It averages the changes over the pieces that have a predecessor; here both sums are
    divided by the number of all pieces.

    Args:
        top: [B, T, H], hidden states of the last layer.
        is_token: [B, T], true for tokens, false for padding.
        options: Weights of the penalties.
    """
    squares = top.square().mean(-1)  # [B, T]
    changes = (top[:, 1:] - top[:, :-1]).square().mean(-1)  # [B, T - 1]
    total = options.size_weight * squares[is_token].sum()
    return total + options.change_weight * changes[is_token[:, 1:]].sum()


def alignment_loss(weights: Float[Tensor, "batch target source"], links: Int[Tensor, "links 3"]) -> Float[Tensor, ""]:
    """Return the cross-entropy between alignments and attention weights, summed over the aligned target pieces.

    This is guided alignment (Chen et al. 2016, "Guided Alignment Training for Topic-Aware Neural Machine Translation",
    equation 6). The alignment of a target piece with n links is 1 / n at each; pieces without a link count nothing.

    Args:
        weights: [B, T, S], attention weights.
        links: [N, 3], row, target position and source position of each link.
    """
    rows, targets, sources = links.unbind(1)
    places = rows * weights.shape[1] + targets
    counts = torch.bincount(places, minlength=weights.shape[0] * weights.shape[1])
    mass = weights[rows, targets, sources].float().clamp_min(TINY)
    return -(mass.log() / counts[places]).sum()


def sequence_loss(
    network: Network,
    memory: Memory,
    decoded: Decoded,
    target: Int[Tensor, "batch target"],
    label_smoothing: float,
    coverage_weight: float = 0.0,
    activation: ActivationOptions = ActivationOptions(),
    alignment_weight: float = 0.0,
    links: Int[Tensor, "links 3"] | None = None,
    rdrop_weight: float = 0.0,
) -> LossSum:
    """Return the loss of a batch.

    Args:
        network: Network whose output layer scores the states.
        memory: Encoded sources.
        decoded: Output of ``network.forward``.
        target: [B, T], target ids; padding is removed first. If the network copies, ids beyond the vocabulary are
            unknown words of the source.
        label_smoothing: Fraction of the target probability spread evenly over the vocabulary.
        coverage_weight: Factor of the coverage loss (see `seq2seq.network.pointer.coverage_loss`); 0 disables it.
        activation: Weights of :func:`activation_loss`.
        alignment_weight: Factor of :func:`alignment_loss`; 0 disables it.
        links: [N, 3], aligned pieces; None if there are none.
        rdrop_weight: Weight of `seq2seq.training.rdrop`; if not 0, the second half of the batch repeats the first, and
            all sums are means of both halves.
    """
    is_token = target != network.target_padding
    pieces = target[is_token]
    output = network.output
    copied = None
    if network.options.copying:
        rows = is_token.nonzero()[:, 0]
        copied = Copied(decoded.gate[is_token], decoded.weights[is_token], rows, memory.copies, memory.first)
    states = decoded.states[is_token]
    if rdrop_weight > 0:
        order = pairing(len(states), states.device)
        states, pieces = states[order], pieces[order]
        if copied is not None:
            copied = copied._replace(gate=copied.gate[order], weights=copied.weights[order], rows=copied.rows[order])
    total, nll = cross_entropy(states, output.weight, output.bias, pieces, label_smoothing, copied, rdrop_weight)
    if coverage_weight > 0:
        total = total + coverage_weight * coverage_loss(decoded.weights, is_token)
    if activation.size_weight > 0 or activation.change_weight > 0:
        total = total + activation_loss(decoded.top, is_token, activation)
    if alignment_weight > 0 and links is not None:
        total = total + alignment_weight * alignment_loss(decoded.weights, links)
    if rdrop_weight > 0:
        return LossSum(total / 2, nll / 2, pieces.numel() // 2)
    return LossSum(total, nll, pieces.numel())
