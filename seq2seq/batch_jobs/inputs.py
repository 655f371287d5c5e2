"""The inputs of a batch job: text, JSONL and Parquet files, read source by source.

A source that cannot be read (not UTF-8, too long, not a JSON object) does not end the reading: its record has a fault
instead of a value.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

from seq2seq.command_line.inputs import MARKED_UP
from seq2seq.corpus.formats.jsonl import is_objects, is_spread, objects
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import LONGEST_LINE, opened, too_long
from seq2seq.files.parsing import json_value
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import HEAD_BYTES, advice, encoding_of
from seq2seq.files.text_head import text_head
from seq2seq.files.text_lines import existing, lines

LINES, OBJECTS, ROWS = "lines", "objects", "rows"
PARQUET = ".parquet"
SKIPPED = (".", "_")
"""First characters of names in a folder that are no inputs: hidden files, and marks of other programs."""
COUNT_BYTES = 1 << 22


class Record(NamedTuple):
    """A source of a file.

    Attributes:
        number: Its line or row, from 1.
        value: A line, or the fields of an object or a row; None if it could not be read.
        fault: Why it could not be read; '' if it could.
    """

    number: int
    value: str | dict[str, object] | None
    fault: str = ""


@dataclass(frozen=True)
class InputFile:
    """A file of sources.

    Args:
        path: Its path.
        name: Relative path of its output.
    """

    path: Path
    name: str

    @property
    def kind(self) -> str:
        """``LINES`` for a source in each line, ``OBJECTS`` in each JSON object, or ``ROWS`` in each row of a table."""
        if self.path.name.endswith(PARQUET):
            return ROWS
        return OBJECTS if is_objects(self.path) else LINES

    def records(self, reader: Reader) -> Iterator[Record]:
        """Yield the sources.

        Raises:
            UserError: If the file is damaged or of another format.
        """
        if self.kind == ROWS:
            from seq2seq.batch_jobs.parquet import rows

            yield from (Record(number, fields) for number, fields in enumerate(rows(self.path, reader), start=1))
        elif self.kind == OBJECTS:
            yield from _objects(self.path)
        else:
            yield from _lines(self.path)

    def count(self) -> int:
        """Return about how many sources there are, from the line breaks."""
        if self.kind == ROWS:
            from seq2seq.batch_jobs.parquet import count

            return count(self.path)
        found, last = 0, b"\n"
        with readable(self.path), opened(self.path) as file:
            while block := file.read(COUNT_BYTES):
                found += block.count(b"\n")
                last = block[-1:]
        return found + (last != b"\n")


def input_files(names: Iterable[str]) -> list[InputFile]:
    """Return the files to read: those named, and all in the folders named, sorted by their paths.

    Raises:
        UserError: If there is none, if a file is not text, or if two would have the same output.
    """
    found: dict[str, InputFile] = {}
    for name in names:
        path = Path(name).expanduser()
        if name == "-":
            raise UserError("Standard input cannot be cut into shards: give --workers and --cluster files or a folder.")
        if path.is_dir():
            members = [child for child in sorted(path.rglob("*")) if child.is_file() and _is_input(child, path)]
            if not members:
                raise UserError(f"The folder {name} contains no files.")
        else:
            members = [path if path.is_file() else existing(path)]
        for member in members:
            plain = member.name.removesuffix(".gz")
            if kind := MARKED_UP.get(Path(plain).suffix.lower()):
                raise UserError(f"{member} is {kind}, so not every line is text: extract its text into a plain file.")
            place = member.relative_to(path).with_name(plain).as_posix() if path.is_dir() else plain
            if place in found:
                raise UserError(f"{found[place].path} and {member} would both write {place}: rename one of them.")
            found[place] = InputFile(member, place)
    return list(found.values())


def _is_input(path: Path, folder: Path) -> bool:
    return not any(part.startswith(SKIPPED) for part in path.relative_to(folder).parts)


def _lines(path: Path) -> Iterator[Record]:
    """Yield the lines of a text file."""
    with readable(path), opened(path) as file:
        if encoding_of(file.peek(HEAD_BYTES)) != "utf-8":
            yield from (Record(number, line) for number, line in enumerate(lines(path), start=1))
            return
        number = 0
        for line in iter(partial(file.readline, LONGEST_LINE + 2), b""):
            number += 1
            if len(line) > LONGEST_LINE and len(line.rstrip(b"\r\n")) > LONGEST_LINE:
                length, part = len(line), line
                while not part.endswith(b"\n") and (part := file.readline(LONGEST_LINE)):
                    length += len(part)
                yield Record(number, None, str(too_long(str(path), number, length, is_whole=True)))
                continue
            body = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            try:
                yield Record(number, body.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8"))
            except UnicodeDecodeError as fault:
                where = f"byte {fault.object[fault.start]:#04x} at position {fault.start + 1}"
                yield Record(number, None, f"{path}, line {number}: not UTF-8 ({where}). {advice(fault.object)}")


def _objects(path: Path) -> Iterator[Record]:
    """Yield the objects of a JSON file; blank lines are skipped."""
    if path.stat().st_size and is_spread(text_head(path)):
        yield from (Record(number, value) for number, (_, value) in enumerate(objects(path), start=1))
        return
    for record in _lines(path):
        if not isinstance(record.value, str):
            yield record
        elif record.value.strip():
            try:
                value = json_value(record.value)
                fault = "" if isinstance(value, dict) else "a JSON object like {...} is needed"
            except ValueError as error:
                value, fault = None, f"not JSON ({error})"
            if fault:
                beginning = record.value[:60]
                fault = f"{path}:{record.number}: {fault}; the line begins with: {beginning}"
            yield Record(record.number, value if isinstance(value, dict) else None, fault)
