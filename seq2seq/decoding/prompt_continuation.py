"""Continue prompts with a language model (a decoder without a source).

Shapes: ``N`` rows, texts generated in parallel; ``V`` vocabulary.

`PromptReader.read` reads a prompt in chunks; then `seq2seq.decoding.left_to_right` generates the texts. Memory use is
constant, because only the state and the last `LONGEST_HISTORY` pieces (for the constraints) are kept.

If a prompt may end inside a piece (`seq2seq.tokenization.token_healing`), a text may continue from several cut points
(seams), each with its own state and scores. The first piece is sampled from the candidates of all seams. A candidate's
weight includes the probability of the prompt's segmentation up to its seam.
"""

import math
from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from seq2seq.arrays import Array, Int, beside, namespace, to_numpy
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import no_sources
from seq2seq.decoding.left_to_right import Texts, left_to_right
from seq2seq.decoding.options import ConstraintOptions, SamplingOptions
from seq2seq.decoding.penalties import refuse_nan
from seq2seq.decoding.sampling import chooser
from seq2seq.decoding.step_model import PromptReader, Step
from seq2seq.tokenization.token_healing import Seam
from seq2seq.tokenization.tokenizer import Tokenizer

LONGEST_HISTORY = 512
"""Number of recent pieces (prompt included) that constraints apply to."""
PART = 512
"""Number of prompt pieces per forward call."""
LONGEST_PROMPT = 16_384
"""Maximum number of prompt pieces read, counted from the end. An LSTM does not remember that many. Reading a whole 1 MB
prompt would take a 512-unit model minutes, at a few thousand pieces per second, and not change the result."""


class Piece(NamedTuple):
    """A generated piece.

    Attributes:
        row: Index of the text.
        token: Id of the piece; the end token is the last piece of its text.
        log_probability: Natural logarithm of the piece's probability before constraints and truncation.
        seam: Index of the seam from which the text continues.
    """

    row: int
    token: int
    log_probability: float
    seam: int = 0


def read(model: PromptReader[Any], ids: Sequence[int]) -> Any:  # noqa: ANN401 - the model's state
    """Return the state after reading ids, of which the first is the begin id."""
    with model.inference():
        state = model.start(model.without_source(1))
        for begin in range(0, len(ids), PART):
            state = model.read(model.array(np.array([ids[begin : begin + PART]])), state)
    return state


def continue_prompt(
    model: PromptReader[Any],
    prompt: Sequence[int],
    target: Tokenizer,
    options: ConstraintOptions,
    drawing: SamplingOptions | None,
    *,
    begin: int,
    has_end: bool = True,
    numbers: Sequence[int] = (0,),
    seams: Sequence[Seam] = (),
    packing: Step[Any] | None = None,
) -> Iterator[list[Piece]]:
    """Continue a prompt, producing several continuations in parallel.

    If every other piece is forbidden, a text ends, even before `min_length` and even if the model was trained without
    an end token (which then adds nothing to the log probability).

    Args:
        model: A language model, in evaluation mode.
        prompt: The pieces to continue.
        target: The tokenizer, for its special ids.
        options: Constraints; `min_length` and `max_length` count generated pieces, and `max_length` 0 sets no limit.
        drawing: Sampling options; None for greedy search.
        begin: Id before the first piece of a text.
        has_end: Whether the model was trained with an end token; False for one continuous training text.
        numbers: [N], index of each text; seed and index together determine the sample.
        seams: Cut points from which texts may continue the prompt; by default only its end, which any piece may follow.
        packing: From ``model.pack()``; pass it to reuse packed weights over many calls.

    Yields:
        The next piece of each unfinished text, in row order. To stop early, close the iterator.

    Raises:
        WorldError: If a score is NaN.
    """
    seams = seams or (Seam(len(prompt)),)
    # The model's context ends before each yield, so the caller's own grad mode applies between two yields.
    with model.inference():
        packing = packing or model.pack()
        places = _places(model, [begin, *prompt], seams, packing)
        first, begun = _first(model, places, prompt, seams, target, options, drawing, numbers, has_end=has_end)
    yield _pieces(first, begun)
    with model.inference():
        first.leave(LONGEST_HISTORY)
    if options.max_length != 1:
        for texts in left_to_right(first, model, packing, LONGEST_HISTORY):
            yield _pieces(texts, begun)
            if texts.length == options.max_length:
                return


