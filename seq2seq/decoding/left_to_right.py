"""Decode left to right: one loop for greedy search, sampling and streaming, and the steps of prompt continuation.

Shapes: ``B`` sources; ``N`` texts, one row each; ``S`` source length, ``T`` pieces so far, ``V`` vocabulary.

Each step scores the next piece of all texts, applies the constraints, and lets a `Chooser` choose one piece for each.
When a text ends or is dropped, it is removed from the batch together with its encoder states, constraints and random
numbers. So an output depends neither on the other texts in the batch nor on whether it is streamed. Beam search
reorders its rows, so it has its own loop.
"""

from collections.abc import Callable, Generator, Iterable, Iterator, Sequence
from dataclasses import InitVar, dataclass, replace
from typing import Any, Generic

import numpy as np

from seq2seq.arrays import Array, Int, at, beside, namespace
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import with_own_probabilities
from seq2seq.decoding.options import BeamOptions, SamplingOptions, SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.penalties import coverage_penalty, length_penalty, refuse_nan
from seq2seq.decoding.sampling import Chooser, chooser
from seq2seq.decoding.step_model import Memory, S, Step, StepModel, has_own_scores
from seq2seq.tokenization.vocabulary import Vocabulary

StepCallback = Callable[[int, int], None]
"""Called after each step with the current and the maximum number of pieces."""


