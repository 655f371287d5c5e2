"""Read files and folders as running text, in chunks of whole lines."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import ClassVar

from seq2seq.corpus.formats.documents import blocks, documents
from seq2seq.corpus.formats.jsonl import is_objects, objects
from seq2seq.corpus.normalization import normalize
from seq2seq.corpus.reader import field_text
from seq2seq.files.text_lines import ended_lines, existing
from seq2seq.options import require
from seq2seq.plugin import Example, Mark, Reader, UserError, plain

CHUNK_CHARACTERS = 1 << 16
"""Approximate number of characters per chunk."""


@dataclass(frozen=True)
class TextReader(Reader):
    """Reads files as running text.

    Each text file, each object of a JSONL file and each .txt file of a folder is one document. By default ('layout'),
    spaces, tabs and line breaks are kept, because they carry meaning in running text.

    Args:
        target_field: Key of the text in JSONL objects.
        source_field: Not used: running text has no source.
        normalization: 'layout', 'nfc', 'nfkc' or 'none'; 'nfc' and 'nfkc' also collapse runs of spaces.
        source_language: Not used.
        target_language: ISO 639 code; '' guesses it from the script.
        max_source_pieces: Not used.
        reverse: Not used.
        tag: Not used.
        masks: Not used.
        form: Not used: files are read as they are.
        contiguous: Whether all files form one running text without end tokens. Use this if a text is split over several
            files, or if the ends of its documents are not marked.
        lines: Whether each line is a document. Use this for a language model that is fused with a sentence-level model.
    """

    FORMS: ClassVar[str] = ".txt or .jsonl"
    STORED_AS: ClassVar[str] = "seq2seq_generation.reading.TextReader"
    SOURCE_FORM: ClassVar[str] = "text"

    source_field: str = "text"
    target_field: str = "text"
    normalization: str = "layout"
    contiguous: bool = False
    lines: bool = False

    def __post_init__(self) -> None:
        """Reject options that contradict each other or have no effect."""
        super().__post_init__()
        require(
            not (self.contiguous and self.lines),
            "data.reader.lines makes each line a document, and data.reader.contiguous has no documents: choose one.",
        )
        require(
            not self.reverse and not self.max_source_pieces and not self.tag and not self.masks,
            "data.reader.reverse, data.reader.tag, data.reader.masks and data.reader.max_source_pieces are about "
            "sources, but running text has none: leave them out.",
        )

        require(
            not self.form,
            f"data.reader.form is '{self.form}', but running text is read as it is: leave it out.",
        )

    def understood(self, files: Sequence[Path]) -> str:
        """Return '', because files are read as they are."""
        return ""

    def begin(self) -> Mark | None:
        """Return the context before the first piece: `Mark.LINE` if `contiguous`, otherwise None (the start token)."""
        return Mark.LINE if self.contiguous else None

    def with_languages(self, files: Sequence[Path]) -> "TextReader":
        """Return this reader, because file names rarely reveal a language; `with_scripts` guesses it from the text."""
        return self

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Read texts in chunks.

        Args:
            files: Text files, JSONL files (both optionally .gz) and folders of .txt files.

        Yields:
            Examples with a chunk as their target; unless `contiguous`, a document's last chunk ends with `Mark.END`.

        Raises:
            UserError: If a file is missing or malformed, or if no file is given.
        """
        if not files:
            raise UserError("A corpus of running text needs a file or a folder, but none was given.")
        paths = [
            path for file in files for path in (documents(file) if Path(file).is_dir() else [existing(Path(file))])
        ]
        return self._chunks(paths)

    def _chunks(self, paths: Sequence[Path]) -> Iterator[Example]:
        chunks = chain.from_iterable(map(self._of_file, paths))
        if not self.contiguous:
            yield from chunks
            return
        # Lines of two files must not merge, so every chunk but the last ends with a line break.
        before: Example | None = None
        for chunk in chunks:
            text = plain(chunk.target)
            if before is not None:
                joined = str(before.target)
                yield Example("", joined if joined.endswith("\n") or not joined else joined + "\n", (), before.place)
            before = Example("", text, (), chunk.place)
        if before is not None:
            yield before

    def _of_file(self, path: Path) -> Iterator[Example]:
        """Yield the chunks of a file, with an end token after each document."""
        if is_objects(path):
            for place, fields in objects(path):
                yield self._document(field_text(fields, self.target_field, place, "target_field"), place)
        elif self.lines:
            for number, line in enumerate(ended_lines(path), start=1):
                if line.strip():
                    yield self._document(line.removesuffix("\n"), f"{path}:{number}")
        else:
            held: tuple[int, str] | None = None
            is_first = True
            for block in chain(blocks(path, CHUNK_CHARACTERS), [None]):
                if held is not None:
                    text = self._inside(held[1], is_first, block is None)
                    yield Example("", text if block else (text, Mark.END), (), f"{path}:{held[0]}")
                    is_first = False
                held = block

    def _inside(self, text: str, is_first: bool, is_last: bool) -> str:
        """Return a normalised chunk of whole lines; line breaks are stripped only at the ends of the document."""
        lines = text.strip("\n")
        start = text.index(lines)
        folded = plain(self.target(text))
        if self.normalization == "layout":
            return folded
        return f"{'' if is_first else text[:start]}{folded}{'' if is_last else text[start + len(lines) :]}"

    def _document(self, text: str, place: str) -> Example:
        """Return an example for a whole document."""
        return Example("", (normalize(text, self.normalization), Mark.END), (), place)
