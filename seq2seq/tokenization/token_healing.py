"""Token healing: prompts that end inside a piece continue with the segmentation that the model was trained on.

The pieces of a prompt are not always the first pieces of a longer text that begins with it: ``从`` is ``▁`` and ``从``,
but ``从前有`` begins with ``▁从前``, and a model has never read ``前`` after ``▁ 从``. The same holds for half a word,
and for a trailing space. So the last pieces are removed if a longer piece begins with their spelling, and that
piece may take their place (token healing).

Each position from which a text may continue is a seam: at the end of the prompt any piece may follow, and before the
last pieces only those that begin with their spelling and go beyond it. `seq2seq.decoding.prompt_continuation` samples
among the pieces of all seams by the probability of the full path, the pieces between the seams included. So nothing is
forced: a single longer piece that begins with the prompt's end still competes with all possible continuations.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from seq2seq.corpus.example import Text
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.tokenization.tokenizer import Tokenizer

_AFTER = b"\xff"
"""This byte never occurs in UTF-8, so all continuations of a byte string sort between it and this byte."""


class Seam(NamedTuple):
    """A position from which a text may continue a prompt.

    Attributes:
        kept: Pieces of the prompt before the seam.
        first: Ids allowed as the next piece; empty for any.
        text: The end of the prompt, which that piece spells again.
    """

    kept: int
    first: tuple[int, ...] = ()
    text: str = ""


class Prompt(NamedTuple):
    """A prompt in pieces.

    Attributes:
        ids: Its pieces.
        seams: Positions from which a text may continue it, at least one.
        lost: Pieces dropped at its beginning.
    """

    ids: tuple[int, ...]
    seams: tuple[Seam, ...]
    lost: int = 0

    def last(self, count: int) -> "Prompt":
        """Return this prompt without its first pieces; no piece between its seams is dropped."""
        cut = min(max(0, len(self.ids) - count), *(seam.kept for seam in self.seams), len(self.ids))
        seams = tuple(seam._replace(kept=seam.kept - cut) for seam in self.seams)
        return Prompt(self.ids[cut:], seams, self.lost + cut)


class Beginnings:
    """The pieces of a tokenizer, by prefix.

    Args:
        target: The tokenizer.

    Attributes:
        longest: Bytes of the longest piece.
        are_words: Whether each piece is a whole word, so that no prompt ends inside a piece.
    """

    def __init__(self, target: Tokenizer) -> None:
        # Pieces that do not spell themselves (bytes, control pieces) have no prefix.
        found = sorted(
            (surface, token)
            for piece, token in target.ids_by_piece.items()
            if (surface := target.surfaces[token]) == target.written(piece).encode() and not target.is_byte(token)
        )
        self._surfaces = [surface for surface, _ in found]
        self._ids = tuple(token for _, token in found)
        self.longest = max(map(len, self._surfaces), default=0)
        self.are_words = all(surface.startswith(b" ") for surface in self._surfaces)

    def beyond(self, text: bytes) -> tuple[int, ...]:
        """Return the pieces that begin with a text, in UTF-8, and go beyond it."""
        begin, end = (bisect_left(self._surfaces, one) for one in (text + b"\0", text + _AFTER))
        return self._ids[begin:end]


@lru_cache(maxsize=8)
def beginnings(target: Tokenizer) -> Beginnings:
    """Return the pieces of a tokenizer by prefix; they are sorted once."""
    return Beginnings(target)


def prompted(text: Text, target: Tokenizer) -> Prompt:
    """Return a prompt's pieces, and the positions from which a text may continue it.

    No piece before a mark (a line break) is removed, nor any piece of a model of characters or whole words except a
    trailing space. A trailing space that no piece spells (of words) is not part of the prompt: the first piece includes
    it.
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
    """Return the text that the pieces from a position on add to the earlier ones."""
    spelling = IncrementalText(target, ids[:kept])
    return "".join(map(spelling.add, ids[kept:])) + spelling.end()
