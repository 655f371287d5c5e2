"""Rerank candidates by maximum mutual information with their source (Li et al. 2016).

The likeliest outputs are often likely for any source. Mutual information adds the probability of the source given the
candidate; it comes from a second model trained in the reverse direction. Alternatively, the candidate's log probability
under a language model of the outputs is subtracted (MMI-antiLM).

For a source S and a candidate T, the score is

    log p(T | S) / penalty(n)  +  reverse_weight * log p(S | T) / m  +  length_bonus * n
        -  anti_weight * log p_lm(T's first anti_pieces pieces) / penalty(n)

where the penalty is the search's length penalty, n the number of pieces of T, and m the number of pieces of S that the
reverse model scores (for a dialogue, only the last message). Both n and m include the end token. The paper's MMI-bidi
weights the first two terms with 1 - lambda and lambda, and divides neither. Dividing by m gives a weight the same
effect for short and long messages. With `length_penalty` 'none', the first term equals the paper's.
"""

from collections.abc import Sequence

import numpy as np

from seq2seq.decoding.options import BeamOptions, RerankOptions
from seq2seq.decoding.penalties import length_penalty


def scores(
    log_probabilities: Sequence[float],
    lengths: Sequence[int],
    reverse: Sequence[float],
    options: RerankOptions,
    search: BeamOptions,
    alone: Sequence[float] | None = None,
) -> list[float]:
    """Return the score of each candidate; higher is better.

    Args:
        log_probabilities: Natural logarithm of each candidate's probability, end token included.
        lengths: Number of pieces of each candidate, end token included.
        reverse: Log probability per piece of the source given each candidate; zeros without a reverse model.
        options: Weights.
        search: Length penalty.
        alone: Log probability of each candidate's first pieces under the language model, if there is one.
    """
    penalties = length_penalty(np.asarray(lengths), search).tolist()
    alone = [0.0] * len(lengths) if alone is None else alone
    return [
        (log_probability - options.anti_weight * own) / penalty
        + options.reverse_weight * back
        + options.length_bonus * length
        for log_probability, own, penalty, back, length in zip(
            log_probabilities, alone, penalties, reverse, lengths, strict=True
        )
    ]


def distinct(texts: Sequence[str], log_probabilities: Sequence[float]) -> list[int]:
    """Return the sorted indices of the candidates to keep: the likeliest segmentation of each distinct text."""
    best: dict[str, int] = {}
    for number, text in enumerate(texts):
        if text not in best or log_probabilities[number] > log_probabilities[best[text]]:
            best[text] = number
    return sorted(best.values())
