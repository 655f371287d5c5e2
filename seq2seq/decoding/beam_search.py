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

On one thread, for 160 rows of 8,006 scores, ``log_softmax`` took 1.1 ms, ``logsumexp`` 2.5 ms, ``topk`` 2.6 ms, and the
equivalent :func:`likeliest` 0.6 ms. Log probabilities are normalised before constraints apply, so forbidding pieces
does not make the others likelier.
"""

import math

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import aligned, with_own_probabilities
from seq2seq.decoding.left_to_right import StepCallback, write
from seq2seq.decoding.options import BeamOptions, SearchOptions
from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.penalties import coverage_penalty, length_penalty, likeliest, refuse_nan
from seq2seq.decoding.step_model import S, Step, StepModel, has_own_scores
from seq2seq.network.state import Memory
from seq2seq.tokenization.tokenizer import Tokenizer


class _Finished:
    """The K best finished hypotheses of each part (one beam group of one source)."""

    def __init__(self, parts: int, beams: int, like: Tensor) -> None:
        self.scores = like.new_full((parts, beams), -math.inf)
        self.log_probabilities = like.new_zeros(parts, beams)
        self.ids = torch.zeros(parts, beams, 0, dtype=torch.long, device=like.device)  # including the end token
        self.lengths = torch.zeros(parts, beams, dtype=torch.long, device=like.device)

    def add(self, scores: Tensor, log_probabilities: Tensor, ids: Tensor) -> None:
        """Add hypotheses that have just ended; scores and log probabilities are [P, M], ids [P, M, T]."""
        beams, time = self.scores.shape[1], ids.shape[2]
        old = torch.nn.functional.pad(self.ids, (0, time - self.ids.shape[2]))
        self.scores, best = torch.cat([self.scores, scores], 1).topk(beams, 1)
        self.log_probabilities = torch.cat([self.log_probabilities, log_probabilities], 1).gather(1, best)
        self.ids = torch.cat([old, ids], 1).gather(1, best.unsqueeze(2).expand(-1, -1, time))
        self.lengths = torch.cat([self.lengths, torch.full_like(best[:, :1], time).expand(-1, ids.shape[1])], 1).gather(
            1, best
        )

    def select(self, rows: Tensor) -> None:
        """Keep some of the parts."""
        self.scores = self.scores.index_select(0, rows)
        self.log_probabilities = self.log_probabilities.index_select(0, rows)
        self.ids = self.ids.index_select(0, rows)
        self.lengths = self.lengths.index_select(0, rows)

    def hypotheses(self, parts: range, options: BeamOptions) -> list[Hypothesis]:
        """Return the `n_best` hypotheses of one source's parts, best first."""
        some = slice(parts.start, parts.stop)
        columns = self.scores[some], self.log_probabilities[some], self.lengths[some], self.ids[some]
        hypotheses = [
            Hypothesis(tuple(ids[: length - 1]), score, log_probability)
            for score, log_probability, length, ids in zip(
                *(column.flatten(0, 1).tolist() for column in columns), strict=True
            )
            if score > -math.inf
        ]
        if len(parts) > 1:
            hypotheses.sort(key=lambda hypothesis: -hypothesis.score)
            hypotheses = list({hypothesis.ids: hypothesis for hypothesis in hypotheses}.values())
        return hypotheses[: options.n_best]


