"""Minimum Bayes risk: choose the candidate that is most like the other candidates (Kumar and Byrne 2004).

The likeliest output may be unlike most of the probable ones, for example too short. Instead, each candidate h is scored
by its expected utility

    U(h) = sum over candidates r of  weight(r) * utility(h, r)

where the weight of a candidate is its share of the draws, or of the probability of all candidates of a search. Draws
estimate the model's whole distribution (Eikema and Aziz 2020, "Is MAP Decoding All You Need?").

The largest utility is 100. Utilities are computed for all pairs of candidates at once: each occurrence of an n-gram in
a candidate is a column of a matrix of zeros and ones, whose product with itself has the common n-grams of all pairs.
"""

from collections.abc import Callable, Hashable, Sequence

import numpy as np
from numpy.typing import NDArray

CHRF_ORDER, CHRF_BETA, BLEU_ORDER = 6, 2.0, 4
Matrix = NDArray[np.float64]


def expected_utilities(
    texts: Sequence[str], pieces: Sequence[Sequence[Hashable]], weights: Sequence[float], utility: str
) -> list[float]:
    """Return the expected utility of each candidate.

    Args:
        texts: The candidates.
        pieces: The pieces of each candidate.
        weights: The weight of each candidate; they need not add up to 1.
        utility: 'chrf' (on characters) or 'bleu' (on pieces).
    """
    if not texts:
        return []
    pairwise = UTILITIES[utility](texts, pieces)
    shares = np.asarray(weights, np.float64)
    expected: list[float] = (pairwise @ (shares / shares.sum())).tolist()
    return expected


def chrf(texts: Sequence[str], _pieces: Sequence[Sequence[Hashable]] = ()) -> Matrix:
    """Return the chrF (Popović 2015) of each text as hypothesis (row) with each as reference (column), [N, N].

    As in sacreBLEU, blanks do not count, and precision and recall are means of the orders that both texts have.
    """
    sequences = ["".join(text.split()) for text in texts]
    size = (len(texts), len(texts))
    precision, recall, orders = np.zeros(size), np.zeros(size), np.zeros(size)
    for order in range(1, CHRF_ORDER + 1):
        common, counts = common_ngrams(sequences, order)
        both = (counts[:, None] > 0) & (counts[None, :] > 0)
        precision += np.where(both, common / np.maximum(counts[:, None], 1), 0.0)
        recall += np.where(both, common / np.maximum(counts[None, :], 1), 0.0)
        orders += both
    precision, recall = precision / np.maximum(orders, 1), recall / np.maximum(orders, 1)
    below = CHRF_BETA**2 * precision + recall
    return 100 * np.divide((1 + CHRF_BETA**2) * precision * recall, below, out=np.zeros(size), where=below > 0)


def bleu(_texts: Sequence[str], pieces: Sequence[Sequence[Hashable]]) -> Matrix:
    """Return the BLEU of each sequence as hypothesis (row) with each as reference (column), [N, N].

    It is BLEU for one sentence: counts of bigrams and longer n-grams are increased by 1 (Lin and Och 2004).
    """
    lengths = np.array([len(sequence) for sequence in pieces], np.float64)
    logarithms = np.zeros((len(pieces), len(pieces)))
    for order in range(1, BLEU_ORDER + 1):
        common, counts = common_ngrams(pieces, order)
        more = float(order > 1)
        share = (common + more) / np.maximum(counts[:, None] + more, 1)
        with np.errstate(divide="ignore"):
            logarithms += np.log(share) / BLEU_ORDER
    ratio = lengths[None, :] / np.maximum(lengths[:, None], 1)  # of reference and hypothesis
    return 100 * np.exp(logarithms + np.minimum(0.0, 1.0 - ratio))


def common_ngrams(sequences: Sequence[Sequence[Hashable]], order: int) -> tuple[Matrix, Matrix]:
    """Return how many n-grams each pair of sequences has in common, [N, N], and how many each sequence has, [N].

    An n-gram that occurs several times in both counts as often as in the sequence where it is rarer.
    """
    columns: dict[tuple[object, int], int] = {}
    places: tuple[list[int], list[int]] = ([], [])
    for row, sequence in enumerate(sequences):
        seen: dict[object, int] = {}
        for start in range(len(sequence) - order + 1):
            ngram = sequence[start : start + order]
            key: object = ngram if isinstance(ngram, str) else tuple(ngram)
            seen[key] = number = seen.get(key, 0) + 1
            places[0].append(row)
            places[1].append(columns.setdefault((key, number), len(columns)))
    occurs = np.zeros((len(sequences), len(columns)))
    occurs[places] = 1.0
    return occurs @ occurs.T, occurs.sum(1)


UTILITIES: dict[str, Callable[[Sequence[str], Sequence[Sequence[Hashable]]], Matrix]] = {"chrf": chrf, "bleu": bleu}
"""The utilities by name."""
