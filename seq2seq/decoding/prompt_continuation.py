"""Continue prompts with a language model (a decoder without a source).

Shapes: ``N`` rows, texts generated in parallel; ``V`` vocabulary.

`PromptReader.read` reads a prompt in chunks; then the texts are generated step by step, as in
`seq2seq.decoding.left_to_right`. Memory use is constant, because only the state and the last `LONGEST_HISTORY` pieces
(for the constraints) are kept. Each prompt is read alone, but continuations of several prompts can be generated
together (`Continuations`).

If a prompt may end inside a piece (`seq2seq.tokenization.token_healing`), a text may continue from several cut points
(seams), each with its own state and scores. The first piece is sampled from the candidates of all seams. A candidate's
weight includes the probability of the prompt's segmentation up to its seam.
"""

import math
from collections.abc import Generator, Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np

from seq2seq.arrays import Array, Int, beside, namespace, to_numpy
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import no_sources
from seq2seq.decoding.left_to_right import Texts
from seq2seq.decoding.options import ConstraintOptions, SamplingOptions
from seq2seq.decoding.penalties import refuse_nan
from seq2seq.decoding.sampling import chooser
from seq2seq.decoding.step_model import PromptReader, Step
from seq2seq.generators import Returning
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


def read(model: PromptReader[Any], ids: Sequence[int]) -> Generator[None, None, Any]:
    """Read ids, of which the first is the begin id, yielding after each part; return the model's state."""
    with model.inference():
        state = model.start(model.without_source(1))
    for begin in range(0, len(ids), PART):
        with model.inference():
            state = model.read(model.array(np.array([ids[begin : begin + PART]])), state)
        yield
    return state


class Begun(NamedTuple):
    """Continuations of a prompt whose first pieces have been chosen.

    Attributes:
        texts: The texts.
        seams: Index of the seam from which each text continues.
    """

    texts: Texts[Any]
    seams: list[int]


class Continuations:
    """Continuations that are generated together.

    Args:
        model: A language model, in evaluation mode.
        target: The tokenizer, for its special ids.
        step: From ``model.pack()``.
    """

    def __init__(self, model: PromptReader[Any], target: Tokenizer, step: Step[Any]) -> None:
        self._model, self._target, self._step = model, target, step
        self._texts: Texts[Any] | None = None
        self._joining: list[Texts[Any]] = []
        self._seams: dict[int, int] = {}
        self._count = 0

    def join(self, begun: Begun) -> list[Piece]:
        """Add continuations of a prompt, and return their first pieces.

        All continuations here must have the same constraints, except for lengths, and the same sampling options, except
        for seeds. Their rows are numbered in the order in which they join.
        """
        texts = begun.texts
        texts.numbers = [self._count + number for number in texts.numbers]
        self._count += len(texts.numbers)
        self._seams.update(zip(texts.numbers, begun.seams, strict=True))
        self._joining.append(texts)
        return self._pieces(texts)

    def drop(self, rows: Iterable[int]) -> None:
        """Remove texts before the next step."""
        dropped = set(rows)
        for texts in filter(None, (self._texts, *self._joining)):
            texts.drop(dropped)

    def advance(self) -> list[Piece]:
        """Generate the next piece of each unfinished text; return [] if all have ended.

        Raises:
            WorldError: If a score is NaN.
        """
        # The model's context ends before the caller continues, so the caller's own grad mode applies between two steps.
        with self._model.inference():
            texts = self._left()
            if texts is None:
                return []
            texts.advance(self._step)
        return self._pieces(texts)

    def _left(self) -> Texts[Any] | None:
        """Return the unfinished texts, joined; None if there are none."""
        left: Texts[Any] | None = None
        for texts in filter(None, (self._texts, *self._joining)):
            texts.leave(LONGEST_HISTORY)
            if left is None or not left.numbers:
                left = texts
            elif texts.numbers:
                rows = len(left.numbers) + len(texts.numbers)
                left.join(texts, self._model.without_source(rows), self._target.padding)
        self._texts, self._joining = left if left and left.numbers else None, []
        kept = set(self._texts.numbers) if self._texts else set()
        if len(kept) < len(self._seams):
            self._seams = {number: seam for number, seam in self._seams.items() if number in kept}
        return self._texts

    def _pieces(self, texts: Texts[Any]) -> list[Piece]:
        """Return the last piece of each text, and drop texts at their length limit."""
        pieces = _pieces(texts, [self._seams[number] for number in texts.numbers])
        if texts.length >= texts.constraints.shortest_limit:
            is_over = to_numpy(texts.constraints.limits <= texts.length).tolist()
            texts.drop(number for number, is_last in zip(texts.numbers, is_over, strict=True) if is_last)
        return pieces


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
    """Continue a prompt, producing several continuations in parallel; for the arguments, see `begun_continuations`.

    Yields:
        The next piece of each unfinished text, in row order. To stop early, close the iterator.

    Raises:
        WorldError: If a score is NaN.
    """
    with model.inference():
        packing = packing or model.pack()
    reading = Returning(
        begun_continuations(
            model,
            prompt,
            target,
            options,
            drawing,
            begin=begin,
            has_end=has_end,
            numbers=numbers,
            seams=seams,
            packing=packing,
        )
    )
    for _ in reading:
        pass
    continuations = Continuations(model, target, packing)
    yield continuations.join(reading.result)
    while pieces := continuations.advance():
        yield pieces


