"""Copying: a target piece is either generated from the vocabulary or copied from the attended source positions.

The pointer-generator of See et al. 2017 (section 2.2), in logarithms: with the probability ``p = sigmoid(gate)`` of
generating and the attention ``a`` over the source,

    P(w) = p P_vocabulary(w) + (1 - p) (sum of a_i over the positions i that write w).

Shapes: ``B`` sources, ``N`` rows (target positions in training, beams in search), ``S`` source length, ``V`` target
vocabulary, ``X`` ids above it for unknown words of the sources.

Memory is O(N S), independent of the source's vocabulary: each position holds the id that it copies, and sums over equal
ids are scattered. Copy probabilities are clamped at ``TINY``, so that logarithms and gradients stay finite even if the
gate saturates.
"""

from typing import NamedTuple

import torch
from jaxtyping import Bool, Float, Int
from torch import Tensor
from torch.nn import functional

TINY = 1e-30
"""Smallest copy probability that counts; its inverse still fits into a float32."""


def first_places(copies: Int[Tensor, "batch source"]) -> Int[Tensor, "batch source"]:
    """Return for each source position the first position with the same id, by sorting, in O(S) memory."""
    if copies.shape[1] == 0:
        return copies
    ordered, order = copies.sort(dim=1, stable=True)
    places = torch.arange(copies.shape[1], device=copies.device).expand_as(copies)
    begins = functional.pad(ordered[:, 1:] != ordered[:, :-1], (1, 0), value=True)
    runs = places.masked_fill(~begins, 0).cummax(1).values  # start of each run of equal ids in sorted order
    return torch.empty_like(copies).scatter_(1, order, order.gather(1, runs))


def masses(weights: Float[Tensor, "rows source"], first: Int[Tensor, "rows source"]) -> Float[Tensor, "rows source"]:
    """Return for each source position the weight of all positions that write the same id."""
    return torch.zeros_like(weights).scatter_add_(1, first, weights).gather(1, first)


def mixture(
    logits: Float[Tensor, "rows vocabulary"],
    gate: Float[Tensor, "rows 1"],
    weights: Float[Tensor, "rows source"],
    copies: Int[Tensor, "batch source"],
    first: Int[Tensor, "batch source"],
    extra: int,
) -> Float[Tensor, "rows extended"]:
    """Return the log probabilities of all pieces, for decoding: no gradient flows.

    Args:
        logits: [N, V], scores of writing.
        gate: [N, 1], log odds of writing against copying.
        weights: [N, S], attention.
        copies: [B, S], target id that each source position writes; row n belongs to source n // (N / B).
        first: [B, S], see :func:`first_places`.
        extra: X, the ids above the vocabulary.

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
    # Only scores of ids that the source has change; equal ids get equal values.
    return scores.scatter_(1, copies, torch.logaddexp(scores.gather(1, copies), copied))


def plain_mixture(
    logits: Float[Tensor, "rows vocabulary"],
    gate: Float[Tensor, "rows 1"],
    weights: Float[Tensor, "rows source"],
    copies: Int[Tensor, "rows source"],
    extra: int,
) -> Float[Tensor, "rows extended"]:
    """Return the same log probabilities as :func:`mixture` by plain operations with gradients, [N, V + X] each."""
    gate = gate.float()
    written = torch.log_softmax(logits, -1, dtype=torch.float32) + functional.logsigmoid(gate)
    written = functional.pad(written, (0, extra), value=-torch.inf)
    copied = torch.zeros_like(written).scatter_add(1, copies, weights.float())  # [N, V + X]
    is_copied = torch.zeros_like(written, dtype=torch.bool).scatter_(1, copies, True)
    scores = functional.logsigmoid(-gate) + copied.clamp_min(TINY).log()
    return torch.where(is_copied, torch.logaddexp(written, scores.masked_fill(~is_copied, 0.0)), written)


class Smoothed(NamedTuple):
    """Contribution of copying to the source's pieces, which label smoothing needs too.

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
    """Log probabilities of each row's target under the mixture, and the values its gradient needs.

    With the wanted id ``y`` of each row, ``q`` the target distribution (``1 - e`` on ``y``, ``e`` spread evenly over
    the vocabulary: label smoothing of the mixture) and ``c(w)`` the share of P(w) that comes from copying, the loss
    ``-sum of q(w) log P(w)`` has the derivatives

        to the logit of w:      P_vocabulary(w) G - q(w) (1 - c(w)),   G = 1 - sum of q(w) c(w)
        to the gate:            p - G
        to the attention of i:  -q(w) c(w) / (mass of w),              w what i would write

    Args:
        scores: [N, V], log probabilities of each piece given that it is generated.
        gate: [N, 1], log odds of writing.
        weights: [N, S], attention in float32.
        copies: [N, S], the id that each source position writes.
        wanted: [N, 1], target ids below V + X.

    Attributes:
        log_probability: [N, 1], log P(y).
        share: [N, 1], c(y).
        is_match: [N, S], whether the position writes y.
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
        """c(y) / (mass of y) at every position that writes y: the gain from more attention there."""
        pull = (self.share / self.mass.clamp_min(TINY)) * self.is_match
        return pull.masked_fill_(self.mass < TINY, 0.0)

    def smoothed(self, first: Int[Tensor, "rows source"]) -> Smoothed:
        """Return the source's contribution to the sum of log P over the vocabulary; see `Smoothed`."""
        places = torch.arange(first.shape[1], device=first.device)
        is_piece = self.copies < self.vocabulary
        is_counted = (first == places) & is_piece  # each piece once
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

    For each step the smaller of its weight and the weights so far, summed over the source: the sums so far of all steps
    come from one cumulative sum.
    """
    weights = weights.float()
    before = weights.cumsum(1) - weights  # [B, T, S]
    return (torch.minimum(weights, before).sum(2) * is_token).sum()
