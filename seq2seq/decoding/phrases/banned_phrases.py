"""Ban words and phrases, however they are segmented into pieces.

A piece is forbidden if it would complete a banned word, even if a later piece could extend that word. So a text can end
at any time, even at the length limit, without containing a banned word. The drawback: if ``no`` is banned, ``nothing``
cannot be generated as ``no`` + ``thing``. If the vocabulary allows no other segmentation of ``nothing``, the word
cannot be generated at all.

Case is ignored, and a space in a banned phrase matches any run of spaces and line breaks. In scripts that separate
words by spaces, only whole words match: no letter, digit or combining mark may be adjacent. In Chinese, Japanese,
Korean, Thai, Lao, Burmese and Khmer, banned words also match inside longer runs of letters.

The text so far is reduced to a state: its longest suffix that is a prefix of a banned word (as in the automaton of Aho
and Corasick 1975), and the bytes of an incomplete character. The pieces forbidden in a state are computed once, by
searching for the rest of each banned word at the start of every piece.
"""

import re
from bisect import bisect_right
from codecs import getincrementaldecoder
from collections.abc import Collection, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.normalization import normalize
from seq2seq.decoding.phrases.word_boundaries import is_free, is_in_word
from seq2seq.tokenization.tokenizer import Tokenizer

_BLANKS = re.compile(r"\s+")
_END = "\0"
"""Separates the joined pieces of the vocabulary; also replaces any character that is neither a space nor in a word."""


class State(NamedTuple):
    """The state of a text so far.

    Attributes:
        tail: A space and the longest suffix that is a prefix of a banned word. Without such a suffix, a single
            character that says how the text ends: ``a`` (in a word), a space, or `_END` (anything else).
        bytes: The first bytes of an incomplete character.
        is_after_mark: Whether the last piece is a special token, so the next piece loses its leading space.
    """

    tail: str = " "
    bytes: bytes = b""
    is_after_mark: bool = False


@lru_cache(maxsize=8)
def bans(target: Tokenizer, banned: tuple[str, ...]) -> "Bans | None":
    """Return the (cached) bans for a tokenizer's outputs, or None if nothing is banned."""
    phrases = {folded(normalize(phrase, "nfc")) for phrase in banned} - {""}
    # The replacement character is not part of any word.
    phrases = {phrase for phrase in phrases if "\ufffd" not in phrase}
    return Bans(target, phrases) if phrases else None


