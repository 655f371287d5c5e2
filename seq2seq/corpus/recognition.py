"""Recognizes the forms of corpus files by their content.

Forms with a structure of their own are tried first. Text with a turn in each line has none, so it is what remains, and
only if nothing suggests another form (`seq2seq.corpus.conversations.near_misses`). An option overrides recognition.
"""

import csv
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import chain
from pathlib import Path

from seq2seq.corpus.conversations import cornell
from seq2seq.corpus.conversations.chatterbot import CHATTERBOT
from seq2seq.corpus.conversations.discord import DISCORD, DISCORD_CSV
from seq2seq.corpus.conversations.message_objects import OPENAI, PARLAI_JSON, SHAREGPT, resembling
from seq2seq.corpus.conversations.near_misses import near_miss
from seq2seq.corpus.conversations.parlai import PARLAI, PARLAI_LOG
from seq2seq.corpus.conversations.subtitles import SUBTITLES
from seq2seq.corpus.conversations.telegram import TELEGRAM
from seq2seq.corpus.conversations.turn_lines import EOU, LINES
from seq2seq.corpus.conversations.whatsapp import WHATSAPP
from seq2seq.corpus.formats.aligned_text import aligned
from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    EXCHANGES,
    PAIRS,
    RECORDS,
    TURNS,
    Form,
    Head,
    Placed,
    Reading,
    Settings,
    are,
)
from seq2seq.corpus.formats.gettext_catalogue import PO
from seq2seq.corpus.formats.jsonl import OBJECTS as OBJECT_SUFFIXES
from seq2seq.corpus.formats.jsonl import objects
from seq2seq.corpus.formats.published_pairs import ALPACA, CNN_DAILYMAIL, SAMSUM, XSUM
from seq2seq.corpus.formats.story import STORY, stories
from seq2seq.corpus.formats.tables import rows
from seq2seq.corpus.formats.translation_memory import TMX
from seq2seq.corpus.formats.xliff import XLIFF
from seq2seq.errors import UserError
from seq2seq.files.text_lines import existing


def _own(head: Head, settings: Settings) -> bool:
    """Return whether JSON objects have the reader's own keys, or turns."""
    named = {settings.source_field, settings.target_field}
    return head.have(
        lambda record: named <= record.keys() or are(record, TURNS, lambda turn: not isinstance(turn, dict))
    )


def _has_columns(delimiter: str, head: Head, settings: Settings) -> bool:
    """Return whether the first line of a table names the reader's columns."""
    if not head.lines:
        return False
    try:
        columns = next(csv.reader([head.lines[0]], delimiter=delimiter, strict=True), [])
    except csv.Error:
        return False
    return {settings.source_field, settings.target_field} <= set(columns)


def _tabbed(head: Head, settings: Settings) -> bool:
    if PARLAI.matches(head, settings) or PARLAI_LOG.matches(head, settings):
        return False
    return _has_columns("\t", head, settings) or head.matches(_has_tab)


def _has_tab(line: str) -> bool:
    before, _, after = line.partition("\t")
    return bool(before.strip() and after.strip())


def _table(delimiter: str, path: Path, settings: Settings, _reading: Reading) -> Placed:
    return rows(path, delimiter, (settings.source_field, settings.target_field))


def _objects(path: Path, _settings: Settings, _reading: Reading) -> Placed:
    yield from objects(path)


def _aligned(_path: Path, _settings: Settings, _reading: Reading) -> Placed:
    raise UserError("Aligned text needs two files, source and target.")


