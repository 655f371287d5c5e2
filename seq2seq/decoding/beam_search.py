"""Batched beam search over the steps of a `StepModel`.

Shapes: ``B`` sources, ``K`` beams, ``N`` = B * K rows (row ``b * K + k`` is beam ``k`` of source ``b``), ``T`` pieces
so far, ``V`` vocabulary, ``S`` source length.

All beams of all sources advance together: each step is a fixed number of tensor operations, with no loop over sources
or hypotheses. Encoder states are not copied for the beams, and finished sources leave the batch.

Each step ranks the 2K likeliest continuations of a source. Those among the first K that end become finished hypotheses,
and the first K that do not end stay alive. A source is done when no live hypothesis can beat its finished ones. Log
probabilities only fall, so a live hypothesis with log probability p can reach at most p divided by the largest possible
length penalty (at the length limit), and the coverage penalty only subtracts. This bound is exact, but weak if the
limit is far away: averaged over 500 pieces, the cost of the first pieces hardly counts. `patience` adds a heuristic: a
source is also done after that number of consecutive steps in which no live hypothesis would have beaten the finished
ones even if its end token had probability 1. With patience 0, early stopping never changes the result. With one beam
the search is greedy: the first end token ends the output (`seq2seq.decoding.left_to_right`).

Diverse beam search (Vijayakumar et al. 2018) divides the beams of a source into G groups of K / G beams, each a
separate beam search. At each step the groups choose in turn. For every beam of an earlier group that has just chosen
the same piece, `diversity` is subtracted from a continuation's log probability (the paper's Hamming diversity). This
affects only the choice of continuations, not the scores of hypotheses. The end token is exempt, so groups may end
together. A source is done when all of its groups are done. Outputs found by several groups are returned once.

If an output must contain phrases, continuations are chosen in turns from hypotheses that lack equally much of them
(`seq2seq.decoding.phrases.beam_allocation`) instead of by score alone.

On one thread, for 160 rows of 8,006 scores, ``log_softmax`` took 1.1 ms, ``logsumexp`` 2.5 ms, ``topk`` 2.6 ms, and the
equivalent :func:`likeliest` 0.6 ms. Log probabilities are normalised before constraints apply, so forbidding pieces
does not make the others likelier.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any, Generic

import numpy as np

from seq2seq.arrays import Array, Bool, Float, Int, at, beside, counted, namespace, topk, widened
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import aligned, with_own_probabilities
from seq2seq.decoding.left_to_right import StepCallback, write
from seq2seq.decoding.options import BeamOptions, SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.penalties import coverage_penalty, length_penalty, likeliest, refuse_nan
from seq2seq.decoding.phrases.beam_allocation import allocated, with_required
from seq2seq.decoding.step_model import Memory, S, Step, StepModel, has_own_scores
from seq2seq.tokenization.vocabulary import Vocabulary

LAST = 1e9
"""Ranks a hypothesis below those that contain all required phrases; larger than any score."""


class _Finished:
    """The K best finished hypotheses of each part (one beam group of one source).

    Hypotheses that lack a required phrase rank below all others.
    """

    def __init__(self, parts: int, beams: int, like: Array) -> None:
        self.scores = beside(np.full((parts, beams), -math.inf, np.float32), like)
        self.log_probabilities = beside(np.zeros((parts, beams), np.float32), like)
        self.ids = beside(np.zeros((parts, beams, 0), np.int64), like)  # including the end token
        self.lengths = beside(np.zeros((parts, beams), np.int64), like)
        self._is_lacking: Array | None = None  # [P, K], whether a phrase is missing; None if no phrase is required

    def add(self, scores: Array, log_probabilities: Array, ids: Array, is_lacking: Array | None) -> None:
        """Add hypotheses that have just ended; ids are [P, M, T], all others [P, M]."""
        xp = namespace(ids)
        beams, time = self.scores.shape[1], ids.shape[2]
        if is_lacking is None:
            self.scores, best = topk(xp.concat([self.scores, scores], axis=1), beams)
        else:
            before = xp.zeros_like(self.scores) > 0 if self._is_lacking is None else self._is_lacking
            is_lacking, scores = xp.concat([before, is_lacking], axis=1), xp.concat([self.scores, scores], axis=1)
            ranks = xp.astype(scores, xp.float64)
            _, best = topk(xp.where(is_lacking, ranks - LAST, ranks), beams)
            self.scores, self._is_lacking = at(scores, best), at(is_lacking, best)

        def chosen(old: Array, new: Array) -> Array:
            return at(xp.concat([old, new], axis=1), best)

        self.log_probabilities = chosen(self.log_probabilities, log_probabilities)
        row = counted(len(best), best)[:, None]
        self.ids = xp.concat([widened(self.ids, time), ids], axis=1)[row, best]
        self.lengths = chosen(self.lengths, xp.full_like(ids[:, :, 0], time))

    def select(self, rows: Array) -> None:
        """Keep some of the parts."""
        self.scores, self.log_probabilities = self.scores[rows], self.log_probabilities[rows]
        self.ids, self.lengths = self.ids[rows], self.lengths[rows]
        if self._is_lacking is not None:
            self._is_lacking = self._is_lacking[rows]

    def bar(self, place: int) -> Array:
        """Return the score that a hypothesis must beat to get a place; minus infinity if one there lacks a phrase."""
        if self._is_lacking is None:
            return self.scores[:, place]
        xp = namespace(self.scores)
        scores = self.scores[:, place]
        return xp.where(self._is_lacking[:, place], xp.full_like(scores, -math.inf), scores)

    def hypotheses(self, parts: range, options: BeamOptions) -> list[Hypothesis]:
        """Return the `n_best` hypotheses of one source's parts, best first."""
        xp, some = namespace(self.ids), slice(parts.start, parts.stop)
        is_lacking = xp.zeros_like(self.lengths) if self._is_lacking is None else self._is_lacking
        columns = is_lacking[some], self.scores[some], self.log_probabilities[some], self.lengths[some], self.ids[some]
        found = [
            (lacks, Hypothesis(tuple(ids[: length - 1]), score, log_probability))
            for lacks, score, log_probability, length, ids in zip(
                *(xp.reshape(column, (-1, *column.shape[2:])).tolist() for column in columns), strict=True
            )
            if score > -math.inf
        ]
        if len(parts) > 1:
            found.sort(key=lambda pair: (pair[0], -pair[1].score))
        hypotheses = [hypothesis for _, hypothesis in found]
        if len(parts) > 1:
            hypotheses = list({hypothesis.ids: hypothesis for hypothesis in hypotheses}.values())
        return hypotheses[: options.n_best]


