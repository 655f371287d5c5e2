"""Parse and analyse sentences in the notation of the sample tales.

``{place}`` is a remembered value, which is the same throughout the tale. ``{hero his}`` is one of its forms.
``<place>`` is drawn anew at each occurrence. ``[a|b|]`` is a choice of wordings, the last of which is empty. Choices
(including those in the lexicon) can be nested.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from math import prod

from seq2seq_samples.generation.lexicon import CLASSES

_TOKEN = re.compile(r"[][|]|\{[^{}]*\}|<[^<>]*>|[^][|{}<>]+|.")
_SLOT = re.compile(r"\{([a-z]+[0-9]?)(?: ([a-z]+))?\}")
_WORD = re.compile(r"<([a-z]+)>")


@dataclass(frozen=True)
class Slot:
    """A remembered value: its name, such as 'hero' or 'place2', and its form ('' is the base form)."""

    name: str
    form: str


@dataclass(frozen=True)
class Word:
    """A word or phrase of a lexicon class, drawn anew at each occurrence."""

    kind: str


@dataclass(frozen=True)
class Choice:
    """A choice of wordings."""

    wordings: tuple["Wording", ...]


Part = str | Slot | Word | Choice
Wording = tuple[Part, ...]


@cache
def parsed(text: str) -> Wording:
    """Parse a sentence.

    Raises:
        ValueError: If a bracket is unmatched, or if braces or angle brackets do not contain a name.
    """
    tokens = iter(_TOKEN.findall(text))
    wordings, end = _wordings(tokens, text, inside=False)
    if end or len(wordings) > 1:
        raise ValueError(f"'{text}' has a '{end or '|'}' without a '[' before it.")
    return wordings[0]


def words(language: str, kind: str) -> list[str]:
    """Return the entries of a lexicon class.

    Raises:
        ValueError: If the language has no such class.
    """
    if kind not in CLASSES[language]:
        raise ValueError(f"The lexicon of '{language}' has no class '{kind}'.")
    return CLASSES[language][kind].split("|")


def slots(wording: Wording, language: str) -> Iterator[Slot]:
    """Yield every remembered value that a wording may mention."""
    for part in wording:
        if isinstance(part, Slot):
            yield part
        elif isinstance(part, Word):
            for text in words(language, part.kind):
                yield from slots(parsed(text), language)
        elif isinstance(part, Choice):
            for alternative in part.wordings:
                yield from slots(alternative, language)


def fragments(wording: Wording) -> Iterator[str]:
    """Yield the fixed parts of a wording and of all its choices, without surrounding spaces."""
    for part in wording:
        if isinstance(part, str):
            yield part.strip()
        elif isinstance(part, Choice):
            for alternative in part.wordings:
                yield from fragments(alternative)


@cache
def ways(wording: Wording, language: str) -> int:
    """Return the number of ways to expand a wording, given its remembered values."""
    return prod(_ways(part, language) for part in wording)


def _ways(part: Part, language: str) -> int:
    if isinstance(part, Word):
        return sum(ways(parsed(text), language) for text in words(language, part.kind))
    if isinstance(part, Choice):
        return sum(ways(alternative, language) for alternative in part.wordings)
    return 1


def _wordings(tokens: Iterator[str], text: str, *, inside: bool) -> tuple[tuple[Wording, ...], str]:
    """Parse wordings up to a closing bracket or the end; return them and that bracket ('' at the end)."""
    wordings: list[Wording] = []
    parts: list[Part] = []
    for token in tokens:
        if token == "]":
            return (*wordings, tuple(parts)), token
        if token == "|":
            wordings.append(tuple(parts))
            parts = []
        elif token == "[":
            alternatives, end = _wordings(tokens, text, inside=True)
            if not end:
                break
            parts.append(Choice(alternatives))
        else:
            parts.append(_part(token, text))
    else:
        if not inside:
            return (*wordings, tuple(parts)), ""
    raise ValueError(f"'{text}' has a '[' without a ']' after it.")


def _part(token: str, text: str) -> Part:
    if match := _SLOT.fullmatch(token):
        return Slot(match[1], match[2] or "")
    if match := _WORD.fullmatch(token):
        return Word(match[1])
    if token[0] in "{}<>":
        raise ValueError(f"'{token}' is neither '{{name}}', '{{name form}}' nor '<name>' in '{text}'.")
    return token
