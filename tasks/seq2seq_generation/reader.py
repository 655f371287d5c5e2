"""Running text: files and folders become a stream of chunks, documents separated by an end mark or not at all."""

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
"""Text is read and stored in chunks of whole lines, of about this many characters: a file may be of any size."""


@dataclass(frozen=True)
class TextReader(Reader):
    """Reading files as running text.

    A file is a document, and so is each object of a JSONL file; a folder has one in each of its .txt files. Spaces,
    tabs and line breaks are kept ('layout'), since they carry meaning in running text.

    Args:
        target_field: Key of the text in JSONL.
        source_field: Not used: running text has no source.
        normalization: 'layout', 'nfc', 'nfkc' or 'none'; all but 'layout' and 'none' fold spaces.
        source_language: Not used.
        target_language: ISO 639 code; '' guesses from the file name, or from the script.
        max_source_pieces: Not used.
        reverse: Not used.
        contiguous: Whether everything is one running text, without marks at the ends of documents: for a text that is
            merely split over several files, or whose documents are not marked.
        lines: Whether each line is a document: for sentences, as needed for a language model that is fused with another
            model.
    """

    FORMS: ClassVar[str] = ".txt or .jsonl"
    STORED_AS: ClassVar[str] = "seq2seq_generation.reading.TextReader"

    source_field: str = "text"
    target_field: str = "text"
    normalization: str = "layout"
    contiguous: bool = False
    lines: bool = False

    def __post_init__(self) -> None:
        """Refuse options that contradict each other or do nothing."""
        super().__post_init__()
        require(
            not (self.contiguous and self.lines),
            "data.reader.lines makes each line a document, and data.reader.contiguous has no documents: choose one.",
        )
        require(
            not self.reverse and not self.max_source_pieces,
            "data.reader.reverse and data.reader.max_source_pieces are about sources, but running text has none: leave "
            "them out.",
        )

    def begin(self) -> Mark | None:
        """Return the context before the first piece: the start of a document, or of a line if there are none."""
        return Mark.LINE if self.contiguous else None

    def with_languages(self, files: Sequence[Path]) -> "TextReader":
        """Return this reader: file names of texts rarely reveal a language; `with_scripts` examines the text."""
        return self

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Read texts, chunk by chunk.

        Args:
            files: Text files and JSONL (.gz too) and folders of .txt files, in this order.

        Yields:
            Examples with a chunk as their target; the last chunk of a document ends with `Mark.END`.

        Raises:
            UserError: If a file is missing or malformed, or there is none.
        """
        if not files:
            raise UserError("A corpus of running text needs a file or a folder, but none was given.")
        paths = [one for file in files for one in (documents(file) if Path(file).is_dir() else [existing(Path(file))])]
        return self._chunks(paths)

    def _chunks(self, paths: Sequence[Path]) -> Iterator[Example]:
        found = chain.from_iterable(map(self._of_file, paths))
        if not self.contiguous:
            yield from found
            return
        # A text without documents has no marked ends, but its lines are still separate.
        before: Example | None = None
        for one in found:
            text = plain(one.target)
            if before is not None:
                joined = str(before.target)
                yield Example("", joined if joined.endswith("\n") or not joined else joined + "\n", (), before.place)
            before = Example("", text, (), one.place)
        if before is not None:
            yield before

    def _of_file(self, path: Path) -> Iterator[Example]:
        """Yield the chunks of a file, with an end after each document."""
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
        """Return a chunk of a document, normalised: folding strips line breaks from the document's ends only.

        Args:
            text: Whole lines.
            is_first: Whether the document begins with them.
            is_last: Whether it ends with them.
        """
        lines = text.strip("\n")
        start = text.index(lines)
        folded = plain(self.target(text))
        if self.normalization == "layout":
            return folded
        return f"{'' if is_first else text[:start]}{folded}{'' if is_last else text[start + len(lines) :]}"

    def _document(self, text: str, place: str) -> Example:
        return document(normalize(text, self.normalization), place)


def document(text: str, place: str) -> Example:
    """Return a whole document as an example."""
    return Example("", (text, Mark.END), (), place)
