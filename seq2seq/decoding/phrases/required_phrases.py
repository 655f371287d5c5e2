"""Phrases that an output must contain, as pieces: the state of each hypothesis, and what it still lacks.

Shapes: ``B`` sources, ``N`` rows (``K`` beams of each source), ``C`` requirements of a source, ``A`` alternatives of a
requirement, ``L`` pieces of an alternative, ``M`` candidates for the next piece of a row, ``V`` vocabulary.

A requirement is a list of alternatives, one of which must occur. Every alternative is matched by an automaton (Knuth,
Morris and Pratt 1977), whose state is the number of its first pieces that the text ends with. So phrases may overlap,
and a phrase that was begun in vain is given up piece by piece. A phrase that ends in a letter is complete only once the
next piece begins a new word or the text ends; until then it is pending.

A row lacks the pieces that complete one begun phrase, and one whole alternative of each other requirement. This many
pieces always suffice; phrases that overlap may need fewer. Pieces after which a row would lack more than is left until
its length limit are forbidden.
"""

import math
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.arrays import Array, Bool, Float, Int, at, beside, counted, namespace
from seq2seq.decoding.phrases.word_boundaries import is_in_word
from seq2seq.tokenization.tokenizer import Tokenizer

FAR = 1 << 30
"""Length of alternatives that only fill the tables; it is never reached."""
NONE = -1
"""Fills tables of pieces; equals no piece."""


class Phrase(NamedTuple):
    """A sequence of pieces.

    Attributes:
        ids: The pieces, at least one.
        is_initial: Whether it counts only at the beginning of the output.
        is_word: Whether a word must end after it.
    """

    ids: tuple[int, ...]
    is_initial: bool = False
    is_word: bool = False


Requirement = Sequence[Phrase]
"""Alternatives, of which one must occur; at least one may occur anywhere."""