class Bans:
    """Computes which pieces are forbidden as the next piece.

    Args:
        target: The target's tokenizer.
        phrases: Banned words and phrases, folded. The caller must pass at least one.

    Attributes:
        start: The state before the first piece.
    """

    start = State()

    def __init__(self, target: Tokenizer, phrases: Collection[str]) -> None:
        self._phrases = frozenset(phrases)
        self._begun: dict[str, list[str]] = {}  # the possible rests of phrases, by prefix
        for phrase in sorted(phrases):
            for place in range(1, len(phrase)):
                self._begun.setdefault(phrase[:place], []).append(phrase[place:])
        self._longest = max(map(len, phrases))
        self._size = target.vocabulary_size
        self._marks = frozenset(target.own_marks) if target.has_prefix else frozenset[int]()
        # Byte pieces that are only part of a character.
        self._bytes = {
            number: text[0] for number, text in enumerate(target.surfaces) if len(text) == 1 and text[0] >= 0x80
        }
        written = ["" if number in self._bytes else text.decode() for number, text in enumerate(target.surfaces)]
        texts = [folded(text) for text in written]
        # Indexed by whether a special token precedes.
        self._texts = {False: texts, True: [folded(text.removeprefix(" ")) for text in written]}
        self._joined = _END + "".join(text + _END for text in texts)
        starts = [1]
        for text in texts:
            starts.append(starts[-1] + len(text) + 1)
        self._starts = starts[:-1]
        # Pieces that contain a whole phrase. Those in `_beginning` complete the phrase only if no letter precedes them.
        self._holding, self._beginning = set[int](), set[int]()
        for phrase in phrases:
            for place in self._places(phrase):
                number = bisect_right(self._starts, place) - 1
                if place > self._starts[number]:
                    if is_free(self._joined[place - 1], phrase[0]):
                        self._holding.add(number)
                else:
                    (self._beginning if is_in_word(phrase[0]) else self._holding).add(number)
        self._forbidden: dict[State, NDArray[np.int64]] = {}
        self._after: dict[tuple[State, int], State] = {}

    def after(self, state: State, token: int, words: Sequence[str] = ()) -> State:
        """Return the state after one more piece.

        Args:
            state: The state before it.
            token: The piece.
            words: Spellings of the ids above the vocabulary; see `seq2seq.tokenization.copy_table`.
        """
        if token >= self._size:
            place = token - self._size
            return self._read(state, _copied(state, words[place]) if place < len(words) else "")
        following = self._after.get((state, token))
        if following is None:
            if token in self._bytes:
                text, rest = _decoded(state.bytes, self._bytes[token])
                tail = self._read(State(state.tail), folded(text)).tail if text else state.tail
                following = State(tail, rest)
            else:
                text = self._texts[state.is_after_mark][token]
                following = self._read(state, text)._replace(is_after_mark=token in self._marks)
            self._after[state, token] = following
        return following

    def forbidden(self, state: State, words: Sequence[str] = ()) -> NDArray[np.int64]:
        """Return the ids of the pieces forbidden as the next piece, unordered; arguments as in `after`."""
        forbidden = self._forbidden.get(state)
        if forbidden is None:
            if state.is_after_mark:
                texts = enumerate(self._texts[True])
                ids = {number for number, text in texts if text and self._completes(state.tail, text)}
            else:
                ids = set(self._forbidden_pieces(_flushed(state)))
            if state.bytes:  # the last byte of a character may complete a phrase
                ends = ((number, _decoded(state.bytes, byte)[0]) for number, byte in self._bytes.items())
                ids |= {number for number, text in ends if text and self._completes(state.tail, folded(text))}
            forbidden = self._forbidden[state] = np.array(sorted(ids), dtype=np.int64)
        tail = _flushed(state)
        extra = [
            self._size + number for number, word in enumerate(words) if self._completes(tail, _copied(state, word))
        ]
        return np.concat([forbidden, np.array(extra)]) if extra else forbidden

    def _read(self, state: State, text: str) -> State:
        return State(self._shortened(joined(_flushed(state), text))) if text else State(_flushed(state))

    def _shortened(self, text: str) -> str:
        """Return the tail of a text that begins with the previous tail."""
        for place in range(max(1, len(text) - self._longest + 1), len(text)):
            if text[place:] in self._begun and is_free(text[place - 1], text[place]):
                return " " + text[place:]
        last = text[-1]
        return "a" if is_in_word(last) else " " if last == " " else _END

    def _forbidden_pieces(self, tail: str) -> Iterator[int]:
        """Yield the pieces (except bytes) that would complete a phrase."""
        yield from self._holding
        if is_free(tail[-1], "a"):
            yield from self._beginning
        for place in range(1, len(tail)):
            if not is_free(tail[place - 1], tail[place]):
                continue
            for lacking in self._begun.get(tail[place:], ()):
                # After a space, further spaces are ignored.
                for start in ("", " ") if tail[-1] == " " else ("",):
                    for separator in self._places(_END + start + lacking):
                        yield bisect_right(self._starts, separator + 1) - 1

    def _places(self, text: str) -> Iterator[int]:
        """Yield each position of a text in the joined pieces, except where a letter of the same word follows."""
        place = self._joined.find(text)
        while place >= 0:
            if is_free(text[-1], self._joined[place + len(text)]):
                yield place
            place = self._joined.find(text, place + 1)

    def _completes(self, tail: str, text: str) -> bool:
        """Return whether appending a text to a tail completes a phrase."""
        whole = joined(tail, text)
        for end in range(len(tail) + 1, len(whole) + 1):
            if is_free(whole[end - 1], whole[end:] or _END):
                for start in range(max(1, end - self._longest), end):
                    if whole[start:end] in self._phrases and is_free(whole[start - 1], whole[start]):
                        return True
        return False


def folded(text: str) -> str:
    """Return a text case-folded, with each run of whitespace as one space.

    Characters are folded independently of their context, so a text may be folded in parts and put together by `joined`.
    """
    return _BLANKS.sub(" ", text.casefold())


def joined(text: str, more: str) -> str:
    """Concatenate two folded texts into one folded text."""
    return text + more.removeprefix(" ") if text.endswith(" ") else text + more


def _copied(state: State, word: str) -> str:
    """Return the text that a copied word adds."""
    text = Tokenizer.written(word)
    return folded(text.removeprefix(" ") if state.is_after_mark else text)


def _flushed(state: State) -> str:
    """Return a state's tail; an abandoned incomplete character counts as neither space nor letter."""
    return _END if state.bytes else state.tail


def _decoded(begun: bytes, byte: int) -> tuple[str, bytes]:
    """Return the characters completed by one more byte, and the remaining bytes."""
    decoder = getincrementaldecoder("utf-8")("replace")
    return decoder.decode(begun + bytes([byte])), decoder.getstate()[0]
