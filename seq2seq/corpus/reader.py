"""Base class of every task's reader, which converts records to examples.

The reader yields one example at a time, so files of any size can be read. `seq2seq.corpus.formats` parses the files.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, ClassVar, Self

from seq2seq.corpus.example import Example, Mark, Text, plain
from seq2seq.corpus.formats.form import EXCHANGES, PAIRS, REPLIER, TURNS, Reading, Settings, exchanges
from seq2seq.corpus.languages import language_of, language_of_script
from seq2seq.corpus.masks import Masked, MaskedPair, mask, mask_pair
from seq2seq.corpus.normalization import NORMALIZATIONS, normalize
from seq2seq.corpus.options import require_tag
from seq2seq.errors import UserError, nearest
from seq2seq.options import choice, require

if TYPE_CHECKING:
    from seq2seq.corpus.recognition import Corpus

SCRIPT_EXAMPLES, SCRIPT_STEP = 5_000, 25
"""The script of a corpus is detected from its first 25 examples and from every 25th of its first 5,000."""


@dataclass(frozen=True)
class Reader:
    """Converts files and input lines to examples. A task's reader may add options, with JSON-serializable values.

    Args:
        source_field: Source column of TSV and CSV (header name, or column number from 1 if there is no header) or key
            of JSONL.
        target_field: Target column or key, likewise.
        normalization: 'nfc', 'nfkc', 'layout' or 'none'; see `normalize`.
        source_language: ISO 639 code; '' guesses from the file name (``.en``, ``.zh.gz``), or takes that of the file
            itself (TMX, XLIFF, PO). Of a TMX file with more than two languages, it chooses.
        target_language: ISO 639 code of the target, likewise.
        max_source_pieces: Maximum source length in pieces, in training and in use; 0 is no limit.
        reverse: Whether to swap source and target, for a model that predicts the source from the target. The language
            options apply after swapping, whereas the field options describe the files.
        tag: Name of the tag before each source in validation and use, one of those of data.mixture.tags; '' is none.
        form: Form of the files, such as 'whatsapp', 'openai' or 'json' (docs/data.md lists all); '' recognizes it.
        masks: Whether the model reads and writes placeholders, tags, URLs, e-mail addresses and numbers with units as
            special tokens, so it cannot misspell them: those on both sides of a training pair, and all of a source in
            use, up to 8 each (docs/files.md).
    """

    FORMS: ClassVar[str] = ".tsv, .csv or .jsonl"
    """Kinds of single-file corpora, for messages."""
    KINDS: ClassVar[tuple[str, ...]] = (PAIRS, EXCHANGES)
    """Kinds of records that the reader takes (`seq2seq.corpus.formats.form`), besides those with its own keys."""
    STORED_AS: ClassVar[str] = "seq2seq.corpus.Reader"
    """Name of the class in fingerprints of data; a class that does not set it is stored by module and name. Keep the
    value when the class moves; otherwise unfinished runs cannot resume in the middle of an epoch."""

    SOURCE_FORM: ClassVar[str] = "text"
    """How a page in a browser converts texts to sources: a form of `seq2seq/page/engine/sources.js`, or ''
    for a reader of which it cannot. A class that overrides `source`, `kept`, `begin` or `finish` and does not set it
    counts as such a reader."""

    source_field: str = "source"
    target_field: str = "target"
    normalization: str = "nfc"
    source_language: str = ""
    target_language: str = ""
    max_source_pieces: int = 0
    reverse: bool = False
    tag: str = ""
    form: str = ""
    masks: bool = False

    def __post_init__(self) -> None:
        """Refuse invalid values."""
        choice("data.reader.normalization", self.normalization, NORMALIZATIONS)
        if self.form:
            from seq2seq.corpus.recognition import NAMES

            choice("data.reader.form", self.form, NAMES)
        require(
            self.source_field.isdecimal() == self.target_field.isdecimal(),
            f"data.reader.source_field is '{self.source_field}' and data.reader.target_field is '{self.target_field}': "
            "give two names, or two column numbers.",
        )
        require(
            not self.source_field.isdecimal() or min(int(self.source_field), int(self.target_field)) >= 1,
            "Columns are numbered from 1: data.reader.source_field and data.reader.target_field cannot be 0.",
        )
        require(
            self.max_source_pieces >= 0,
            f"data.reader.max_source_pieces is {self.max_source_pieces}, but it must be positive, or 0 to cut nothing.",
        )
        require_tag("data.reader.tag", self.tag)

    def turned(self) -> Self:
        """Return a reader with source and target swapped, including the languages."""
        return replace(
            self, reverse=not self.reverse, source_language=self.target_language, target_language=self.source_language
        )

    def with_languages(self, files: Sequence[Path]) -> Self:
        """Return a reader with missing languages guessed from the names of the first corpus's files, or of fields."""
        first = self.corpora(files)[0] if len(files) > 2 else files
        names = [path.name for path in first] if len(first) == 2 else [self.source_field, self.target_field]
        named = self._declared(first[0]) if first and first[0].is_file() else ("", "")
        return replace(
            self,
            source_language=self.source_language or named[0] or language_of(names[0]),
            target_language=self.target_language or named[1] or language_of(names[1]),
        )

    def _declared(self, file: Path) -> tuple[str, str]:
        """Return the languages that a file itself names, as the reader uses them; '' if it names none."""
        if self.source_language and self.target_language:
            return "", ""
        from seq2seq.corpus.recognition import languages_of

        source, target = languages_of(file, self.settings(), self.form)
        return (target, source) if self.reverse else (source, target)

    @property
    def _file_languages(self) -> tuple[str, str]:
        """Languages of the source and target of files, which are swapped later for a reversed model."""
        languages = self.source_language, self.target_language
        return (languages[1], languages[0]) if self.reverse else languages

    def with_scripts(self, examples: Iterable[Example]) -> Self:
        """Return a reader with missing languages guessed from the script of some examples."""
        if self.source_language and self.target_language:
            return self
        numbered = enumerate(islice(examples, SCRIPT_EXAMPLES))
        first = [example for number, example in numbered if number < SCRIPT_STEP or number % SCRIPT_STEP == 0]
        return replace(
            self,
            source_language=self.source_language or language_of_script(plain(example.source) for example in first),
            target_language=self.target_language or language_of_script(plain(example.target) for example in first),
        )

    def corpora(self, files: Sequence[Path]) -> list[list[Path]]:
        """Group files into corpora: each is one file, or two aligned text files in a row; see `recognition.grouped`.

        Raises:
            UserError: If a file is missing.
        """
        from seq2seq.corpus.recognition import grouped

        return grouped(files, self.settings(), self.KINDS, self.form)

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Read one corpus or several, one example at a time.

        Args:
            files: For each corpus, two aligned text files, or files of any other form (`seq2seq.corpus.recognition`).
                Each may be .gz.

        Raises:
            UserError: Immediately, if a file is missing or its form is not recognized or not read by this task; or
                during iteration, if a record is malformed.
        """
        groups = self.corpora(files)
        if len(groups) > 1:
            parts = [self.read(group) for group in groups]
            return chain(parts[0], *(_numbered(part, number) for number, part in enumerate(parts[1:], 1)))
        return self._examples(self.recognized(files).records(Reading()))

    def recognized(self, files: Sequence[Path]) -> "Corpus":
        """Return the files of a corpus with their forms.

        Raises:
            UserError: If a file is missing, or if its form is not recognized or not read by this task.
        """
        # The patterns of all forms take 15 ms to compile, and most commands read no corpus.
        from seq2seq.corpus.recognition import recognized

        return recognized(files, self.settings(), self.KINDS, self.FORMS, self.form)

    def settings(self) -> Settings:
        """Return the options that the forms of files depend on. Tasks may override it."""
        return Settings(self.source_field, self.target_field, 0.0, *self._file_languages)

    def understood(self, files: Sequence[Path]) -> str:
        """Return a sentence on how files were interpreted, or '' if that is obvious. Tasks may override it."""
        from seq2seq.corpus.form_note import form_note

        notes = (form_note(self.recognized(group), self.KINDS) for group in self.corpora(files))
        return " ".join(note for note in notes if note)

    def advice(self, files: Sequence[Path]) -> str:
        """Return a sentence on an option that suits the training files, or ''. Tasks may override it."""
        return ""

    def examples(self, fields: Mapping[str, object], place: str) -> Iterable[Example]:
        """Return the examples of one record, by default a single one. Tasks may override it.

        Args:
            fields: Values of the record, by key or column.
            place: ``FILE:LINE``, for messages.
        """
        if TURNS in fields and REPLIER in fields and self.source_field not in fields:
            pairs = exchanges(fields)
            return [self.record({self.source_field: one, self.target_field: other}, place) for one, other in pairs]
        return (self.record(fields, place),)

    def record(self, fields: Mapping[str, object], place: str) -> Example:
        """Convert a record (a JSON object, table row, or pair of lines) to an example. Tasks may override it.

        Args:
            fields: Values of the record, by key or column.
            place: ``FILE:LINE``, for messages.
        """
        references = fields["references" if "references" in fields else "refs"] if _has_references(fields) else []
        if not isinstance(references, list) or not all(isinstance(reference, str) for reference in references):
            raise UserError(f"{place}: the references must be a list of texts.")
        return Example(
            self.source_of(fields, place),
            self.target_of(fields, place),
            tuple(normalize(reference, self.normalization) for reference in references),
            place,
        )

    def source_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the source of a record, which need not have a target. Tasks may override it."""
        return self.source(field_text(fields, self.source_field, place, "source_field"))

    def target_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the target of a record. Tasks may override it."""
        return self.target(field_text(fields, self.target_field, place, "target_field"))

    def source(self, text: str) -> Text:
        """Convert a user's input or a file's text to the model's source."""
        return normalize(text, self.normalization)

    def target(self, text: str) -> Text:
        """Convert a target text to the model's target."""
        return normalize(text, self.normalization)

    def masked(self, source: Text) -> Masked:
        """Return a source with masks, if the option `masks` is set."""
        return mask(source) if self.masks else Masked(source)

    def masked_pair(self, source: Text, target: Text) -> MaskedPair:
        """Return a training pair with masks, if the option `masks` is set."""
        return mask_pair(source, target) if self.masks else MaskedPair(source, target)

    def begin(self) -> Mark | None:
        """Return the token before the first piece of a running text; None for the start token. Tasks may override it.

        Only used by language models.
        """
        return None

    def finish(self, text: str) -> str:
        """Convert the model's output to the text shown to the user."""
        return text

    def reversed(self, example: Example) -> Example:
        """Swap source and target of an example. Tasks may override it."""
        return Example(example.target, example.source, (), example.place)

    def unrepeated(self, example: Example) -> Example:
        """Return the example for training tokenizers. Tasks whose examples repeat texts may override it."""
        return example

    def kept(self, ids: Sequence[int], marks: Mapping[Mark, int]) -> Sequence[int]:
        """Return the positions of the kept pieces of an overlong source, by default the first. Tasks may override it.

        Args:
            ids: Ids of the S source pieces.
            marks: Ids of the separators.

        Returns:
            At most `max_source_pieces` positions from 0 to S - 1, in order.
        """
        return range(min(len(ids), self.max_source_pieces or len(ids)))

    def shortened(self, ids: Sequence[int], marks: Mapping[Mark, int]) -> list[int]:
        """Return a source with only the pieces selected by `kept`."""
        if not self.max_source_pieces or len(ids) <= self.max_source_pieces:
            return list(ids)
        return [ids[place] for place in self.kept(ids, marks)]

    def _examples(self, records: Iterable[tuple[str, Mapping[str, object]]]) -> Iterator[Example]:
        for place, fields in records:
            for example in self.examples(fields, place):
                yield self.reversed(example) if self.reverse else example


READER = Reader()
"""Reader with default options."""


def field_text(fields: Mapping[str, object], name: str, place: str, option: str = "") -> str:
    """Return a string field of a record.

    Args:
        fields: Values of the record.
        name: Key of the field.
        place: ``FILE:LINE``, for messages.
        option: Reader option that sets the key, for messages.

    Raises:
        UserError: If the field is missing (the message names the existing ones) or is not a string.
    """
    if name not in fields:
        advice = f" Name the right one with --data.reader.{option} KEY (in use: --{option} KEY)." if option else ""
        keys = ", ".join(fields) or "none"
        raise UserError(f"{place}: no key '{name}'. {nearest(name, fields)}There are: {keys}.{advice}")
    value = fields[name]
    if not isinstance(value, str):
        raise UserError(f"{place}: '{name}' must be a text, but it is {json.dumps(value, ensure_ascii=False)[:60]}.")
    return value


def _numbered(examples: Iterable[Example], corpus: int) -> Iterator[Example]:
    for example in examples:
        yield replace(example, corpus=corpus)


def _has_references(fields: Mapping[str, object]) -> bool:
    return "references" in fields or "refs" in fields
