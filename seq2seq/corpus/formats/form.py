"""Forms of corpus files: how each is recognized from the beginning of a file, and how its records are read."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from seq2seq.corpus.formats.jsonl import OBJECTS
from seq2seq.errors import UserError
from seq2seq.files.json_stream import JsonStream
from seq2seq.files.text_head import HEAD_BYTES, decoded_head, head_bytes

HEAD_LINES, HEAD_RECORDS = 1000, 100
"""Maximum numbers of non-blank lines and of JSON objects from which a form is recognized."""
NEARLY_ALL = 0.9
"""Minimum fraction of lines that match the pattern of a form with a record in each line."""

Record = Mapping[str, object]
Placed = Iterator[tuple[str, Record]]
"""Records, each with its place (``FILE:LINE`` or ``FILE, item N``)."""

RECORDS, PAIRS, EXCHANGES, CONVERSATIONS = "records", "pairs", "exchanges", "conversations"
"""Kinds of records: with the keys that a task itself expects; a source with its target; a conversation of users with an
assistant, whose replies are targets; a conversation between people."""
TURNS, SPEAKERS, PERSONA, REPLIER = "turns", "speakers", "persona", "replier"
"""Keys of a conversation: the turns, the speaker of each, what the responder knows, and which speaker the responder is.
Without a responder, every turn after the first is a reply."""


@dataclass(frozen=True)
class Settings:
    """Reader options that forms depend on.

    Args:
        source_field: Key or column of the source.
        target_field: Key or column of the target.
        pause_hours: In exports of messages, a longer pause begins a new conversation; 0 never does.
        source_language: Language code of the source, for files that name theirs; '' is unknown.
        target_language: Language code of the target, likewise.
        language_options: How a user names the languages, for messages; '' is by the options of a reader.
    """

    source_field: str = "source"
    target_field: str = "target"
    pause_hours: float = 0.0
    source_language: str = ""
    target_language: str = ""
    language_options: str = ""


@dataclass
class Reading:
    """What reading a file has shown besides its records.

    Attributes:
        left_out: Number of messages, lines or records that were left out, by kind.
    """

    left_out: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Form:
    """A form of files.

    Args:
        name: Name for the option ``--data.reader.form``.
        title: What such a file is, as part of a sentence.
        kind: Kind of its records.
        matches: Whether a file has this form.
        read: Yields the records of a file; it adds to `Reading.left_out`.
        expected: What a file of this form contains, as part of a sentence.
        unit: Name of a record in notes, for forms with records that are left out; '' counts nothing.
        languages: Returns the source and target language of a file, '' if unknown; None for forms that name none.
    """

    name: str
    title: str
    kind: str
    matches: Callable[["Head", Settings], bool]
    read: Callable[[Path, Settings, Reading], Placed]
    expected: str = ""
    unit: str = ""
    languages: Callable[[Path, Settings], tuple[str, str]] | None = None


class Head:
    """The beginning of a file.

    Attributes:
        path: The file.
        text: Up to `HEAD_BYTES` bytes of it.
        is_whole: Whether that is the whole file.
        lines: Up to `HEAD_LINES` non-blank lines, without line breaks.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        head = head_bytes(path)
        self.text = decoded_head(head)
        self.is_whole = len(head) < HEAD_BYTES
        whole = self.text.split("\n")
        if not self.is_whole and len(whole) > 1:
            whole.pop()
        self.all_lines = [line.removesuffix("\r") for line in whole]
        self.lines = [line for line in self.all_lines if line.strip()][:HEAD_LINES]

    @property
    def suffix(self) -> str:
        """The extension of the file's name, without ``.gz``."""
        return Path(self.path.name.removesuffix(".gz")).suffix.lower()

    def share(self, is_such: Callable[[str], Any]) -> float:
        """Return the fraction of the lines with a property."""
        return sum(map(bool, map(is_such, self.lines))) / len(self.lines) if self.lines else 0.0

    def matches(self, is_such: Callable[[str], Any], least: float = NEARLY_ALL) -> bool:
        """Return whether at least two lines, and at least a fraction of all lines, have a property."""
        count = sum(map(bool, map(is_such, self.lines)))
        return count >= 2 and count >= least * len(self.lines)

    @cached_property
    def records(self) -> list[dict[str, Any]]:
        """The first JSON objects, the last of which may be incomplete; empty if the file is not JSON."""
        records: list[dict[str, Any]] = []
        first = self.text.lstrip()[:1]
        if first not in ("{", "["):
            return records
        stream = JsonStream([self.text], str(self.path))
        try:
            if first == "[":
                for _ in stream.items():
                    if stream.peek() != "{":
                        return []
                    _sample(stream, records)
                    if len(records) > HEAD_RECORDS:
                        break
                else:
                    stream.end()
            else:
                while stream.peek() == "{" and len(records) <= HEAD_RECORDS:
                    _sample(stream, records)
                if len(records) <= HEAD_RECORDS:
                    stream.end()
        except UserError:
            if self.is_whole and self.suffix not in OBJECTS and not self._is_broken_json:
                return []
            if len(records) > 1:
                records.pop()
        return records

    @cached_property
    def _is_broken_json(self) -> bool:
        """Whether nearly all lines look like JSON, although the file is damaged."""
        return len(self.lines) > 1 and self.matches(lambda line: line.lstrip()[:1] in tuple('{}[]"'))

    def have(self, is_such: Callable[[Mapping[str, Any]], bool]) -> bool:
        """Return whether there are JSON objects, all with a property."""
        return bool(self.records) and all(map(is_such, self.records))


def _sample(stream: JsonStream, records: list[dict[str, Any]]) -> None:
    """Append the next object to some records, member by member, so an incomplete one is there in part."""
    record: dict[str, Any] = {}
    records.append(record)
    for key in stream.members():
        if stream.peek() == "[":
            record[key] = []
            for _ in stream.items():
                record[key].append(stream.value())
        else:
            if stream.peek() == "{":
                record[key] = {}
            record[key] = stream.value()


def are(record: Mapping[str, Any], key: str, is_such: Callable[[Any], bool]) -> bool:
    """Return whether a member of a record is a list whose items all have a property; an empty list counts."""
    value = record.get(key)
    return isinstance(value, list) and all(map(is_such, value))


def has_texts(record: Mapping[str, Any], *keys: str) -> bool:
    """Return whether some members of a record exist and are strings."""
    return all(isinstance(record.get(key), str) for key in keys)


def conversation(
    turns: Sequence[str], speakers: Sequence[str] = (), persona: Sequence[str] = (), replier: str = ""
) -> Record:
    """Return the record of a conversation."""
    record: dict[str, object] = {TURNS: list(turns), SPEAKERS: list(speakers)}
    if persona:
        record[PERSONA] = list(persona)
    if replier:
        record[REPLIER] = replier
    return record


def exchanges(record: Record) -> list[tuple[str, str]]:
    """Return each reply of a conversation with what was said since the reply before it, a turn per line."""
    turns, speakers = _listed(record, TURNS), _listed(record, SPEAKERS)
    pairs = []
    asked: list[str] = []
    for turn, speaker in zip(turns, speakers, strict=True):
        if speaker != record.get(REPLIER):
            asked.append(turn)
        elif asked:
            pairs.append(("\n".join(asked), turn))
            asked = []
    return pairs


def _listed(record: Record, key: str) -> list[str]:
    value = record.get(key, [])
    return value if isinstance(value, list) else []
