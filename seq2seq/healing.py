"""Prompts that end inside a piece: where a text may go on, so that it is spelt as the texts that a model learnt from.

The pieces of a prompt are not always the first pieces of the text that it begins: ``从`` is ``▁`` and ``从``, but
``从前有`` begins with ``▁从前``, and a model has never read ``前`` after ``▁ 从``. The same goes for half a word, and
for a blank at the end. So the last pieces are taken back wherever a longer piece begins with what they spell, and
that piece may come in their place (token healing).

Each place where a text may go on is a seam: at the end of the prompt any piece may follow, and before the last pieces
only those that begin with what these spell and go beyond it. `seq2seq.generation` draws among the pieces of all seams
by the probability of the whole way, the pieces between the seams included. So nothing is forced: where only one longer
piece begins with the prompt's end, it competes with all that may follow.
"""

from bisect import bisect_left
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from seq2seq.corpus import Text
from seq2seq.spelling import Spelling
from seq2seq.tokenizer import Tokenizer

_AFTER = b"\xff"
"""No UTF-8 has this byte, so what begins with some bytes comes before them and this one."""


class Seam(NamedTuple):
    """A place where a text may continue a prompt.

    Attributes:
        kept: Pieces of the prompt that come before it.
        first: Ids among which the next piece must be; empty leaves it free.
        text: The end of the prompt, which that piece spells again.
    """

    kept: int
    first: tuple[int, ...] = ()
    text: str = ""


class Prompt(NamedTuple):
    """A prompt in pieces.

    Attributes:
        ids: Its pieces.
        seams: Where a text may continue it, at least one.
        lost: Pieces that were left out at its beginning.
    """

    ids: tuple[int, ...]
    seams: tuple[Seam, ...]
    lost: int = 0

    def last(self, count: int) -> "Prompt":
        """Return this prompt without all but its last pieces; no piece between its seams is left out."""
        cut = min(max(0, len(self.ids) - count), *(seam.kept for seam in self.seams), len(self.ids))
        seams = tuple(seam._replace(kept=seam.kept - cut) for seam in self.seams)
        return Prompt(self.ids[cut:], seams, self.lost + cut)


class Beginnings:
    """The pieces of a tokenizer by what they begin with.

    Args:
        target: The tokenizer.

    Attributes:
        longest: Bytes of the longest piece.
        are_words: Whether no piece can follow another one inside a word, so that no prompt ends inside a piece.
    """

    def __init__(self, target: Tokenizer) -> None:
        # What spells something else than itself (bytes, control pieces) begins with nothing.
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
    """Return the pieces of a tokenizer by what they begin with; they are sorted once."""
    return Beginnings(target)


def prompted(text: Text, target: Tokenizer) -> Prompt:
    """Return a prompt's pieces, and where a text may continue it.

    Nothing is taken back beyond a mark (a line break), nor where pieces are characters or whole words, but for a blank
    at the end. A blank at the end that no piece spells (of words) is no piece of the prompt: the first piece brings
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
    """Return what the last pieces of a text add to the first ones."""
    spelling = Spelling(target, ids[:kept])
    return "".join(map(spelling.add, ids[kept:])) + spelling.end()
