r"""Conversations with a model, and the file format of saved conversations.

``seq2seq.load(path).chat()`` begins one. A saved conversation is a JSON object::

    {
      "format": "seq2seq conversation",
      "version": 1,
      "persona": ["I am a cook."],
      "turns": [
        {"by": "user", "text": "What do you do?"},
        {"by": "model", "text": "I cook.", "draw": 0}
      ]
    }

Messages and replies alternate. `draw` counts retries. A reply is reproducible: it is a function of the model, the
settings (seed included), the persona, the turns before it, and `draw`.
"""

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from seq2seq.errors import nearest
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.parsing import MIB, read_json
from seq2seq.files.typed_values import is_whole
from seq2seq.plugin import Answerer, Conversation, Example, Mark, Turn, UserError, plain
from seq2seq.plugin.conversation import require_text
from seq2seq_dialogue.reader import DialogueReader

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output

FORMAT, VERSION = "seq2seq conversation", 1
SAVED_BYTES = 16 * MIB
"""Maximum size of a saved conversation, about 100,000 turns."""
USER, MODEL = "user", "model"


class Chat(Conversation):
    """A conversation between a user and a model.

    If a reply is stopped, the part shown so far becomes the reply. If nothing was shown, the message is removed too.

    Args:
        answerer: Generates the replies.

    Attributes:
        persona: The model's persona or background facts, one per line; part of every source.
    """

    def __init__(self, answerer: Answerer) -> None:
        super().__init__(answerer)
        self.reader = cast(DialogueReader, answerer.reader)
        self.persona: list[str] = []
        self._turns: list[Turn] = []

    @property
    def history(self) -> tuple[Turn, ...]:
        """Alternating messages and replies, oldest first."""
        return tuple(self._turns)

    @property
    def remembered(self) -> int:
        """Number of past turns in the model's context."""
        ids, marks = self._ids(self._source(self._turns)), self.answerer.tokenizer.marks
        return sum(ids[place] == marks[Mark.TURN] for place in self.reader.kept(ids, marks))

    def cleaned(self, text: str) -> str:
        """Return a message as stored in the history, normalised and on one line; '' if it is empty."""
        return plain(self.reader.target(text)).strip()

    def stream(self, text: str) -> Iterator[str]:
        """Yield the reply to a message in parts, as it is generated.

        Raises:
            UserError: If the message is empty.
        """
        message = self.cleaned(text)
        require_text(message)
        return self._replied([*self._turns, Turn(message, is_reply=False)], 0)

    def again(self) -> Iterator[str]:
        """Yield another reply to the last message in parts, replacing the previous reply.

        Raises:
            UserError: If there are no turns.
        """
        if not self._turns:
            raise UserError("Nothing was said yet, so there is no reply to retry.")
        if not self._turns[-1].is_reply:  # resumed with a message
            return self._replied(self._turns, 0)
        return self._replied(self._turns[:-1], self._turns[-1].draw + 1)

    def why(self) -> "Output":
        """Return the last reply with its attention over the history.

        Raises:
            UserError: If there are no turns, if the reply is empty, or if the model has no attention.
        """
        if not self._turns:
            raise UserError("Nothing was said yet, so there is no reply to explain.")
        return self.answerer.explain(self._source(self._turns[:-1]), self._turns[-1].text)

    def resume(self, turns: Sequence[Turn]) -> None:
        """Replace the turns with given ones; see `Conversation.resume`."""
        cleaned = [replace(turn, text=self.cleaned(turn.text)) for turn in turns]
        for before, turn in zip([None, *cleaned], cleaned, strict=False):
            if before and turn.is_reply == before.is_reply:
                kind = "replies" if turn.is_reply else "messages"
                raise UserError(f"Two {kind} follow each other, but messages and replies take turns.")
            if not turn.is_reply:
                require_text(turn.text)
        self._turns = cleaned

    def reset(self) -> None:
        """Remove all turns, but keep the persona."""
        self._turns = []

    def undo(self) -> Turn:
        """Remove the last message and its reply, and return the message.

        Raises:
            UserError: If there are no turns.
        """
        places = [place for place, turn in enumerate(self._turns) if not turn.is_reply]
        if not places:
            raise UserError("Nothing was said yet, so there is nothing to undo.")
        message = self._turns[places[-1]]
        self._turns = self._turns[: places[-1]]
        return message

    def to_json(self) -> dict[str, Any]:
        """Return the conversation as JSON-able values."""
        turns = [
            {"by": MODEL, "text": turn.text, "draw": turn.draw} if turn.is_reply else {"by": USER, "text": turn.text}
            for turn in self._turns
        ]
        return {"format": FORMAT, "version": VERSION, "persona": list(self.persona), "turns": turns}

    def from_json(self, values: object, name: str = "The conversation") -> None:
        """Replace the conversation with one from `to_json`; `name` is the source named in error messages.

        Raises:
            UserError: If the values are not a conversation, are damaged or have another version. The current
                conversation is then unchanged.
        """
        if not isinstance(values, dict) or values.get("format") != FORMAT:
            raise UserError(f"{name} is not a saved conversation: it does not say '{FORMAT}'.")
        if values.get("version") != VERSION:
            raise UserError(
                f"{name} has version {values.get('version')} of saved conversations, but this seq2seq reads version "
                f"{VERSION}: install the one that saved it."
            )
        persona, turns = values.get("persona"), values.get("turns")
        if not isinstance(persona, list) or not all(isinstance(line, str) for line in persona):
            raise UserError(f"{name} is broken: its persona is not a list of texts.")
        if not isinstance(turns, list) or len(turns) % 2:
            raise UserError(f"{name} is broken: its turns are not a list of messages and replies in turn.")
        read = [_turn(turn, number, name) for number, turn in enumerate(turns)]
        self.persona, self._turns = list(persona), read

    def require_place(self, path: Path | str) -> None:
        """Check that the conversation may be saved to a path.

        Raises:
            UserError: If the path exists and is not a saved conversation, or if its folder does not exist.
        """
        place = Path(path).expanduser()
        if not place.parent.is_dir():
            raise UserError(f"There is no folder {place.parent} to save {place.name} in.")
        if place.exists() and not (place.is_file() and (place.stat().st_size == 0 or _format(place) == FORMAT)):
            raise UserError(f"{place} exists and is not a saved conversation: name another file.")

    def save(self, path: Path | str) -> None:
        """Save the conversation to a file, replacing an older conversation.

        Raises:
            UserError: See `require_place`.
            WorldError: If the file cannot be written.
        """
        self.require_place(path)
        place = Path(path).expanduser()
        content = json.dumps(self.to_json(), ensure_ascii=False, indent=2) + "\n"
        write_atomically(place, lambda file: file.write(content.encode()))

    def load(self, path: Path | str) -> None:
        """Replace the conversation with a saved one.

        Raises:
            UserError: If there is no such file, or if it is damaged. The current conversation is then unchanged.
        """
        place = Path(path).expanduser()
        if not place.is_file():
            names = [file.name for file in place.parent.iterdir()] if place.parent.is_dir() else []
            raise UserError(f"There is no file {place}. {nearest(place.name, names)}".strip())
        self.from_json(read_json(place, SAVED_BYTES), str(place))

    def _replied(self, turns: Sequence[Turn], draw: int) -> Iterator[str]:
        """Yield the reply to the last turn, then store the turns and the reply."""
        before, reply, is_done = self._turns, "", False
        try:
            source = self._source(turns)
            for part in self.answerer.write(source, len(turns), draw, lambda _: self._lost(source)):
                reply += part
                yield part
            is_done = True
        finally:
            self._turns = [*turns, Turn(reply, True, draw)] if reply or is_done else before

    def _source(self, turns: Sequence[Turn]) -> Example:
        """Return the source for a reply to the last turn."""
        speakers = [MODEL if turn.is_reply else USER for turn in turns]
        return Example(self.reader.history([turn.text for turn in turns], speakers, self.persona, MODEL), "")

    def _ids(self, source: Example) -> list[int]:
        """Return the pieces that the model reads, before they are shortened."""
        return self.answerer.tokenizer.encode(self.reader.masked(source.source).text)

    def _lost(self, source: Example) -> str:
        """Return a note if the last message was truncated; dropping old turns needs no note."""
        ids, marks = self._ids(source), self.answerer.tokenizer.marks
        ends = [place + 1 for place, piece in enumerate(ids) if piece in (marks[Mark.TURN], marks[Mark.LINE])]
        begin = ends[-2] if len(ends) > 1 else 0
        read = sum(place >= begin for place in self.reader.kept(ids, marks)) - 1  # without the special token at its end
        length = len(ids) - 1 - begin
        if read >= length:
            return ""
        return f"Only the last {read:,} of the message's {length:,} pieces were read: the model's limit."


def _turn(values: object, number: int, name: str) -> Turn:
    wanted = MODEL if number % 2 else USER
    if not isinstance(values, dict) or not isinstance(values.get("text"), str):
        raise UserError(f"{name} is broken: turn {number + 1} has no text.")
    if values.get("by") != wanted:
        raise UserError(f"{name} is broken: turn {number + 1} is not by '{wanted}', but these two take turns.")
    draw = values.get("draw", 0)
    if not is_whole(draw) or draw < 0:
        raise UserError(f"{name} is broken: the draw of turn {number + 1} is not a number from 0.")
    return Turn(values["text"], wanted == MODEL, draw)


def _format(path: Path) -> object:
    """Return the format named in a file, if any."""
    try:
        values = read_json(path, SAVED_BYTES)
    except UserError:
        return None
    return values.get("format") if isinstance(values, dict) else None
