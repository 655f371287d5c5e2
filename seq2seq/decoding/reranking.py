"""Reranking of candidates by maximum mutual information with their source (Li et al. 2016).

The likeliest outputs are often likely after any source. Mutual information also asks how likely the source is, given
the candidate, which requires a second model trained in the other direction. Alternatively, the candidate's log
probability under a language model of the outputs is subtracted (MMI-antiLM).

With a source S, a candidate T of n pieces (the end mark is one), and the part of S that the reverse model learned to
write, of m pieces (for a dialogue the last message; the end mark is one), the score is

    log p(T | S) / penalty(n)  +  reverse_weight * log p(S | T) / m  +  length_bonus * n
        -  anti_weight * log p_lm(T's first anti_pieces pieces) / penalty(n)

where the penalty is the length penalty of the search settings. The paper's MMI-bidi weighs the first two terms with
1 - lambda and lambda, and divides neither. Dividing by m only makes a weight mean the same for short and for long
messages; with `length_penalty` 'none' the first term is the paper's.
"""

from collections.abc import Sequence

import torch

from seq2seq.decoding.hypothesis import length_penalty
from seq2seq.decoding.options import BeamOptions, RerankOptions


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
        log_probabilities: Natural logarithm of each candidate's probability, end mark included.
        lengths: Pieces of each, end mark included.
        reverse: Natural logarithm per piece of the source's probability given each; zeros without a reverse model.
        options: Weights.
        search: Options that give the length penalty.
        alone: Log probability of each candidate's first pieces under the language model; None without one.
    """
    penalties = length_penalty(torch.tensor(list(lengths)), search).tolist()
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
    """Return the indices of the candidates to keep: the likeliest of those with the same text, in order.

    A text that was sampled twice, or in two segmentations, is one candidate.
    """
    best: dict[str, int] = {}
    for number, text in enumerate(texts):
        if text not in best or log_probabilities[number] > log_probabilities[best[text]]:
            best[text] = number
    return sorted(best.values())
