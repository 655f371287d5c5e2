"""Length and coverage penalties of hypotheses, and a fast top-k for their next pieces.

Shapes: ``N`` rows, ``V`` vocabulary, ``S`` source length, ``T`` pieces.
"""

from seq2seq.arrays import Array, Float, Int, is_numpy, namespace, topk
from seq2seq.decoding.options import BeamOptions
from seq2seq.errors import WorldError

GROUP = 64
"""Number of scores per group in :func:`likeliest`."""


def length_penalty(length: Array, options: BeamOptions) -> Array:
    """Return the divisor for log probabilities of given lengths, end token included."""
    xp = namespace(length)
    lengths = xp.astype(length, xp.float32)
    if options.length_penalty == "average":
        return lengths**options.length_alpha
    if options.length_penalty == "gnmt":
        return ((5 + lengths) / 6) ** options.length_alpha  # Wu et al. 2016, equation 14
    return xp.ones_like(lengths)


def coverage_penalty(coverage: Float[Array, "*rows source"], is_token: Array, beta: float) -> Array:
    """Return the coverage penalty (Wu et al. 2016, equation 14): 0 if every source position was attended to."""
    xp = namespace(coverage)
    logarithms = xp.where(is_token, xp.log(xp.clip(coverage, 1e-10, 1.0)), xp.zeros_like(coverage))
    return beta * xp.sum(logarithms, axis=-1)


def likeliest(
    scores: Float[Array, "rows vocabulary"], count: int
) -> tuple[Float[Array, "rows count"], Int[Array, "rows count"]]:
    """Return the largest scores of each row, in order, and their pieces, like ``topk(scores, count)``.

    The k largest scores lie in the k groups with the largest maxima. Vector instructions find the maxima, so ``topk``
    processes only about a twentieth of the vocabulary.
    """
    rows, vocabulary = scores.shape
    groups = vocabulary // GROUP
    is_on_cpu = is_numpy(scores) or scores.device.type == "cpu"
    if groups < 4 * count or not is_on_cpu or (count == 1 and is_numpy(scores)):
        return topk(scores, min(count, vocabulary))
    xp = namespace(scores)
    cut = groups * GROUP  # the last, incomplete group is always searched
    grouped = xp.reshape(scores[:, :cut], (rows, groups, GROUP))
    _, best = topk(xp.max(grouped, axis=2), count)  # [N, count]
    row = xp.arange(rows)[:, None]
    candidates = xp.concat([xp.reshape(grouped[row, best], (rows, -1)), scores[:, cut:]], axis=1)
    values, places = topk(candidates, count)  # of [N, count * GROUP + remainder]
    starts = xp.concat([best * GROUP, xp.full((rows, 1), cut, dtype=best.dtype)], axis=1)  # [N, count + 1]
    return values, xp.take_along_axis(starts, places // GROUP, axis=1) + places % GROUP


def refuse_nan(scores: Array) -> None:
    """Raise a WorldError if a score is NaN."""
    xp = namespace(scores)
    if bool(xp.any(xp.isnan(scores))):
        raise WorldError(
            "The network's scores are not numbers (NaN): its weights are broken, take an earlier checkpoint."
        )
