"""Token healing: if a prompt ends inside a piece, continue it with the segmentation seen in training.

The pieces of a prompt may differ from the first pieces of a longer text that begins with the prompt. For example,
``从`` is ``▁`` and ``从``, but ``从前有`` begins with ``▁从前``, so the model has never seen ``前`` after ``▁ 从`` in
training. Half a word and a trailing space cause the same problem. So a longer piece that begins with the spelling of
the last pieces may replace them.

A seam is a position from which a text may continue. At the end of the prompt, any piece may follow; at an earlier seam,
a piece may follow only if it begins with the rest of the prompt and is longer than the rest.
`seq2seq.decoding.prompt_continuation` samples from the pieces of all seams; the probability of a piece includes the
prompt pieces before its seam. So longer pieces are not forced, but compete with all other continuations.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from seq2seq.corpus.example import Text
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.tokenization.tokenizer import Tokenizer

_AFTER = b"\xff"
"""A byte that never occurs in UTF-8, so all strings with a prefix sort before the prefix plus this byte."""


class Seam(NamedTuple):
    """A position from which a text may continue a prompt.

    Attributes:
        kept: Number of prompt pieces before the seam.
        first: Ids allowed as the next piece; empty for any.
        text: The prompt's text after the seam; the next piece must begin with it.
    """

    kept: int
    first: tuple[int, ...] = ()
    text: str = ""


class Prompt(NamedTuple):
    """A tokenized prompt.

    Attributes:
        ids: Its pieces.
        seams: Positions from which a text may continue it, at least one.
        lost: Number of pieces dropped at its beginning.
    """

    ids: tuple[int, ...]
    seams: tuple[Seam, ...]
    lost: int = 0

    def last(self, count: int) -> "Prompt":
        """Return the last `count` pieces of this prompt, or more if needed to keep every piece after its first seam."""
        cut = min(max(0, len(self.ids) - count), *(seam.kept for seam in self.seams), len(self.ids))
        seams = tuple(seam._replace(kept=seam.kept - cut) for seam in self.seams)
        return Prompt(self.ids[cut:], seams, self.lost + cut)


class Beginnings:
    """The pieces of a tokenizer, by prefix.

    Attributes:
        longest: Number of bytes of the longest piece.
        are_words: Whether each piece is a whole word, so no prompt ends inside a piece.
    """

    def __init__(self, target: Tokenizer) -> None:
        # Pieces without text of their own (bytes, control pieces) are left out.
        pieces = sorted(
            (surface, token)
            for piece, token in target.ids_by_piece.items()
            if (surface := target.surfaces[token]) == target.written(piece).encode() and not target.is_byte(token)
        )
        self._surfaces = [surface for surface, _ in pieces]
        self._ids = tuple(token for _, token in pieces)
        self.longest = max(map(len, self._surfaces), default=0)
        self.are_words = all(surface.startswith(b" ") for surface in self._surfaces)

    def beyond(self, text: bytes) -> tuple[int, ...]:
        """Return the pieces that begin with a UTF-8 text and are longer than it."""
        begin, end = (bisect_left(self._surfaces, bound) for bound in (text + b"\0", text + _AFTER))
        return self._ids[begin:end]


@lru_cache(maxsize=8)
def beginnings(target: Tokenizer) -> Beginnings:
    """Return the (cached) pieces of a tokenizer by prefix."""
    return Beginnings(target)


def prompted(text: Text, target: Tokenizer) -> Prompt:
    """Tokenize a prompt, and find the positions from which a text may continue it.

    There is no seam before a special token (such as a line break). In models of characters or whole words, only a
    trailing space is healed. If a word model has no piece for the trailing space, it is dropped from the prompt, and
    the first generated piece includes it.
    """
    index = beginnings(target)
    ids = target.encode(text)
    if isinstance(text, str) and text.endswith(" ") and ids[-1] == target.unknown and (words := index.beyond(b" ")):
        ids = target.encode(text[:-1])
        return Prompt(tuple(ids), (Seam(len(ids), words, " "),))
    seams = [Seam(len(ids))]
    surface = b""
    for kept in range(len(ids) - 1, -1, -1):
        token = ids[kept]
        if token == target.unknown or token in target.own_marks:
            break
        if index.are_words and target.surfaces[token] != b" ":
            break
        surface = target.surfaces[token] + surface
        if len(surface) >= index.longest:
            break
        if longer := index.beyond(surface):
            seams.append(Seam(kept, longer, _spelt(ids, kept, target)))
    return Prompt(tuple(ids), tuple(seams))


def _spelt(ids: Sequence[int], kept: int, target: Tokenizer) -> str:
    """Return the text of the pieces after the first `kept`."""
    spelling = IncrementalText(target, ids[:kept])
    return "".join(map(spelling.add, ids[kept:])) + spelling.end()
