"""Drawing outputs at random over ``Network.step``: temperature, top-k, top-p, min-p, and a seed for each sentence.

Shapes: ``B`` sources; ``N`` samples, one row each; ``V`` vocabulary.

Each step of a sentence uses one random number between 0 and 1, and takes the piece at which the cumulative
probabilities, in the order of the vocabulary, exceed it. Each sentence has its own random numbers, made from the seed
and the sentence's index before the first step, so that its sample is the same alone, in any batch and at any position
in it.
"""

import math
from collections.abc import Sequence
from dataclasses import replace

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.forced_decoding import with_own_probabilities
from seq2seq.decoding.hypothesis import Hypothesis, likeliest
from seq2seq.network.encoder_decoder import Network, Packing
from seq2seq.options import SamplingOptions, SearchOptions
from seq2seq.tokenization.tokenizer import Tokenizer

FIRST_WIDTH = 256
"""Pieces that top-p examines first; sorting a whole vocabulary takes longer than the network's step."""


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
    """Return scores with all at minus infinity but the fewest likeliest pieces that hold the share."""
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


def draw(scores: Float[Tensor, "rows vocabulary"], uniform: Float[Tensor, " rows"]) -> Int[Tensor, " rows"]:
    """Return one piece for each row by inverting the cumulative probabilities at a number in [0, 1)."""
    passed = scores.softmax(-1).cumsum(-1, dtype=torch.float64)
    # The sum may miss 1 by rounding, and a number just below 1 may not pass it.
    places = torch.searchsorted(passed, (uniform.double() * passed[:, -1]).unsqueeze(1), right=True).squeeze(1)
    return places.clamp(max=scores.shape[1] - 1)


class Noise:
    """Random numbers between 0 and 1 for the pieces of each sentence: a function of the seed and the sentence's number.

    Args:
        seed: The seed.
        numbers: [N], the number of each sentence.
        device: Device of the result.
    """

    AHEAD = 64
    """Steps per block of random numbers, since the number of steps is not known in advance."""

    def __init__(self, seed: int, numbers: Sequence[int], device: torch.device) -> None:
        # NumPy's seeds take numbers of any size; PyTorch would take the lowest 32 bits of them.
        self._random = [np.random.default_rng([seed % 2**64, number]) for number in numbers]
        self._device = device
        self._drawn = torch.zeros(len(numbers), 0, dtype=torch.float64, device=device)
        self._step = 0

    def next(self) -> Float[Tensor, " rows"]:
        """Return the next number of each sentence."""
        if self._step == self._drawn.shape[1]:
            drawn = np.stack([one.random(self.AHEAD) for one in self._random])
            self._drawn, self._step = torch.from_numpy(drawn).to(self._device), 0
        self._step += 1
        return self._drawn[:, self._step - 1]

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep some of the sentences."""
        self._random = [self._random[row] for row in rows.tolist()]
        self._drawn = self._drawn.index_select(0, rows)


@torch.inference_mode()
def sample(
    network: Network,
    source: Int[Tensor, "batch source"],
    lengths: Int[Tensor, " batch"],
    target: Tokenizer,
    options: SamplingOptions,
    limits: SearchOptions,
    *,
    numbers: Sequence[int],
    sources: Sequence[int] | None = None,
    prefixes: Sequence[Sequence[int]] | None = None,
    packing: Packing | None = None,
    copies: Int[Tensor, "batch source"] | None = None,
    words: Sequence[Sequence[str]] = (),
) -> list[Hypothesis]:
    """Draw outputs.

    Args:
        network: The network, in evaluation mode.
        source: [B, S], padded ids.
        lengths: [B], ids without padding, at least one each.
        target: The target's tokenizer, for its special ids.
        options: Sampling options.
        limits: Options of `Constraints`: lengths, n-gram blocking, repetition penalty, banned words. Its beams and the
            penalties of length and coverage are ignored.
        numbers: [N], the index of each sample; seed and index together determine it.
        sources: [N], the source of each sample; by default each has one. A source is encoded once.
        prefixes: [B], ids that each output must begin with; None requires none.
        packing: From ``network.pack()``; pass it to reuse packed weights over many calls.
        copies: See `Network.encode` and `Constraints`; needed to block n-grams of the sources.
        words: See `Constraints`; needed if unknown words can be copied and some words are banned.

    Returns:
        N outputs; `log_probability` is the network's own, at temperature 1 and without truncation, and so is `score`.
    """
    memory = network.encode(source, lengths, copies)
    if sources is not None:
        chosen = torch.tensor(sources, device=source.device)
        memory, lengths = memory.select(chosen), lengths[chosen]
        copies = None if copies is None else copies[chosen]
        prefixes = None if prefixes is None else [prefixes[place] for place in sources]
        words = [words[place] for place in sources] if words else ()
    constraints = Constraints(
        target, limits, lengths, prefixes, is_unknown_banned=memory.extra > 0, copies=copies, words=words
    )
    whole = memory
    uniform = Noise(options.seed, numbers, source.device)
    found: list[Hypothesis | None] = [None] * memory.rows
    alive = list(range(memory.rows))
    state = network.start(memory)
    tokens = torch.full((memory.rows,), target.start, device=source.device)
    history = tokens.new_zeros(memory.rows, 0)  # [N, T]
    total = memory.states.new_zeros(memory.rows)
    packing = packing or network.pack()
    while alive:
        log_probabilities, state = network.step(tokens, state, memory, packing)
        allowed = log_probabilities.clone()
        constraints.apply(allowed, history)
        tokens = draw(truncate(allowed, options), uniform.next())
        total = total + log_probabilities.gather(1, tokens.unsqueeze(1)).squeeze(1)
        is_end = tokens == target.end
        if bool(is_end.any()):
            for place in is_end.nonzero().flatten().tolist():
                probability = float(total[place])
                found[alive[place]] = Hypothesis(tuple(history[place].tolist()), probability, probability)
            kept = (~is_end).nonzero().flatten()
            alive = [alive[place] for place in kept.tolist()]
            tokens, history, total = tokens[kept], history[kept], total[kept]
            uniform.select(kept)
            memory, state = memory.select(kept), state.select(kept)
            constraints.select(kept)
        history = torch.cat([history, tokens.unsqueeze(1)], 1)
    drawn = [hypothesis for hypothesis in found if hypothesis is not None]
    if network.is_fused:  # the accumulated value is not a probability
        own = [one for (one,) in with_own_probabilities(network, whole, target, [[one] for one in drawn])]
        return [replace(one, score=one.log_probability) for one in own]
    return drawn