class Beams(Generic[S]):
    """A batch of unfinished sources with several beams each; the counterpart of `left_to_right.Texts`.

    Each of the P = B * G parts is one beam group of one source, with K beams.

    Args:
        model: The model, in evaluation mode.
        memory: The encoded sources.
        constraints: Their constraints.
        target: The target's tokenizer, for its special ids.
        options: Beam options.

    Attributes:
        numbers: Index of each source.
        memory: The encoder states of the unfinished sources.
        constraints: Their constraints.
        length: Number of pieces of the live hypotheses.
    """

    def __init__(
        self,
        model: StepModel[S],
        memory: Memory,
        constraints: Constraints,
        target: Vocabulary,
        options: BeamOptions,
    ) -> None:
        like, groups = memory.is_token, options.groups
        parts = memory.rows * groups
        self.numbers, self.memory, self.constraints, self.length = list(range(memory.rows)), memory, constraints, 0
        self._options, self._end, self._beams = options, target.end, options.beam_size // groups
        self._state = model.start(memory, groups)
        self._tokens = beside(np.full(parts, target.start), like)
        # One row per part at the first step, when all beams are equal.
        self._history = beside(np.zeros((parts, 0), np.int64), like)  # [N, T]
        self._living = beside(np.zeros((parts, 1), np.float32), like)  # [P, K], log probabilities
        self._coverage = beside(np.zeros((parts, like.shape[1]), np.float32), like)  # [N, S]
        self._finished = _Finished(parts, self._beams, self._living)
        # With several groups all hypotheses are kept, because every group may find the same ones.
        self._wanted = options.n_best if groups == 1 else self._beams
        self._waited = beside(np.zeros(parts, np.int64), like)  # [P], consecutive hopeless steps
        # [P], at the length limit, plus the end token.
        self._largest_penalty = length_penalty(namespace(like).repeat(constraints.limits, groups) + 1, options)
        self._flat = counted(parts, like)  # [N], the row that each row continues
        self._is_done = beside(np.zeros(memory.rows, np.bool_), like)  # [B]
        self._has_ended = False  # whether a source is done
        self._dropped = set[int]()

    def advance(self, step: Step[S]) -> None:
        """Generate one more piece of each hypothesis.

        Raises:
            WorldError: If a score is NaN.
        """
        options, groups, beams, end = self._options, self._options.groups, self._beams, self._end
        scores, self._state = step(self._tokens, self._state, self.memory)
        if options.coverage_beta:
            self._coverage = self._coverage + self._state.attention
        width = self._living.shape[1]
        self.length = self.length + 1
        self.constraints.apply(scores, self._history)
        values, pieces = _continuations(scores, options.beam_size + 1, self._living)  # the best few of each row
        lacking = None
        if (required := self.constraints.required) is not None:
            values, pieces, lacking = with_required(scores, values, pieces, self._living, required)
        if groups == 1:
            log_probabilities, rows, pieces = _best(values, pieces, 2 * beams, lacking)  # each [P, 2K], best first
        else:
            log_probabilities, rows, pieces = _best_of_groups(values, pieces, 2 * beams, end, options, lacking)
        is_end = (pieces == end) & (log_probabilities > -math.inf)
        xp = namespace(scores)
        if bool(xp.any(is_end[:, :beams])):
            self._finish(log_probabilities[:, :beams], rows[:, :beams], pieces[:, :beams], is_end[:, :beams])

        # The first K continuations that do not end stay alive, in order.
        if bool(xp.any(is_end)):
            order = _unended_first(is_end)[:, :beams]
            log_probabilities[is_end] = -math.inf
            rows, pieces, self._living = at(rows, order), at(pieces, order), at(log_probabilities, order)
        else:
            rows, pieces, self._living = rows[:, :beams], pieces[:, :beams], log_probabilities[:, :beams]
        self._flat, self._tokens = _flat(rows, width), xp.reshape(pieces, (-1,))

        is_over = self._is_over()
        self._is_done = is_over if groups == 1 else xp.all(xp.reshape(is_over, (-1, groups)), axis=1)
        self._has_ended = bool(xp.any(self._is_done))
        if self._has_ended:
            refuse_nan(self._living)

    def _is_over(self) -> Bool[Array, " parts"]:
        """Return for each part whether its hypotheses are final, or seem to be (`patience`)."""
        options, xp = self._options, namespace(self._living)
        likeliest, least = xp.max(self._living, axis=1), self._finished.bar(self._wanted - 1)
        is_over = _is_done(likeliest, self._largest_penalty, least)
        if self.length > self.constraints.shortest_limit:
            is_over = is_over | (xp.repeat(self.constraints.limits, options.groups) < self.length)
        if options.patience:
            # No live hypothesis would be among the best even with a free end token.
            next_penalty = length_penalty(counted(1, least) + (self.length + 1), options)
            self._waited = (self._waited + 1) * (likeliest / next_penalty <= least)
            is_over = is_over | (self._waited >= options.patience)
        return is_over

    def _finish(self, log_probabilities: Array, rows: Array, pieces: Array, ended: Array) -> None:
        """Add the hypotheses that have just ended; all arguments are [P, K]."""
        xp, options = namespace(ended), self._options
        endings = xp.asarray(log_probabilities, copy=True)
        endings[~ended] = -math.inf
        ranked = endings / length_penalty(counted(1, ended) + self.length, options)
        flat = _flat(rows, self._living.shape[1])
        if options.coverage_beta:
            read = xp.reshape(self._coverage[flat], (*ended.shape, -1))
            is_token = xp.repeat(self.memory.is_token, options.groups, axis=0)[:, None]
            ranked = ranked + coverage_penalty(read, is_token, options.coverage_beta)
        before = xp.reshape(self._history[flat], (*ended.shape, self.length - 1))
        is_lacking = None
        if self.constraints.required is not None:
            is_lacking = ~xp.reshape(self.constraints.required.may_end()[flat], ended.shape)
        self._finished.add(ranked, endings, xp.concat([before, pieces[:, :, None]], axis=2), is_lacking)

    def ended(self) -> Iterator[tuple[int, list[Hypothesis]]]:
        """Yield the index and the best hypotheses of each source that is done, `n_best` or fewer, best first."""
        if not self._has_ended:
            return
        groups = self._options.groups
        for place in namespace(self._is_done).nonzero(self._is_done)[0].tolist():
            parts = range(place * groups, (place + 1) * groups)
            yield self.numbers[place], self._finished.hypotheses(parts, self._options)

    def drop(self, numbers: Iterable[int]) -> None:
        """Let the sources of these indices leave as if they were done; call it before `leave`."""
        self._dropped.update(numbers)

    def leave(self) -> None:
        """Remove the sources that are done or were dropped, and append the last pieces to the history."""
        groups, xp = self._options.groups, namespace(self._is_done)
        if self._dropped:
            is_dropped = np.array([number in self._dropped for number in self.numbers])
            self._is_done, self._dropped = self._is_done | beside(is_dropped, self._is_done), set()
            self._has_ended = bool(xp.any(self._is_done))
        flat = self._flat
        if self._has_ended:
            (kept,) = xp.nonzero(~self._is_done)
            self.numbers = [self.numbers[place] for place in kept.tolist()]
            self.memory = self.memory.select(kept)
            self.constraints.select(kept)
            kept = xp.reshape(kept[:, None] * groups + counted(groups, kept), (-1,))
            self._living, self._waited = self._living[kept], self._waited[kept]
            self._largest_penalty = self._largest_penalty[kept]
            self._finished.select(kept)
            flat, self._tokens = (
                xp.reshape(xp.reshape(rows, (-1, self._beams))[kept], (-1,)) for rows in (flat, self._tokens)
            )
        self._state = self._state.select(flat)
        if self.constraints.required is not None:
            self.constraints.required.follow(flat, self._tokens)
        self._history = xp.concat([self._history[flat], self._tokens[:, None]], axis=1)
        if self._options.coverage_beta:
            self._coverage = self._coverage[flat]


