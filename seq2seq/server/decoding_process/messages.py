"""Messages between the HTTP server and the decoding process.

Both are processes of one program, connected by a socket pair that nothing else can open, so messages are pickled.
"""

import contextlib
import os
import pickle
import signal
import socket
import traceback
from multiprocessing.connection import Connection
from pathlib import Path
from queue import SimpleQueue
from threading import Thread
from typing import Any, NamedTuple

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import SentenceError
from seq2seq.runtime.placement import Placement
from seq2seq.server.fault_place import PLACE, place_of
from seq2seq.server.model_files import Files
from seq2seq.server.options import Limits

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1)
"""Signals that only the server handles; they are blocked until the decoding process ignores them."""
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


class Terms(NamedTuple):
    """A glossary of later jobs.

    Attributes:
        number: Number that stands for the glossary in later messages.
        glossary: The glossary.
    """

    number: int
    glossary: Glossary


class Forget(NamedTuple):
    """Free a model or a glossary; no more jobs will use it."""

    number: int


class Decode(NamedTuple):
    """Decode a job.

    Attributes:
        ticket: Number of the job.
        model: Number of its model.
        name: Name of its model, for metrics.
        source: See `Job`.
        decoding: The job's decoding without its glossary, pickled: many jobs have the same, which is read only once.
        glossary: Number of its glossary; 0 if it has none.
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
    glossary: int
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
    """Drop a job whose client has left."""

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
    """What has happened since the last message.

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

    Messages are sent by a thread, so that nobody waits for the other process to read, and so that a message can be sent
    from anywhere, even from a finalizer. If sending fails, both ends receive the end of the connection.

    Args:
        end: The socket, which now belongs to the channel.
    """

    def __init__(self, end: socket.socket) -> None:
        self._end = end
        self._connection = Connection(os.dup(end.fileno()))
        self._outgoing: SimpleQueue[tuple[Any, ...] | bytes | None] = SimpleQueue()
        self._is_open = True
        self._thread = Thread(target=self._send_all, name="sending", daemon=True)
        self._thread.start()

    def send(self, message: tuple[Any, ...] | bytes) -> None:
        """Send a message, or one that is pickled already; called in any thread. After the end it is dropped."""
        if self._is_open:
            self._outgoing.put(message)

    def receive(self) -> tuple[Any, ...] | None:
        """Wait for a message; None if the other process has ended."""
        try:
            data = self._connection.recv_bytes()
        except (EOFError, OSError):
            return None
        message: tuple[Any, ...] = pickle.loads(data)
        return message

    def close(self) -> None:
        """Send what is left, and end the connection; nothing may be receiving."""
        self._outgoing.put(None)
        self._thread.join()
        self._connection.close()
        self._end.close()

    def _send_all(self) -> None:
        try:
            while (message := self._outgoing.get()) is not None:
                self._connection.send_bytes(message if isinstance(message, bytes) else pickled(message))
                del message  # it may hold the last reference to a model
        except OSError:
            return  # the other process has ended
        finally:
            self._is_open = False
            with contextlib.suppress(OSError):
                self._end.shutdown(socket.SHUT_RDWR)


def pickled(message: tuple[Any, ...]) -> bytes:
    """Return a message as it is sent."""
    return pickle.dumps(message, pickle.HIGHEST_PROTOCOL)


def portable(fault: BaseException) -> BaseException:
    """Return an exception that can be pickled: the given one, or a `RuntimeError` that describes it.

    That of an unexpected fault notes where it was raised, and has the place as an attribute (`PLACE`).
    """
    result = fault
    try:
        copy = pickle.loads(pickle.dumps(fault))
    except Exception:  # whatever an exception of a library needs
        copy = None
    if type(copy) is not type(fault):
        result = RuntimeError(f"{type(fault).__name__}: {fault}")
    if not isinstance(fault, SentenceError):
        result.__dict__[PLACE] = place_of(fault) if fault.__traceback__ else ""
        result.add_note("".join(traceback.format_exception(fault)))
    return result
