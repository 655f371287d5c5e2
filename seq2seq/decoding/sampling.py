"""Choosing the next piece: the likeliest one, or a sample under temperature, top-k, top-p and min-p.

Shapes: ``N`` texts, one row each; ``V`` vocabulary.

Each step of a text uses one random number between 0 and 1, and takes the first piece, in the order of the vocabulary,
at which the cumulative probability exceeds it. Each text has its own random numbers, made from the seed and its index
before the first step, so that its sample is the same alone, in any batch and at any position in it.
"""

import math
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.hypothesis import likeliest, refuse_nan
from seq2seq.decoding.options import SamplingOptions

FIRST_WIDTH = 256
"""Number of pieces that top-p examines first; sorting the whole vocabulary takes longer than the network's step."""


def truncate(scores: Float[Tensor, "rows vocabulary"], options: SamplingOptions) -> Float[Tensor, "rows vocabulary"]:
    """Return scores at the temperature, with the pieces excluded by top-k, top-p and min-p at minus infinity.

    The likeliest piece is never excluded. Top-p keeps the smallest set of likeliest pieces that holds at least that
    share of the probability (Holtzman et al. 2020); min-p keeps the pieces with at least that share of the likeliest
    one's probability at the temperature (Nguyen et al. 2024).
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
    """Return scores with minus infinity for all pieces except the fewest likeliest ones that hold the share."""
    probabilities = scores.softmax(-1)
    width, vocabulary = 0, scores.shape[1]
    while True:
        width = min(max(FIRST_WIDTH, 4 * width), vocabulary)
        ordered, order = probabilities.topk(width, -1)
        mass = ordered.cumsum(-1)
        if width == vocabulary or bool((mass[:, -1] >= share).all()):
            break
    # A piece is excluded if the likelier ones hold the share without it.
    kept = scores.gather(1, order).masked_fill(mass - ordered >= share, -math.inf)
    return torch.full_like(scores, -math.inf).scatter_(1, order, kept)


def draw(scores: Float[Tensor, "rows vocabulary"], uniform: Float[Tensor, " texts"]) -> Int[Tensor, " texts"]:
    """Return one piece for each text by inverting the cumulative probabilities at a number in [0, 1).

    Args:
        scores: [N, V], or one row for all texts.
        uniform: [N], the numbers.

    Raises:
        WorldError: If the scores are not numbers.
    """
    passed = scores.softmax(-1).cumsum(-1, dtype=torch.float64)
    refuse_nan(passed[:, -1])
    # The sum may miss 1 by rounding, and a number just below 1 may not pass it.
    wanted = uniform.double() * passed[:, -1]
    if len(passed) == 1:
        places = torch.searchsorted(passed[0], wanted, right=True)
    else:
        places = torch.searchsorted(passed, wanted.unsqueeze(1), right=True).squeeze(1)
    return places.clamp(max=scores.shape[1] - 1)


@runtime_checkable  # tests check the types of arguments
class Chooser(Protocol):
    """Chooses the next piece of each text."""

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " rows"]:
        """Return a piece for each row. One row for all texts gives a piece for each text, or one for all."""

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep some of the texts."""


class Likeliest:
    """Takes the likeliest piece each time (greedy search)."""

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " rows"]:
        """Return the likeliest piece of each row."""
        return likeliest(scores, 1)[1].squeeze(1)

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep some of the texts; nothing to do, since there is no state."""


class Sampler:
    """Samples pieces; the random numbers are a function of the seed and the text's index.

    Args:
        options: Temperature, truncation and seed.
        numbers: [N], the index of each text.
        device: Device of the scores.
    """

    AHEAD = 64
    """Steps per block of random numbers, since the number of steps is not known in advance."""

    def __init__(self, options: SamplingOptions, numbers: Sequence[int], device: torch.device) -> None:
        # NumPy's seeds may have any size; PyTorch would only use the lowest 32 bits.
        self._random = [np.random.default_rng([options.seed % 2**64, number]) for number in numbers]
        self._options, self._device = options, device
        self._block = torch.zeros(len(numbers), 0, dtype=torch.float64, device=device)
        self._step = 0

    def choose(self, scores: Float[Tensor, "rows vocabulary"]) -> Int[Tensor, " rows"]:
        """Sample a piece for each text.

        Raises:
            WorldError: If the scores are not numbers.
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
    """Return a sampler of N texts; without options, take the likeliest pieces."""
    return Likeliest() if options is None else Sampler(options, numbers, device)