@torch.inference_mode()
def beam_search(
    model: StepModel[S],
    sources: EncodedSources,
    target: Tokenizer,
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
    memory = model.encode(sources.ids, sources.lengths, sources.copies)
    if options.beam_size == 1:
        greedy = write(model, sources, target, options, memory=memory, packing=packing, watch=watch)
        hypotheses = [[hypothesis] for hypothesis in greedy]
    else:
        constraints = Constraints(target, options, sources, is_unknown_banned=memory.extra > 0)
        hypotheses = _search(model, memory, constraints, target, options, packing or model.pack(), watch)
        if options.repetition_penalty != 1 or not has_own_scores(model):
            hypotheses = with_own_probabilities(model.scorer, memory, target, hypotheses)
    return aligned(model.scorer, memory, target, hypotheses) if attention else hypotheses


def _search(
    model: StepModel[S],
    memory: Memory,
    constraints: Constraints,
    target: Tokenizer,
    options: BeamOptions,
    step: Step[S],
    watch: StepCallback | None,
) -> list[list[Hypothesis]]:
    """Search with several beams. Each of the P = B * G parts is one beam group of one source, with K beams."""
    result: list[list[Hypothesis]] = [[] for _ in range(memory.rows)]
    groups, device = options.groups, memory.states.device
    beams = options.beam_size // groups
    numbers = torch.arange(memory.rows, device=device)  # index of each source
    parts = memory.rows * groups
    state = model.start(memory, groups)
    tokens = torch.full((parts,), target.start, device=device)
    history = tokens.new_zeros(parts, 0)  # [N, T]; one row per part at the first step, when all beams are equal
    living = memory.states.new_zeros(parts, 1)  # [P, K], log probabilities
    coverage = memory.states.new_zeros(parts, memory.is_token.shape[1])  # [N, S]
    finished = _Finished(parts, beams, living)
    # With several groups all hypotheses are kept, because every group may find the same ones.
    wanted = options.n_best if groups == 1 else beams
    waited = torch.zeros(parts, dtype=torch.long, device=device)  # [P], consecutive hopeless steps
    time = 0
    while memory.rows:
        scores, state = step(tokens, state, memory)
        if options.coverage_beta:
            coverage = coverage + state.attention
        time += 1
        constraints.apply(scores, history)
        likely = _continuations(scores, options.beam_size + 1, living)  # the best few of each row
        if groups == 1:
            log_probabilities, rows, pieces = _best(*likely, 2 * beams)  # each [P, 2K], best first
        else:
            log_probabilities, rows, pieces = _best_of_groups(*likely, 2 * beams, target.end, options)
        is_end = (pieces == target.end) & (log_probabilities > -math.inf)

        ended = is_end[:, :beams]
        if bool(ended.any()):
            endings = log_probabilities[:, :beams].masked_fill(~ended, -math.inf)
            ranked = endings / length_penalty(torch.full_like(numbers[:1], time), options)
            flat = _flat(rows[:, :beams], living.shape[1])
            if options.coverage_beta:
                read = coverage.index_select(0, flat).view(*ended.shape, -1)
                is_token = memory.is_token.repeat_interleave(groups, 0).unsqueeze(1)
                ranked = ranked + coverage_penalty(read, is_token, options.coverage_beta)
            before = history.index_select(0, flat).view(*ended.shape, -1)
            finished.add(ranked, endings, torch.cat([before, pieces[:, :beams].unsqueeze(2)], 2))

        # The first K continuations that do not end stay alive, in order.
        order = is_end.long().argsort(dim=1, stable=True)[:, :beams]
        flat = _flat(rows.gather(1, order), living.shape[1])
        living = log_probabilities.masked_fill(is_end, -math.inf).gather(1, order)
        tokens = pieces.gather(1, order).flatten()

        limits = constraints.limits.repeat_interleave(groups)
        is_over = _is_done(living, finished, limits, options, wanted) | (limits < time)
        if options.patience:
            waited = torch.where(_is_hopeless(living, finished, time, options, wanted), waited + 1, 0)
            is_over |= waited >= options.patience
        is_done = is_over.view(-1, groups).all(1)  # [B]
        if bool(is_done.any()):
            refuse_nan(living)
            for place in is_done.nonzero().flatten().tolist():
                result[int(numbers[place])] = finished.hypotheses(range(place * groups, (place + 1) * groups), options)
            kept = (~is_done).nonzero().flatten()
            numbers = numbers[kept]
            memory = memory.select(kept)
            constraints.select(kept)
            kept = _flat(torch.arange(groups, device=device).expand(len(kept), -1), groups, kept)
            living, waited = living[kept], waited[kept]
            finished.select(kept)
            flat, tokens = flat.view(-1, beams)[kept].flatten(), tokens.view(-1, beams)[kept].flatten()
        state = state.select(flat)
        history = torch.cat([history.index_select(0, flat), tokens.unsqueeze(1)], 1)
        if options.coverage_beta:
            coverage = coverage.index_select(0, flat)
        if watch and memory.rows:
            watch(time, int(constraints.limits.max()))
    return result


def _continuations(scores: Float[Tensor, "rows vocabulary"], count: int, living: Tensor) -> tuple[Tensor, Tensor]:
    """Return the `count` likeliest continuations of each row: log probabilities and pieces, each [P, rows, M].

    M is one more than the beams of a source, because one row may supply all the next beams and an end token.
    """
    values, pieces = likeliest(scores, count)  # [N, M]
    shape = (*living.shape, values.shape[1])
    return values.view(shape) + living.unsqueeze(2), pieces.view(shape)


def _best(scores: Tensor, pieces: Tensor, count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Return the best continuations of each part: log probabilities, rows and pieces, each [P, count]."""
    width = scores.shape[2]
    count_here = min(count, scores.shape[1] * width)
    best, places = scores.flatten(1).topk(count_here, 1)
    beams, chosen = places // width, pieces.flatten(1).gather(1, places)
    if count_here < count:  # a small vocabulary or the first step: fewer continuations than `count`
        missing = (0, count - count_here)
        best = torch.nn.functional.pad(best, missing, value=-math.inf)
        beams, chosen = torch.nn.functional.pad(beams, missing), torch.nn.functional.pad(chosen, missing)
    return best, beams, chosen


def _best_of_groups(
    scores: Tensor, pieces: Tensor, count: int, end: int, options: BeamOptions
) -> tuple[Tensor, Tensor, Tensor]:
    """Choose as `_best` does, group by group, with a penalty on the pieces of earlier groups.

    Scores and pieces are [P, rows, M]. M is one more than the beams of a source, so enough continuations remain if all
    pieces of the other groups are avoided.
    """
    beams, groups = options.beam_size // options.groups, options.groups
    scores, pieces = (rows.view(-1, groups, *rows.shape[1:]) for rows in (scores, pieces))  # [B, G, rows, M]
    taken = pieces.new_full((len(pieces), 0), -1)  # [B, beams of the earlier groups]
    chosen = []
    for group in range(groups):
        own, ends = scores[:, group], pieces[:, group]
        alike = (ends.unsqueeze(-1) == taken[:, None, None]).sum(-1)  # [B, rows, M]
        apart, rows, best = _best(own - options.diversity * alike, ends, count)
        values = apart + options.diversity * (best.unsqueeze(2) == taken.unsqueeze(1)).sum(-1)
        chosen.append((values, rows, best))
        is_end = best == end
        order = is_end.long().argsort(dim=1, stable=True)[:, :beams]
        lives = best.gather(1, order).masked_fill((is_end | (values == -math.inf)).gather(1, order), -1)
        taken = torch.cat([taken, lives], 1)
    values, rows, best = (torch.stack(column, 1).flatten(0, 1) for column in zip(*chosen, strict=True))
    return values, rows, best


def _flat(rows: Int[Tensor, "parts chosen"], beams: int, parts: Tensor | None = None) -> Int[Tensor, " chosen_rows"]:
    """Convert row indices within each part to global row indices; `parts` is by default all parts."""
    numbers = torch.arange(rows.shape[0], device=rows.device) if parts is None else parts
    return (numbers.unsqueeze(1) * beams + rows).flatten()


def _is_done(living: Tensor, finished: _Finished, limits: Tensor, options: BeamOptions, wanted: int) -> Tensor:
    """Return for each part whether no live hypothesis can still become one of its best."""
    # The largest possible penalty: at the length limit, plus the end token.
    attainable = living.amax(1) / length_penalty(limits + 1, options)
    return attainable <= finished.scores[:, wanted - 1]


def _is_hopeless(living: Tensor, finished: _Finished, time: int, options: BeamOptions, wanted: int) -> Tensor:
    """Return for each part whether no live hypothesis would be among the best even with a free end token."""
    return living.amax(1) / length_penalty(torch.tensor(time + 1), options) <= finished.scores[:, wanted - 1]
