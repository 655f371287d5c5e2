"""Open-ended generation with `Network.step`: continue a text piece by piece with a decoder that has no source.

Shapes: ``N`` rows, texts written in parallel; ``W`` remembered pieces; ``V`` vocabulary.

Stepping, truncation and random numbers work as in `seq2seq.decoding.sampling`, except that a text may be arbitrarily
long. A prompt is read in chunks by ``Network.forward``; after that, each piece takes one step. Only the state and the
last `MEMORY` pieces (for the constraints) are kept, so memory use is constant.

If a prompt may end inside a piece (`seq2seq.tokenization.token_healing`), the text may continue from several cut points
(seams), each with its own state and scores. The first piece is drawn from the candidates of all seams, each weighted by
the probability of its segmentation given the prompt.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import NamedTuple

import numpy as np
import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.hypothesis import likeliest, refuse_nan
from seq2seq.decoding.sampling import draw, truncate
from seq2seq.network.encoder_decoder import Network, Packing
from seq2seq.network.state import State
from seq2seq.options import LARGEST, SamplingOptions, SearchOptions
from seq2seq.tokenization.token_healing import Seam
from seq2seq.tokenization.tokenizer import Tokenizer

MEMORY = 512
"""Number of most recent pieces (prompt included) that the repetition penalty, n-gram blocking and banned words look
at."""
PART = 512
"""Prompt pieces per forward call."""
LONGEST_PROMPT = 16_384
"""Only this many last pieces of a prompt are read: more than any LSTM remembers, and read within seconds.

A model of 512 units reads some thousand pieces a second, since each waits for the one before: a prompt of a megabyte
would take minutes, and change nothing.
"""


class Piece(NamedTuple):
    """A generated piece.

    Attributes:
        row: Index of the text.
        token: Its id; the end mark is the last one of its text.
        log_probability: Natural logarithm of its probability, before constraints and truncation.
        seam: Index of the seam from which the text continues.
    """

    row: int
    token: int
    log_probability: float
    seam: int = 0


def nothing(rows: int, device: torch.device) -> tuple[Int[Tensor, "rows 0"], Int[Tensor, " rows"]]:
    """Return empty sources for N texts without one: ids [N, 0] and lengths [N]."""
    return torch.zeros(rows, 0, dtype=torch.long, device=device), torch.zeros(rows, dtype=torch.long, device=device)


def read(network: Network, ids: Sequence[int], state: State | None = None) -> State:
    """Return the state after a text.

    Args:
        network: A network without encoder, in evaluation mode.
        ids: Its pieces, starting with the begin id.
        state: State to continue from; None for the initial state.
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
    seams: Sequence[Seam] = (),
    packing: Packing | None = None,
) -> Iterator[list[Piece]]:
    """Continue a prompt, producing several continuations in parallel.

    A text can always end: if every other piece is forbidden, it ends before `min_length`, and even if the model has no
    end mark. (An end mark that was never trained adds nothing to the log probability.)

    Args:
        network: A network without encoder, in evaluation mode.
        prompt: The pieces to continue.
        target: The tokenizer, for its special ids.
        search: `max_length` pieces are written (0: until the caller stops), at least `min_length`; n-gram blocking, the
            repetition penalty and banned words apply. Beam options are ignored.
        drawing: Sampling options; None takes the likeliest piece each time.
        begin: Id before the first piece of a text.
        has_end: Whether the model has learned an end mark; False if it was trained on one continuous text.
        numbers: [N], index of each text; seed and index together determine the sample.
        seams: Cut points from which the texts may continue the prompt; by default its end, with any piece.
        packing: From ``network.pack()``; pass it to reuse packed weights over many calls.

    Yields:
        The next piece of each text that has not ended, in order of rows. To stop early, close the iterator.

    Raises:
        WorldError: If the network's scores are not numbers.
    """
    device = network.output.weight.device
    rows = list(range(len(numbers)))
    random = [np.random.default_rng([drawing.seed % 2**64, number]) for number in numbers] if drawing else []
    endless = replace(search, min_length=0, max_length=LARGEST)
    seams = seams or (Seam(len(prompt)),)
    begun = [0] * len(rows)
    # Not a decorator: between two yields the caller's own grad mode applies.
    with torch.inference_mode():
        sources, lengths = nothing(len(rows), device)
        memory = network.encode(sources, lengths)
        constraints = Constraints(target, endless, lengths, is_unknown_banned=True)
        packing = packing or network.pack()
    length = 0
    while rows and (not search.max_length or length < search.max_length):
        is_ending = has_end and length >= search.min_length
        room = search.max_length - length if search.max_length else None
        with torch.inference_mode():
            if length == 0:
                places = _places(network, [begin, *prompt], seams, packing)
                tokens, values, begun = _first(
                    places,
                    prompt,
                    seams,
                    target,
                    endless,
                    drawing,
                    random,
                    rows=len(rows),
                    is_ending=is_ending,
                    room=room,
                )
                state = State.joined([place.state for place in places]).select(torch.tensor(begun, device=device))
                history = _histories(prompt, [seams[number].kept for number in begun], target.padding, device)
            else:
                scores, state = network.step(tokens, state, memory, packing)  # [N, V]
                refuse_nan(scores)
                allowed = scores.clone()
                constraints.apply(allowed, history, room)
                _forbid_end(allowed, target.end, is_ending=is_ending)
                tokens = _chosen(allowed, drawing, random)
                values = scores.gather(1, tokens.unsqueeze(1)).squeeze(1)
            if not has_end:
                values = values.masked_fill(tokens == target.end, 0.0)
            found = [Piece(*one) for one in zip(rows, tokens.tolist(), values.tolist(), begun, strict=True)]
            kept = (tokens != target.end).nonzero().flatten()
            if len(kept) < len(rows):
                left = kept.tolist()
                rows, begun = [rows[place] for place in left], [begun[place] for place in left]
                random = [random[place] for place in left if random]
                tokens, history = tokens[kept], history[kept]
                memory, state = memory.select(kept), state.select(kept)
                constraints.select(kept)
            history = torch.cat([history[:, max(0, history.shape[1] + 1 - MEMORY) :], tokens.unsqueeze(1)], 1)
        length += 1
        yield found


