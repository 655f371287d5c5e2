"""R-Drop: two passes over the same pair, with different dropout, are trained to predict the same distribution.

Wu et al. 2021, "R-Drop: Regularized Dropout for Neural Networks", equations 2 to 4. The loss is half of the paper's, so
that its cross-entropy is the mean of both passes and does not change with the weight.

Shapes: ``P`` pieces, ``V`` vocabulary. Rows ``2 p`` and ``2 p + 1`` are the two passes of piece ``p``.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

TINY = -80.0
"""Log probability that stands for impossible pieces (its exponential is still a normal float32 number)."""


def pairing(rows: int, device: torch.device) -> Int[Tensor, " rows"]:
    """Return the order that puts row p of the first half next to row p of the second half."""
    return torch.arange(rows, device=device).view(2, -1).t().flatten()


def divergence(scores: Float[Tensor, "rows vocabulary"]) -> Float[Tensor, ""]:
    """Return the mean of both Kullback-Leibler divergences of each pair (equation 2), summed over pairs.

    Args:
        scores: [2 P, V], log probabilities; minus infinity for impossible pieces.
    """
    first, second = scores.clamp_min(TINY).view(-1, 2, scores.shape[1]).unbind(1)
    return 0.5 * ((first.exp() - second.exp()) * (first - second)).sum()


def add_divergence(
    difference: Float[Tensor, "pieces vocabulary"],
    probabilities: Float[Tensor, "rows vocabulary"],
    weight: float,
) -> Float[Tensor, ""]:
    """Return the same sum, and replace the probabilities by themselves plus its gradient.

    The gradient of softmax and cross-entropy is the probabilities minus the target's; this adds the term of R-Drop.
    With d = log p - log q, the gradient of KL(p||q) is p (d - KL(p||q)) for the logits of p, and q - p for those of q.

    Args:
        difference: [P, V], log probabilities of the first pass minus those of the second.
        probabilities: [2 P, V]; receives the sum of the probabilities and the weighted gradient for the logits.
        weight: Weight of the divergence.
    """
    first, second = probabilities.view(-1, 2, probabilities.shape[1]).unbind(1)
    forward = (first * difference).sum(-1, keepdim=True)  # [P, 1], KL(first || second)
    backward = -(second * difference).sum(-1, keepdim=True)
    apart = first - second
    pull = torch.addcmul(apart, first, difference - forward)
    push = torch.addcmul(apart, second, difference + backward).neg_()
    first.add_(pull, alpha=weight / 2)
    second.add_(push, alpha=weight / 2)
    return 0.5 * (forward + backward).sum(dtype=torch.float64)
