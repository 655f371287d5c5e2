r"""Reader of conversations: each turn after the first is a target, with the turns before it as its source.

Files have one of the forms that `seq2seq.corpus.recognition` knows, among them:

- JSON: objects with ``turns``, a list of strings, and optionally ``speakers``, a list of names, ``persona``, a string
  or a list of strings with facts known to the responder, and ``replier``, the speaker whose turns are targets; or
  objects with ``message`` and ``reply``.
- text: a turn per line, and blank lines between conversations; exports of messengers; data of chatbots.
- ``.tsv``, ``.csv`` or two aligned text files: a message and its reply per row.

A source contains the responder's persona and the history, oldest turn first::

    persona line LINE  persona line LINE  turn TURN  SPEAKER own turn TURN  turn TURN

`Mark.LINE` and `Mark.TURN` end lines and turns, and `Mark.SPEAKER` begins the responder's turns. These special tokens
are inserted as ids, so users cannot type them.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import ClassVar

from seq2seq.corpus.formats.form import (
    CONVERSATIONS,
    EXCHANGES,
    PAIRS,
    PERSONA,
    REPLIER,
    SPEAKERS,
    TURNS,
    Settings,
)
from seq2seq.corpus.normalization import normalize
from seq2seq.corpus.reader import field_text
from seq2seq.options import require
from seq2seq.plugin import Example, Mark, Reader, Text, UserError

PERSONA_SHARE = 0.5
"""Maximum fraction of a truncated source that the persona may take."""


def is_text(path: Path) -> bool:
    """Return whether a file is plain text by its name."""
    return path.name.removesuffix(".gz").endswith(".txt")


@dataclass(frozen=True)
class DialogueReader(Reader):
    """Reader of conversations.

    Args:
        source_field: Column (header name, or number from 1) or JSON key of the message, in data of message-reply pairs.
        target_field: Column or JSON key of the reply.
        max_source_pieces: Maximum source length in pieces; the oldest turns are dropped first. 0 sets no limit.
        history_turns: Maximum number of past turns in the source; 0 keeps all.
        speakers: Whether to mark the responder's own turns with a special token.
        replier: Name of the speaker whose turns are targets; '' is every speaker, or the one that a file names (the
            assistant, in data of chatbots).
        pause_hours: In exports of messages, a longer pause begins a new conversation; 0 never does.
    """

    FORMS: ClassVar[str] = ".jsonl, .txt, .tsv or .csv"
    KINDS: ClassVar[tuple[str, ...]] = (PAIRS, EXCHANGES, CONVERSATIONS)
    STORED_AS: ClassVar[str] = "seq2seq_dialogue.reading.DialogueReader"
    SOURCE_FORM: ClassVar[str] = "conversation"

    source_field: str = "message"
    target_field: str = "reply"
    max_source_pieces: int = 200
    history_turns: int = 6
    speakers: bool = True
    replier: str = ""
    pause_hours: float = 6.0

    def __post_init__(self) -> None:
        """Check the options."""
        super().__post_init__()
        require(
            self.history_turns >= 0,
            f"data.reader.history_turns is {self.history_turns}, but it must be positive, or 0 to remember all turns.",
        )
        require(
            self.pause_hours >= 0,
            f"data.reader.pause_hours is {self.pause_hours:g}, but it must be positive, or 0 for one conversation a "
            "file.",
        )

    def read(self, files: Sequence[Path]) -> Iterator[Example]:
        """Yield the examples of a corpus, see `Reader.read`.

        Raises:
            UserError: If a file is malformed, or contains no conversation of at least two turns.
        """
        return self._some(super().read(files), files)

    def settings(self) -> Settings:
        """Return the options that the forms of files depend on."""
        return replace(super().settings(), pause_hours=self.pause_hours)

    def examples(self, fields: Mapping[str, object], place: str) -> Iterable[Example]:
        """Return an example for each turn after the first, all with the same place, or one for a message-reply pair.

        Args:
            fields: Values of a record: `turns`, or a message and its reply.
            place: ``FILE:LINE`` of the record.

        Raises:
            UserError: If a value is missing or has another type.
        """
        if TURNS not in fields:
            return (self.record(fields, place),)
        turns, speakers, persona = self._conversation(fields, place)
        replier = self.replier or fields.get(REPLIER, "")
        # Normalise each turn once, not once per example.
        turns, persona = [self.target(turn) for turn in turns], self._lines(persona)
        spoken = [number for number, turn in enumerate(turns) if turn.strip()]
        first = [
            spoken[max(0, count - self.history_turns) if self.history_turns else 0] for count in range(len(spoken))
        ]
        return (
            Example(
                self._source(turns[begin:end], speakers[begin:end], persona, speakers[end] if speakers else ""),
                turns[end],
                (),
                place,
            )
            for begin, end in zip(first[1:], spoken[1:], strict=True)
            if not (replier and speakers) or speakers[end] == replier
        )

    def source_of(self, fields: Mapping[str, object], place: str) -> Text:
        """Return the source for the next reply, which contains all turns of a record, or its message."""
        if TURNS in fields:
            return self.history(*self._conversation(fields, place))
        if self.source_field not in fields:
            raise UserError(
                f"{place}: no key '{TURNS}' (a conversation) and no key '{self.source_field}' (a message). "
                f"There are: {', '.join(fields) or 'none'}.{_advice(fields)}"
            )
        persona = texts(fields, PERSONA, place) if PERSONA in fields else ()
        return self.history([field_text(fields, self.source_field, place)], (), persona)

    def source(self, text: str) -> Text:
        """Return the source for the first message of a conversation."""
        return self.history([text])

    def target(self, text: str) -> str:
        """Return a turn normalised and on one line, as used in targets and histories."""
        return normalize(text, self.normalization).replace("\n", " ")

    def history(
        self, turns: Sequence[str], speakers: Sequence[str] = (), persona: Sequence[str] = (), replier: str = ""
    ) -> Text:
        """Return the source for a reply to the last turn.

        Args:
            turns: The turns, oldest first. Empty ones are skipped.
            speakers: Speaker of each turn; empty for two alternating speakers.
            persona: Persona or background facts of the responder, one per line.
            replier: The responder, one of `speakers`; by default the last speaker before that of the last turn.

        Returns:
            The source in the module's format, with at most `history_turns` turns; '' if there are no turns.
        """
        return self._source([self.target(turn) for turn in turns], speakers, self._lines(persona), replier)

    def _lines(self, persona: Sequence[str]) -> list[str]:
        """Return the non-empty lines of a persona, normalised."""
        return [line for text in persona for part in text.split("\n") if (line := self.target(part)).strip()]

    def _source(self, turns: Sequence[str], speakers: Sequence[str], persona: Sequence[str], replier: str) -> Text:
        """Return the source as `history` does, given turns and persona lines that are already normalised."""
        # By default speakers alternate, and the last turn is not the responder's.
        own = [(len(turns) - number) % 2 == 0 for number in range(len(turns))]
        if speakers:
            replier = replier or next((speaker for speaker in reversed(speakers) if speaker != speakers[-1]), "")
            own = [bool(replier) and speaker == replier for speaker in speakers]
        remembered = [(turn, is_own) for turn, is_own in zip(turns, own, strict=True) if turn.strip()]
        if not remembered:
            return ""
        parts: list[str | Mark] = []
        for line in persona:
            parts += [line, Mark.LINE]
        for turn, is_own in remembered[-self.history_turns :]:
            parts += [Mark.SPEAKER, turn, Mark.TURN] if is_own and self.speakers else [turn, Mark.TURN]
        return tuple(parts)

    def reversed(self, example: Example) -> Example:
        """Return the example for the reverse model, which predicts the message from the reply (Li et al. 2016)."""
        source = example.source if isinstance(example.source, tuple) else ()
        turns = [part for part in source if not isinstance(part, Mark)]
        return Example(self.source(str(example.target)), turns[-1] if turns else "", (), example.place)

    def unrepeated(self, example: Example) -> Example:
        """Return an example with only the persona and the last turn; other examples contain the earlier turns."""
        if isinstance(example.source, str):
            return example
        ends = [place + 1 for place, part in enumerate(example.source[:-1]) if part is Mark.TURN]
        lines = [place + 1 for place, part in enumerate(example.source) if part is Mark.LINE]
        persona, last = lines[-1] if lines else 0, ends[-1] if ends else 0
        return replace(example, source=example.source[:persona] + example.source[max(persona, last) :])

    def kept(self, ids: Sequence[int], marks: Mapping[Mark, int]) -> Sequence[int]:
        """Return the positions kept after truncation.

        Whole turns are dropped, oldest first; if the last turn alone is too long, its beginning is cut. A persona line
        is dropped if the persona would take more than half the pieces.
        """
        limit = self.max_source_pieces
        if not limit or len(ids) <= limit:
            return range(len(ids))
        ends = [place + 1 for place, piece in enumerate(ids) if piece in (marks[Mark.LINE], marks[Mark.TURN])]
        segments = [range(begin, end) for begin, end in zip([0, *ends], [*ends, len(ids)], strict=True) if begin < end]
        places: list[int] = []
        turns = list(segments)
        while turns and ids[turns[0][-1]] == marks[Mark.LINE]:
            line = turns.pop(0)
            if len(places) + len(line) <= limit * PERSONA_SHARE:
                places += line
        room = limit - len(places)
        remembered: list[int] = []
        while turns and len(remembered) + len(turns[-1]) <= room:
            remembered = [*turns.pop(), *remembered]
        if turns and not remembered:
            last = turns[-1]
            mark = last[:1] if ids[last[0]] == marks[Mark.SPEAKER] else last[:0]
            remembered = [*mark, *last[len(last) - room + len(mark) :]]
        return places + remembered

    def _conversation(self, fields: Mapping[str, object], place: str) -> tuple[list[str], list[str], list[str]]:
        """Return the turns of a record, their speakers (may be empty) and the persona (may be empty)."""
        turns = fields[TURNS]
        if not isinstance(turns, list) or not all(isinstance(turn, str) for turn in turns):
            raise UserError(f"{place}: '{TURNS}' must be a list of texts, but {_shown(turns)}.")
        speakers = fields.get(SPEAKERS) or []
        if not isinstance(speakers, list) or not all(isinstance(speaker, str | int) for speaker in speakers):
            raise UserError(f"{place}: '{SPEAKERS}' must be a list of names, but {_shown(speakers)}.")
        if speakers and len(speakers) != len(turns):
            raise UserError(
                f"{place}: '{SPEAKERS}' must name one for each of the {len(turns)} turns, but it names {len(speakers)}."
            )
        persona = texts(fields, PERSONA, place) if fields.get(PERSONA) else []
        return turns, [str(speaker) for speaker in speakers], persona

    def _some(self, examples: Iterator[Example], files: Sequence[Path]) -> Iterator[Example]:
        """Yield the examples; raise UserError if there are none."""
        is_some = False
        for example in examples:
            is_some = True
            yield example
        if not is_some:
            of = f" with a reply of '{self.replier}'" if self.replier else ""
            raise UserError(
                f"{files[0]} contains no conversation of two turns or more{of}: there is no reply to learn."
            )


def texts(fields: Mapping[str, object], name: str, place: str) -> list[str]:
    """Return a field as a list of strings; a single string becomes a list of one.

    Raises:
        UserError: If the field is neither a string nor a list of strings.
    """
    value = fields[name]
    if isinstance(value, str):
        return [value]
    if isinstance(value, list) and all(isinstance(text, str) for text in value):
        return list(value)
    raise UserError(f"{place}: '{name}' must be a text or a list of texts, but {_shown(value)}.")


def _shown(value: object) -> str:
    """Describe a value that is not a list of strings, for a message."""
    if isinstance(value, list):
        wrong = next(text for text in value if not isinstance(text, str))
        return f"the list contains {json.dumps(wrong, ensure_ascii=False)[:60]}"
    return f"it is {json.dumps(value, ensure_ascii=False)[:60]}"


def _advice(fields: Mapping[str, object]) -> str:
    """Return advice on the form of records with keys of known forms, or on naming the keys of message and reply."""
    known = {"messages": "openai", "conversations": "sharegpt", "instruction": "alpaca"}
    for key, form in known.items():
        if key in fields:
            return f" If all records are of the form {form}, give --data.reader.form {form} (in use: --form {form})."
    return " Name the keys of message and reply with --data.reader.source_field KEY --data.reader.target_field KEY."