def _pieces(texts: Texts[Any], begun: Sequence[int]) -> list[Piece]:
    """Return the last piece of each text; an untrained end token has a log probability of 0."""
    values = to_numpy(texts.values)
    if not texts.constraints.has_end:
        values = np.where(to_numpy(texts.tokens) == texts.end, 0.0, values)
    seams = [begun[number] for number in texts.numbers]
    columns = texts.numbers, texts.tokens.tolist(), values.tolist(), seams
    return [Piece(*fields) for fields in zip(*columns, strict=True)]


class _Place(NamedTuple):
    """Scores [1, V] and state at a seam, and the log probability of the pieces between the first seam and this one."""

    scores: Array
    state: Any
    log_probability: float


def _places(model: PromptReader[Any], ids: Sequence[int], seams: Sequence[Seam], step: Step[Any]) -> list[_Place]:
    """Read a prompt (begin id included) and return the scores and state at each seam."""
    first = min(seam.kept for seam in seams)
    state, total = read(model, ids[:first]), 0.0
    memory = model.without_source(1)
    places = []
    for kept in range(first, len(ids)):
        scores, state = step(model.array(np.array([ids[kept]])), state, memory)
        refuse_nan(scores)
        places.append(_Place(scores, state, total))
        if kept + 1 < len(ids):
            total += float(scores[0, ids[kept + 1]])
    return [places[seam.kept - first] for seam in seams]


def _first(
    model: PromptReader[Any],
    places: Sequence[_Place],
    prompt: Sequence[int],
    seams: Sequence[Seam],
    target: Tokenizer,
    options: ConstraintOptions,
    drawing: SamplingOptions | None,
    numbers: Sequence[int],
    *,
    has_end: bool,
) -> tuple[Texts[Any], list[int]]:
    """Choose each text's first piece from the candidates of all seams; return the texts and the seam index of each."""
    like = places[0].scores
    xp = namespace(like)

    def constraints(rows: int) -> Constraints:
        return Constraints(target, options, no_sources(rows, like), is_unknown_banned=True, has_end=has_end)

    alone = constraints(1)
    paths = []
    for place, seam in zip(places, seams, strict=True):
        allowed = xp.asarray(place.scores, copy=True)
        alone.apply(allowed, _histories(prompt, [seam.kept], target.padding, like), 0)
        if seam.first:
            only = xp.full_like(allowed, -math.inf)
            ids = beside(np.array(seam.first), like)
            only[:, ids] = allowed[:, ids]
            allowed = only
        elif not alone.may_end(0):
            allowed[:, target.end] = -math.inf
        paths.append(allowed + place.log_probability)
    joined = xp.concat(paths, axis=1)  # [1, seams * V]
    if float(xp.max(joined)) == -math.inf:
        joined[:, target.end] = 0.0  # nothing is allowed: end at the first seam
    choosing = chooser(drawing, numbers, like)
    chosen = xp.broadcast_to(choosing.choose(joined), (len(numbers),))
    begun, tokens = chosen // paths[0].shape[1], chosen % paths[0].shape[1]
    kept = [seams[number].kept for number in begun.tolist()]
    texts = Texts(
        list(range(len(numbers))),
        model.without_source(len(numbers)),
        places[0].state.followed_by([place.state for place in places[1:]]).select(begun),
        constraints(len(numbers)),
        choosing,
        tokens,
        _histories(prompt, kept, target.padding, like),
        target.end,
        length=1,
        last=xp.concat([place.scores for place in places], axis=0)[begun, tokens],
    )
    return texts, begun.tolist()


def _histories(prompt: Sequence[int], kept: Sequence[int], padding: int, like: Array) -> Int[Array, "rows pieces"]:
    """Return the last pieces of each prompt prefix, left-padded; padding never matches a constraint."""
    parts = [list(prompt[max(0, size - LONGEST_HISTORY) : size]) for size in kept]
    width = max(map(len, parts))
    padded = [[padding] * (width - len(part)) + part for part in parts]
    return beside(np.array(padded, dtype=np.int64).reshape(len(kept), width), like)