class RequiredPhrases:
    """The requirements of a batch of sources, and the state of their rows.

    Args:
        required: The requirements of each source.
        ends: [V], for each piece whether a word that precedes it has ended; see `word_ends`. Ids above end words too.
        end: Id of the end token.
        rows: Number of rows of each source before the first piece.
        like: An array of the library and device to compute with.

    Attributes:
        least: [B], number of pieces that always suffice for a source's requirements.
    """

    def __init__(
        self,
        required: Sequence[Sequence[Requirement]],
        ends: Bool[Array, " vocabulary"],
        end: int,
        like: Array,
        rows: int = 1,
    ) -> None:
        sources, most = len(required), max(map(len, required))
        alternatives = max(len(phrases) for of_source in required for phrases in of_source)
        longest = max(len(phrase.ids) for of_source in required for phrases in of_source for phrase in phrases)
        shape = (sources, most, alternatives)
        pieces = np.full((*shape, longest), NONE)
        after = np.zeros((*shape, longest + 1, longest), np.int64)
        lengths = np.full(shape, FAR)
        is_initial, is_word = np.zeros(shape, np.bool_), np.zeros(shape, np.bool_)
        full, is_open = np.zeros((sources, most), np.int64), np.zeros((sources, most), np.bool_)
        for source, of_source in enumerate(required):
            for number, phrases in enumerate(of_source):
                is_open[source, number] = True
                full[source, number] = min(len(phrase.ids) for phrase in phrases if not phrase.is_initial)
                for place, phrase in enumerate(phrases):
                    index, length = (source, number, place), len(phrase.ids)
                    pieces[index][:length], lengths[index] = phrase.ids, length
                    after[index][: length + 1, :length] = _transitions(phrase)
                    is_initial[index], is_word[index] = phrase.is_initial, phrase.is_word
        self.least = full.sum(1)
        self._end, self._length, self._ends = end, 0, beside(ends, like)
        # One row of each table for each source; a source's rows are adjacent.
        self._pieces, self._after, self._lengths = (beside(table, like) for table in (pieces, after, lengths))
        self._is_initial, self._is_word, self._full = (beside(table, like) for table in (is_initial, is_word, full))
        self._progress = beside(np.zeros((sources * rows, most, alternatives), np.int64), like)  # [N, C, A]
        self._is_open = beside(is_open.repeat(rows, 0), like)  # [N, C], requirements that are not met

    def select(self, sources: Int[Array, " kept"]) -> None:
        """Keep the requirements of some of the sources; call `follow` afterwards."""
        self._pieces, self._after, self._lengths = self._pieces[sources], self._after[sources], self._lengths[sources]
        self._is_initial, self._is_word = self._is_initial[sources], self._is_word[sources]
        self._full = self._full[sources]

    def follow(self, rows: Int[Array, " rows"], tokens: Int[Array, " rows"]) -> None:
        """Let new rows, in the order of the sources, continue some of the rows with a piece each."""
        self._progress, self._is_open = self._progress[rows], self._is_open[rows]
        if len(rows):
            progress, is_open = self._continued(tokens[:, None])
            self._progress, self._is_open = progress[:, 0], is_open[:, 0]
        self._length += 1

    def may_end(self) -> Bool[Array, " rows"]:
        """Return whether all requirements of each row are met if it ends now."""
        _, is_pending = self._states(self._progress[:, None], self._is_open[:, None])
        return ~namespace(is_pending).any(self._is_open & ~is_pending[:, 0], axis=1)

    def lacking_after(self, tokens: Int[Array, "rows candidates"]) -> Int[Array, "rows candidates"]:
        """Return what each row lacks after each of some pieces; 0 after the end token."""
        xp = namespace(tokens)
        lacking = self._lacking(*self._continued(tokens))
        return xp.where(tokens == self._end, xp.zeros_like(lacking), lacking)

    def advancing(self) -> Int[Array, "rows candidates"]:
        """Return the next piece of each alternative of each unmet requirement, `NONE` where there is none."""
        xp = namespace(self._progress)
        row, of_source = self._rows(), self._of_source()
        requirement, place = self._indices()
        longest = self._pieces.shape[3]
        following = self._pieces[of_source, requirement, place, xp.clip(self._progress, None, longest - 1)]
        is_late = self._is_initial[row] & (self._progress == 0) if self._length else xp.zeros_like(following) > 0
        is_wanted = self._is_open[:, :, None] & (self._progress < self._lengths[row]) & ~is_late
        return xp.reshape(xp.where(is_wanted, following, xp.full_like(following, NONE)), (len(row), -1))

    def hurry(self, scores: Float[Array, "rows vocabulary"], left: Int[Array, " rows"], spare: int) -> None:
        """Forbid, in place, the pieces after which a row could not meet its requirements before the length limit.

        The score of the end token is kept.

        Args:
            scores: [N, V], scores of the next piece.
            left: [N], number of pieces left, the next one included; 0 or less exempts a row.
            spare: Number of pieces to keep in reserve, for characters that must be completed.
        """
        xp = namespace(scores)
        whole, pending, saved = self._sums(self._progress[:, None], self._is_open[:, None])
        whole, pending = whole[:, 0], pending[:, 0]
        lacking = whole - xp.maximum(pending, saved[:, 0])
        most = xp.clip(xp.maximum(left - 1 - spare, lacking - 1), 0, None)  # [N], what a row may lack afterwards
        (rows,) = xp.nonzero((lacking <= left) & (left > 0) & (whole > most))
        if not len(rows):
            return
        # A piece that is in no phrase gives up what was begun; the words of pending phrases may end before it.
        tokens = xp.reshape(self._pieces[self._rows()], (len(lacking), -1))
        tokens = xp.where(tokens == NONE, xp.full_like(tokens, self._end), tokens)
        is_useless = (self.lacking_after(tokens) > most[:, None])[rows]
        tokens, hurried = tokens[rows], scores[rows]
        values, ends = at(hurried, tokens), xp.asarray(hurried[:, self._end], copy=True)
        values[is_useless] = -math.inf
        hurried[:, : len(self._ends)][:, ~self._ends] = -math.inf
        hurried[(whole - pending > most)[rows]] = -math.inf
        hurried[counted(len(rows), rows)[:, None], tokens] = values
        hurried[:, self._end] = ends
        scores[rows] = hurried

    def _rows(self) -> Array:
        """[N], the source of each row."""
        count = len(self._progress)
        return counted(count, self._progress) // (count // len(self._full))

    def _of_source(self) -> Array:
        """[N, 1, 1], the source of each row."""
        return self._rows()[:, None, None]

    def _indices(self) -> tuple[Array, Array]:
        """Return the numbers of requirements, [1, C, 1], and of alternatives, [1, 1, A]."""
        _, requirements, alternatives = self._progress.shape
        like = self._progress
        return counted(requirements, like)[None, :, None], counted(alternatives, like)[None, None]

    def _continued(self, tokens: Array) -> tuple[Array, Array]:
        """Return the progress [N, M, C, A] and the unmet requirements [N, M, C] after each of some pieces [N, M]."""
        xp = namespace(tokens)
        row, of_source = self._rows(), self._of_source()
        after = self._after[of_source, *self._indices(), self._progress]  # [N, C, A, L]
        if self._length:  # a phrase of the beginning cannot begin now
            is_late = self._is_initial[row] & (self._progress == 0)
            after = xp.where(is_late[..., None], xp.zeros_like(after), after)
        pieces, none = self._pieces[row], xp.zeros_like(after[:, None, ..., 0])
        progress = none
        for place in range(pieces.shape[3]):  # not all at once, which would take more memory
            is_piece = pieces[:, None, ..., place] == tokens[:, :, None, None]  # [N, M, C, A]
            progress = xp.maximum(progress, xp.where(is_piece, after[:, None, ..., place], none))
        lengths, is_word = self._lengths[row], self._is_word[row]
        is_complete = xp.any((progress == lengths[:, None]) & ~is_word[:, None], axis=-1)
        is_pending = xp.any((self._progress == lengths) & is_word, axis=-1)  # [N, C]
        size = len(self._ends)
        has_ended = self._ends[xp.clip(tokens, 0, size - 1)] | (tokens >= size)
        is_complete = is_complete | (is_pending[:, None] & has_ended[:, :, None])
        return progress, self._is_open[:, None] & ~is_complete

    def _states(self, progress: Array, is_open: Array) -> tuple[Array, Array]:
        """Return the pieces that begun phrases save, and whether requirements are pending, each [N, M, C].

        Args:
            progress: [N, M, C, A].
            is_open: [N, M, C].
        """
        xp = namespace(progress)
        row = self._rows()
        left = self._lengths[row][:, None] - progress
        saved = xp.max(xp.where(progress > 0, self._full[row][:, None, :, None] - left, xp.zeros_like(left)), axis=-1)
        saved = xp.where(is_open, xp.clip(saved, 0, None), xp.zeros_like(saved))
        return saved, is_open & xp.any(left == 0, axis=-1)

    def _sums(self, progress: Array, is_open: Array) -> tuple[Array, Array, Array]:
        """Return the pieces of all unmet requirements, those of pending ones, and the most that a phrase saves, [N, M].

        Arguments as in `_states`.
        """
        xp = namespace(progress)
        saved, is_pending = self._states(progress, is_open)
        full = xp.where(is_open, self._full[self._rows()][:, None], xp.zeros_like(saved))
        pending = xp.where(is_pending, full, xp.zeros_like(full))
        return xp.sum(full, axis=-1), xp.sum(pending, axis=-1), xp.max(saved, axis=-1)

    def _lacking(self, progress: Array, is_open: Array) -> Array:
        """Return how many pieces always suffice, [N, M]; arguments as in `_states`.

        Either the next piece ends the words of all pending phrases, or it continues one phrase.
        """
        whole, pending, saved = self._sums(progress, is_open)
        return whole - namespace(whole).maximum(pending, saved)


def _transitions(phrase: Phrase) -> list[list[int]]:
    """Return by progress and by each of the phrase's own pieces the progress after it."""
    ids, length = phrase.ids, len(phrase.ids)

    def following(progress: int, token: int) -> int:
        if phrase.is_initial:
            return progress + 1 if progress < length and ids[progress] == token else 0
        text = (*ids[:progress], token)
        return next((size for size in range(min(length, progress + 1), 0, -1) if text[-size:] == ids[:size]), 0)

    return [[following(progress, token) for token in ids] for progress in range(length + 1)]


@lru_cache(maxsize=8)
def word_ends(target: Tokenizer) -> NDArray[np.bool_]:
    """Return for each piece whether a word that precedes it has ended, [V].

    The first byte of a character that is spelled in bytes counts as a letter.
    """
    ends = np.ones(target.vocabulary_size, np.bool_)
    for number, surface in enumerate(target.surfaces):
        text = surface.decode(errors="replace")
        if len(surface) == 1 and surface[0] >= 0x80:
            ends[number] = False
        elif text:
            ends[number] = not is_in_word(text[0])
    return ends
