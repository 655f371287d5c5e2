"""User errors, external errors, and suggestions for misspelled names."""

import difflib
from collections.abc import Iterable

from seq2seq.safe_text import sentence

SHORTEST_BEGINNING = 3
"""Minimum number of typed characters for which names that begin with them are suggested."""


class SentenceError(Exception):
    """An error with a sanitized message: one line of bounded length, even if it quotes unsafe or long text."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class UserError(SentenceError):
    """Invalid user input; printed as one sentence, exit code 2."""


class WorldError(SentenceError):
    """An external failure (disk, memory, NaN); printed as one sentence, exit code 1."""


def nearest(name: str, choices: Iterable[str]) -> str:
    """Return ``"Did you mean 'x'? "`` with the choice most similar to a name, or '' if none is similar."""
    known = list(choices)
    begun = [choice for choice in known if len(name) >= SHORTEST_BEGINNING and choice.startswith(name)]
    similar = begun[:1] or difflib.get_close_matches(name, known, n=1)
    return f"Did you mean '{similar[0]}'? " if similar else ""
