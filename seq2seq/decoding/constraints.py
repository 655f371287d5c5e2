"""Apply constraints to outputs: forbidden pieces get a score of minus infinity before search or sampling.

Shapes: ``N`` rows (``K`` beams of each of ``B`` sources), ``T`` pieces so far, ``V`` vocabulary.

Scores are not renormalised, so forbidding pieces does not make the others likelier. If no other piece is allowed, an
output ends even before its minimum length.

Masks (`seq2seq.corpus.masks`) are allowed if the source has them, each once.

Phrases that an output must contain forbid its end until they occur (`seq2seq.decoding.phrases.required_phrases`).

After the first byte of a character, only bytes that continue it are allowed (`seq2seq.tokenization.utf8`). If the other
constraints forbid all these bytes, the other constraints are ignored for that piece.
"""

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np

from seq2seq.arrays import Array, Float, Int, beside, counted, namespace
from seq2seq.corpus.example import Mark
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.mask_constraint import MaskConstraint
from seq2seq.decoding.options import ConstraintOptions, SourceConstraintOptions
from seq2seq.decoding.phrases.required_phrases import RequiredPhrases, Requirement, word_ends
from seq2seq.options import LARGEST
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.utf8 import LONGEST, Characters, characters
from seq2seq.tokenization.vocabulary import Vocabulary

if TYPE_CHECKING:
    from seq2seq.decoding.phrases.banned_phrases import Bans, State

FREE = -1
"""In the table of prefixes, marks positions where no piece is forced."""


