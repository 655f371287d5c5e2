"""Conversations: the promises of a task whose outputs depend on earlier turns, and the means to keep them."""

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
        text: Its text.
        is_reply: Whether the model said it.
        draw: Sample number of a reply: how many times it was retried.
    """

    text: str
    is_reply: bool
    draw: int = 0


class Answerer(Protocol):
    """Writes outputs of a model, which may still be loading: then its methods wait.

    Attributes:
        settings: Decoding settings (`seq2seq.sessions.settings.Settings`).
        notice: Note about the last output, such as a source that was cut; '' if there is none.
        sureness: Log probability per piece of the last output, if it is doubtful; else None.
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
        """Whether an output is shown while it is written, instead of at its end."""

    def write(
        self, source: Example, number: int, draw: int, lost: "Callable[[Output], str] | None" = None
    ) -> Iterator[str]:
        """Write an output and yield its parts; if the iterator is closed, the parts so far are the output.

        Args:
            source: The source.
            number: Index of the source, which determines its samples.
            draw: Number of earlier outputs for this source; each gives another one.
            lost: Returns the note on an output whose source was cut; by default it counts pieces.
        """

    def explain(self, source: Example, text: str) -> "Output":
        """Return an output for a source with its attention.

        Raises:
            UserError: If it is empty, or the model has no attention.
        """


class Conversation(ABC):
    """A session that remembers earlier turns.

    Args:
        answerer: Writes the replies.

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
        """Note about the last reply; '' if there is none."""
        return self.answerer.notice

    @property
    def sureness(self) -> float | None:
        """Log probability per piece of the last reply, if it is doubtful; else None."""
        return self.answerer.sureness

    @property
    def streams(self) -> bool:
        """Whether a reply is shown while it is written, instead of at its end."""
        return self.answerer.streams

    def say(self, text: str) -> str:
        """Return the reply to a message.

        Raises:
            UserError: If the message is empty.
        """
        return "".join(self.stream(text))

    def retry(self) -> str:
        """Return another reply to the last message, replacing the last one.

        Raises:
            UserError: If there are no turns.
        """
        return "".join(self.again())

    @abstractmethod
    def cleaned(self, text: str) -> str:
        """Return a typed message as the model reads it; '' if it is empty."""

    @abstractmethod
    def stream(self, text: str) -> Iterator[str]:
        """Return the parts of the reply to a message, as they are written.

        Raises:
            UserError: If the message is empty.
        """

    @abstractmethod
    def again(self) -> Iterator[str]:
        """Return the parts of another reply to the last message.

        Raises:
            UserError: If there are no turns.
        """

    @abstractmethod
    def why(self) -> "Output":
        """Return the last reply with its attention over the conversation.

        Raises:
            UserError: If there are no turns, the reply is empty, or the model has no attention.
        """

    @property
    @abstractmethod
    def history(self) -> Sequence[Turn]:
        """The turns, oldest first."""

    @property
    @abstractmethod
    def remembered(self) -> int:
        """Number of past turns that the model can still read; waits for the model."""

    @abstractmethod
    def reset(self) -> None:
        """Forget all turns."""

    @abstractmethod
    def undo(self) -> Turn:
        """Forget the last message and its reply; return the message.

        Raises:
            UserError: If there are no turns.
        """

    @abstractmethod
    def require_place(self, path: Path | str) -> None:
        """Refuse a file that cannot hold the conversation.

        Raises:
            UserError: If something else is there, or there is no such folder.
        """

    @abstractmethod
    def save(self, path: Path | str) -> None:
        """Write the conversation into a file.

        Raises:
            UserError: See `require_place`.
            WorldError: If it could not be written.
        """

    @abstractmethod
    def load(self, path: Path | str) -> None:
        """Continue a saved conversation, replacing the current one.

        Raises:
            UserError: If there is none, or it is damaged; then nothing has changed.
        """


def require_text(text: str) -> None:
    """Refuse an empty message.

    Raises:
        UserError: If the text is empty.
    """
    if not text:
        raise UserError("The text is empty: there is nothing to answer.")
