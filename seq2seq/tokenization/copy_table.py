"""Map source pieces to the target ids that copying them produces.

With a joint vocabulary, ids are the same on both sides. With two vocabularies, pieces with the same spelling
correspond, and other pieces cannot be copied. This suffices if the target's tokenizer has byte fallback.

Otherwise, each source extends the vocabulary (See et al. 2017, section 2.2): its words that the target vocabulary lacks
get consecutive ids above the vocabulary. A word has the same id in source and target.
"""

from collections.abc import Sequence
from typing import NamedTuple

from seq2seq.corpus.example import Mark, MaskedText
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers


class Copies(NamedTuple):
    """The words that can be copied from one source.

    Attributes:
        ids: [S], the target id that each source piece copies, or padding if it cannot be copied.
        words: Spellings of the ids above the vocabulary.
    """

    ids: list[int]
    words: tuple[str, ...]


def table(tokenizers: Tokenizers) -> list[int]:
    """Return the target id that each source id copies, or padding if it cannot be copied."""
    source, target = tokenizers.source, tokenizers.target
    if tokenizers.joint:
        copies = list(range(source.vocabulary_size))
    else:
        ids = target.ids_by_piece
        copies = [ids.get(piece, target.padding) for piece in source.pieces(range(source.vocabulary_size))]
    for token in (
        source.unknown,
        source.padding,
        source.start,
        source.end,
        *source.marks.values(),
        *source.tags.values(),
    ):
        copies[token] = target.padding
    copies[source.marks[Mark.LINE]] = target.marks[Mark.LINE]
    return copies


def unknowns_kept(tokenizer: Tokenizer, text: MaskedText, whole: Sequence[int], kept: Sequence[int]) -> list[str]:
    """Return the spellings of the unknown pieces that a shortened source keeps, in order.

    ``whole`` has the ids of the whole source; ``kept`` has the positions of the kept pieces (`Reader.kept`).
    """
    if tokenizer.unknown not in whole:
        return []
    places = (place for place, token in enumerate(whole) if token == tokenizer.unknown)
    spelt = dict(zip(places, tokenizer.unknowns(text), strict=True))
    return [spelt[place] for place in kept if place in spelt]


class Extension:
    """Assigns ids above the vocabulary to the unknown words of sources, for a target without byte fallback."""

    def __init__(self, tokenizers: Tokenizers) -> None:
        self.tokenizers = tokenizers
        self._writes = table(tokenizers)

    @classmethod
    def of(cls, tokenizers: Tokenizers) -> "Extension | None":
        """Return the extension of two tokenizers; None if the target's has byte fallback."""
        return None if tokenizers.target.has_bytes else cls(tokenizers)

    def source(self, ids: Sequence[int], unknowns: Sequence[str]) -> Copies:
        """Return the words that can be copied from a source.

        Args:
            ids: [S], its ids.
            unknowns: The spellings of its unknown pieces; see `unknowns_kept`.
        """
        source, target = self.tokenizers.source, self.tokenizers.target
        unknown = iter(unknowns)
        words: dict[str, int] = {}
        copies = []
        for token in map(int, ids):
            spelling = next(unknown, "") if token == source.unknown else ""
            copy = target.ids_by_piece.get(spelling, target.padding) if spelling else self._writes[token]
            # A piece that only the source vocabulary has counts as a word, too, but a special token does not.
            word = spelling or source.spelling(token)
            if copy == target.padding and word:
                copy = words.setdefault(word, target.vocabulary_size + len(words))
            copies.append(copy)
        return Copies(copies, tuple(words))

    def target(self, ids: Sequence[int], text: MaskedText, words: Sequence[str]) -> list[int]:
        """Return a target's ids; an unknown word that the source contains gets that source word's id.

        Args:
            ids: [T], the target's ids.
            text: The target's text.
            words: The source's words; see :class:`Copies`.
        """
        target = self.tokenizers.target
        if not words or target.unknown not in ids:
            return list(map(int, ids))
        places = {word: target.vocabulary_size + number for number, word in enumerate(words)}
        unknown = iter(target.unknowns(text))
        return [places.get(next(unknown, ""), token) if token == target.unknown else token for token in map(int, ids)]
