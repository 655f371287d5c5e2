"""Translated files, which wait in a private folder until they are fetched, for a limited time.

Their names are random and are all that a request can name, so no request reads another file.
"""

import json
import re
import secrets
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from seq2seq.corpus.reader import field_text
from seq2seq.documents.suffixes import SUFFIXES
from seq2seq.errors import UserError
from seq2seq.files.parsing import MIB, json_cause, json_value
from seq2seq.files.text_encoding import encoding_of

KEPT_S = 900.0
KEPT_BYTES = 256 * MIB
"""How long files are kept, and how many bytes of them; the oldest are removed first."""
LINES = (".txt", ".jsonl")
"""Suffixes of files with a text in each line, or with an object in each line."""
_NAME = re.compile(rf"[0-9a-f]{{32}}({'|'.join(map(re.escape, (*LINES, *SUFFIXES)))})")


class Documents:
    """Translated files.

    Args:
        folder: A private folder, which several processes may share.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, suffix: str, content: bytes) -> str:
        """Keep a file, and return its name."""
        self._tidy()
        name = secrets.token_hex(16) + suffix
        (self._folder / name).write_bytes(content)
        return name

    def get(self, name: str) -> bytes | None:
        """Return the content of a file; None if there is none of that name."""
        if not _NAME.fullmatch(name):
            return None
        try:
            content = (self._folder / name).read_bytes()
            age_s = time.time() - (self._folder / name).stat().st_mtime
        except FileNotFoundError:
            return None
        return content if age_s <= KEPT_S else None

    def _tidy(self) -> None:
        """Remove files that are too old or too many; another process may remove them at the same time."""
        found = []
        for path in self._folder.iterdir():
            if _NAME.fullmatch(path.name):
                try:
                    found.append((path.stat().st_mtime, path.stat().st_size, path))
                except FileNotFoundError:
                    continue
        total = 0
        for moment, count, path in sorted(found, reverse=True):
            total += count
            if total > KEPT_BYTES or time.time() - moment > KEPT_S:
                path.unlink(missing_ok=True)


@dataclass(frozen=True)
class Lines:
    """A file of lines or objects to translate.

    Args:
        texts: Its texts.
        write: Returns the content of the translated file, given the outputs.
    """

    texts: Sequence[str]
    write: Callable[[Sequence[str]], str]


def lines_of(suffix: str, content: bytes, source_field: str, target_field: str) -> Lines:
    """Read a file of lines or objects.

    Args:
        suffix: '.txt', a text in each line, or '.jsonl', one in each object.
        content: The file.
        source_field: Key of the texts in objects.
        target_field: Key under which an object gets its output.

    Raises:
        UserError: If the file cannot be read.
    """
    try:
        text = content.decode(encoding_of(content).replace("utf-8", "utf-8-sig"))
    except UnicodeDecodeError as fault:
        raise UserError("The file is not UTF-8 text: save it as UTF-8.") from fault
    return _lines(text) if suffix == ".txt" else _objects(text, source_field, target_field)


def _lines(text: str) -> Lines:
    lines = re.split(r"(\r\n|\n|\r)", text)
    texts, breaks = lines[::2], [*lines[1::2], ""]

    def write(outputs: Sequence[str]) -> str:
        # A line stays a line.
        written = [" ".join(output.split("\n")) for output in outputs]
        return "".join(line + end for line, end in zip(written, breaks, strict=True))

    return Lines(texts, write)


def _objects(text: str, source_field: str, target_field: str) -> Lines:
    objects: list[dict[str, object]] = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        try:
            value = json_value(line)
        except ValueError as fault:
            raise UserError(f"Line {number} of the file is not JSON: {json_cause(fault)}.") from fault
        if not isinstance(value, dict):
            raise UserError(f"Line {number} of the file is not a JSON object: a line of .jsonl is {{...}}.")
        field_text(value, source_field, f"Line {number} of the file")
        objects.append(value)
    texts = [str(value[source_field]) for value in objects]

    def write(outputs: Sequence[str]) -> str:
        rows = [{**value, target_field: output} for value, output in zip(objects, outputs, strict=True)]
        return "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)

    return Lines(texts, write)
