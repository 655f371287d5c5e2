"""The Cornell Movie-Dialogs Corpus: ``movie_lines.txt`` with all lines, ``movie_conversations.txt`` with their order.

Its fields are separated by ``+++$+++``. The published files are Windows-1252, not UTF-8; lines of both are read.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from seq2seq.corpus.formats.form import CONVERSATIONS, Form, Head, Placed, Reading, Settings, conversation
from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import byte_lines, opened
from seq2seq.files.text_lines import existing

SEPARATOR = "+++$+++"
LINES, CONVERSATIONS_FILE = "movie_lines.txt", "movie_conversations.txt"
_ID = re.compile(r"L\d+")


def matches(head: Head, _settings: Settings) -> bool:
    """Return whether a file is one of the two."""
    return head.matches(lambda line: line.count(SEPARATOR) in (3, 4) and _ID.search(line))


def pair(paths: list[Path]) -> list[Path]:
    """Return the file of conversations for one or both files of the corpus.

    Raises:
        UserError: If it is neither given nor beside the file of lines.
    """
    ordered = [path for path in paths if not _has_lines(path)]
    if ordered:
        return ordered
    beside = [path.with_name(CONVERSATIONS_FILE) for path in paths]
    if missing := [path for path in beside if not path.is_file()]:
        raise UserError(f"{paths[0]} has the lines of the Cornell corpus, but their order is missing: {missing[0]}.")
    return beside


def read(path: Path, _settings: Settings, reading: Reading) -> Placed:
    """Yield the conversations; the file of lines must be in the same folder.

    Raises:
        UserError: If the file of lines is missing, or if a line has no text.
    """
    if _has_lines(path):
        (path,) = pair([path])
    place_of_lines = path.with_name(LINES)
    if not place_of_lines.is_file():
        raise UserError(f"{path} has the order of the Cornell corpus's lines, but {place_of_lines} is missing.")
    spoken: dict[str, tuple[str, str]] = {}
    for number, fields in _fields(place_of_lines):
        if len(fields) != 5:
            raise UserError(f"{place_of_lines}:{number}: five fields are expected, but there are {len(fields)}.")
        spoken[fields[0]] = fields[3] or fields[1], fields[4]
    for number, fields in _fields(path):
        names = _ID.findall(fields[-1])
        if unknown := [name for name in names if name not in spoken]:
            raise UserError(f"{path}:{number}: {place_of_lines.name} has no line {unknown[0]}.")
        said = [spoken[name] for name in names if spoken[name][1]]
        reading.left_out["empty line"] += len(names) - len(said)
        yield f"{path}:{number}", conversation([text for _, text in said], [name for name, _ in said])


def _has_lines(path: Path) -> bool:
    """Return whether a file has the lines themselves, by its first line."""
    return len(next(_fields(path), (0, []))[1]) == 5


def _fields(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Yield the number and the fields of each line."""
    existing(path)
    with opened(path) as file:
        for number, line in enumerate(byte_lines(file, str(path)), start=1):
            try:
                text = line.decode("utf-8")
            except UnicodeDecodeError:
                text = line.decode("cp1252", "replace")
            if text.strip():
                yield number, [field.strip() for field in text.split(SEPARATOR)]


CORNELL = Form(
    "cornell",
    "the Cornell movie corpus (+++$+++)",
    CONVERSATIONS,
    matches,
    read,
    f"{LINES} and {CONVERSATIONS_FILE} in one folder",
)