def begun_continuations(
    model: PromptReader[Any],
    prompt: Sequence[int],
    target: Tokenizer,
    options: ConstraintOptions,
    drawing: SamplingOptions | None,
    *,
    begin: int,
    packing: Step[Any],
    has_end: bool = True,
    numbers: Sequence[int] = (0,),
    seams: Sequence[Seam] = (),
) -> Generator[None, None, Begun]:
    """Read a prompt, and choose the first piece of each of its continuations.

    If every other piece is forbidden, a text ends, even before `min_length` and even if the model was trained without
    an end token (which then adds nothing to the log probability).

    Args:
        model: A language model, in evaluation mode.
        prompt: The pieces to continue.
        target: The tokenizer, for its special ids.
        options: Constraints; `min_length` and `max_length` count generated pieces, and `max_length` 0 sets no limit.
        drawing: Sampling options; None for greedy search.
        begin: Id before the first piece of a text.
        packing: From ``model.pack()``.
        has_end: Whether the model was trained with an end token; False for one continuous training text.
        numbers: [N], index of each text; seed and index together determine the sample.
        seams: Cut points from which texts may continue the prompt; by default only its end, which any piece may follow.

    Yields:
        None, after each part of the prompt.

    Raises:
        WorldError: If a score is NaN.
    """
    seams = seams or (Seam(len(prompt)),)
    places = yield from _places(model, [begin, *prompt], seams, packing)
    with model.inference():
        return _first(model, places, prompt, seams, target, options, drawing, numbers, has_end=has_end)


def _pieces(texts: Texts[Any], seams: Sequence[int]) -> list[Piece]:
    """Return the last piece of each text; an untrained end token has a log probability of 0."""
    values = to_numpy(texts.values)
    if not texts.constraints.has_end:
        values = np.where(to_numpy(texts.tokens) == texts.end, 0.0, values)
    columns = texts.numbers, texts.tokens.tolist(), values.tolist(), seams
    return [Piece(*fields) for fields in zip(*columns, strict=True)]


class _Place(NamedTuple):
    """Scores [1, V] and state at a seam, and the log probability of the pieces between the first seam and this one."""

    scores: Array
    state: Any
    log_probability: float


def _places(
    model: PromptReader[Any], ids: Sequence[int], seams: Sequence[Seam], step: Step[Any]
) -> Generator[None, None, list[_Place]]:
    """Read a prompt (begin id included), yielding after each part; return the scores and state at each seam."""
    first, total = min(seam.kept for seam in seams), 0.0
    state = yield from read(model, ids[:first])
    places = []
    with model.inference():
        memory = model.without_source(1)
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
) -> Begun:
    """Choose each text's first piece from the candidates of all seams."""
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
    return Begun(texts, begun.tolist())


def _histories(prompt: Sequence[int], kept: Sequence[int], padding: int, like: Array) -> Int[Array, "rows pieces"]:
    """Return the last pieces of each prompt prefix, left-padded; padding never matches a constraint."""
    parts = [list(prompt[max(0, size - LONGEST_HISTORY) : size]) for size in kept]
    width = max(map(len, parts))
    padded = [[padding] * (width - len(part)) + part for part in parts]
    return beside(np.array(padded, dtype=np.int64).reshape(len(kept), width), like)
