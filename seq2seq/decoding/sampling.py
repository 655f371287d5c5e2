"""Choose the next piece: the likeliest one, or a sample with temperature, top-k, top-p and min-p.

Shapes: ``N`` texts, one row each; ``V`` vocabulary.

Each step uses one uniform random number, and chooses the first piece (in vocabulary order) whose cumulative probability
exceeds it. Each text has its own random numbers, which depend only on the seed and the index of the text, so its sample
does not depend on the batch.
"""

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.options import SamplingOptions
from seq2seq.decoding.penalties import likeliest, refuse_nan

FIRST_WIDTH = 256
"""Number of pieces that top-p sorts first; sorting the whole vocabulary takes longer than a step of the network."""


def truncate(scores: Float[Tensor, "rows vocabulary"], options: SamplingOptions) -> Float[Tensor, "rows vocabulary"]:
    """Return scores divided by the temperature; pieces excluded by top-k, top-p or min-p get minus infinity.

    The likeliest piece is never excluded. Top-p keeps the smallest set of likeliest pieces whose total probability is
    at least `top_p` (Holtzman et al. 2020). Min-p keeps pieces whose probability, after the temperature, is at least
    `min_p` times the likeliest piece's (Nguyen et al. 2024).
    """
    scores = scores / options.temperature
    if 0 < options.top_k < scores.shape[1]:
        threshold = likeliest(scores, options.top_k)[0][:, -1:]
        scores = scores.masked_fill(scores < threshold, -math.inf)
    if options.min_p > 0:
        threshold = scores.amax(-1, keepdim=True) + math.log(options.min_p)
        scores = scores.masked_fill(scores < threshold, -math.inf)
    return nucleus(scores, options.top_p) if options.top_p < 1 else scores


def nucleus(scores: Float[Tensor, "rows vocabulary"], share: float) -> Float[Tensor, "rows vocabulary"]:
    """Return scores with minus infinity outside the smallest set of likeliest pieces of total probability `share`."""
    probabilities = scores.softmax(-1)
    width, vocabulary = 0, scores.shape[1]
    while True:
        width = min(max(FIRST_WIDTH, 4 * width), vocabulary)
        ordered, order = probabilities.topk(width, -1)
        mass = ordered.cumsum(-1)
        if width == vocabulary or bool((mass[:, -1] >= share).all()):
            break
    # A piece is excluded if the likelier pieces reach `share` without it.
    kept = scores.gather(1, order).masked_fill(mass - ordered >= share, -math.inf)
    return torch.full_like(scores, -math.inf).scatter_(1, order, kept)


def draw(scores: Float[Tensor, "rows vocabulary"], uniform: Float[Tensor, " texts"]) -> Int[Tensor, " texts"]:
    """Sample one piece for each text, by inverting the cumulative distribution.

    Args:
        scores: [N, V], or one row for all texts.
        uniform: [N], random numbers in [0, 1).

    Raises:
        WorldError: If a score is NaN.
    """
    passed = scores.softmax(-1).cumsum(-1, dtype=torch.float64)
    refuse_nan(passed[:, -1])
    # Due to rounding the sum may differ from 1, so the random numbers are scaled by it.
    wanted = uniform.double() * passed[:, -1]
    if len(passed) == 1:
        places = torch.searchsorted(passed[0], wanted, right=True)
    else:
        places = torch.searchsorted(passed, wanted.unsqueeze(1), right=True).squeeze(1)
    return places.clamp(max=scores.shape[1] - 1)


@runtime_checkable  # tests check the types of arguments
class Chooser(Protocol):
    """Chooses the next piece of each text."""

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " texts"]:
        """Return a piece for each row. If all texts share one row, greedy search returns one piece for all of them."""

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep some of the texts."""


class Likeliest:
    """Takes the likeliest piece each time (greedy search)."""

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " rows"]:
        """Return the likeliest piece of each row."""
        return likeliest(scores, 1)[1].squeeze(1)

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Do nothing: there is no state per text."""


class Sampler:
    """Samples pieces with random numbers that depend only on the seed and the index of the text."""

    AHEAD = 64
    """Number of steps per block of random numbers."""

    def __init__(self, options: SamplingOptions, numbers: Sequence[int], device: torch.device) -> None:
        # NumPy's seeds may have any size; PyTorch's generator would use only the lowest 32 bits.
        self._random = [np.random.default_rng([options.seed % 2**64, number]) for number in numbers]
        self._options, self._device = options, device
        self._block = torch.zeros(len(numbers), 0, dtype=torch.float64, device=device)
        self._step = 0

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " texts"]:
        """Sample a piece for each text.

        Raises:
            WorldError: If a score is NaN.
        """
        if self._step == self._block.shape[1]:
            block = np.stack([random.random(self.AHEAD) for random in self._random])
            self._block, self._step = torch.from_numpy(block).to(self._device), 0
        self._step += 1
        return draw(truncate(scores, self._options), self._block[:, self._step - 1])

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep some of the texts."""
        self._random = [self._random[row] for row in rows.tolist()]
        self._block = self._block.index_select(0, rows)


def chooser(options: SamplingOptions | None, numbers: Sequence[int], device: torch.device) -> Chooser:
    """Return a sampler for N texts; without options, return a greedy chooser."""
    return Likeliest() if options is None else Sampler(options, numbers, device)