def begun_search(
    model: StepModel[S], sources: EncodedSources, memory: Memory, target: Vocabulary, options: SearchOptions
) -> Beams[S]:
    """Return the beams of encoded sources before the first step; see `beam_search`."""
    constraints = Constraints(target, options, sources, is_unknown_banned=memory.extra > 0, groups=options.groups)
    return Beams(model, memory, constraints, target, options)


def has_search_scores(model: StepModel[Any], options: SearchOptions) -> bool:
    """Return whether the log probabilities of a search are the network's own."""
    return options.repetition_penalty == 1 and has_own_scores(model)


def beam_search(
    model: StepModel[S],
    sources: EncodedSources,
    target: Vocabulary,
    options: SearchOptions,
    *,
    attention: bool = False,
    packing: Step[S] | None = None,
    watch: StepCallback | None = None,
) -> list[list[Hypothesis]]:
    """Find the best outputs of a batch of sources.

    Args:
        model: The model, in evaluation mode.
        sources: The sources.
        target: The target's tokenizer, for its special ids.
        options: Search options.
        attention: Whether to compute the results' attention and copy probabilities, which takes another forward pass.
        packing: From ``model.pack()``; pass it to reuse packed weights over many batches.
        watch: Called after each step; see `StepCallback`.

    Returns:
        The `n_best` hypotheses of each source, best first; fewer if fewer exist. At the length limit the end token is
        forced, and its probability counts.

    Raises:
        WorldError: If a score is NaN.
    """
    with model.inference():
        memory = model.encode(sources.ids, sources.lengths, sources.copies)
        if options.beam_size == 1:
            greedy = write(model, sources, target, options, memory=memory, packing=packing, watch=watch)
            hypotheses = [[hypothesis] for hypothesis in greedy]
        else:
            beams = begun_search(model, sources, memory, target, options)
            hypotheses = _searched(beams, packing or model.pack(), watch)
            if not has_search_scores(model, options):
                hypotheses = with_own_probabilities(model.scorer, memory, target, hypotheses)
        return aligned(model.scorer, memory, target, hypotheses) if attention else hypotheses