class _Place(NamedTuple):
    """A seam: scores [1, V] of the next piece, the state, and the pieces from the first seam to it."""

    scores: Tensor
    state: State
    log_probability: float


def _places(network: Network, ids: Sequence[int], seams: Sequence[Seam], packing: Packing) -> list[_Place]:
    """Read a prompt (begin id included) and return the scores and state at each seam."""
    device = network.output.weight.device
    first = min(seam.kept for seam in seams)
    memory = network.encode(*nothing(1, device))
    state, total = read(network, ids[:first]), 0.0
    found = []
    for place in range(first, len(ids)):
        scores, state = network.step(torch.tensor([ids[place]], device=device), state, memory, packing)
        refuse_nan(scores)
        found.append(_Place(scores, state, total))
        if place + 1 < len(ids):
            total += float(scores[0, ids[place + 1]])
    return [found[seam.kept - first] for seam in seams]


def _first(
    places: Sequence[_Place],
    prompt: Sequence[int],
    seams: Sequence[Seam],
    target: Tokenizer,
    options: SearchOptions,
    drawing: SamplingOptions | None,
    random: Sequence[np.random.Generator],
    *,
    rows: int,
    is_ending: bool,
    room: int | None,
) -> tuple[Int[Tensor, " rows"], Float[Tensor, " rows"], list[int]]:
    """Choose the first piece of each text among those of all seams, by the probability of the full path.

    Returns:
        [N] the pieces, [N] their log probabilities at their seams, and the number of each text's seam.
    """
    device = places[0].scores.device
    constraints = Constraints(target, options, nothing(1, device)[1], is_unknown_banned=True)
    ways = []
    for place, seam in zip(places, seams, strict=True):
        allowed = place.scores.clone()
        constraints.apply(allowed, _histories(prompt, [seam.kept], target.padding, device), room)
        if seam.first:
            only = torch.full_like(allowed, -torch.inf)
            ids = torch.tensor(seam.first, device=device)
            only[:, ids] = allowed[:, ids]
            allowed = only
        elif not is_ending:
            allowed[:, target.end] = -torch.inf
        ways.append(allowed + place.log_probability)
    joined = torch.cat(ways, 1)  # [1, seams * V]
    vocabulary = ways[0].shape[1]
    _forbid_end(joined, target.end, is_ending=True)  # if nothing is allowed, the first seam's end
    # The row may be several vocabularies wide, so draw for one text at a time to save memory.
    if drawing is None:
        chosen = _chosen(joined, None, random).expand(rows)
    else:
        truncated = truncate(joined, drawing)
        chosen = torch.cat([draw(truncated, one) for one in torch.split(_uniform(random, device), 1)])
    begun, tokens = chosen.div(vocabulary, rounding_mode="floor"), chosen % vocabulary
    scores = torch.cat([place.scores for place in places])  # [seams, V]
    return tokens, scores[begun, tokens], begun.tolist()


def _histories(
    prompt: Sequence[int], kept: Sequence[int], padding: int, device: torch.device
) -> Int[Tensor, "rows pieces"]:
    """Return the last pieces of each prompt prefix, left-padded; padding never matches a constraint."""
    parts = [list(prompt[max(0, size - MEMORY) : size]) for size in kept]
    width = max(map(len, parts))
    padded = [[padding] * (width - len(part)) + part for part in parts]
    return torch.tensor(padded, dtype=torch.long, device=device).view(len(kept), width)


def _forbid_end(allowed: Float[Tensor, "rows vocabulary"], end: int, *, is_ending: bool) -> None:
    """Mask the end mark in place where a text may not end yet, unless nothing else is allowed."""
    if not is_ending:
        allowed[:, end] = -torch.inf
    is_stuck = allowed.amax(1) == -torch.inf
    allowed[:, end] = allowed[:, end].masked_fill(is_stuck, 0.0)


def _chosen(
    allowed: Float[Tensor, "rows vocabulary"], drawing: SamplingOptions | None, random: Sequence[np.random.Generator]
) -> Int[Tensor, " rows"]:
    if drawing is None:
        return likeliest(allowed, 1)[1].squeeze(1)
    return draw(truncate(allowed, drawing), _uniform(random, allowed.device))


def _uniform(random: Sequence[np.random.Generator], device: torch.device) -> Float[Tensor, " rows"]:
    """Return the next number of each text."""
    return torch.tensor([one.random() for one in random], dtype=torch.float64).to(device)