class Constraints:
    """The constraints of one batch of sources.

    Args:
        target: The target's tokenizer, or the special ids of a shortlist, which has no byte pieces.
        options: Lengths, n-gram blocking, the repetition penalty and banned words.
        sources: [B] sources, whose lengths determine the length limits. A limit is raised to fit the minimum length,
            the prefix, including the missing bytes of its last character, and the required phrases after it.
        groups: Number of beam groups, for required phrases.
        is_unknown_banned: Whether to forbid the unknown piece, which is not needed if unknown words can be copied.
        has_end: Whether the model was trained with an end token; if not, a text ends only if no other piece is allowed.

    Raises:
        ValueError: If source n-grams are blocked, but `sources` has no copy ids; or if words are banned or phrases
            required in a shortlist.
    """

    def __init__(
        self,
        target: Vocabulary,
        options: ConstraintOptions,
        sources: EncodedSources,
        *,
        is_unknown_banned: bool = False,
        has_end: bool = True,
        groups: int = 1,
    ) -> None:
        source_lengths, prefixes, copies = sources.lengths, sources.prefixes, sources.copies
        self.end = target.end
        self.options = options
        self.has_end = has_end
        # The line break is the only mark allowed in an output.
        banned = [target.padding, target.start, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]]
        if is_unknown_banned:
            banned.append(target.unknown)
        self.masks = MaskConstraint.of(target.masks, sources)
        if self.masks is None:
            banned += target.masks
        self.characters: Characters | None = characters(target) if isinstance(target, Tokenizer) else None
        if self.characters:
            banned += self.characters.lost.tolist()
        self.banned = _runs(banned)
        of_source = options if isinstance(options, SourceConstraintOptions) else None
        xp = namespace(source_lengths)
        self.limits = xp.full_like(source_lengths, options.max_length or LARGEST)  # [B]
        if of_source and not options.max_length:
            longest = xp.astype(source_lengths, xp.float32) * of_source.max_length_ratio
            self.limits = xp.astype(longest, xp.int64) + of_source.max_length_extra
        self.bans = _bans(target, options.banned)
        self.words = sources.words
        self.required = self._required(target, sources, groups)
        if self.required is not None:
            begun = [len(ids) for ids in prefixes] if prefixes is not None else 0
            self.limits = xp.maximum(self.limits, beside(self.required.least + begun, source_lengths))
        self.prefixes: Array | None = None
        if prefixes is not None and any(prefixes):
            table = np.full((len(prefixes), max(map(len, prefixes))), FREE)
            for row, ids in enumerate(prefixes):
                table[row, : len(ids)] = ids
            least = (table != FREE).sum(1)
            if self.characters:
                least += np.array([_missing(self.characters, ids) for ids in prefixes])
            self.prefixes = beside(table, source_lengths)
            self.limits = xp.maximum(self.limits, beside(least, source_lengths))
        self.limits = xp.clip(self.limits, options.min_length, None)
        self.floors = xp.full_like(self.limits, options.min_length)  # [B], minimum lengths
        self.source_ngrams: Array | None = None
        if of_source and of_source.no_repeat_source_ngram:
            if copies is None:
                raise ValueError("no_repeat_source_ngram blocks pieces of the sources: give them as copies.")
            apart = (target.padding, target.marks[Mark.LINE])
            self.source_ngrams = ngrams(copies, of_source.no_repeat_source_ngram, apart)
        self.numbers = list(range(len(source_lengths)))
        self._states: dict[tuple[int, ...], State] = {}
        self._forbidden: dict[tuple[State, int], Array] = {}
        # Texts shorter than the shortest limit need no check, and neither do those of at least the longest minimum.
        self.shortest_limit = int(self.limits.min())
        self.longest_floor = options.min_length

    def select(self, rows: Int[Array, " kept"]) -> None:
        """Keep the constraints of some of the sources."""
        self.limits, self.floors = self.limits[rows], self.floors[rows]
        self.shortest_limit = int(self.limits.min()) if len(rows) else 0
        if self.prefixes is not None:
            self.prefixes = self.prefixes[rows]
        if self.source_ngrams is not None:
            self.source_ngrams = self.source_ngrams[rows]
        if self.bans is not None:
            self.numbers = [self.numbers[row] for row in rows.tolist()]
        if self.required is not None:
            self.required.select(rows)
        if self.masks is not None:
            self.masks.select(rows)

    def join(self, other: "Constraints", later: int) -> None:
        """Add the constraints of texts without a source, which have the same options except for lengths.

        Args:
            other: The other constraints.
            later: Number of pieces by which these texts are longer than the others. Limits count from the beginning of
                the longest text, so those of the others are raised by it.
        """
        xp = namespace(self.limits)
        self.limits = xp.concat([self.limits, other.limits + later])
        self.floors = xp.concat([self.floors, other.floors + later])
        self.shortest_limit = int(self.limits.min())
        self.longest_floor = int(self.floors.max())
        first = max(self.numbers, default=-1) + 1
        self.numbers += [first + number for number in other.numbers]

    @property
    def are_scores_changed(self) -> bool:
        """Whether the scores of allowed pieces may change."""
        return self.options.repetition_penalty != 1

    def may_end(self, length: int) -> bool:
        """Return whether all texts may end after `length` pieces even if other pieces are allowed."""
        return self.has_end and length >= self.longest_floor

    def apply(
        self, scores: Float[Array, "rows vocabulary"], history: Int[Array, "rows history"], length: int | None = None
    ) -> None:
        """Forbid pieces and penalise repeated ones, in place.

        Args:
            scores: [N, V], scores of the next piece.
            history: [N, T], the pieces of each row so far.
            length: Number of pieces generated so far; by default T. The history may also include a prompt.
        """
        xp = namespace(scores)
        length = history.shape[1] if length is None else length
        beams = scores.shape[0] // self.limits.shape[0]
        forced = self._forced(length)  # [B]
        if forced is not None:
            pieces = xp.repeat(forced, beams)  # [N]
            # A forced piece keeps its score even if it is forbidden, so its score is read first.
            (rows,) = xp.nonzero(pieces != FREE)
            wanted = pieces[rows]
            values = scores[rows, wanted]
        if self.are_scores_changed and history.shape[1]:
            penalize_repeats(scores, history, self.options.repetition_penalty)
        states = self.characters.states(history) if self.characters else None
        if self.characters and states is not None:
            (begun,) = xp.nonzero(states)
            completing = scores[begun]
            completing[~self.characters.allowed(states[begun], scores.shape[1])] = -math.inf
        for banned in self.banned:
            scores[:, banned] = -math.inf
        if self.masks is not None:
            self.masks.apply(scores, history)
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
        if self.required is not None:
            left = xp.repeat(self.limits - length, beams)
            if states is not None:
                left = xp.where(states > 0, xp.zeros_like(left), left)
            self.required.hurry(scores, left, spare=LONGEST - 1 if self.characters else 0)
        if self.required is not None or not self.may_end(length):
            ends = xp.asarray(scores[:, self.end], copy=True)
            scores[:, self.end] = -math.inf
            is_free = xp.max(scores, axis=1) == -math.inf
            if self.has_end:
                may_end = xp.repeat(self.floors <= length, beams)
                is_free = is_free | (may_end if self.required is None else may_end & self.required.may_end())
            scores[is_free, self.end] = ends[is_free]
        if states is not None:
            is_stuck = xp.max(scores[begun], axis=1) == -math.inf
            scores[begun[is_stuck]] = completing[is_stuck]
        if forced is not None:
            scores[rows] = -math.inf
            scores[rows, wanted] = values

    def _forbid_long_characters(self, scores: Array, length: int) -> None:
        """Forbid the first bytes of characters that would exceed the length limit, in place."""
        assert self.characters is not None
        if self.shortest_limit - length >= LONGEST:
            return
        xp = namespace(scores)
        left = xp.repeat(self.limits - length, scores.shape[0] // self.limits.shape[0])  # [N]
        for missing, ids in enumerate(self.characters.leads, start=1):
            (short,) = xp.nonzero(left <= missing)
            scores[short[:, None], beside(ids, scores)] = -math.inf

    def _ban(self, scores: Array, history: Array) -> None:
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
                state = self.bans.after(state or self.bans.start, token, words)
            states[number, *ids] = state = state or self.bans.start
            alike.setdefault((state, number if words else -1), []).append(row)
        self._states = states
        for (state, number), rows in alike.items():
            banned = self._forbidden.get((state, number))
            if banned is None:
                banned = beside(self.bans.forbidden(state, self.words[number] if number >= 0 else ()), scores)
                self._forbidden[state, number] = banned
            if len(banned):
                scores[beside(np.array(rows)[:, None], scores), banned] = -math.inf

    def _required(self, target: Vocabulary, sources: EncodedSources, groups: int) -> RequiredPhrases | None:
        """Return the required phrases, without those that are banned; None if nothing is required."""
        if not any(sources.required):
            return None
        if not isinstance(target, Tokenizer):
            raise ValueError("Required phrases may lack pieces in a shortlist: give the whole tokenizer.")
        required = sources.required
        if self.bans is not None:
            required = [
                self._allowed(of_source, sources.words[row] if sources.words else ())
                for row, of_source in enumerate(required)
            ]
            if not any(required):
                return None
        return RequiredPhrases(required, word_ends(target), self.end, sources.lengths, groups)

    def _allowed(self, required: Sequence[Requirement], words: Sequence[str]) -> list[Requirement]:
        """Return requirements without the alternatives that contain a banned word."""
        assert self.bans is not None
        allowed: list[Requirement] = []
        for requirement in required:
            phrases = []
            for phrase in requirement:
                state = self.bans.start
                for token in phrase.ids:
                    if token in self.bans.forbidden(state, words):
                        break
                    state = self.bans.after(state, token, words)
                else:
                    phrases.append(phrase)
            if any(not phrase.is_initial for phrase in phrases):
                allowed.append(phrases)
        return allowed

    def _forced(self, length: int) -> Array | None:
        """Return the forced piece (or `FREE`) of each source at a position; None if no piece is forced."""
        xp = namespace(self.limits)
        forced = None
        if length >= self.shortest_limit:
            forced = xp.where(
                self.limits <= length, xp.full_like(self.limits, self.end), xp.full_like(self.limits, FREE)
            )
        if self.prefixes is not None and length < self.prefixes.shape[1]:
            prefixed = self.prefixes[:, length]
            forced = prefixed if forced is None else xp.where(prefixed == FREE, forced, prefixed)
        return forced


def _bans(target: Vocabulary, banned: tuple[str, ...]) -> "Bans | None":
    """Return the bans for a tokenizer's outputs, or None if nothing is banned."""
    if not banned:
        return None
    if not isinstance(target, Tokenizer):
        raise ValueError("Words are banned by their spelling: give the whole tokenizer.")
    from seq2seq.decoding.phrases.banned_phrases import bans  # takes milliseconds

    return bans(target, banned)


def _runs(ids: Sequence[int]) -> list[slice]:
    """Return ids as slices of neighbours, which are set faster than single ids: special ids stand side by side."""
    ordered = sorted(ids)
    starts = [place for place, token in enumerate(ordered) if place == 0 or token > ordered[place - 1] + 1]
    ends = [*starts[1:], len(ordered)]
    return [slice(ordered[start], ordered[end - 1] + 1) for start, end in zip(starts, ends, strict=True)]


def _missing(known: Characters, ids: Sequence[int]) -> int:
    """Return the number of bytes that the last character of the pieces lacks."""
    return int(known.missing(np.array([ids], dtype=np.int64))[0]) if ids else 0


def block_repeats(scores: Float[Array, "rows vocabulary"], history: Int[Array, "rows length"], ngram: int) -> None:
    """Forbid every piece that would repeat an n-gram of its row, in place (Paulus et al. 2018)."""
    length = history.shape[1]
    if length < ngram:
        return
    windows = _windows(history, ngram)  # [N, T - n + 1, n]
    begun = history[:, length - ngram + 1 :]  # [N, n - 1]: the n-gram prefix that the next piece would complete
    xp = namespace(scores)
    rows, places = xp.nonzero(xp.all(windows[..., :-1] == begun[:, None], axis=-1))
    scores[rows, windows[rows, places, -1]] = -math.inf


def _windows(ids: Array, length: int) -> Array:
    """Return the windows of a length in each row, [N, T - length + 1, length]."""
    places = counted(ids.shape[1] - length + 1, ids)[:, None] + counted(length, ids)
    return ids[:, places]


def penalize_repeats(scores: Float[Array, "rows vocabulary"], history: Int[Array, "rows length"], by: float) -> None:
    """Multiply the log probability of pieces already in a row, in place (Keskar et al. 2019, section 4.1).

    The paper divides logits, which makes pieces with negative logits likelier. Log probabilities are never above 0, so
    multiplying them always makes a piece less likely. The penalty applies once, however often a piece occurs.
    """
    rows = counted(len(history), scores)[:, None]
    scores[rows, history] = scores[rows, history] * by


def ngrams(source: Int[Array, "batch source"], length: int, apart: Sequence[int]) -> Int[Array, "batch grams n"]:
    """Return all n-grams of each source; n-grams that contain a separator id are filled with -1."""
    xp = namespace(source)
    if source.shape[1] < length:
        return beside(np.zeros((source.shape[0], 0, length), dtype=np.int64), source)
    grams = _windows(source, length)  # [B, S - n + 1, n]
    is_apart = xp.zeros_like(grams[..., 0]) > 0
    for number in apart:
        is_apart = is_apart | xp.any(grams == number, axis=-1)
    grams[is_apart] = -1
    return grams


def block_copies(
    scores: Float[Array, "rows vocabulary"],
    history: Int[Array, "rows length"],
    source: Int[Array, "batch grams n"],
) -> None:
    """Forbid every piece that would complete an n-gram of its row's source, in place; see `ngrams`."""
    sources, _, ngram = source.shape
    length, beams = history.shape[1], scores.shape[0] // sources
    if length < ngram - 1:
        return
    xp = namespace(scores)
    begun = xp.reshape(history[:, length - ngram + 1 :], (sources, beams, 1, ngram - 1))
    is_copy = xp.all(source[:, None, :, :-1] == begun, axis=-1) & (source[:, None, :, -1] >= 0)  # [B, K, grams]
    part, beam, gram = xp.nonzero(is_copy)
    scores[part * beams + beam, source[part, gram, -1]] = -math.inf
