"""Choose the beams of a search whose outputs must contain phrases (dynamic beam allocation).

Shapes: ``P`` parts (one beam group of one source each), ``R`` rows (beams) of a part, ``M`` candidates of a row, ``C``
further candidates.

Hypotheses that lack the same number of pieces of their required phrases form a bank (Post and Vilar 2018). Without
banks, a hypothesis that has just been forced to write an unlikely phrase would lose to those that have not. The
candidates for the next step are the likeliest continuations of each row and all pieces that continue a required phrase.
They are taken in turns from all banks, those that lack least first, the best of each bank in every turn, so the beams
of empty banks go to the others. All this is done for all sources at once by sorting (Hu et al. 2019). A source without
required phrases has one bank, so its candidates are chosen by their scores alone.
"""

import math

from seq2seq.arrays import Array, Float, Int, at, counted, namespace, running_sum
from seq2seq.decoding.phrases.required_phrases import NONE, RequiredPhrases


def with_required(
    scores: Float[Array, "rows vocabulary"],
    values: Float[Array, "parts rows candidates"],
    pieces: Int[Array, "parts rows candidates"],
    living: Float[Array, "parts rows"],
    required: RequiredPhrases,
) -> tuple[Array, Array, Array]:
    """Add the pieces that continue required phrases to the candidates of each row.

    Args:
        scores: [N, V], log probabilities of the next piece.
        values: Log probabilities of the likeliest continuations.
        pieces: Their last pieces.
        living: Log probabilities of the rows.
        required: The required phrases.

    Returns:
        Log probabilities, pieces, and the number of pieces that each candidate lacks, each [P, R, M + C].
    """
    xp = namespace(scores)
    rows, shape = len(scores), pieces.shape
    listed = xp.reshape(pieces, (rows, -1))
    more = required.advancing()  # [N, C]
    place = counted(more.shape[1], more)
    is_again = (more[:, :, None] == more[:, None]) & (place[None, None] < place[None, :, None])
    is_known = (more == NONE) | xp.any(more[:, :, None] == listed[:, None], axis=-1) | xp.any(is_again, axis=-1)
    more = xp.where(is_known, xp.zeros_like(more), more)
    own = at(scores, more)
    own[is_known] = -math.inf
    own = own + xp.reshape(living, (-1, 1))
    pieces = xp.concat([listed, more], axis=1)
    values = xp.concat([xp.reshape(values, (rows, -1)), own], axis=1)
    whole = (*shape[:2], pieces.shape[1])
    lacking = required.lacking_after(pieces)
    return xp.reshape(values, whole), xp.reshape(pieces, whole), xp.reshape(lacking, whole)


def allocated(
    values: Float[Array, "parts candidates"], lacking: Int[Array, "parts candidates"], count: int
) -> Int[Array, "parts count"]:
    """Return the places of the `count` candidates that the banks contribute in turns, in this order.

    Args:
        values: Log probabilities; candidates of probability 0 come last.
        lacking: The bank of each candidate: the number of pieces that it lacks.
        count: At most the number of candidates.
    """
    xp = namespace(values)
    width = values.shape[1]
    dead = int(xp.max(lacking)) + 1
    banks = xp.where(values == -math.inf, xp.full_like(lacking, dead), lacking)
    by_score = xp.argsort(-values, axis=1, stable=True)
    banks = at(banks, by_score)
    by_bank = xp.argsort(banks, axis=1, stable=True)
    banks, order = at(banks, by_bank), at(by_score, by_bank)
    sizes = xp.sum(xp.astype(banks[:, :, None] == counted(dead + 1, banks), xp.int64), axis=1)  # [P, banks]
    first = xp.astype(running_sum(sizes), xp.int64) - sizes
    turn = counted(width, banks)[None] - at(first, banks)
    turn = xp.where(banks == dead, turn + width, turn)
    chosen = xp.argsort(turn * (dead + 1) + banks, axis=1, stable=True)[:, :count]
    return at(order, chosen)
