"""Translates the documents given to a translation verb: each is written again in its own format."""

import argparse
import sys
from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from typing import IO, TYPE_CHECKING

from seq2seq.amounts import amount
from seq2seq.command_line.lines import chunked
from seq2seq.command_line.places import require_apart
from seq2seq.command_line.progress import SourceProgress
from seq2seq.corpus.formats.jsonl import has_text, is_objects
from seq2seq.corpus.reader import Reader
from seq2seq.decoding.phrases import term_files
from seq2seq.documents.languages import Languages
from seq2seq.documents.suffixes import suffix_of
from seq2seq.documents.unit import MOST_BYTES
from seq2seq.errors import UserError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.atomic_folders import tidy
from seq2seq.files.parsing import read_bytes
from seq2seq.safe_text import in_line

if TYPE_CHECKING:
    from seq2seq.documents.document_translation import DocumentReport

SHOWN = 20
"""Number of texts of a document about which a sentence is printed."""
_OF_LINES = (
    *("interactive", "document", "source_field", "json", "nbest", "scores", "alignments", "attention", "prefix"),
)
Decode = Callable[[Sequence[str], int, SourceProgress], Sequence[str]]
"""Translates lines, given the number of lines before them."""


def is_document(file: str, reader: Reader) -> bool:
    """Return whether a file is a document; a .json file is one unless it contains sources (JSONL)."""
    path = Path(file)
    if file == "-" or not suffix_of(file) or not path.is_file():
        return False
    return not is_objects(path) or not _has_sources(path, reader)


def _has_sources(path: Path, reader: Reader) -> bool:
    """Return whether a .json file has an object with a source in each line."""
    with path.open("rb") as file:
        return has_text(file.readline(MOST_BYTES), reader.source_field)


def documents_among(options: argparse.Namespace, reader: Reader, *, is_translator: bool) -> bool:
    """Return whether the inputs are documents, which only a translator takes.

    Raises:
        UserError: If only some are, or if options are given that do not apply to documents.
    """
    found = [file for file in options.files if is_document(file, reader)] if is_translator else []
    if not found:
        is_term_file = options.glossary is not None and term_files.is_term_file(Path(options.glossary))
        for name in ("all", *(() if is_term_file else ("target_language", "source_language"))):
            if getattr(options, name):
                raise UserError(
                    f"--{name} applies to documents and translation files (.po, .xlf, .docx, ...), but none is given."
                )
        return False
    if others := [file for file in options.files if file not in found]:
        raise UserError(
            f"{found[0]} is a document, which is written in its own format, but {others[0]} is text: translate them "
            "one after the other."
        )
    if wrong := [f"--{name}" for name in _OF_LINES if getattr(options, name)]:
        raise UserError(
            f"{found[0]} is a document, in which each text gets one translation: leave out {' and '.join(wrong)}."
        )
    return True


def outputs_of(options: argparse.Namespace, model: Sequence[Path | None]) -> list[Path | None]:
    """Return the path of each output; None is standard output.

    Raises:
        UserError: If documents would overwrite an input, a part of a model, or one another.
    """
    files = [Path(file) for file in options.files]
    if not options.output:
        if len(files) > 1:
            raise UserError(f"{len(files)} documents need a folder for their translations: add -o FOLDER.")
        if files[0].suffix.lower() == ".docx" and sys.stdout.isatty():
            raise UserError("A Word document cannot be shown at a terminal: add -o FILE.docx.")
        require_apart({}, options.files, model)
        return [None]
    target = Path(options.output)
    if target.is_dir() or len(files) > 1:
        if target.is_file():
            raise UserError(f"{target} is a file, but {len(files)} documents need a folder for their translations.")
        if not target.is_dir() and suffix_of(str(target)):
            raise UserError(
                f"--output {target} has the name of a document, but {len(files)} documents need a folder for their "
                "translations: name a folder."
            )
        places = [target / file.name for file in files]
    else:
        places = [target]
    require_apart({"--output": places}, options.files, model)
    for place in places:
        tidy(place.parent, [place.name])
    return [*places]


def translate_documents(
    options: argparse.Namespace, reader: Reader, places: Sequence[Path | None], decode: Decode
) -> None:
    """Translate documents, and write each in its own format.

    Args:
        options: The options of the verb.
        reader: The model's reader.
        places: Path of each output; None is standard output.
        decode: Translates lines.
    """
    from seq2seq.documents.document_translation import translate_document
    from seq2seq.documents.formats.by_suffix import read
    from seq2seq.documents.steps import finished

    languages = Languages(
        options.source_language or reader.source_language, options.target_language or reader.target_language
    )
    done = 0
    progress = SourceProgress(is_wanted=sys.stderr.isatty())

    def translate(texts: Sequence[str]) -> list[str]:
        nonlocal done
        found: list[str] = []
        for chunk in chunked(iter(texts), len):
            found += decode(chunk, done, progress)
            done += len(chunk)
            progress.show(done)
        return found

    for file, place in zip(options.files, places, strict=True):
        document = read(read_bytes(Path(file), MOST_BYTES), file, languages)
        report = finished(translate_document(document, everything=options.all, has_masks=reader.masks), translate)
        content = document.content()
        if place is None:
            sys.stdout.buffer.write(content)
            sys.stdout.buffer.flush()
        else:
            write_atomically(place, partial(_write, content))
        progress.end()
        _tell(file, report)


def _write(content: bytes, file: IO[bytes]) -> None:
    file.write(content)


def _tell(file: str, report: "DocumentReport") -> None:
    for note in report.notes[:SHOWN]:
        print(in_line(f"{note}."), file=sys.stderr)
    if len(report.notes) > SHOWN:
        print(f"... and {amount(len(report.notes) - SHOWN, 'more text')} of that kind.", file=sys.stderr)
    print(in_line(report.sentence(file)), file=sys.stderr)
