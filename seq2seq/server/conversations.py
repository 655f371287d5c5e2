"""Replies in conversations whose turns a request brings along, through the task's own `Conversation`.

A task decides what its model reads of a conversation, and what it makes of outputs. Its conversation runs here with an
`Answerer` that decodes nothing: what it asks for is recorded, decoded together with other requests, and then given to
it in a second run. So the task's code never waits, and needs no thread of its own.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, cast

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.plugin.conversation import Conversation, Turn
from seq2seq.server.served_models import ServedModel
from seq2seq.sessions.session import truncated
from seq2seq.sessions.settings import Settings

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output
    from seq2seq.tokenization.tokenizer import Tokenizer


@dataclass(frozen=True)
class Asked:
    """An output that a conversation asks for.

    Args:
        source: The source.
        number: Index of the source, which determines its random samples.
        draw: Number of earlier outputs for this source.
    """

    source: Example
    number: int
    draw: int


class _MissingOutputError(Exception):
    """An output is asked for that was not decoded yet."""

    def __init__(self, asked: Asked) -> None:
        super().__init__()
        self.asked = asked


@dataclass(frozen=True)
class Explainable:
    """An output text that a conversation asks to have explained.

    Args:
        source: The source.
        text: The output.
    """

    source: Example
    text: str


class _MissingExplanationError(Exception):
    """An explanation is asked for that was not computed yet."""

    def __init__(self, asked: Explainable) -> None:
        super().__init__()
        self.asked = asked


class GivenOutputs:
    """Answers a conversation with outputs that were decoded before; see `seq2seq.plugin.conversation.Answerer`.

    Args:
        model: The model.
        outputs: The outputs.
        explained: An output with its attention, if it was computed.

    Attributes:
        notice: Note about the last output.
        sureness: Always None.
        settings: The model's own decoding settings.
    """

    def __init__(self, model: ServedModel, outputs: "dict[Asked, Output]", explained: "Output | None" = None) -> None:
        self.settings = Settings.of(model.loaded.bundle.config)
        self.notice = ""
        self.sureness: float | None = None
        self._model, self._outputs, self._explained = model, outputs, explained

    @property
    def reader(self) -> Reader:
        """The model's reader."""
        return self._model.loaded.reader

    @property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer of the model's sources."""
        return self._model.loaded.tokenizers.source

    @property
    def streams(self) -> bool:
        """Return False: outputs are complete."""
        return False

    def write(
        self, source: Example, number: int, draw: int, lost: "Callable[[Output], str] | None" = None
    ) -> Iterator[str]:
        """Yield the output for a source."""
        asked = Asked(source, number, draw)
        if asked not in self._outputs:
            raise _MissingOutputError(asked)
        output = self._outputs[asked]
        unknown = UnknownCharacters(self.tokenizer)
        unknown.add(source.source)
        self.notice = " ".join(filter(None, ((lost or truncated)(output), unknown.sentence())))
        yield output.text

    def explain(self, source: Example, text: str) -> "Output":
        """Return the given output with its attention."""
        if self._explained is None:
            raise _MissingExplanationError(Explainable(source, text))
        return self._explained


@dataclass(frozen=True)
class Reply:
    """A reply of a conversation.

    Args:
        text: The reply.
        remembered: Number of turns that the model read.
        notice: Note on what was not read; may be empty.
        output: The output that it was made of.
    """

    text: str
    remembered: int
    notice: str
    output: "Output"


class GivenConversation:
    """The conversation of one request.

    Args:
        model: A dialogue model.
        turns: The turns, oldest first; the last one is a message.
        persona: Facts about the responder, one per line.
        draw: Number of earlier replies to the last message; each number gives another sample.

    Raises:
        UserError: If the turns are no conversation, or if the task cannot resume one.
    """

    def __init__(self, model: ServedModel, turns: Sequence[Turn], persona: Sequence[str], draw: int = 0) -> None:
        if not turns or turns[-1].is_reply:
            raise UserError("There is no message to reply to: the last message must be the user's.")
        self._model, self._persona, self._draw = model, tuple(persona), draw
        self._turns = list(turns)
        self._outputs: dict[Asked, Output] = {}
        self._last: Output | None = None
        self.remembered = self._begin(self._turns).remembered

    def asked(self) -> Asked | None:
        """Return the output that the conversation needs next; None if the reply is complete.

        Raises:
            UserError: If the task refuses the conversation.
        """
        try:
            self._reply()
        except _MissingOutputError as missing:
            return missing.asked
        return None

    def give(self, asked: Asked, output: "Output") -> None:
        """Give the conversation an output that it asked for."""
        self._outputs[asked] = self._last = output

    def reply(self) -> Reply:
        """Return the reply, when nothing is asked for any more."""
        text, notice = self._reply()
        return Reply(text, self.remembered, notice, cast("Output", self._last))

    def explainable(self, reply: str) -> Explainable:
        """Return what must be explained of a given reply to the last message.

        Raises:
            UserError: If the task explains no replies.
        """
        try:
            self._begin(self._with(reply)).why()
        except _MissingExplanationError as missing:
            return missing.asked
        raise UserError(f"The task '{self._model.task.name}' explains no replies.")

    def explained(self, reply: str, output: "Output") -> "Output":
        """Return a given reply to the last message as an output, with its attention over the conversation.

        Args:
            reply: The reply.
            output: What `explainable` asks for, with its attention.
        """
        return self._begin(self._with(reply), output).why()

    def _with(self, reply: str) -> list[Turn]:
        return [*self._turns, Turn(reply, is_reply=True)]

    def _reply(self) -> tuple[str, str]:
        earlier = [Turn("", is_reply=True, draw=self._draw - 1)] if self._draw else []
        conversation = self._begin([*self._turns, *earlier])
        return "".join(conversation.again()), conversation.notice

    def _begin(self, turns: Sequence[Turn], explained: "Output | None" = None) -> Conversation:
        conversation = self._model.task.conversation(GivenOutputs(self._model, self._outputs, explained))
        if conversation is None:
            raise UserError(f"'{self._model.name}' holds no conversations.")
        if self._persona:
            conversation.persona = self._persona
        conversation.resume(turns)
        return conversation
