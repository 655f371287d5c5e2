"""Choose the next piece: the likeliest one, or a sample with temperature, top-k, top-p and min-p.

Shapes: ``N`` texts, one row each; ``V`` vocabulary.

Each step uses one uniform random number, and chooses the first piece (in vocabulary order) whose cumulative probability
exceeds it. Each text has its own random numbers, which depend only on the seed and the index of the text, so its sample
does not depend on the batch.
"""

import math
from collections.abc import Sequence
from typing import Any, Protocol, runtime_checkable

import numpy as np

from seq2seq.arrays import Array, Float, Int, beside, counted, largest, namespace, running_sum, softmax, topk
from seq2seq.decoding.options import SamplingOptions
from seq2seq.decoding.penalties import likeliest, refuse_nan

FIRST_WIDTH = 256
"""Number of pieces that top-p sorts first; sorting the whole vocabulary takes longer than a step of the network."""


def truncate(scores: Float[Array, "rows vocabulary"], options: SamplingOptions) -> Float[Array, "rows vocabulary"]:
    """Return scores divided by the temperature; pieces excluded by top-k, top-p or min-p get minus infinity.

    The likeliest piece is never excluded. Top-p keeps the smallest set of likeliest pieces whose total probability is
    at least `top_p` (Holtzman et al. 2020). Min-p keeps pieces whose probability, after the temperature, is at least
    `min_p` times the likeliest piece's (Nguyen et al. 2024).
    """
    scores = scores / options.temperature
    if 0 < options.top_k < scores.shape[1]:
        threshold = likeliest(scores, options.top_k)[0][:, -1:]
        scores = _without(scores, scores < threshold)
    if options.min_p > 0:
        threshold = namespace(scores).max(scores, axis=-1, keepdims=True) + math.log(options.min_p)
        scores = _without(scores, scores < threshold)
    return nucleus(scores, options.top_p) if options.top_p < 1 else scores


def _without(scores: Array, is_excluded: Array) -> Array:
    """Return scores with minus infinity for the excluded pieces."""
    xp = namespace(scores)
    return xp.where(is_excluded, xp.full_like(scores, -math.inf), scores)


def nucleus(scores: Float[Array, "rows vocabulary"], share: float) -> Float[Array, "rows vocabulary"]:
    """Return scores with minus infinity outside the smallest set of likeliest pieces of total probability `share`."""
    xp = namespace(scores)
    probabilities = softmax(scores)
    width, vocabulary = 0, scores.shape[1]
    while True:
        width = min(max(FIRST_WIDTH, 4 * width), vocabulary)
        ordered, order = topk(probabilities, width)
        mass = xp.cumulative_sum(ordered, axis=-1)
        if width == vocabulary or bool(xp.all(mass[:, -1] >= share)):
            break
    # A piece is excluded if the likelier pieces reach `share` without it.
    kept = _without(xp.take_along_axis(scores, order, axis=1), mass - ordered >= share)
    result = xp.full_like(scores, -math.inf)
    result[counted(len(scores), scores)[:, None], order] = kept
    return result


def draw(scores: Float[Array, "rows vocabulary"], uniform: Float[Array, " texts"]) -> Int[Array, " texts"]:
    """Sample one piece for each text, by inverting the cumulative distribution.

    Args:
        scores: [N, V], or one row for all texts.
        uniform: [N], random numbers in [0, 1).

    Raises:
        WorldError: If a score is NaN.
    """
    xp = namespace(scores)
    passed = running_sum(softmax(scores))
    refuse_nan(passed[:, -1])
    # Due to rounding the sum may differ from 1, so the random numbers are scaled by it.
    wanted = xp.astype(uniform, xp.float64) * passed[:, -1]
    if len(passed) == 1:
        places = xp.searchsorted(passed[0], wanted, side="right")
    else:
        places = xp.sum(xp.astype(passed <= wanted[:, None], xp.int64), axis=1)
    return xp.clip(places, 0, scores.shape[1] - 1)


@runtime_checkable  # tests check the types of arguments
class Chooser(Protocol):
    """Chooses the next piece of each text."""

    def choose(self, scores: Float[Array, "rows vocabulary"]) -> Int[Array, " texts"]:
        """Return a piece for each row. If all texts share one row, greedy search returns one piece for all of them."""

    def select(self, rows: Int[Array, " kept"]) -> None:
        """Keep some of the texts."""

    def join(self, other: Any) -> None:  # noqa: ANN401 - a chooser of the same kind
        """Add the texts of another chooser of the same kind and options, apart from seeds."""


class Likeliest:
    """Takes the likeliest piece each time (greedy search)."""

    def choose(self, scores: Float[Array, "rows vocabulary"]) -> Int[Array, " rows"]:
        """Return the likeliest piece of each row."""
        return largest(scores)

    def select(self, rows: Int[Array, " kept"]) -> None:
        """Do nothing: there is no state per text."""

    def join(self, other: "Likeliest") -> None:
        """Do nothing: there is no state per text."""


class Sampler:
    """Samples pieces with random numbers that depend only on the seed and the index of the text."""

    AHEAD = 64
    """Number of steps per block of random numbers."""

    def __init__(
        self, options: SamplingOptions, numbers: Sequence[int], like: Array, seeds: Sequence[int] | None = None
    ) -> None:
        # NumPy's seeds may have any size; PyTorch's generator would use only the lowest 32 bits.
        self._random = [
            np.random.default_rng([seed % 2**64, number])
            for seed, number in zip(seeds or [options.seed] * len(numbers), numbers, strict=True)
        ]
        self._options = options
        self._block = beside(np.zeros((len(numbers), 0)), like)
        self._step = 0

    def choose(self, scores: Float[Array, "rows vocabulary"]) -> Int[Array, " texts"]:
        """Sample a piece for each text.

        Raises:
            WorldError: If a score is NaN.
        """
        if self._step == self._block.shape[1]:
            block = np.stack([random.random(self.AHEAD) for random in self._random])
            self._block, self._step = beside(block, self._block), 0
        self._step += 1
        return draw(truncate(scores, self._options), self._block[:, self._step - 1])

    def select(self, rows: Int[Array, " kept"]) -> None:
        """Keep some of the texts."""
        self._random = [self._random[row] for row in rows.tolist()]
        self._block = self._block[rows]

    def join(self, other: "Sampler") -> None:
        """Add the texts of another sampler with the same options, apart from seeds; each keeps its random numbers."""
        ahead = max(self._left, other._left)
        blocks = [sampler._next(ahead) for sampler in (self, other)]
        self._random, self._step = self._random + other._random, 0
        self._block = namespace(self._block).concat(blocks, axis=0)

    @property
    def _left(self) -> int:
        """Number of steps for which random numbers have been generated."""
        return int(self._block.shape[1]) - self._step

    def _next(self, steps: int) -> Array:
        """Return the random numbers of the next steps, [N, steps]."""
        lacking = steps - self._left
        more = np.array([random.random(lacking) for random in self._random]).reshape(len(self._random), lacking)
        return namespace(self._block).concat([self._block[:, self._step :], beside(more, self._block)], axis=1)


def chooser(
    options: SamplingOptions | None, numbers: Sequence[int], like: Array, seeds: Sequence[int] | None = None
) -> Chooser:
    """Return a sampler for N texts, with arrays as `like`; without options, return a greedy chooser.

    Args:
        options: Sampling options; None for greedy search.
        numbers: [N], the index of each text.
        like: An array of the library and device that compute.
        seeds: [N], the seed of each text; by default that of the options.
    """
    return Likeliest() if options is None else Sampler(options, numbers, like, seeds)
