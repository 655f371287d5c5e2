"""Length and coverage penalties of hypotheses, and a fast top-k for their next pieces.

Shapes: ``N`` rows, ``V`` vocabulary, ``S`` source length, ``T`` pieces.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.options import BeamOptions
from seq2seq.errors import WorldError

GROUP = 64
"""Number of scores per group in :func:`likeliest`."""


def length_penalty(length: Tensor, options: BeamOptions) -> Tensor:
    """Return the divisor for log probabilities of a given length, end token included."""
    lengths = length.to(torch.float32)
    if options.length_penalty == "average":
        return lengths**options.length_alpha
    if options.length_penalty == "gnmt":
        return ((5 + lengths) / 6) ** options.length_alpha  # Wu et al. 2016, equation 14
    return torch.ones_like(lengths)


def coverage_penalty(coverage: Float[Tensor, "*rows source"], is_token: Tensor, beta: float) -> Tensor:
    """Return the coverage penalty (Wu et al. 2016, equation 14): 0 if every source position was attended to."""
    logarithms = coverage.clamp(1e-10, 1.0).log().masked_fill(~is_token, 0.0)
    return beta * logarithms.sum(-1)


def likeliest(
    scores: Float[Tensor, "rows vocabulary"], count: int
) -> tuple[Float[Tensor, "rows count"], Int[Tensor, "rows count"]]:
    """Return the largest scores of each row, in order, and their pieces, like ``scores.topk(count)``.

    The k largest scores lie in the k groups with the largest maxima. Vector instructions find the maxima, so ``topk``
    processes only about a twentieth of the vocabulary.
    """
    rows, vocabulary = scores.shape
    groups = vocabulary // GROUP
    if groups < 4 * count or scores.device.type != "cpu":
        values, pieces = scores.topk(min(count, vocabulary), -1)
        return values, pieces
    cut = groups * GROUP  # the last, incomplete group is always searched
    grouped = scores[:, :cut].view(rows, groups, GROUP)
    best = grouped.amax(2).topk(count, -1, sorted=False).indices  # [N, count]
    row = torch.arange(rows).unsqueeze(1)
    candidates = torch.cat([grouped[row, best].flatten(1), scores[:, cut:]], 1)  # [N, count * GROUP + remainder]
    values, places = candidates.topk(count, -1)
    starts = torch.cat([best * GROUP, best.new_full((rows, 1), cut)], 1)  # [N, count + 1]
    return values, starts.gather(1, places.div(GROUP, rounding_mode="floor")) + places % GROUP


def refuse_nan(scores: Tensor) -> None:
    """Raise a WorldError if a score is NaN."""
    if bool(scores.isnan().any()):
        raise WorldError(
            "The network's scores are not numbers (NaN): its weights are broken, take an earlier checkpoint."
        )