@dataclass
class Texts(Generic[S]):
    """A batch of unfinished texts, one per row.

    Attributes:
        numbers: Index of each text.
        memory: The encoder states of their sources.
        tokens: [N], the last piece of each text; before the first step, the start id.
        history: [N, T], the pieces before the last.
        ranking: Length and coverage penalties for ranking; None ranks by log probability.
        length: Number of pieces generated, including the last one; for texts that have joined others (`join`), of the
            oldest text.
        totals: [N], the model's log probability of the generated pieces.
        penalized: [N], the same log probability with the repetition penalty.
        values: [N], the model's log probability of the last piece, initially `last` or zeros.
        has_ended: Whether some text has just ended.
        read: [N, S], the sum of the attention weights, if the ranking needs it.
    """

    numbers: list[int]
    memory: Memory
    state: S
    constraints: Constraints
    chooser: Chooser
    tokens: Int[Array, " rows"]
    history: Int[Array, "rows history"]
    end: int
    ranking: BeamOptions | None = None
    length: int = 0
    last: InitVar[Array | None] = None

    def __post_init__(self, last: Array | None) -> None:
        """Initialise the sums, and `values`."""
        rows, width = len(self.numbers), self.memory.is_token.shape[1]
        self.totals = self.penalized = beside(np.zeros(rows, np.float32), self.tokens)
        self.values = self.totals if last is None else last
        self.read = beside(np.zeros((rows, width), np.float32), self.tokens)
        self.has_ended = bool((self.tokens == self.end).any())
        self._dropped = set[int]()

    def advance(self, step: Step[S]) -> None:
        """Generate one more piece of each text.

        Raises:
            WorldError: If a score is NaN.
        """
        scores, self.state = step(self.tokens, self.state, self.memory)
        allowed = scores
        if self.constraints.are_scores_changed:
            allowed = namespace(scores).asarray(scores, copy=True)
        self.constraints.apply(allowed, self.history, self.length)
        self.tokens = self.chooser.choose(allowed)
        places = self.tokens[:, None]
        self.values = at(scores, places)[:, 0]
        self.totals = self.totals + self.values
        self.penalized = self.totals if allowed is scores else self.penalized + at(allowed, places)[:, 0]
        refuse_nan(self.totals)
        if self.ranking and self.ranking.coverage_beta:
            self.read = self.read + self.state.attention
        self.length += 1
        self.has_ended = bool((self.tokens == self.end).any())

    def leave(self, longest: int | None = None) -> None:
        """Remove texts that have ended or were dropped, and append the others' last pieces to the history.

        Args:
            longest: Maximum length of the history, whose last pieces are kept; None keeps all.
        """
        xp = namespace(self.tokens)
        if self.has_ended or self._dropped:
            is_kept = self.tokens != self.end
            if self._dropped:
                is_wanted = np.array([number not in self._dropped for number in self.numbers])
                is_kept, self._dropped = is_kept & beside(is_wanted, self.tokens), set()
            (kept,) = xp.nonzero(is_kept)
            self.numbers = [self.numbers[row] for row in kept.tolist()]
            self.tokens, self.history = self.tokens[kept], self.history[kept]
            self.totals, self.penalized, self.read = self.totals[kept], self.penalized[kept], self.read[kept]
            self.memory, self.state = self.memory.select(kept), self.state.select(kept)
            self.constraints.select(kept)
            self.chooser.select(kept)
            self.has_ended = False
        first = 0 if longest is None else max(0, self.history.shape[1] + 1 - longest)
        self.history = xp.concat([self.history[:, first:], self.tokens[:, None]], axis=1)

    def drop(self, numbers: Iterable[int]) -> None:
        """Let the texts of these indices leave as if they had ended; call it before `leave`."""
        self._dropped.update(numbers)

    def join(self, others: "Texts[S]", memory: Memory, padding: int) -> None:
        """Add the texts of another batch, whose pieces, constraints and random numbers stay their own.

        Both batches have texts without a source, the same constraints except for their lengths, and the same options of
        choosing pieces except for their seeds. Call it after `leave`.

        Args:
            others: The other texts, whose indices differ from those here.
            memory: The empty memory of all texts.
            padding: Id that fills shorter histories; it never matches a constraint.
        """
        xp = namespace(self.tokens)
        width = max(self.history.shape[1], others.history.shape[1])
        histories = [_filled(texts.history, width, padding) for texts in (self, others)]
        self.constraints.join(others.constraints, later=self.length - others.length)
        self.chooser.join(others.chooser)
        self.numbers, self.memory = [*self.numbers, *others.numbers], memory
        self.state = self.state.followed_by([others.state])
        self.history = xp.concat(histories, axis=0)
        for name in ("tokens", "totals", "penalized", "read"):
            setattr(self, name, xp.concat([getattr(self, name), getattr(others, name)], axis=0))

    def ended(self) -> Iterator[tuple[int, Hypothesis]]:
        """Yield the index and hypothesis of each text that has just ended."""
        if not self.has_ended:
            return
        xp = namespace(self.tokens)
        (rows,) = xp.nonzero(self.tokens == self.end)
        totals = scores = self.totals[rows]
        if self.ranking is not None:
            scores = self.penalized[rows] / length_penalty(xp.full_like(rows, self.length), self.ranking)
            if beta := self.ranking.coverage_beta:
                scores = scores + coverage_penalty(self.read[rows], self.memory.is_token[rows], beta)
        columns = self.history[rows].tolist(), scores.tolist(), totals.tolist()
        for row, ids, score, total in zip(rows.tolist(), *columns, strict=True):
            yield self.numbers[row], Hypothesis(tuple(ids), score, total)


def left_to_right(texts: Texts[S], model: StepModel[S], step: Step[S]) -> Iterator[Texts[S]]:
    """Generate texts, in place, until all have ended.

    The caller must pass the step of this model, packed or not.

    Yields:
        The texts after each step, still including the texts that have just ended.
    """
    while texts.numbers:
        # The model's context ends before each yield, so the caller's own grad mode applies between two yields.
        with model.inference():
            texts.advance(step)
        yield texts
        with model.inference():
            texts.leave()


