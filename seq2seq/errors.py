"""User errors, external errors, and suggestions for misspelled names."""

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
    choice = begun[0] if begun else similar(name, known)
    return f"Did you mean '{choice}'? " if choice else ""


def similar(name: str, choices: list[str]) -> str:
    """Return the choice most similar to a name, or '' if none is similar."""
    import difflib  # a command without a mistake does not need it

    return next(iter(difflib.get_close_matches(name, choices, n=1)), "")