JSON_OBJECTS = Form(
    "json",
    "JSON objects",
    RECORDS,
    _own,
    _objects,
    "objects with the task's keys: source and target, message and reply, turns",
)
TSV = Form("tsv", "a table with tabs", RECORDS, _tabbed, partial(_table, "\t"), "columns divided by tabs")
CSV = Form("csv", "a table with commas", RECORDS, partial(_has_columns, ","), partial(_table, ","), "a CSV table")
ALIGNED = Form(
    "aligned", "aligned text", RECORDS, lambda _head, _settings: False, _aligned, "two files, a text per line"
)
OF_JSON = (JSON_OBJECTS, OPENAI, SHAREGPT, PARLAI_JSON, TELEGRAM, DISCORD, ALPACA, SAMSUM, CNN_DAILYMAIL, XSUM)
OF_TRANSLATORS = (TMX, XLIFF, PO)
OF_TEXT = (
    *OF_TRANSLATORS,
    SUBTITLES,
    WHATSAPP,
    PARLAI,
    PARLAI_LOG,
    cornell.CORNELL,
    CHATTERBOT,
    EOU,
    STORY,
    DISCORD_CSV,
    TSV,
    CSV,
)
FORMS = (*OF_JSON, *OF_TEXT, LINES, ALIGNED)
NAMES = tuple(form.name for form in FORMS)
"""Values of the option ``--data.reader.form``."""
OPTION = "--data.reader.form"
NAMING = f"{OPTION} NAME (in inspect and evaluate: --form NAME)"
WANTED = {
    CONVERSATIONS: "conversations",
    EXCHANGES: "conversations with an assistant",
    PAIRS: "pairs of a source and a target",
}
"""What a form has, as part of a sentence."""
BY_SUFFIX = {
    ".tsv": TSV,
    ".csv": CSV,
    ".tmx": TMX,
    **dict.fromkeys((".xlf", ".xliff"), XLIFF),
    **dict.fromkeys((".po", ".pot"), PO),
}
"""Forms of files by extension, if their content shows no other; errors then name what is wrong with them."""
LINE_SUFFIXES = (".txt", "")
"""Extensions of files that may be text with a turn in each line."""


@dataclass(frozen=True)
class Corpus:
    """Files with their forms.

    Args:
        files: The files.
        forms: The form of each file; that of aligned text is the form of both.
        settings: Options of the reader.
    """

    files: tuple[Path, ...]
    forms: tuple[Form, ...]
    settings: Settings

    def records(self, reading: Reading) -> Placed:
        """Yield the records of all files with their places."""
        if ALIGNED in self.forms:
            source, target = self.files
            return aligned(source, target, self.settings.source_field, self.settings.target_field)
        return chain.from_iterable(self.of_file(number, reading) for number in range(len(self.files)))

    def of_file(self, number: int, reading: Reading) -> Placed:
        """Yield the records of one file."""
        return self.forms[number].read(self.files[number], self.settings, reading)


def form_of(head: Head, settings: Settings) -> Form | None:
    """Return the form that the content of a file shows; None for text without any structure."""
    if head.records or head.suffix in OBJECT_SUFFIXES:
        for form in OF_JSON:
            if form.matches(head, settings):
                return form
        if head.records or not _is_text(head, settings):
            return resembling(head) or JSON_OBJECTS  # its error names what is wrong
    by_suffix = BY_SUFFIX.get(head.suffix)
    tables = (TSV, CSV) if by_suffix else ()
    return next((form for form in OF_TEXT if form not in tables and form.matches(head, settings)), by_suffix)


def languages_of(path: Path, settings: Settings, name: str = "") -> tuple[str, str]:
    """Return the source and target language that a file names, '' if it names none.

    Args:
        path: The file.
        settings: Options of the reader.
        name: Name of the form; '' recognizes it.

    Raises:
        UserError: If the file is malformed, or has several languages of which none are chosen.
    """
    form = next(form for form in FORMS if form.name == name) if name else form_of(Head(path), settings)
    return form.languages(path, settings) if form and form.languages else ("", "")


def sources(path: Path, settings: Settings) -> Placed:
    """Yield the records of a JSON file of sources, which need no targets.

    Records of published pairs are converted unless they have the reader's own key of the source.
    """
    head = Head(path)
    form = form_of(head, settings)
    if form and form.kind == PAIRS and not head.have(lambda record: settings.source_field in record):
        return form.read(path, settings, Reading())
    return _objects(path, settings, Reading())


def _is_text(head: Head, settings: Settings) -> bool:
    return any(form.matches(head, settings) for form in OF_TEXT)


