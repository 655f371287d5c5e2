"""Drawing outputs at random over ``Network.step``: temperature, top-k, top-p, and a seed for each sentence.

Shapes: ``B`` sources, one row each; ``V`` vocabulary.

A draw takes the piece with the largest sum of log probability and Gumbel noise, which is an exact draw from the
distribution. Each sentence has its own noise, made from the seed and the sentence's number, so that a sentence is drawn
alike alone, in any batch and at any place in it.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.constraints import Constraints
from seq2seq.network import Network
from seq2seq.options import SamplingOptions, SearchOptions
from seq2seq.search import Hypothesis
from seq2seq.tokenizer import Tokenizer


def truncate(scores: Float[Tensor, "rows vocabulary"], options: SamplingOptions) -> Float[Tensor, "rows vocabulary"]:
    """Return scores at the temperature, with the pieces that top-k and top-p leave out at minus infinity.

    The likeliest piece is never left out. Top-p keeps the smallest set of likeliest pieces that holds at least that
    share of the probability (Holtzman et al. 2020).
    """
    scores = scores / options.temperature
    if 0 < options.top_k < scores.shape[1]:
        threshold = scores.topk(options.top_k, -1).values[:, -1:]
        scores = scores.masked_fill(scores < threshold, -math.inf)
    if options.top_p < 1:
        ordered, order = scores.sort(-1, descending=True)
        probabilities = ordered.softmax(-1)
        # A piece is left out when the likelier ones hold the share without it.
        is_out = probabilities.cumsum(-1) - probabilities >= options.top_p
        scores = scores.scatter(1, order, ordered.masked_fill(is_out, -math.inf))
    return scores


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
    prefixes: Sequence[Sequence[int]] | None = None,
) -> list[Hypothesis]:
    """Draw one output for each source.

    Args:
        network: The network, in evaluation mode.
        source: [B, S], padded ids.
        lengths: [B], ids that are no padding, at least one each.
        target: The target's tokenizer, for its special ids.
        options: How to draw.
        limits: Least and largest length and n-gram blocking; its beams and penalties play no part.
        numbers: [B], the number of each sentence, which its noise is made from.
        prefixes: Ids that each output must begin with; None leaves all free.

    Returns:
        The outputs; `log_probability` is the model's own, at temperature 1 and without truncation, and so is `score`.
    """
    memory = network.encode(source, lengths)
    constraints = Constraints(target, limits, lengths, prefixes)
    generators = [torch.Generator().manual_seed((options.seed * 2_147_483_647 + number) % 2**63) for number in numbers]
    found: list[Hypothesis | None] = [None] * memory.rows
    alive = list(range(memory.rows))
    state = network.start(memory)
    tokens = torch.full((memory.rows,), target.start, device=source.device)
    history = tokens.new_zeros(memory.rows, 0)  # [B, T]
    total = memory.states.new_zeros(memory.rows)
    packing = network.pack()
    while alive:
        logits, state = network.step_logits(tokens, state, memory, packing)
        log_probabilities = torch.log_softmax(logits, -1)
        allowed = log_probabilities.clone()
        constraints.apply(allowed, history)
        uniform = torch.stack([torch.rand(allowed.shape[1], generator=generators[row]) for row in alive])
        gumbel = -torch.log(-torch.log(uniform.clamp(1e-20, 1 - 1e-7))).to(allowed.device)
        tokens = (truncate(allowed, options) + gumbel).argmax(-1)
        total = total + log_probabilities.gather(1, tokens.unsqueeze(1)).squeeze(1)
        is_end = tokens == target.end
        if bool(is_end.any()):
            for place in is_end.nonzero().flatten().tolist():
                probability = float(total[place])
                found[alive[place]] = Hypothesis(tuple(history[place].tolist()), probability, probability)
            kept = (~is_end).nonzero().flatten()
            alive = [alive[place] for place in kept.tolist()]
            tokens, history, total = tokens[kept], history[kept], total[kept]
            memory, state = memory.select(kept), state.select(kept)
            constraints.select(kept)
        history = torch.cat([history, tokens.unsqueeze(1)], 1)
    return [hypothesis for hypothesis in found if hypothesis is not None]
