"""Copying: generate a target piece from the vocabulary, or copy it from an attended source position.

This is the pointer-generator of See et al. 2017 (section 2.2), in logarithms. With the probability of generating
``p = sigmoid(gate)`` and the attention ``a`` over the source,

    P(w) = p P_vocabulary(w) + (1 - p) (sum of a_i over the positions i that copy w).

Shapes: ``B`` sources, ``N`` rows (target positions in training, beams in search), ``S`` source length, ``V`` target
vocabulary, ``X`` number of ids above the vocabulary, for unknown words of the sources.

Copying takes O(N S) memory, whatever the size of the source vocabulary: weights of positions with equal ids are added
by scattering. Copy probabilities are clamped at ``TINY``, so logarithms and gradients stay finite even if the gate
saturates.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

TINY = 1e-30
"""Minimum copy probability; its inverse still fits into a float32."""


def first_places(copies: Int[Tensor, "batch source"]) -> Int[Tensor, "batch source"]:
    """Return for each source position the first position with the same id; sorts, in O(S) memory."""
    if copies.shape[1] == 0:
        return copies
    ordered, order = copies.sort(dim=1, stable=True)
    places = torch.arange(copies.shape[1], device=copies.device).expand_as(copies)
    begins = functional.pad(ordered[:, 1:] != ordered[:, :-1], (1, 0), value=True)
    runs = places.masked_fill(~begins, 0).cummax(1).values  # start of each run of equal ids in sorted order
    return torch.empty_like(copies).scatter_(1, order, order.gather(1, runs))


def masses(weights: Float[Tensor, "rows source"], first: Int[Tensor, "rows source"]) -> Float[Tensor, "rows source"]:
    """Return for each source position the total weight of all positions with the same id."""
    return torch.zeros_like(weights).scatter_add_(1, first, weights).gather(1, first)


def mixture(
    logits: Float[Tensor, "rows vocabulary"],
    gate: Float[Tensor, "rows 1"],
    weights: Float[Tensor, "rows source"],
    copies: Int[Tensor, "batch source"],
    first: Int[Tensor, "batch source"],
    extra: int,
) -> Float[Tensor, "rows extended"]:
    """Return the log probabilities of all pieces, without gradients, for decoding.

    Args:
        logits: [N, V], scores for generating.
        gate: [N, 1], log odds of generating versus copying.
        weights: [N, S], attention.
        copies: [B, S], target id that each source position copies; row n belongs to source n // (N / B).
        first: [B, S], see :func:`first_places`.
        extra: X, the number of ids above the vocabulary.

    Returns:
        [N, V + X].
    """
    beams = logits.shape[0] // copies.shape[0]
    if beams > 1:
        copies, first = copies.repeat_interleave(beams, 0), first.repeat_interleave(beams, 0)
    gate = gate.detach().float()
    scores = torch.log_softmax(logits.detach(), -1, dtype=torch.float32) + functional.logsigmoid(gate)
    if extra:
        scores = functional.pad(scores, (0, extra), value=-torch.inf)
    copied = functional.logsigmoid(-gate) + masses(weights.detach().float(), first).clamp_min(TINY).log()
    # Only the scores of ids in the source change. Positions with the same id get the same value.
    return scores.scatter_(1, copies, torch.logaddexp(scores.gather(1, copies), copied))


def plain_mixture(
    logits: Float[Tensor, "rows vocabulary"],
    gate: Float[Tensor, "rows 1"],
    weights: Float[Tensor, "rows source"],
    copies: Int[Tensor, "rows source"],
    extra: int,
) -> Float[Tensor, "rows extended"]:
    """Return the log probabilities of :func:`mixture` with gradients, using several [N, V + X] tensors."""
    gate = gate.float()
    written = torch.log_softmax(logits, -1, dtype=torch.float32) + functional.logsigmoid(gate)
    written = functional.pad(written, (0, extra), value=-torch.inf)
    copied = torch.zeros_like(written).scatter_add(1, copies, weights.float())  # [N, V + X]
    is_copied = torch.zeros_like(written, dtype=torch.bool).scatter_(1, copies, True)
    scores = functional.logsigmoid(-gate) + copied.clamp_min(TINY).log()
    return torch.where(is_copied, torch.logaddexp(written, scores.masked_fill(~is_copied, 0.0)), written)


class Smoothed(NamedTuple):
    """The effect of copying on all source pieces w, for label smoothing; notation as in `Chosen`.

    Attributes:
        at: [N, S], the pieces.
        share: [N, S], c(w) at the first position of each piece, 0 elsewhere.
        pull: [N, S], c(w) / (mass of w) at every position.
        more: [N, 1], sum over the source's pieces of log P(w) - log(p P_vocabulary(w)).
    """

    at: Tensor
    share: Tensor
    pull: Tensor
    more: Tensor


class Chosen:
    """Log probability of each row's target under the mixture, and the values for its gradient.

    For a target id ``y``, let ``q`` be the target distribution with label smoothing (``1 - e`` on ``y``, ``e`` spread
    evenly over the vocabulary), ``c(w)`` the fraction of P(w) due to copying, and the mass of w the total attention on
    positions that copy w. The loss ``-sum of q(w) log P(w)`` has these derivatives with respect to

        the logit of w:      P_vocabulary(w) G - q(w) (1 - c(w)),   where G = 1 - sum of q(w) c(w)
        the gate:            p - G
        the attention on i:  -q(w) c(w) / (mass of w),              where position i copies w

    Args:
        scores: [N, V], log probabilities of each piece given that it is generated.
        gate: [N, 1], log odds of generating versus copying.
        weights: [N, S], attention in float32.
        copies: [N, S], the id that each source position copies.
        wanted: [N, 1], target ids below V + X.

    Attributes:
        log_probability: [N, 1], log P(y).
        share: [N, 1], c(y).
        is_match: [N, S], whether the position copies y.
    """

    def __init__(
        self,
        scores: Float[Tensor, "rows vocabulary"],
        gate: Float[Tensor, "rows 1"],
        weights: Float[Tensor, "rows source"],
        copies: Int[Tensor, "rows source"],
        wanted: Int[Tensor, "rows 1"],
    ) -> None:
        self.scores, self.weights, self.copies = scores, weights, copies
        self.writing, self.copying = functional.logsigmoid(gate), functional.logsigmoid(-gate)
        self.vocabulary = scores.shape[1]
        self.is_match: Bool[Tensor, "rows source"] = copies == wanted
        own = scores.gather(1, wanted.clamp(max=self.vocabulary - 1)).masked_fill(wanted >= self.vocabulary, -torch.inf)
        self.mass = (weights * self.is_match).sum(1, keepdim=True)
        copied = self.copying + self.mass.clamp_min(TINY).log()
        copied = copied.masked_fill(~self.is_match.any(1, keepdim=True), -torch.inf)
        self.log_probability = torch.logaddexp(self.writing + own, copied)
        self.share = (copied - self.log_probability).exp()

    @property
    def pull(self) -> Float[Tensor, "rows source"]:
        """c(y) / (mass of y) at positions that copy y: the derivative of log P(y) with respect to their attention."""
        pull = (self.share / self.mass.clamp_min(TINY)) * self.is_match
        return pull.masked_fill_(self.mass < TINY, 0.0)

    def smoothed(self, first: Int[Tensor, "rows source"]) -> Smoothed:
        """Return the effect of copying on the sum of log P over the vocabulary."""
        places = torch.arange(first.shape[1], device=first.device)
        is_piece = self.copies < self.vocabulary
        is_counted = (first == places) & is_piece  # counts each piece once
        at = self.copies.clamp(max=self.vocabulary - 1)
        mass = masses(self.weights, first)
        written = self.writing + self.scores.gather(1, at)
        copied = self.copying + mass.clamp_min(TINY).log()
        whole = torch.logaddexp(written, copied)
        share = (copied - whole).exp()
        pull = (share / mass.clamp_min(TINY)).masked_fill_(~is_piece | (mass < TINY), 0.0)
        more = (whole - written).masked_fill_(~is_counted, 0.0).sum(1, keepdim=True)
        return Smoothed(at, share.masked_fill_(~is_counted, 0.0), pull, more)


def coverage_loss(
    weights: Float[Tensor, "batch target source"], is_token: Bool[Tensor, "batch target"]
) -> Float[Tensor, ""]:
    """Return the coverage loss, summed over target tokens (See et al. 2017, equation 12).

    Each step contributes the minimum of a position's weight and its earlier total weight, summed over the source.
    """
    weights = weights.float()
    before = weights.cumsum(1) - weights  # [B, T, S]
    return (torch.minimum(weights, before).sum(2) * is_token).sum()
