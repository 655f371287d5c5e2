"""Going on with a text over ``Network.step``, for as long as wanted: the decoder without a source at work.

Shapes: ``N`` rows, texts that are written side by side; ``W`` pieces that are remembered; ``V`` vocabulary.

The steps, the truncations and the numbers that draw are those of `seq2seq.sampling`; what differs is that a text has no
end in sight. A prompt is read at once, part by part, by ``Network.forward``; afterwards each piece takes one step. What
is kept is the state and the last `MEMORY` pieces, which constraints look at, so that memory stays the same however long
the text becomes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.constraints import Constraints
from seq2seq.network import Network, Packing, State
from seq2seq.options import SamplingOptions, SearchOptions
from seq2seq.sampling import draw, truncate
from seq2seq.search import likeliest, refuse_nan
from seq2seq.tokenizer import Tokenizer

MEMORY = 512
"""So many of the last pieces, those of the prompt included, count for repetition, n-grams and banned words."""
PART = 512
"""Pieces of a prompt that are read at once."""
_ENDLESS = 2**62


class Piece(NamedTuple):
    """A piece that was written.

    Attributes:
        row: In which text.
        token: Its id; the end mark is the last one of its text.
        log_probability: Natural logarithm of its probability, before anything was forbidden or truncated.
    """

    row: int
    token: int
    log_probability: float


def nothing(rows: int, device: torch.device) -> tuple[Int[Tensor, "rows 0"], Int[Tensor, " rows"]]:
    """Return what stands for the sources of so many texts without one: ids [N, 0] and lengths [N]."""
    return torch.zeros(rows, 0, dtype=torch.long, device=device), torch.zeros(rows, dtype=torch.long, device=device)


def read(network: Network, ids: Sequence[int], state: State | None = None) -> State:
    """Return the state after a text.

    Args:
        network: A network without encoder, in evaluation mode.
        ids: Its pieces, begun with what stands before the first.
        state: What it goes on from; None starts.
    """
    device = network.output.weight.device
    with torch.inference_mode():
        memory = network.encode(*nothing(1, device))
        state = network.start(memory) if state is None else state
        for begin in range(0, len(ids), PART):
            part = torch.tensor([ids[begin : begin + PART]], device=device)
            state = network(memory, part, state=state).state
    return state


def write(
    network: Network,
    prompt: Sequence[int],
    target: Tokenizer,
    search: SearchOptions,
    drawing: SamplingOptions | None,
    *,
    begin: int,
    has_end: bool = True,
    numbers: Sequence[int] = (0,),
    first: Sequence[int] = (),
    packing: Packing | None = None,
) -> Iterator[list[Piece]]:
    """Go on with a prompt, in several ways side by side.

    Args:
        network: A network without encoder, in evaluation mode.
        prompt: The pieces to go on with.
        target: The tokenizer, for its special ids.
        search: `max_length` pieces are written (0: as many as are taken), at least `min_length`; n-gram blocking, the
            repetition penalty and banned words hold. Beams play no part.
        drawing: How to draw; None takes the likeliest piece each time.
        begin: Id that stands before the first piece of a text.
        has_end: Whether texts end; one running text, from which a model has learnt no end, goes on.
        numbers: [N], the number of each text, which with the seed makes it.
        first: Ids among which the first piece must be; none leaves it free.
        packing: From ``network.pack()``, for who writes many texts with the same weights.

    Yields:
        The next piece of each text that has not ended, in order of rows. Whoever has enough closes the iterator.

    Raises:
        WorldError: If the network's scores are not numbers.
    """
    device = network.output.weight.device
    rows = list(range(len(numbers)))
    random = [np.random.default_rng([drawing.seed % 2**64, number]) for number in numbers] if drawing else []
    endless = replace(search, min_length=0, max_length=_ENDLESS)
    ids = [begin, *prompt]
    state = read(network, ids[:-1])
    # Not a decorator: between two pieces the caller's own mode holds.
    with torch.inference_mode():
        sources, lengths = nothing(len(rows), device)
        memory = network.encode(sources, lengths)
        constraints = Constraints(target, endless, lengths, is_unknown_banned=True)
        state = state.select(torch.zeros(len(rows), dtype=torch.long, device=device))
        tokens = torch.full((len(rows),), ids[-1], device=device)
        history = torch.tensor([list(prompt[-MEMORY:])] * len(rows), dtype=torch.long, device=device)  # [N, W]
        packing = packing or network.pack()
        allowed_first = torch.tensor(list(first), dtype=torch.long, device=device)
    length = 0
    while rows and (not search.max_length or length < search.max_length):
        with torch.inference_mode():
            scores, state = network.step(tokens, state, memory, packing)  # [N, V]
            refuse_nan(scores)
            allowed = scores.clone()
            constraints.apply(allowed, history)
            if not has_end or length < search.min_length:
                allowed[:, target.end] = -torch.inf
            if length == 0 and len(allowed_first):
                only = torch.full_like(allowed, -torch.inf)
                only[:, allowed_first] = allowed[:, allowed_first]
                allowed = only
            tokens = _chosen(allowed, drawing, random)
            values = scores.gather(1, tokens.unsqueeze(1)).squeeze(1).tolist()
            found = [Piece(*one) for one in zip(rows, tokens.tolist(), values, strict=True)]
            kept = (tokens != target.end).nonzero().flatten()
            if len(kept) < len(rows):
                places = kept.tolist()
                rows, random = [rows[place] for place in places], [random[place] for place in places if random]
                tokens, history = tokens[kept], history[kept]
                memory, state = memory.select(kept), state.select(kept)
                constraints.select(kept)
            history = torch.cat([history[:, max(0, history.shape[1] + 1 - MEMORY) :], tokens.unsqueeze(1)], 1)
        length += 1
        yield found


def _chosen(
    allowed: Float[Tensor, "rows vocabulary"], drawing: SamplingOptions | None, random: Sequence[np.random.Generator]
) -> Int[Tensor, " rows"]:
    if drawing is None:
        return likeliest(allowed, 1)[1].squeeze(1)
    uniform = torch.tensor([one.random() for one in random], dtype=torch.float64)
    return draw(truncate(allowed, drawing), uniform.to(allowed.device))
