"""Copying with NumPy: the formulas of `seq2seq.network.pointer`.

Shapes: ``N`` rows, ``S`` source length, ``V`` vocabulary, ``X`` ids above it.
"""

import numpy as np
from numpy.typing import NDArray

from seq2seq.runtime.memory import Floats

TINY = 1e-30
"""Minimum copy probability; its inverse still fits into a float32."""


def first_places(copies: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return for each source position the first position with the same id; [B, S]."""
    if copies.shape[1] == 0:
        return copies
    order = copies.argsort(axis=1, kind="stable")
    ordered = np.take_along_axis(copies, order, 1)
    places = np.broadcast_to(np.arange(copies.shape[1]), copies.shape)
    begins = np.concatenate([np.ones_like(copies[:, :1], dtype=bool), ordered[:, 1:] != ordered[:, :-1]], 1)
    runs = np.maximum.accumulate(np.where(begins, places, 0), axis=1)
    first = np.empty_like(copies)
    np.put_along_axis(first, order, np.take_along_axis(order, runs, 1), 1)
    return first


def copied(gate: Floats, weights: Floats, first: NDArray[np.int64]) -> Floats:
    """Return for each source position the log probability of copying its id; [N, S].

    Args:
        gate: [N, 1], log odds of generating versus copying.
        weights: [N, S], attention.
        first: [N, S], see :func:`first_places`.
    """
    sums = np.zeros_like(weights)
    np.add.at(sums, (np.arange(len(weights))[:, None], first), weights)
    masses = np.take_along_axis(sums, first, 1)
    result: Floats = log_sigmoid(-gate) + np.log(np.maximum(masses, np.float32(TINY)))
    return result


def mixture(
    scores: Floats,
    gate: Floats,
    weights: Floats,
    copies: NDArray[np.int64],
    first: NDArray[np.int64],
    extra: int,
) -> Floats:
    """Return the log probabilities of all pieces, [N, V + X].

    Args:
        scores: [N, V], log probabilities of each piece given that it is generated.
        gate: [N, 1], log odds of generating versus copying.
        weights: [N, S], attention.
        copies: [N, S], target id that each source position copies.
        first: [N, S], see :func:`first_places`.
        extra: X, the number of ids above the vocabulary.
    """
    whole = np.full((len(scores), scores.shape[1] + extra), -np.inf, dtype=np.float32)
    whole[:, : scores.shape[1]] = scores + log_sigmoid(gate)
    old = np.take_along_axis(whole, copies, 1)
    np.put_along_axis(whole, copies, np.logaddexp(old, copied(gate, weights, first)), 1)
    return whole


def log_sigmoid(values: Floats) -> Floats:
    """Return the logarithm of the logistic function."""
    result: Floats = -np.logaddexp(np.float32(0), -values)
    return result