def _searched(beams: Beams[S], step: Step[S], watch: StepCallback | None) -> list[list[Hypothesis]]:
    """Search until all sources are done, and return the hypotheses of each."""
    result: list[list[Hypothesis]] = [[] for _ in beams.numbers]
    while beams.numbers:
        beams.advance(step)
        for number, hypotheses in beams.ended():
            result[number] = hypotheses
        beams.leave()
        if watch and beams.numbers:
            watch(beams.length, int(beams.constraints.limits.max()))
    return result


def _continuations(scores: Float[Array, "rows vocabulary"], count: int, living: Array) -> tuple[Array, Array]:
    """Return the `count` likeliest continuations of each row: log probabilities and pieces, each [P, rows, M].

    M is one more than the beams of a source, because one row may supply all the next beams and an end token.
    """
    values, pieces = likeliest(scores, count)  # [N, M]
    shape = (*living.shape, values.shape[1])
    xp = namespace(scores)
    return xp.reshape(values, shape) + living[:, :, None], xp.reshape(pieces, shape)


def _unended_first(is_end: Array) -> Array:
    """Return the places of each row, those that do not end first, otherwise in order."""
    xp = namespace(is_end)
    return xp.argsort(xp.astype(is_end, xp.int8), axis=1, stable=True)


def _best(scores: Array, pieces: Array, count: int, lacking: Array | None = None) -> tuple[Array, Array, Array]:
    """Return the best continuations of each part: log probabilities, rows and pieces, each [P, count].

    Scores and pieces are [P, rows, M], and so is `lacking`, the number of pieces that each continuation lacks of its
    required phrases; None if there are none.
    """
    width = scores.shape[2]
    count_here = min(count, scores.shape[1] * width)
    xp = namespace(scores)
    parts = len(scores)
    scores = xp.reshape(scores, (parts, -1))
    if lacking is None:
        best, places = topk(scores, count_here)
    else:
        places = allocated(scores, xp.reshape(lacking, (parts, -1)), count_here)
        best = at(scores, places)
    beams, chosen = places // width, at(xp.reshape(pieces, (parts, -1)), places)
    # With a small vocabulary, or at the first step, there are fewer continuations than `count`.
    return widened(best, count, -math.inf), widened(beams, count), widened(chosen, count)


