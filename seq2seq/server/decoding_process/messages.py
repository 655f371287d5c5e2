"""What the HTTP server and the process that decodes tell each other.

Both are processes of one program, connected by a socket pair that nothing else can open, so messages are pickled.
"""

import pickle
import socket
from multiprocessing.connection import Connection
from pathlib import Path
from threading import Lock
from typing import Any, NamedTuple

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import Output
from seq2seq.runtime.placement import Placement
from seq2seq.server.model_files import Files
from seq2seq.server.options import Limits

Message = tuple[int, str, list[Output] | None, BaseException | None]
"""What a job has brought: its number, text, the outputs if it is done, and the fault if it has failed."""


class Begin(NamedTuple):
    """The first message to the process.

    Attributes:
        limits: Limits of decoding together.
        placement: Where the models compute.
    """

    limits: Limits
    placement: Placement


class Load(NamedTuple):
    """Load a model.

    Attributes:
        number: Number that stands for the model in later messages.
        folder: Its folder.
    """

    number: int
    folder: Path


class Forget(NamedTuple):
    """Drop a model, for which no job comes any more."""

    number: int


class Decode(NamedTuple):
    """Decode a job.

    Attributes:
        ticket: Number of the job.
        model: Number of its model.
        name: Name of its model, for metrics.
        source: See `Job`.
        decoding: The job's decoding, pickled: many jobs have the same, which is read only once.
        number: See `Job`.
        draw: See `Job`.
        stop: See `Job`.
        attention: See `Job`.
        piece_scores: See `Job`.
        is_streamed: Whether its text is sent while it is generated.
        arrived: When it arrived, in seconds of the monotonic clock, which processes share.
    """

    ticket: int
    model: int
    name: str
    source: str | Example
    decoding: bytes
    number: int
    draw: int
    stop: tuple[str, ...]
    attention: bool
    piece_scores: bool
    is_streamed: bool
    arrived: float


class Explain(NamedTuple):
    """Return an output text with its attention over a source."""

    ticket: int
    model: int
    source: str | Example
    text: str


class Drop(NamedTuple):
    """Stop a job, for which nobody waits any more."""

    ticket: int


class Close(NamedTuple):
    """Finish all jobs, and end."""


class Loaded(NamedTuple):
    """A model was loaded.

    Attributes:
        number: Its number.
        files: The state of its files before it was loaded.
        fault: Why it could not be loaded; None if it was.
    """

    number: int
    files: Files
    fault: BaseException | None


class Explained(NamedTuple):
    """The answer to `Explain`."""

    ticket: int
    output: Output | None
    fault: BaseException | None


class News(NamedTuple):
    """What a step has brought.

    Attributes:
        begun: Jobs that have begun.
        messages: What jobs have brought.
        pieces: Arguments of `Counts.count_pieces`.
        sizes: Arguments of `Counts.count_step`.
    """

    begun: list[int]
    messages: list[Message]
    pieces: list[tuple[int, str, str]]
    sizes: list[tuple[int, int, str]]


class Channel:
    """One end of the connection.

    Args:
        end: The socket, which now belongs to the channel.
    """

    def __init__(self, end: socket.socket) -> None:
        self._connection = Connection(end.detach())
        self._sending = Lock()

    def send(self, message: tuple[Any, ...]) -> None:
        """Send a message; called in any thread.

        Raises:
            OSError: If the other process has ended.
        """
        data = pickle.dumps(message, pickle.HIGHEST_PROTOCOL)
        with self._sending:
            self._connection.send_bytes(data)

    def receive(self) -> tuple[Any, ...] | None:
        """Wait for a message; None if the other process has ended."""
        try:
            data = self._connection.recv_bytes()
        except (EOFError, OSError):
            return None
        message: tuple[Any, ...] = pickle.loads(data)
        return message

    def close(self) -> None:
        """Close this end, so that the other process receives no more."""
        self._connection.close()


def portable(fault: BaseException) -> BaseException:
    """Return a fault that can be sent: itself, or its description if it cannot be pickled."""
    try:
        copy = pickle.loads(pickle.dumps(fault))
    except Exception:  # whatever an exception of a library needs
        return RuntimeError(f"{type(fault).__name__}: {fault}")
    return fault if type(copy) is type(fault) else RuntimeError(f"{type(fault).__name__}: {fault}")
