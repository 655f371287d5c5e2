"""Length and coverage penalties of hypotheses, and a fast top-k for their next pieces.

Shapes: ``N`` rows, ``V`` vocabulary, ``S`` source length, ``T`` pieces.
"""

from seq2seq.arrays import SEARCHED, Array, Float, Int, is_numpy, namespace, topk
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

    The k largest scores lie in the k groups with the largest maxima, so ``topk`` processes only about a twentieth of
    the vocabulary. PyTorch finds the maxima of neighbours quickly, but NumPy only those of columns, so with NumPy a
    group consists of every G-th piece.
    """
    rows, vocabulary = scores.shape
    groups = vocabulary // GROUP
    is_on_cpu = is_numpy(scores) or scores.device.type == "cpu"
    if groups < 4 * count or not is_on_cpu or (count <= SEARCHED and is_numpy(scores)):
        return topk(scores, min(count, vocabulary))
    xp = namespace(scores)
    cut = groups * GROUP  # the rest, which fills no group, is always searched
    if is_numpy(scores):
        grouped, first, step = scores[:, :cut].reshape(rows, GROUP, groups).swapaxes(1, 2), 1, groups
    else:
        grouped, first, step = scores[:, :cut].reshape(rows, groups, GROUP), GROUP, 1
    _, best = topk(xp.max(grouped, axis=2), count)  # [N, count]
    chosen = xp.reshape(grouped[xp.arange(rows)[:, None], best], (rows, -1))  # [N, count * GROUP]
    values, places = topk(xp.concat([chosen, scores[:, cut:]], axis=1), count)
    group = xp.take_along_axis(best, xp.clip(places // GROUP, 0, count - 1), axis=1)
    is_rest = places >= count * GROUP
    return values, xp.where(is_rest, cut + places - count * GROUP, group * first + places % GROUP * step)


def refuse_nan(scores: Array) -> None:
    """Raise a WorldError if a score is NaN."""
    if not bool((scores == scores).all()):  # a NaN differs from itself; faster than `isnan`
        raise WorldError(
            "The network's scores are not numbers (NaN): its weights are broken, take an earlier checkpoint."
        )
