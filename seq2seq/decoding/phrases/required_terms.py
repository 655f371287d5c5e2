"""The words that outputs must contain, as pieces of the target's tokenizer.

The pieces are those of a word in running text. The tokenizer's own segmentation is the only one that counts, which is
also the one that models learn (apart from subword sampling).
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from seq2seq.amounts import amount
from seq2seq.corpus.example import Text, plain
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.phrases.glossary import SEPARATOR, Glossary, TermMatcher, alternatives, capitalized, occurs
from seq2seq.decoding.phrases.missed import Missed
from seq2seq.decoding.phrases.required_phrases import Phrase
from seq2seq.decoding.phrases.word_boundaries import has_spaces, is_in_word, is_spaced
from seq2seq.tokenization.tokenizer import Tokenizer

_CARRIER = "\ue000"
"""A private character, which is in no vocabulary: the pieces after it are those of a text within a line."""

MOST_PHRASES = 256
"""Most phrases of a source: its terms times the most phrases of a term. Search does not look for further terms."""


@dataclass(frozen=True)
class RequiredTerm:
    """A term that an output must contain.

    Args:
        targets: Its alternatives, of which one must occur.
        phrases: Their pieces; empty if the tokenizer cannot spell any of them, or if there are too many terms.
    """

    targets: tuple[str, ...]
    phrases: tuple[Phrase, ...]

    @property
    def name(self) -> str:
        """The alternatives as one text."""
        return SEPARATOR.join(self.targets)

    def is_in(self, text: str) -> bool:
        """Return whether an output contains the term."""
        return any(occurs(target, text) for target in self.targets)


class RequiredTerms:
    """Finds the terms that the outputs of sources must contain.

    Args:
        reader: Normalises terms as sources and targets.
        target: The target's tokenizer.
    """

    def __init__(self, reader: Reader, target: Tokenizer) -> None:
        self._reader, self._target = reader, target
        self._matchers: WeakKeyDictionary[Glossary, TermMatcher] = WeakKeyDictionary()
        self._phrases: dict[str, tuple[Phrase, ...]] = {}
        self._has_spaces = has_spaces(reader.target_language)

    def of(self, source: Text, words: Sequence[str], glossary: Glossary | None) -> tuple[RequiredTerm, ...]:
        """Return the terms that the output of a source must contain.

        Args:
            source: The source, normalised.
            words: Words that it must contain whatever the source, each perhaps with alternatives.
            glossary: The glossary, if any.
        """
        wanted = [alternatives(text) for text in words]
        if glossary is not None:
            matcher = self._matchers.get(glossary)
            if matcher is None:
                matcher = TermMatcher(glossary, lambda term: plain(self._reader.source(term)))
                self._matchers[glossary] = matcher
            wanted += [term.targets for term in matcher.terms(plain(source))]
        terms: list[RequiredTerm] = []
        count = most = 0
        for targets in dict.fromkeys(wanted):
            phrases = self._spelled(targets)
            if (count + 1) * max(most, len(phrases)) > MOST_PHRASES:
                phrases = ()
            elif phrases:
                count, most = count + 1, max(most, len(phrases))
            if targets:
                terms.append(RequiredTerm(targets, phrases))
        return tuple(terms)

    def _spelled(self, targets: tuple[str, ...]) -> tuple[Phrase, ...]:
        """Return the phrases of alternatives; none if all of them contain unknown characters."""
        phrases: dict[Phrase, None] = {}
        for target in targets:
            if target not in self._phrases:
                self._phrases[target] = tuple(self._phrases_of(plain(self._reader.target(target)).strip()))
            phrases.update(dict.fromkeys(self._phrases[target]))
        return tuple(phrases) if any(not phrase.is_initial for phrase in phrases) else ()

    def _phrases_of(self, text: str) -> Iterator[Phrase]:
        """Yield the pieces of a text within a line and at its beginning."""
        if not text:
            return
        tokenizer, is_word = self._target, is_in_word(text[-1])
        has_space = is_spaced(text[0])
        whole, inner = tokenizer.encode(text), self._inner(text)
        spellings: list[tuple[list[int], bool]] = []  # pieces, and whether they are for the beginning only
        if not has_space:
            spellings.append((inner, False))
        elif tokenizer.has_prefix:
            spellings.append((whole, False))
        else:
            spellings.append((tokenizer.encode(f" {text}"), False))
        if has_space and not self._has_spaces:  # a Latin word between Chinese characters
            spellings.append((inner, False))
        spellings.append((whole, True))
        if has_space and (capital := capitalized(text)) != text:
            spellings.append((tokenizer.encode(capital), True))
        known: list[list[int]] = []
        for ids, is_initial in spellings:
            if ids and ids not in known and tokenizer.unknown not in ids:
                known.append(ids)
                yield Phrase(tuple(ids), is_initial, is_word)

    def _inner(self, text: str) -> list[int]:
        """Return the pieces of a text that directly follows another character."""
        before, ids = self._target.encode(_CARRIER), self._target.encode(_CARRIER + text)
        return ids[len(before) :] if ids[: len(before)] == before else []


class TermStatistics:
    """Counts the terms that outputs had to contain."""

    def __init__(self) -> None:
        self.required = 0
        self._missed = Missed()

    def add(self, required: Sequence[str], missed: Sequence[str], place: str) -> None:
        """Count the terms of an output; the note quotes `place`, the location of its source."""
        self.required += len(required)
        self._missed.add(missed, place)

    def sentence(self) -> str:
        """Return a note about the terms."""
        if not self.required:
            return "No term of the glossary occurs in the sources."
        missed = self._missed.count
        note = f"{amount(self.required, 'term')} required: {self.required - missed:,} right, {missed:,} missed"
        term, place = self._missed.first
        return f"{note} (first '{term}' at {place})." if missed else f"{note}."
