"""Interfaces for conversations, in which outputs depend on earlier turns."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError

if TYPE_CHECKING:
    from seq2seq.decoding.output import Output
    from seq2seq.tokenization.tokenizer import Tokenizer


@dataclass(frozen=True)
class Turn:
    """A turn of a conversation.

    Args:
        text: The text.
        is_reply: Whether the model generated it.
        draw: Number of retries before this reply; it determines the random sample.
    """

    text: str
    is_reply: bool
    draw: int = 0


class Answerer(Protocol):
    """Generates a model's outputs; its methods wait if the model is still loading.

    Attributes:
        settings: Decoding settings (`seq2seq.sessions.settings.Settings`).
        notice: Note about the last output, for example that its source was truncated; may be empty.
        sureness: Log probability per piece of the last output if it is doubtful, otherwise None.
    """

    settings: Any
    notice: str
    sureness: float | None

    @property
    def reader(self) -> Reader:
        """The model's reader."""

    @property
    def tokenizer(self) -> "Tokenizer":
        """The tokenizer of the model's sources."""

    @property
    def streams(self) -> bool:
        """Whether an output is shown while it is generated."""

    def write(
        self, source: Example, number: int, draw: int, lost: "Callable[[Output], str] | None" = None
    ) -> Iterator[str]:
        """Generate an output and yield its parts; closing the iterator ends the output.

        Args:
            source: The source.
            number: Index of the source, which determines its random samples.
            draw: Number of earlier outputs for this source; each number gives another random sample.
            lost: Returns a note on an output whose source was truncated; the default note gives the numbers of pieces.
        """

    def explain(self, source: Example, text: str) -> "Output":
        """Return an output text with its attention over a source.

        Raises:
            UserError: If the text is empty, or if the model has no attention.
        """


class Conversation(ABC):
    """A session that remembers earlier turns.

    Args:
        answerer: Generates the replies.

    Attributes:
        persona: Persona or background facts of the responder, one per line.
    """

    persona: Sequence[str]

    def __init__(self, answerer: Answerer) -> None:
        self.answerer = answerer

    @property
    def settings(self) -> Any:  # noqa: ANN401 - a class of a room above
        """Decoding settings (`seq2seq.sessions.settings.Settings`)."""
        return self.answerer.settings

    @settings.setter
    def settings(self, settings: Any) -> None:  # noqa: ANN401
        self.answerer.settings = settings

    @property
    def notice(self) -> str:
        """Note about the last reply; may be empty."""
        return self.answerer.notice

    @property
    def sureness(self) -> float | None:
        """Log probability per piece of the last reply if it is doubtful, otherwise None."""
        return self.answerer.sureness

    @property
    def streams(self) -> bool:
        """Whether a reply is shown while it is generated."""
        return self.answerer.streams

    def say(self, text: str) -> str:
        """Return the reply to a message.

        Raises:
            UserError: If the message is empty.
        """
        return "".join(self.stream(text))

    def retry(self) -> str:
        """Replace the last reply by another one, and return it.

        Raises:
            UserError: If there are no turns.
        """
        return "".join(self.again())

    @abstractmethod
    def cleaned(self, text: str) -> str:
        """Return a typed message as the model reads it; '' if it is empty."""

    @abstractmethod
    def stream(self, text: str) -> Iterator[str]:
        """Generate the reply to a message part by part.

        Raises:
            UserError: If the message is empty.
        """

    @abstractmethod
    def again(self) -> Iterator[str]:
        """Generate another reply to the last message part by part.

        Raises:
            UserError: If there are no turns.
        """

    @abstractmethod
    def why(self) -> "Output":
        """Return the last reply with its attention over the conversation.

        Raises:
            UserError: If there are no turns, if the reply is empty, or if the model has no attention.
        """

    @property
    @abstractmethod
    def history(self) -> Sequence[Turn]:
        """The turns, oldest first."""

    def resume(self, turns: Sequence[Turn]) -> None:
        """Replace the turns with given ones, for a server, whose clients send the conversation with each message.

        Args:
            turns: Alternating messages and replies, oldest first. If the last is a message, `again` replies to it;
                otherwise `again` replaces it.

        Raises:
            UserError: If the turns do not alternate, or if a message is empty. By default always: a task must override
                this method so that its models can be served.
        """
        raise UserError(
            f"{type(self).__name__} cannot resume a conversation from its turns: its plugin must define resume."
        )

    @property
    @abstractmethod
    def remembered(self) -> int:
        """Number of past turns that fit into the model's source; waits for the model."""

    @abstractmethod
    def reset(self) -> None:
        """Remove all turns."""

    @abstractmethod
    def undo(self) -> Turn:
        """Remove the last message with its reply, and return the message.

        Raises:
            UserError: If there are no turns.
        """

    @abstractmethod
    def require_place(self, path: Path | str) -> None:
        """Check that the conversation can be saved to a file.

        Raises:
            UserError: If the path exists but is not a conversation, or if its folder does not exist.
        """

    @abstractmethod
    def save(self, path: Path | str) -> None:
        """Save the conversation to a file.

        Raises:
            UserError: See `require_place`.
            WorldError: If the file cannot be written.
        """

    @abstractmethod
    def load(self, path: Path | str) -> None:
        """Replace the current conversation by a saved one.

        Raises:
            UserError: If the file is missing or damaged; the current conversation is kept.
        """


def require_text(text: str) -> None:
    """Raise UserError if a message is empty."""
    if not text:
        raise UserError("The text is empty: there is nothing to answer.")
