"""Records of files as texts by side: sources and targets, the turns of conversations, or lines of text."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path

from seq2seq.corpus.conversations.near_misses import near_miss
from seq2seq.corpus.example import plain
from seq2seq.corpus.formats.documents import documents
from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    EXCHANGES,
    PAIRS,
    PERSONA,
    RECORDS,
    SPEAKERS,
    TURNS,
    Form,
    Head,
    Placed,
    Reading,
    Record,
    Settings,
)
from seq2seq.corpus.formats.story import stories
from seq2seq.corpus.normalization import comparable
from seq2seq.corpus.reader import Reader, field_text
from seq2seq.corpus.recognition import CSV, JSON_OBJECTS, LINE_SUFFIXES, TSV, Corpus, form_of, recognized
from seq2seq.files.text_lines import existing, lines

SOURCE, TARGET, TURN, TEXT = "source", "target", "turn", "text"
FIELDS = ((SOURCE, TARGET), ("message", "reply"), (TEXT, TEXT))
"""Keys or columns of the sides, which are tried in this order if none are given."""
NUMBERED = ("1", "2")
"""Columns of a table without header."""
PAUSE_HOURS = 6.0
"""In exports of messages, a longer pause begins a new conversation, as the default of the dialogue task."""


@dataclass(frozen=True)
class Case:
    """A record.

    Args:
        place: ``FILE:LINE``, or the file and the number of the record.
        sides: Its texts by side; only a conversation has several of one side.
        speakers: Who says each turn, if that is known.
        persona: What the responder knows.
    """

    place: str
    sides: Mapping[str, Sequence[str]]
    speakers: Sequence[str] = ()
    persona: Sequence[str] = ()

    @cached_property
    def key(self) -> int:
        """A hash of the letters and numbers of all texts; 0 if there are none."""
        return _hash([text for texts in self.sides.values() for text in texts])

    @cached_property
    def source_key(self) -> int:
        """The same of the source alone; 0 without a source."""
        return _hash(self.sides.get(SOURCE, ()))


def _hash(texts: Sequence[str]) -> int:
    keys = [comparable(text) or text.strip() for text in texts]
    return hash(tuple(keys)) or 1 if any(keys) else 0


@dataclass
class Source:
    """Files of one corpus, ready to be read.

    Args:
        corpus: The files with their forms.
        reader: The reader of a task; None reads records as they are.
        near: What a text looks like that has no form; '' otherwise.
        given: What the reader is given, if it is not the files of the corpus: folders.
        has_source: Whether the reader's examples have sources; those of language models have none.

    Attributes:
        reading: What has been left out so far.
    """

    corpus: Corpus
    reader: Reader | None = None
    near: str = ""
    given: Sequence[Path] = ()
    has_source: bool = True
    reading: Reading = field(default_factory=Reading)

    @property
    def form(self) -> Form:
        """The form of the first file."""
        return self.corpus.forms[0]

    def cases(self) -> Iterator[Case]:
        """Yield the records.

        Raises:
            UserError: If one is malformed.
        """
        if self.reader is not None:
            for example in self.reader.read(self.given or self.corpus.files):
                pair = {SOURCE: [plain(example.source)], TARGET: [plain(example.target)]}
                yield Case(example.place, pair if self.has_source else {TEXT: pair[TARGET]})
            return
        for place, record in self.corpus.records(self.reading):
            yield _case(place, record, self.corpus.settings)


def for_reader(reader: Reader, files: Sequence[Path], *, has_source: bool) -> Source:
    """Return the files of a corpus as a task's reader reads them.

    Args:
        reader: The reader.
        files: Files, or folders of documents.
        has_source: Whether its examples have sources.

    Raises:
        UserError: If a file is missing, or if its form is unknown or not read by the task.
    """
    folders = [path for path in files if path.is_dir() and not stories(path)]
    if has_source and not folders:
        corpus = reader.recognized(files)
        return Source(corpus, reader.with_languages(corpus.files))
    found = [document for path in files for document in (documents(path) if path.is_dir() else [existing(path)])]
    form = FOLDERS if has_source else RUNNING
    return Source(Corpus(tuple(found), (form,) * len(found), reader.settings()), reader, "", files, has_source)


def _case(place: str, record: Record, settings: Settings) -> Case:
    turns = record.get(TURNS)
    if isinstance(turns, list):
        speakers, persona = record.get(SPEAKERS), record.get(PERSONA)
        known = [persona] if isinstance(persona, str) else persona
        return Case(
            place,
            {TURN: [str(turn) for turn in turns]},
            [str(speaker) for speaker in speakers] if isinstance(speakers, list) else (),
            [str(fact) for fact in known] if isinstance(known, list) else (),
        )
    source, target = settings.source_field, settings.target_field
    if source == target:
        return Case(place, {TEXT: [_text(record, source, place, "source_field")]})
    texts = [_text(record, source, place, "source_field"), _text(record, target, place, "target_field")]
    return Case(place, {SOURCE: texts[:1], TARGET: texts[1:]})


def _text(record: Record, key: str, place: str, option: str) -> str:
    value = record.get(key)
    if isinstance(value, list) and all(isinstance(part, str) for part in value):
        return "\n".join(value)
    return field_text(record, key, place, option)


def source_of(
    files: Sequence[Path],
    form: str = "",
    fields: tuple[str, str] | None = None,
    languages: tuple[str, str] = ("", ""),
) -> Source:
    """Return the files of a corpus as they are.

    Args:
        files: One file or more; two texts are aligned.
        form: Name of the form; '' recognizes it.
        fields: Keys or columns of source and target; None finds the usual ones.
        languages: Codes of the source and target language, for files with several; '' is unknown.

    Raises:
        UserError: If a file is missing.
    """
    heads = [Head(path) for path in files if not path.is_dir()]
    settings = _settings(heads, form, fields)
    settings = replace(settings, source_language=languages[0], target_language=languages[1])
    if len(heads) == 1 and not form and (head := heads[0]) and form_of(head, settings) is None:
        near = near_miss(head)
        if near or head.suffix not in LINE_SUFFIXES:
            settings = replace(settings, source_field=TEXT, target_field=TEXT)
            return Source(Corpus((head.path,), (PLAIN,), settings), near=near)
    kinds = (RECORDS, PAIRS, EXCHANGES, CONVERSATIONS)
    return Source(recognized(files, settings, kinds, name=form))


def _settings(heads: Sequence[Head], form: str, fields: tuple[str, str] | None) -> Settings:
    if fields:
        return Settings(*fields, PAUSE_HOURS)
    tried = [Settings(source, target, PAUSE_HOURS) for source, target in FIELDS]
    if len(heads) != 1:
        return tried[0]
    head = heads[0]
    chosen = [settings for settings in tried if any(one.matches(head, settings) for one in (JSON_OBJECTS, CSV))]
    found = form_of(head, tried[0])
    is_table = found in (TSV, CSV) or form in (TSV.name, CSV.name)
    if is_table and not chosen:
        columns = set(head.lines[0].split("\t")) if head.lines else set[str]()
        chosen = [one for one in tried if {one.source_field, one.target_field} <= columns]
        chosen = chosen or [Settings(*NUMBERED, PAUSE_HOURS)]
    return chosen[0] if chosen else tried[0]


def _lines(path: Path, settings: Settings, _reading: Reading) -> Placed:
    for number, line in enumerate(lines(path), start=1):
        yield f"{path}:{number}", {settings.source_field: line}


def _never(_head: Head, _settings: Settings) -> bool:
    return False


PLAIN = Form("text", "text without a known form, a line each", RECORDS, _never, _lines)
RUNNING = Form("text", "running text", RECORDS, _never, _lines)
FOLDERS = Form("folders", "folders of documents", RECORDS, _never, _lines)
