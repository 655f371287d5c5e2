"""The YAML files of chatterbot-corpus: ``conversations``, a list of lists of turns."""

from pathlib import Path

from seq2seq.corpus.formats.documents import document
from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings, conversation
from seq2seq.errors import UserError
from seq2seq.files.parsing import parse_yaml

KEY = "conversations"


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file is YAML with conversations."""
    lines = [line.rstrip() for line in head.lines]
    return f"{KEY}:" in lines and any(line.lstrip().startswith("- - ") for line in lines)


def turns(path: Path) -> list[list[str]]:
    """Return the conversations; a single text is a turn without an answer.

    Raises:
        UserError: If the file is not YAML, or if its conversations are not lists of texts.
    """
    needed = f"'{KEY}', a list of lists of texts, is needed"
    value = parse_yaml(document(path), str(path))
    members = value.get(KEY) if isinstance(value, dict) else None
    if not isinstance(members, list):
        raise UserError(f"{path}: {needed} (there is none).")
    for number, member in enumerate(members, start=1):
        if not isinstance(member, list | str):
            raise UserError(f"{path}: {needed} (item {number} is neither).")
    # YAML reads some words as numbers or booleans.
    return [[member] if isinstance(member, str) else [str(turn) for turn in member] for member in members]


def read(path: Path, _settings: Settings, _reading: Reading) -> Placed:
    """Yield the conversations of a file."""
    for number, texts in enumerate(turns(path), start=1):
        yield f"{path}, item {number}", conversation(texts)


CHATTERBOT = Form(
    "chatterbot",
    "YAML of chatterbot-corpus",
    CONVERSATIONS,
    matches,
    read,
    "'conversations:', a list of lists of texts",
)
