"""The two kinds of errors of a command, and the name suggestion that both use."""

import difflib
from collections.abc import Iterable

from seq2seq.safe_text import sentence

SHORTEST_BEGINNING = 3
"""A name is suggested if it begins with at least this many typed characters."""


class SentenceError(Exception):
    """A failure in one sentence. It may quote any text, and is kept to one line, harmless to a terminal, and short."""

    def __init__(self, message: str) -> None:
        super().__init__(sentence(message))


class UserError(SentenceError):
    """An invalid input by the user; printed as one sentence, exit code 2."""


class WorldError(SentenceError):
    """A failure of the world (disk, memory, numbers); printed as one sentence, exit code 1."""


def nearest(name: str, choices: Iterable[str]) -> str:
    """The sentence fragment that points to the likeliest intended name.

    Args:
        name: The name as typed.
        choices: The existing names.

    Returns:
        ``"Did you mean 'x'? "`` (with its trailing space), or an empty string if nothing is close.
    """
    known = list(choices)
    begun = [one for one in known if len(name) >= SHORTEST_BEGINNING and one.startswith(name)]
    found = begun[:1] or difflib.get_close_matches(name, known, n=1)
    return f"Did you mean '{found[0]}'? " if found else ""
