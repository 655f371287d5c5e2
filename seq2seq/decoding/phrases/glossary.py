"""Glossaries: how terms of the source must be translated."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Self, TypeAlias

from seq2seq.decoding.phrases import term_files
from seq2seq.decoding.phrases.word_boundaries import is_whole
from seq2seq.errors import UserError
from seq2seq.files.text_lines import lines

SEPARATOR = "|"
"""Separates the alternatives of a translation."""
MOST_TERMS = 1_000_000
Pairs: TypeAlias = Mapping[str, str | Sequence[str]] | Iterable[tuple[str, str | Sequence[str]]]
"""Source terms with their translations, each a string as in a file or a list of alternatives."""

_BLANKS = re.compile(r"[^\S\n]+")
_SENTENCE_START = re.compile("(?:^|\n|[.!?\u2026:][\"'”’»)\\]]*\\s)\\s*[\"'“‘„‚«‹(\\[¿¡—–-]*\\s*")


@dataclass(frozen=True)
class Term:
    """A term of a glossary.

    Args:
        source: The term in the source language.
        targets: Its translations, of which one must occur.
    """

    source: str
    targets: tuple[str, ...]


class Glossary:
    """Terms of the source language with their translations.

    Args:
        pairs: The terms. The translations of terms that occur several times are alternatives.
        note: A sentence about what was left out of a file; '' if nothing was.

    Attributes:
        terms: The terms, in order.

    Raises:
        UserError: If a term or a translation is empty, or if there is no term.
    """

    def __init__(self, pairs: Pairs, note: str = "") -> None:
        self.note = note
        self.terms = _terms(
            (f"term {number}", *pair)
            for number, pair in enumerate(pairs.items() if isinstance(pairs, Mapping) else pairs, start=1)
        )
        if not self.terms:
            raise UserError("The glossary has no terms.")

    @classmethod
    def read(
        cls, path: Path | str, source_language: str = "", target_language: str = "", advice: str = term_files.ADVICE
    ) -> Self:
        r"""Read a file with a term, a tab and a translation in each line; or a translation memory or term base.

        Blank lines are skipped. Of a memory (.tmx), units that are too long for a term are left out; a term base (.tbx)
        needs no such choice.

        Args:
            path: The file.
            source_language: Language code of the terms, for files that name languages; '' is the other of two.
            target_language: Language code of the translations, likewise.
            advice: How a user names the languages, for messages.

        Raises:
            UserError: If the file is missing or damaged, or if a line is not a term with a translation.
        """
        if term_files.is_term_file(Path(path)):
            found = term_files.read_terms(Path(path), source_language, target_language, advice)
            return cls(found.pairs, found.note)
        rows: list[tuple[str, str]] = []
        for number, line in enumerate(lines(Path(path)), start=1):
            if not line.strip():
                continue
            columns = line.split("\t")
            if len(columns) != 2 or not columns[0].strip():
                raise UserError(
                    f"{path}, line {number}: expected a term, a tab and its translation (alternatives separated by "
                    f"'{SEPARATOR}'), but found '{line[:60]}'."
                )
            if not alternatives(columns[1]):
                raise UserError(
                    f"{path}, line {number}: the term '{columns[0].strip()[:60]}' has no translation: write it after "
                    "the tab, or remove the line."
                )
            rows.append((columns[0], columns[1]))
        if not rows:
            raise UserError(f"{path} has no terms: write a term, a tab and its translation in each line.")
        return cls(rows)

    def __len__(self) -> int:
        return len(self.terms)

    def digest(self) -> str:
        """Return a hash of the terms."""
        return sha256(
            "\n".join(f"{term.source}\t{SEPARATOR.join(term.targets)}" for term in self.terms).encode()
        ).hexdigest()


def glossary_of(given: Glossary | Pairs) -> Glossary:
    """Return a glossary, which may be given as pairs."""
    return given if isinstance(given, Glossary) else Glossary(given)


def alternatives(text: str) -> tuple[str, ...]:
    """Return the alternatives of a text, without those that are blank."""
    return tuple(dict.fromkeys(part for part in (part.strip() for part in text.split(SEPARATOR)) if part))


def _terms(rows: Iterable[tuple[str, str, str | Sequence[str]]]) -> tuple[Term, ...]:
    """Return the terms of rows with a name for messages, a term, and its translations."""
    targets: dict[str, dict[str, None]] = {}
    for name, source, translations in rows:
        given = (translations,) if isinstance(translations, str) else translations
        found = [part for text in given for part in alternatives(text)]
        if not source.strip() or not found:
            raise UserError(
                f"The glossary's {name} is '{source}' with the translation '{translations}', but neither may be empty."
            )
        targets.setdefault(source.strip(), {}).update(dict.fromkeys(found))
        if len(targets) > MOST_TERMS:
            raise UserError(f"The glossary has more than {MOST_TERMS:,} terms, the most that are possible.")
    return tuple(Term(source, tuple(found)) for source, found in targets.items())


class TermMatcher:
    """Finds the terms of a glossary in sources.

    In scripts that separate words by spaces, only whole words match. At the beginning of a sentence, the first letter
    of a term may be a capital. Of matches that overlap, the longest counts, and of equally long ones the first.

    Args:
        glossary: The glossary.
        normalize: Normalises a term as the sources are.
    """

    def __init__(self, glossary: Glossary, normalize: Callable[[str], str] = str) -> None:
        self._terms: dict[str, Term] = {}
        for term in glossary.terms:
            if spelling := _spaced(normalize(term.source)).strip():
                known = self._terms.get(spelling)
                targets = (*known.targets, *term.targets) if known else term.targets
                self._terms[spelling] = Term(term.source, tuple(dict.fromkeys(targets)))
        lengths: dict[str, set[int]] = {}
        for spelling in self._terms:
            lengths.setdefault(spelling[0], set()).add(len(spelling))
        self._lengths = {first: sorted(some) for first, some in lengths.items()}

    def terms(self, text: str) -> list[Term]:
        """Return the terms in a source, each once, in order of their first occurrence."""
        text = _spaced(text)
        starts = {match.end() for match in _SENTENCE_START.finditer(text)}
        found: list[tuple[int, int, Term]] = []  # negative length, start, term
        for start, first in enumerate(text):
            lower = first.lower()
            firsts = (first, lower) if start in starts and lower != first and len(lower) == 1 else (first,)
            for begun in firsts:
                for length in self._lengths.get(begun, ()):
                    end = start + length
                    term = self._terms.get(begun + text[start + 1 : end]) if end <= len(text) else None
                    if term and is_whole(text, start, end):
                        found.append((-length, start, term))
        is_taken = bytearray(len(text))
        kept: list[tuple[int, Term]] = []
        for length, start, term in sorted(found, key=lambda match: match[:2]):
            part = slice(start, start - length)
            if not any(is_taken[part]):
                is_taken[part] = b"\1" * -length
                kept.append((start, term))
        return list(dict.fromkeys(term for _, term in sorted(kept, key=lambda match: match[0])))


def capitalized(text: str) -> str:
    """Return a text with a capital as its first letter, if that is a single character."""
    first = text[:1].upper()
    return first + text[1:] if len(first) == 1 else text


def occurs(phrase: str, text: str) -> bool:
    """Return whether a text contains a phrase as whole words, at its beginning also with a capital letter."""
    phrase, text = _spaced(phrase), _spaced(text)
    if text.startswith(capitalized(phrase)) and is_whole(text, 0, len(phrase)):
        return True
    place = text.find(phrase)
    while place >= 0:
        if is_whole(text, place, place + len(phrase)):
            return True
        place = text.find(phrase, place + 1)
    return False


def _spaced(text: str) -> str:
    """Return a text with each run of blanks as one space; line breaks are kept."""
    return _BLANKS.sub(" ", text)
