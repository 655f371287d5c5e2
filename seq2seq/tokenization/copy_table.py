"""The target id that copying a source piece writes: the target piece with the same spelling, or an unknown word.

With a joint vocabulary every source piece copies itself. With two vocabularies, pieces with the same spelling
correspond, and the others cannot be copied. If the target's tokenizer can spell everything (byte fallback), no more is
needed.

Otherwise (whole words, characters, subwords without byte fallback), each source adds its own words (the extended
vocabulary of See et al. 2017, section 2.2): the words of the source that are unknown to the target get consecutive ids
above the vocabulary. A word has the same id in source and target.
"""

from collections.abc import Sequence
from typing import NamedTuple

from seq2seq.corpus.example import Mark, Text
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers


class Copies(NamedTuple):
    """The words that can be copied from one source.

    Attributes:
        ids: [S], the target id that copying each source piece writes; padding if it cannot be copied.
        words: The spelling of each id from the vocabulary's size on.
    """

    ids: list[int]
    words: tuple[str, ...]


def table(tokenizers: Tokenizers) -> list[int]:
    """Return for each source id the target id that copying it writes; padding if it cannot be copied."""
    source, target = tokenizers.source, tokenizers.target
    if tokenizers.joint:
        found = list(range(source.vocabulary_size))
    else:
        ids = target.ids_by_piece
        found = [ids.get(piece, target.padding) for piece in source.pieces(range(source.vocabulary_size))]
    for token in (source.unknown, source.padding, source.start, source.end, *source.marks.values()):
        found[token] = target.padding
    found[source.marks[Mark.LINE]] = target.marks[Mark.LINE]
    return found


def unknowns_kept(tokenizer: Tokenizer, text: Text, whole: Sequence[int], kept: Sequence[int]) -> list[str]:
    """Return the spelling of each unknown piece among the kept pieces of a source, in order.

    Args:
        tokenizer: The source's.
        text: The source.
        whole: Its ids.
        kept: Positions of the kept pieces; see `Reader.kept`.
    """
    if tokenizer.unknown not in whole:
        return []
    places = (place for place, token in enumerate(whole) if token == tokenizer.unknown)
    spelt = dict(zip(places, tokenizer.unknowns(text), strict=True))
    return [spelt[place] for place in kept if place in spelt]


class Extension:
    """Assigns ids to the unknown words of sources.

    Args:
        tokenizers: Both tokenizers; the target's cannot spell everything.
    """

    def __init__(self, tokenizers: Tokenizers) -> None:
        self.tokenizers = tokenizers
        self._writes = table(tokenizers)

    @classmethod
    def of(cls, tokenizers: Tokenizers) -> "Extension | None":
        """Return the extension of two tokenizers; None if the target's can spell everything."""
        return None if tokenizers.target.has_bytes else cls(tokenizers)

    def source(self, ids: Sequence[int], unknowns: Sequence[str]) -> Copies:
        """Return the words that can be copied from a source.

        Args:
            ids: [S], its ids.
            unknowns: The spelling of each unknown piece among them; see `unknowns_kept`.
        """
        source, target = self.tokenizers.source, self.tokenizers.target
        unknown = iter(unknowns)
        words: dict[str, int] = {}
        found = []
        for token in map(int, ids):
            spelling = next(unknown, "") if token == source.unknown else ""
            copy = target.ids_by_piece.get(spelling, target.padding) if spelling else self._writes[token]
            # A piece that only the source's vocabulary has is a word, too; a mark is not.
            word = spelling or source.spelling(token)
            if copy == target.padding and word:
                copy = words.setdefault(word, target.vocabulary_size + len(words))
            found.append(copy)
        return Copies(found, tuple(words))

    def target(self, ids: Sequence[int], text: Text, words: Sequence[str]) -> list[int]:
        """Return a target's ids, with the source's ids for its unknown words.

        Args:
            ids: [T], its ids.
            text: Its text.
            words: The source's, see :class:`Copies`.
        """
        target = self.tokenizers.target
        if not words or target.unknown not in ids:
            return list(map(int, ids))
        places = {word: target.vocabulary_size + number for number, word in enumerate(words)}
        unknown = iter(target.unknowns(text))
        return [places.get(next(unknown, ""), token) if token == target.unknown else token for token in map(int, ids)]
