"""Apply constraints to outputs: forbidden pieces get a score of minus infinity before search or sampling.

Shapes: ``N`` rows (``K`` beams of each of ``B`` sources), ``T`` pieces so far, ``V`` vocabulary.

Scores are not renormalised, so forbidding pieces does not make the others likelier. If no other piece is allowed, an
output ends even before its minimum length.

After the first byte of a character, only bytes that continue it are allowed (`seq2seq.tokenization.utf8`). If the other
constraints forbid all these bytes, the other constraints are ignored for that piece.
"""

import math
from collections.abc import Sequence

import torch
from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.corpus.example import Mark
from seq2seq.decoding.banned_phrases import State, bans
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.options import ConstraintOptions, SourceConstraintOptions
from seq2seq.options import LARGEST
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.utf8 import LONGEST, Characters, characters

FREE = -1
"""In the table of prefixes, marks positions where no piece is forced."""


class Constraints:
    """The constraints of one batch of sources.

    Args:
        target: The target's tokenizer, for its special ids.
        options: Lengths, n-gram blocking, the repetition penalty and banned words.
        sources: [B] sources, whose lengths determine the length limits. A limit is raised to fit the minimum length
            and the prefix, including the missing bytes of the prefix's last character.
        is_unknown_banned: Whether to forbid the unknown piece, which is not needed if unknown words can be copied.
        has_end: Whether the model was trained with an end token; if not, a text ends only if no other piece is allowed.

    Raises:
        ValueError: If source n-grams are blocked, but `sources` has no copy ids.
    """

    def __init__(
        self,
        target: Tokenizer,
        options: ConstraintOptions,
        sources: EncodedSources,
        *,
        is_unknown_banned: bool = False,
        has_end: bool = True,
    ) -> None:
        source_lengths, prefixes, copies = sources.lengths, sources.prefixes, sources.copies
        self.end = target.end
        self.options = options
        self.has_end = has_end
        # The line break is the only mark allowed in an output.
        banned = [target.padding, target.start, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]]
        if is_unknown_banned:
            banned.append(target.unknown)
        self.characters: Characters | None = characters(target)
        if self.characters:
            banned += self.characters.lost.tolist()
        self.banned = torch.tensor(banned, device=source_lengths.device)
        of_source = options if isinstance(options, SourceConstraintOptions) else None
        self.limits = torch.full_like(source_lengths, options.max_length or LARGEST)  # [B]
        if of_source and not options.max_length:
            self.limits = (source_lengths * of_source.max_length_ratio).long() + of_source.max_length_extra
        self.prefixes: Tensor | None = None
        if prefixes is not None and any(prefixes):
            longest = max(map(len, prefixes))
            self.prefixes = torch.full((len(prefixes), longest), FREE)
            for row, ids in enumerate(prefixes):
                self.prefixes[row, : len(ids)] = torch.tensor(ids, dtype=torch.long)
            self.prefixes = self.prefixes.to(source_lengths.device)
            least = (self.prefixes != FREE).sum(1)
            if self.characters:
                least += torch.stack([_missing(self.characters, ids) for ids in prefixes]).to(least.device)
            self.limits = torch.maximum(self.limits, least)
        self.limits = self.limits.clamp(min=options.min_length)
        self.source_ngrams: Tensor | None = None
        if of_source and of_source.no_repeat_source_ngram:
            if copies is None:
                raise ValueError("no_repeat_source_ngram blocks pieces of the sources: give them as copies.")
            apart = torch.tensor([target.padding, target.marks[Mark.LINE]], device=copies.device)
            self.source_ngrams = ngrams(copies, of_source.no_repeat_source_ngram, apart)
        self.bans = bans(target, options.banned) if options.banned else None
        self.words = sources.words
        self.numbers = list(range(len(source_lengths)))
        self._states: dict[tuple[int, ...], State] = {}
        self._forbidden: dict[tuple[State, int], Tensor] = {}
        # Texts shorter than the shortest limit need no check.
        self.shortest_limit = int(self.limits.min())

    def select(self, rows: Int[Tensor, " kept"]) -> None:
        """Keep the constraints of some of the sources."""
        self.limits = self.limits.index_select(0, rows)
        self.shortest_limit = int(self.limits.min()) if len(rows) else 0
        if self.prefixes is not None:
            self.prefixes = self.prefixes.index_select(0, rows)
        if self.source_ngrams is not None:
            self.source_ngrams = self.source_ngrams.index_select(0, rows)
        if self.bans is not None:
            self.numbers = [self.numbers[row] for row in rows.tolist()]

    @property
    def are_scores_changed(self) -> bool:
        """Whether the scores of allowed pieces may change."""
        return self.options.repetition_penalty != 1

    def may_end(self, length: int) -> bool:
        """Return whether a text of `length` pieces may end even if other pieces are allowed."""
        return self.has_end and length >= self.options.min_length

    def apply(
        self, scores: Float[Tensor, "rows vocabulary"], history: Int[Tensor, "rows history"], length: int | None = None
    ) -> None:
        """Forbid pieces and penalise repeated ones, in place.

        Args:
            scores: [N, V], scores of the next piece.
            history: [N, T], the pieces of each row so far.
            length: Number of pieces generated so far; by default T. The history may also include a prompt.
        """
        length = history.shape[1] if length is None else length
        beams = scores.shape[0] // self.limits.shape[0]
        forced = self._forced(length)  # [B]
        if forced is not None:
            pieces = forced.repeat_interleave(beams)  # [N]
            # A forced piece keeps its score even if it is forbidden, so its score is read first.
            rows = (pieces != FREE).nonzero().squeeze(1)
            wanted = pieces[rows].unsqueeze(1)
            values = scores[rows].gather(1, wanted)
        if self.are_scores_changed and history.shape[1]:
            penalize_repeats(scores, history, self.options.repetition_penalty)
        states = self.characters.states(history) if self.characters else None
        if self.characters and states is not None:
            begun = states.nonzero().squeeze(1)
            completing = scores[begun].masked_fill_(~self.characters.allowed(states[begun], scores.shape[1]), -math.inf)
        scores.index_fill_(1, self.banned, -math.inf)
        if self.characters:
            self._forbid_long_characters(scores, length)
        if states is not None:
            scores[begun] = completing
        if self.options.no_repeat_ngram:
            block_repeats(scores, history, self.options.no_repeat_ngram)
        if self.source_ngrams is not None:
            block_copies(scores, history, self.source_ngrams)
        if self.bans is not None:
            self._ban(scores, history)
        if not self.may_end(length):
            ends = scores[:, self.end].clone()
            scores[:, self.end] = -math.inf
            is_stuck = scores.amax(1) == -math.inf
            scores[is_stuck, self.end] = ends[is_stuck]
        if states is not None:
            is_stuck = scores[begun].amax(1) == -math.inf
            scores[begun[is_stuck]] = completing[is_stuck]
        if forced is not None:
            only = scores.new_full((len(rows), scores.shape[1]), -math.inf)
            scores[rows] = only.scatter_(1, wanted, values)

    def _forbid_long_characters(self, scores: Tensor, length: int) -> None:
        """Forbid the first bytes of characters that would exceed the length limit, in place."""
        assert self.characters is not None
        if self.shortest_limit - length >= LONGEST:
            return
        left = (self.limits - length).repeat_interleave(scores.shape[0] // self.limits.shape[0])  # [N]
        for missing, ids in enumerate(self.characters.leads, start=1):
            scores[(left <= missing).nonzero(), ids.to(scores.device)] = -math.inf

    def _ban(self, scores: Tensor, history: Tensor) -> None:
        """Forbid every piece that would complete a banned word, in place; equally fast for every vocabulary size."""
        assert self.bans is not None
        beams = scores.shape[0] // self.limits.shape[0]
        states: dict[tuple[int, ...], State] = {}
        alike: dict[tuple[State, int], list[int]] = {}
        for row, ids in enumerate(history.tolist()):
            number = self.numbers[row // beams]
            words = self.words[number] if self.words else ()
            state = self._states.get((number, *ids[:-1]))
            for token in ids if state is None else ids[-1:]:
                state = self.bans.after(state or State(), token, words)
            states[number, *ids] = state = state or State()
            alike.setdefault((state, number if words else -1), []).append(row)
        self._states = states
        for (state, number), rows in alike.items():
            banned = self._forbidden.get((state, number))
            if banned is None:
                banned = self.bans.forbidden(state, self.words[number] if number >= 0 else ()).to(scores.device)
                self._forbidden[state, number] = banned
            if len(banned):
                scores[torch.tensor(rows, device=scores.device).unsqueeze(1), banned] = -math.inf

    def _forced(self, length: int) -> Tensor | None:
        """Return the forced piece (or `FREE`) of each source at a position; None if no piece is forced."""
        forced = None
        if length >= self.shortest_limit:
            forced = torch.where(self.limits <= length, self.end, FREE)
        if self.prefixes is not None and length < self.prefixes.shape[1]:
            prefixed = self.prefixes[:, length]
            forced = prefixed if forced is None else torch.where(prefixed == FREE, forced, prefixed)
        return forced


def _missing(known: Characters, ids: Sequence[int]) -> Tensor:
    """Return a scalar tensor: the number of bytes that the last character of the pieces lacks."""
    return known.missing(torch.tensor([ids], dtype=torch.long))[0] if ids else torch.tensor(0)


def block_repeats(scores: Float[Tensor, "rows vocabulary"], history: Int[Tensor, "rows length"], ngram: int) -> None:
    """Forbid every piece that would repeat an n-gram of its row, in place (Paulus et al. 2018)."""
    length = history.shape[1]
    if length < ngram:
        return
    windows = history.unfold(1, ngram, 1)  # [N, T - n + 1, n]
    begun = history[:, length - ngram + 1 :]  # [N, n - 1]: the n-gram prefix that the next piece would complete
    is_repeat = (windows[..., :-1] == begun.unsqueeze(1)).all(-1)  # [N, T - n + 1]
    counts = torch.zeros_like(scores).scatter_add_(1, windows[..., -1], is_repeat.to(scores.dtype))
    scores.masked_fill_(counts > 0, -math.inf)


def penalize_repeats(scores: Float[Tensor, "rows vocabulary"], history: Int[Tensor, "rows length"], by: float) -> None:
    """Multiply the log probability of pieces already in a row, in place (Keskar et al. 2019, section 4.1).

    The paper divides logits, which makes pieces with negative logits likelier. Log probabilities are never above 0, so
    multiplying them always makes a piece less likely. The penalty applies once, however often a piece occurs.
    """
    scores.scatter_(1, history, scores.gather(1, history) * by)


def ngrams(
    source: Int[Tensor, "batch source"], length: int, apart: Int[Tensor, " ids"]
) -> Int[Tensor, "batch grams n"]:
    """Return all n-grams of each source; n-grams that contain a separator id are filled with -1."""
    if source.shape[1] < length:
        return source.new_zeros(source.shape[0], 0, length)
    grams = source.unfold(1, length, 1)  # [B, S - n + 1, n]
    return grams.masked_fill(torch.isin(grams, apart).any(-1, keepdim=True), -1)


def block_copies(
    scores: Float[Tensor, "rows vocabulary"],
    history: Int[Tensor, "rows length"],
    source: Int[Tensor, "batch grams n"],
) -> None:
    """Forbid every piece that would complete an n-gram of its row's source, in place; see `ngrams`."""
    sources, _, ngram = source.shape
    length, beams = history.shape[1], scores.shape[0] // sources
    if length < ngram - 1:
        return
    begun = history[:, length - ngram + 1 :].view(sources, beams, 1, ngram - 1)
    is_copy = (source[:, None, :, :-1] == begun).all(-1) & (source[:, None, :, -1] >= 0)  # [B, K, grams]
    part, beam, gram = is_copy.nonzero(as_tuple=True)
    scores[part * beams + beam, source[part, gram, -1]] = -math.inf
