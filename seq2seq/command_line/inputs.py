"""Reads a verb's inputs in chunks: lines, JSON objects or whole documents."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from seq2seq.command_line.lines import STANDARD_INPUT, Chunks, chunked
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.formats.documents import document, documents
from seq2seq.corpus.formats.jsonl import is_objects
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files.text_lines import bounded_text, existing

MARKED_UP = {
    **dict.fromkeys((".tmx", ".xlf", ".xliff"), "a translation memory (XML)"),
    **dict.fromkeys((".po", ".pot"), "a gettext catalogue"),
    **dict.fromkeys((".srt", ".vtt", ".ass"), "a file of subtitles"),
    **dict.fromkeys((".html", ".htm", ".xml"), "markup"),
    **dict.fromkeys((".docx", ".odt", ".pdf", ".epub", ".rtf"), "a formatted document"),
}
"""File types that are not plain text, by suffix."""


@dataclass(frozen=True)
class Input:
    """One source.

    Args:
        text: A string, or an example whose source the reader has already converted.
        place: ``FILE:LINE``, or the file of a whole document.
    """

    text: str | Example
    place: str


class Inputs:
    """Iterates over the sources in files, in chunks; ``-`` or no file means standard input.

    A folder contains one document per file (`seq2seq.corpus.formats.documents`), a .jsonl file contains one source per
    object, and any other file contains one source per line. If an input is invalid, all inputs before it are yielded
    first.

    Args:
        files: Paths of files and folders.
        reader: Converts the objects of .jsonl files.
        is_document: Whether each file, or standard input, is a single document.
    """

    def __init__(self, files: list[str], reader: Reader, *, is_document: bool = False) -> None:
        self.files = files or ["-"]
        self.reader = reader
        self.is_document = is_document

    @property
    def folders(self) -> list[Path]:
        """The folders among the inputs."""
        return [Path(file) for file in self.files if file != "-" and Path(file).is_dir()]

    def check(self) -> None:
        """Check all files before reading the first one.

        Raises:
            UserError: If a file is missing, empty or not plain text, if a folder contains no document, or if a .jsonl
                file is given with ``--document``.
        """
        for file in self.files:
            path = Path(file)
            if file == "-":
                continue
            if path.is_file() and (kind := MARKED_UP.get(Path(file.removesuffix(".gz")).suffix.lower())):
                raise UserError(
                    f"{file} is {kind}, so not every line is text: extract its text into a plain file "
                    "first. To take all of its lines as they are, give it on standard input."
                )
            if path.is_dir():
                documents(path)
            elif self.is_document and is_objects(path):
                raise UserError(f"{file} contains a document in each line: leave out --document.")
            elif not self.is_document or not path.is_file() or path.stat().st_size:  # an empty file is a valid document
                _existing(path)

    def __iter__(self) -> Iterator[list[Input]]:
        """Yield chunks.

        Raises:
            UserError: If a file is missing, empty, not UTF-8 or not JSON; the message names file and line.
        """
        for file in self.files:
            path = Path(file)
            if file != "-" and path.is_dir():
                yield from chunked((Input(document(place), str(place)) for place in documents(path)), _size)
            elif self.is_document:
                yield [self._document(file)]
            elif file != "-" and is_objects(path):
                from seq2seq.corpus.recognition import sources

                records = sources(path, self.reader.settings())
                inputs = (Input(Example(self.reader.source_of(fields, place), ""), place) for place, fields in records)
                yield from chunked(inputs, _size)
            else:
                yield from _numbered(Chunks([file]), STANDARD_INPUT if file == "-" else file)

    def _document(self, file: str) -> Input:
        if file != "-":
            return Input(document(Path(file)), file)
        given = bounded_text((line for chunk in Chunks([file]) for line in chunk), STANDARD_INPUT)
        return Input("\n".join(given), STANDARD_INPUT)


def _existing(path: Path) -> None:
    """Check that a file exists; if its name looks like input text, suggest a pipe."""
    try:
        existing(path)
    except UserError as fault:
        if path.exists() or len(str(path).split()) == 1:
            raise
        raise UserError(f"{fault} To give the text itself, pipe it in: echo TEXT | seq2seq VERB MODEL.") from fault


def _numbered(chunks: Chunks, name: str) -> Iterator[list[Input]]:
    number = 0
    for chunk in chunks:
        yield [Input(text, f"{name}:{number + place}") for place, text in enumerate(chunk, start=1)]
        number += len(chunk)


def _size(source: Input) -> int:
    return len(plain(source.text.source) if isinstance(source.text, Example) else source.text)