def recognized(
    files: Sequence[Path], settings: Settings, kinds: Sequence[str], shown: str = ".tsv, .csv or .jsonl", name: str = ""
) -> Corpus:
    """Return the forms of the files of a corpus.

    Args:
        files: Two aligned texts; or one or more files of other forms, or folders of stories.
        settings: Options of the reader.
        kinds: Kinds of records that the reader takes.
        shown: Extensions of its files, for messages.
        name: Name of the form; '' recognizes it.

    Raises:
        UserError: If a file is missing, if its form is not recognized, or if the reader does not take it.
    """
    given = list(chain.from_iterable(map(_expanded, map(Path, files))))
    paths = [path for path, _ in given]
    if name:
        return _named(paths, settings, kinds, next(form for form in FORMS if form.name == name))
    forms = [form for path, known in given if (form := known or form_of(Head(path), settings))]
    if paths and len(forms) == len(paths):
        if all(form is cornell.CORNELL for form in forms):
            paths = cornell.pair(paths)
        for path, form in zip(paths, forms, strict=False):
            _require_kind(path, form, kinds)
        return Corpus(tuple(paths), tuple(forms[: len(paths)]), settings)
    if len(paths) == 2:
        return Corpus(tuple(paths), (ALIGNED, ALIGNED), settings)
    if len(paths) != 1:
        raise UserError(f"A corpus is two aligned text files or one {shown} file, but {len(paths)} files were given.")
    head = Head(paths[0])
    if CONVERSATIONS not in kinds or head.suffix not in LINE_SUFFIXES:
        raise UserError(
            f"{head.path}: a corpus in one file is {shown} (or one of these with .gz), not '{head.suffix}'. "
            f"Aligned text needs two files, source and target. If it has another form, name it: {NAMING}."
        )
    if kind := near_miss(head):
        raise UserError(
            f"{head.path} looks like {kind}, not like {LINES.title}: convert it to one of the forms that are read, or, "
            f"if each of its lines is a turn, give {OPTION} {LINES.name} (in use: --form {LINES.name})."
        )
    return Corpus((head.path,), (LINES,), settings)


def grouped(files: Sequence[Path], settings: Settings, kinds: Sequence[str], name: str = "") -> list[list[Path]]:
    """Group files into corpora, for `recognized`.

    Files of Cornell's form are one corpus. Text without any structure is aligned with the text that follows; only a
    reader of conversations takes it alone, unless there are just two. All other files stand alone.

    Args:
        files: The files, in order.
        settings: Options of the reader.
        kinds: Kinds of records that the reader takes.
        name: Name of the form of all files; '' recognizes them.

    Raises:
        UserError: If a file is missing.
    """
    paths = [Path(file) for file in files]
    if name == ALIGNED.name:
        return [paths[begin : begin + 2] for begin in range(0, len(paths), 2)]
    if name:
        return [paths] if name == cornell.CORNELL.name else [[path] for path in paths]
    forms = [STORY if path.is_dir() else form_of(Head(existing(path)), settings) for path in paths]
    is_text = [form is None for form in forms]
    if (len(paths) == 2 and any(is_text)) or (paths and all(form is cornell.CORNELL for form in forms)):
        return [paths]
    groups: list[list[Path]] = []
    has_turns = CONVERSATIONS in kinds
    place = 0
    while place < len(paths):
        is_pair = is_text[place] and all(is_text[place : place + 2]) and not has_turns
        groups.append(paths[place : place + 1 + is_pair])
        place += len(groups[-1])
    return groups


def _expanded(path: Path) -> Iterator[tuple[Path, Form | None]]:
    """Yield the stories of a folder, or a file, whose form is not known yet."""
    if path.is_dir() and (found := stories(path)):
        yield from ((story, STORY) for story in found)
    else:
        yield existing(path), None


def _named(paths: list[Path], settings: Settings, kinds: Sequence[str], form: Form) -> Corpus:
    """Return the files as a form that an option names."""
    if form is ALIGNED and len(paths) != 2:
        raise UserError(f"{OPTION} aligned needs two files, source and target, but {len(paths)} were given.")
    if not paths:
        raise UserError(f"{OPTION} {form.name} needs a file, but none was given.")
    if form is cornell.CORNELL:
        paths = cornell.pair(paths)
    _require_kind(paths[0], form, kinds)
    return Corpus(tuple(paths), (form,) * len(paths), settings)


def _require_kind(path: Path, form: Form, kinds: Sequence[str]) -> None:
    """Refuse a form that a reader does not take.

    Raises:
        UserError: If it does not.
    """
    if form.kind in (RECORDS, *kinds):
        return
    is_talk = form.kind == CONVERSATIONS
    advice = " To learn its replies, train another task: seq2seq fit dialogue --data.train FILE." if is_talk else ""
    taken = [WANTED[kind] for kind in (PAIRS, EXCHANGES, CONVERSATIONS) if kind in kinds]
    raise UserError(
        f"{path} is {form.title}, which has {WANTED[form.kind]}, but this task reads {' or '.join(taken)}.{advice} If "
        f"it is not that, name its form: {NAMING}."
    )
