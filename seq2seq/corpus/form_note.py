"""A line on how the files of a corpus were read."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path

from seq2seq.amounts import amount
from seq2seq.corpus.conversations.turn_lines import LINES, speakers_of
from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    EXCHANGES,
    PERSONA,
    RECORDS,
    SPEAKERS,
    TURNS,
    Form,
    Head,
    Placed,
    Reading,
)
from seq2seq.corpus.formats.reading_progress import watched
from seq2seq.corpus.recognition import ALIGNED, CSV, TSV, Corpus

MANY_TURNS = 20
"""A text with more turns than this in its only conversation may lack blank lines."""
_AFTER_NAME = re.compile(" (?:of|that|without) ")


@dataclass
class Counts:
    """Conversations of some files.

    Attributes:
        conversations: Number of conversations.
        turns: Number of turns.
        most: Number of turns of the longest conversation.
        others: Number of records that are not conversations.
        has_persona: Whether a conversation has a persona or system message.
        speakers: Number of turns by speaker.
    """

    conversations: int = 0
    turns: int = 0
    most: int = 0
    others: int = 0
    has_persona: bool = False
    speakers: dict[str, int] = field(default_factory=dict)

    @classmethod
    def of(cls, records: Placed) -> "Counts":
        """Count the conversations in records."""
        counts = cls()
        for _, record in records:
            turns, speakers = record.get(TURNS), record.get(SPEAKERS)
            if not isinstance(turns, list):
                counts.others += 1
                continue
            counts.conversations += 1
            counts.turns += len(turns)
            counts.most = max(counts.most, len(turns))
            counts.has_persona |= bool(record.get(PERSONA))
            for speaker in speakers if isinstance(speakers, list) else ():
                counts.speakers[str(speaker)] = counts.speakers.get(str(speaker), 0) + 1
        return counts

    def sentence(self) -> str:
        """Return the counts as part of a sentence."""
        many = amount(self.conversations, "conversation")
        return f"{many}, {amount(self.turns, 'turn')}, at most {self.most:,} in one"


def form_note(corpus: Corpus, kinds: Sequence[str]) -> str:
    """Return sentences on how files were read, one for each form; '' if that is obvious.

    Args:
        corpus: The files with their forms.
        kinds: Kinds of records that the reader takes.
    """
    notes = []
    for _, group in groupby(range(len(corpus.files)), key=lambda number: corpus.forms[number].name):
        if note := _note(corpus, list(group), kinds):
            notes.append(note)
    return " ".join(notes)


def _note(corpus: Corpus, numbers: list[int], kinds: Sequence[str]) -> str:
    form, first = corpus.forms[numbers[0]], corpus.files[numbers[0]]
    if form is ALIGNED or (form in (TSV, CSV) and first.name.removesuffix(".gz").endswith(f".{form.name}")):
        return ""
    name = named([corpus.files[number] for number in numbers])
    is_own = form.kind == RECORDS or form is LINES
    read = "" if is_own else f"{name} {'is' if len(numbers) == 1 else 'are each'} read as {form.title}."
    if form in (TSV, CSV):
        return f"{name} is read as {form.title}."
    if form.unit:
        reading = Reading()
        count = sum(
            1
            for number in numbers
            for _ in watched(corpus.of_file(number, reading), f"Counting {corpus.files[number].name}", "record")
        )
        return f"{read.removesuffix('.')}: {amount(count, form.unit)}{left_out(reading)}."
    if CONVERSATIONS not in kinds or form.kind not in (RECORDS, EXCHANGES, CONVERSATIONS):
        return f"{read} {_of_pairs(form)}".strip() if read else ""
    reading = Reading()
    counts = Counts()
    for number in numbers:
        records = watched(corpus.of_file(number, reading), f"Counting {corpus.files[number].name}", "record")
        counts = _added(counts, Counts.of(records))
    if not counts.conversations:
        return ""
    title = "" if is_own else f"is read as {form.title}: " if len(numbers) == 1 else f"are each read as {form.title}: "
    note = f"{name}{':' if is_own else ''} {title}{counts.sentence()}{left_out(reading)}."
    return note + (_about_lines(first, counts) if form is LINES else "")


def _of_pairs(form: Form) -> str:
    return "Replies of the assistant are the targets; system messages are left out." if form.kind == EXCHANGES else ""


def _added(one: Counts, other: Counts) -> Counts:
    return Counts(
        one.conversations + other.conversations,
        one.turns + other.turns,
        max(one.most, other.most),
        one.others + other.others,
        one.has_persona or other.has_persona,
    )


def left_out(reading: Reading) -> str:
    """Return what was left out as the end of a sentence; '' if that is nothing."""
    parts = [amount(count, *plural(kind)) for kind, count in reading.left_out.items() if count]
    return f"; left out: {', '.join(parts)}" if parts else ""


def plural(kind: str) -> tuple[str, str]:
    """Return the name of a kind in singular and plural."""
    first = _AFTER_NAME.split(kind, maxsplit=1)[0]
    return kind, f"{first}s{kind.removeprefix(first)}"


def named(files: Sequence[Path]) -> str:
    """Return the names of files, at most two of them."""
    names = [path.name for path in files]
    if len(names) > 2:
        return f"{names[0]} and {len(names) - 1:,} more files"
    return " and ".join(names)


def _about_lines(path: Path, counts: Counts) -> str:
    """Return sentences on the speakers and the conversations of a text with a turn per line."""
    note = ""
    if names := speakers_of(Head(path).lines):
        more = f" and {len(names) - 3} more" if len(names) > 3 else ""
        note += f" The names before the turns ({', '.join(names[:3])}{more}) are read as speakers."
    if counts.conversations == 1 and counts.turns > MANY_TURNS:
        note += " The file has no blank line between conversations, so all its turns are read as one conversation."
    return note