def write(
    model: StepModel[S],
    sources: EncodedSources,
    target: Vocabulary,
    search: SearchOptions,
    drawing: SamplingOptions | None = None,
    *,
    numbers: Sequence[int] | None = None,
    rows: Sequence[int] | None = None,
    memory: Memory | None = None,
    packing: Step[S] | None = None,
    watch: StepCallback | None = None,
) -> list[Hypothesis]:
    """Generate an output for each source, by greedy search or sampling.

    Args:
        model: The model, in evaluation mode.
        sources: The sources.
        target: The target's tokenizer, for its special ids.
        search: Constraints, and the penalties used for the scores of greedy search.
        drawing: Sampling options; None for greedy search.
        numbers: [N], the index of each sample; seed and index together determine the sample.
        rows: [N], the index of each output's source; each source is encoded only once. By default each source has one
            output.
        memory: The encoded sources; None encodes them.
        packing: From ``model.pack()``; pass it to reuse packed weights over many calls.
        watch: Called after each step; see `StepCallback`.

    Returns:
        N outputs. `log_probability`, and a sample's `score`, come from the network at temperature 1 without truncation.

    Raises:
        WorldError: If a score is NaN.
    """
    with model.inference():
        first = begun(model, sources, target, search, drawing, numbers, rows, memory)
        packing = packing or model.pack()
    whole, hypotheses = first.memory, dict[int, Hypothesis]()
    for texts in left_to_right(first, model, packing):
        hypotheses.update(texts.ended())
        if watch and len(hypotheses) < whole.rows:
            watch(texts.length, int(texts.constraints.limits.max()))
    return reported(model, whole, target, [hypotheses[row] for row in range(whole.rows)], drawing)


def stream(
    model: StepModel[S],
    sources: EncodedSources,
    target: Vocabulary,
    search: SearchOptions,
    drawing: SamplingOptions | None = None,
    *,
    number: int = 0,
    packing: Step[S] | None = None,
) -> Generator[int, None, Hypothesis]:
    """Generate the output for one source; see `write`.

    Yields:
        The pieces, without the end token. To stop early, close the generator.

    Returns:
        The output, as `write` returns it.
    """
    with model.inference():
        first = begun(model, sources, target, search, drawing, [number])
        whole, packing = first.memory, packing or model.pack()
    hypotheses: list[Hypothesis] = []
    for texts in left_to_right(first, model, packing):
        hypotheses += (hypothesis for _, hypothesis in texts.ended())
        if not hypotheses:
            yield int(texts.tokens[0])
    return reported(model, whole, target, hypotheses, drawing)[0]


def begun(
    model: StepModel[S],
    sources: EncodedSources,
    target: Vocabulary,
    search: SearchOptions,
    drawing: SamplingOptions | None,
    numbers: Sequence[int] | None,
    rows: Sequence[int] | None = None,
    memory: Memory | None = None,
    seeds: Sequence[int] | None = None,
) -> Texts[S]:
    """Return the texts of sources before the first step; for `seeds` see `chooser`, for the rest `write`.

    Raises:
        ValueError: If phrases are required, which needs beams.
    """
    if any(sources.required):
        raise ValueError("Required phrases are for a search with several beams.")
    if memory is None:
        memory = model.encode(sources.ids, sources.lengths, sources.copies)
    if rows is not None:
        memory, sources = memory.select(beside(np.asarray(rows, dtype=np.int64), sources.ids)), sources.select(rows)
    tokens = beside(np.full(memory.rows, target.start), sources.ids)
    return Texts(
        list(range(memory.rows)),
        memory,
        model.start(memory),
        Constraints(target, search, sources, is_unknown_banned=memory.extra > 0),
        chooser(drawing, range(memory.rows) if numbers is None else numbers, tokens, seeds),
        tokens,
        beside(np.zeros((memory.rows, 0), dtype=np.int64), tokens),
        target.end,
        search if drawing is None else None,
    )


def _filled(history: Array, width: int, padding: int) -> Array:
    """Return histories filled to a width with padding at the left."""
    xp = namespace(history)
    filling = beside(np.full((len(history), width - history.shape[1]), padding, dtype=np.int64), history)
    return xp.concat([filling, history], axis=1)


def reported(
    model: StepModel[Any],
    memory: Memory,
    target: Vocabulary,
    hypotheses: list[Hypothesis],
    drawing: SamplingOptions | None,
) -> list[Hypothesis]:
    """Return outputs with the network's own log probabilities, which are also the scores of samples."""
    if has_own_scores(model):
        return hypotheses
    each = [[hypothesis] for hypothesis in hypotheses]
    own = [hypothesis for (hypothesis,) in with_own_probabilities(model.scorer, memory, target, each)]
    if drawing is None:
        return own
    return [replace(hypothesis, score=hypothesis.log_probability) for hypothesis in own]