def _best_of_groups(
    scores: Array, pieces: Array, count: int, end: int, options: BeamOptions, lacking: Array | None = None
) -> tuple[Array, Array, Array]:
    """Choose as `_best` does, group by group, with a penalty on the pieces of earlier groups.

    M is one more than the beams of a source, so enough continuations remain if all pieces of the other groups are
    avoided.
    """
    beams, groups = options.beam_size // options.groups, options.groups
    xp = namespace(scores)
    scores, pieces = (xp.reshape(rows, (-1, groups, *rows.shape[1:])) for rows in (scores, pieces))  # [B, G, rows, M]
    lacking = None if lacking is None else xp.reshape(lacking, scores.shape)
    taken = beside(np.zeros((len(pieces), 0), np.int64), pieces)  # [B, beams of the earlier groups]
    chosen = []
    for group in range(groups):
        own, ends = scores[:, group], pieces[:, group]
        alike = xp.sum(ends[..., None] == taken[:, None, None], axis=-1)  # [B, rows, M]
        of_group = None if lacking is None else lacking[:, group]
        apart, rows, best = _best(own - options.diversity * alike, ends, count, of_group)
        values = apart + options.diversity * xp.sum(best[..., None] == taken[:, None], axis=-1)
        chosen.append((values, rows, best))
        is_end = best == end
        lives = xp.where(is_end | (values == -math.inf), xp.full_like(best, -1), best)
        taken = xp.concat([taken, at(lives, _unended_first(is_end)[:, :beams])], axis=1)
    values, rows, best = (xp.reshape(xp.stack(column, axis=1), (-1, count)) for column in zip(*chosen, strict=True))
    return values, rows, best


def _flat(rows: Int[Array, "parts chosen"], beams: int) -> Int[Array, " chosen_rows"]:
    """Convert row indices within each part to global row indices."""
    xp = namespace(rows)
    return xp.reshape(counted(len(rows), rows)[:, None] * beams + rows, (-1,))


def _is_done(likeliest: Array, largest_penalty: Array, least: Array) -> Array:
    """Return for each part whether no live hypothesis can still become one of the best; all arguments are [P].

    Args:
        likeliest: The largest log probability of a live hypothesis.
        largest_penalty: The length penalty at the length limit, plus the end token.
        least: The score of the last of the best finished hypotheses.
    """
    return likeliest / largest_penalty <= least
