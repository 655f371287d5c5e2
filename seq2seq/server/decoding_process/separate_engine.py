"""An engine that decodes in a process of its own; the counterpart of `seq2seq.server.engine.Engine`.

Between the steps of a search, Python chooses continuations, and only one thread of a process can run Python at a time:
in the process of the HTTP server, handling requests would delay decoding. In this process, models provide tokenizers,
options and languages only; the decoding process runs the networks.
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import time
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from dataclasses import replace
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.errors import UserError, WorldError
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.placement import Placement
from seq2seq.server.decoding_process import messages
from seq2seq.server.measurements import Measurements
from seq2seq.server.model_files import state_of
from seq2seq.server.options import Limits
from seq2seq.server.ticket import AwaitedTicket, LoopPost

CHILD = "seq2seq.server.decoding_process.child"
PICKLED = 64
"""Number of pickled decodings that are cached."""
TRIES = 3
"""How often a model is loaded if its files change meanwhile."""
GRACE_S = 10.0
"""How long the process may take to end when nothing is left to decode, or when its connection is closed."""


class SeparateEngine:
    """Decodes jobs in a process of its own, and opens models there.

    Args:
        limits: Limits.
        placement: Where the models compute.
        measurements: Where steps are counted.
        on_death: Called from another thread if the process ends unexpectedly.

    Attributes:
        fault: Why the process ended unexpectedly; None if it did not.
    """

    def __init__(
        self, limits: Limits, placement: Placement, measurements: Measurements, on_death: Callable[[], None]
    ) -> None:
        self._placement = replace(placement, engine="onnx")  # PyTorch must not compute in both processes
        self._measurements, self._on_death = measurements, on_death
        self.fault: WorldError | None = None
        self._end: WorldError | None = None  # what those are told who ask when the process has ended
        self._lock = Lock()
        self._numbers = count(1)
        self._loading: dict[Path, tuple[int, Future[messages.Loaded]]] = {}
        self._waiting: dict[int, Future[Any]] = {}  # for models and explanations
        self._tickets: dict[int, AwaitedTicket] = {}
        self._numbers_of: weakref.WeakKeyDictionary[AwaitedTicket, int] = weakref.WeakKeyDictionary()
        self._models: weakref.WeakKeyDictionary[LoadedModel, int] = weakref.WeakKeyDictionary()
        self._glossaries: weakref.WeakKeyDictionary[Glossary, int] = weakref.WeakKeyDictionary()
        self._pickled: dict[int, tuple[Decoding, bytes]] = {}
        self._is_closing = False
        here, there = socket.socketpair()
        with there:
            self._process = _started(there)
        self._channel = messages.Channel(here)
        self._channel.send(messages.Begin(limits, self._placement))
        self._reading = Thread(target=self._read, name="news of decoding", daemon=True)
        self._reading.start()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def begin(self, folder: Path) -> None:
        """Begin to load a model; see `seq2seq.server.live_models.Opener`.

        Raises:
            WorldError: If the process has ended.
        """
        if folder not in self._loading:
            number: int = next(self._numbers)
            self._loading[folder] = number, self._future(number)
            self._channel.send(messages.Load(number, folder))

    def open(self, folder: Path) -> LoadedModel:
        """Return the model of a folder, which the process has loaded; see `seq2seq.server.live_models.Opener`.

        Raises:
            UserError: If it cannot be loaded.
            WorldError: If the process has ended.
        """
        for _ in range(TRIES):
            self.begin(folder)
            number, future = self._loading.pop(folder)
            try:
                files = state_of(folder)
                model = load(folder, self._placement)
                loaded = future.result()
                if loaded.fault is not None:
                    raise loaded.fault
                is_same = loaded.files == files == state_of(folder)
            except BaseException:
                self._channel.send(messages.Forget(number))
                raise
            if is_same:
                self._models[model] = number
                self._forget_with(model, number)
                return model
            self._channel.send(messages.Forget(number))
        raise UserError(
            f"{folder} cannot be loaded because its files keep changing: wait until they are complete, then try again."
        )

    def submit(self, ticket: AwaitedTicket) -> None:
        """Add a job.

        Raises:
            Exception: If it cannot be pickled.
        """
        job, number = ticket.job, next(self._numbers)
        glossary = job.decoding.glossary
        message = messages.Decode(
            number,
            self._models[ticket.model],
            ticket.name,
            job.source,
            self._as_sent(job.decoding),
            0 if glossary is None else self._number_of(glossary),
            job.number,
            job.draw,
            job.stop,
            job.attention,
            job.piece_scores,
            ticket.is_streamed,
            ticket.arrived,
        )
        data = messages.pickled(message)
        with self._lock:
            self._tickets[number], self._numbers_of[ticket] = ticket, number
        self._channel.send(data)
        if self._end is not None:  # perhaps it was added after the others had failed
            self._fail_all()

    def abandon(self, ticket: AwaitedTicket) -> None:
        """End a job that nobody waits for any more."""
        ticket.end("cancelled")
        with self._lock:
            number = self._numbers_of.get(ticket, 0)
            is_known = self._tickets.pop(number, None) is not None
        if is_known:
            self._channel.send(messages.Drop(number))

    def explain(self, model: LoadedModel, source: str | Example, text: str) -> "Future[Output]":
        """Begin to explain an output; see `seq2seq.server.scheduler.Decoder`.

        Raises:
            WorldError: If the process has ended.
        """
        number = next(self._numbers)
        future: Future[Output] = self._future(number)
        self._channel.send(messages.Explain(number, self._models[model], source, text))
        return future

    def close(self) -> None:
        """Let all jobs end, and wait for it; then the process has `GRACE_S` to end."""
        with self._lock:
            self._is_closing = True
        self._channel.send(messages.Close())
        since = time.monotonic()
        while self._reading.is_alive():
            self._reading.join(0.1)
            if self._tickets:
                since = time.monotonic()
            elif time.monotonic() - since > GRACE_S:
                self._process.kill()
        self._channel.close()

    def _future(self, number: int) -> "Future[Any]":
        """Return a future for the answer to a message.

        Raises:
            WorldError: If the process has ended, or is about to.
        """
        future: Future[Any] = Future()
        with self._lock:
            if self._end is not None or self._is_closing:
                raise self._end or _closed()
            self._waiting[number] = future
        return future

    def _forget_with(self, owner: object, number: int) -> None:
        """Free what a number stands for when its owner here is freed."""
        weakref.finalize(owner, self._channel.send, messages.Forget(number)).atexit = False

    def _number_of(self, glossary: Glossary) -> int:
        """Return the number that stands for a glossary, which is sent once."""
        with self._lock:
            number = self._glossaries.get(glossary)
            if number is None:
                number = self._glossaries[glossary] = next(self._numbers)
                self._channel.send(messages.pickled(messages.Terms(number, glossary)))
                self._forget_with(glossary, number)
        return number

    def _as_sent(self, decoding: Decoding) -> bytes:
        """Return a decoding without its glossary as it is sent; those of most requests are the same object."""
        if decoding.glossary is not None:
            return pickle.dumps(replace(decoding, glossary=None), pickle.HIGHEST_PROTOCOL)
        kept = self._pickled.get(id(decoding))
        if kept is None or kept[0] is not decoding:
            if len(self._pickled) >= PICKLED:
                del self._pickled[next(iter(self._pickled))]
            kept = self._pickled[id(decoding)] = decoding, pickle.dumps(decoding, pickle.HIGHEST_PROTOCOL)
        return kept[1]

    def _read(self) -> None:
        """Pass on what the process sends, until it ends."""
        try:
            while self._take(self._channel.receive()):
                pass
        finally:  # whatever happens, nobody waits for ever
            self._ended()

    def _take(self, message: tuple[Any, ...] | None) -> bool:
        """Pass on a message; return whether others may come."""
        match message:
            case messages.News():
                self._pass_on(message)
            case messages.Loaded(number=number):
                self._answer(number, message)
            case messages.Explained(ticket=number):
                self._answer(number, message.output, message.fault)
            case None:
                return False
        return True

    def _answer(self, number: int, result: object, fault: BaseException | None = None) -> None:
        with self._lock:
            future = self._waiting.pop(number)
        if future.set_running_or_notify_cancel():  # false if nobody waits any more
            if fault is None:
                future.set_result(result)
            else:
                future.set_exception(fault)

    def _pass_on(self, news: messages.News) -> None:
        """Pass on what has happened."""
        for jobs, rows, model in news.sizes:
            self._measurements.count_step(jobs, rows, model)
        for number, model, direction in news.pieces:
            self._measurements.count_pieces(number, model, direction)
        with self._lock:
            begun = [self._tickets.get(number) for number in news.begun]
            found = [(self._tickets.get(message[0]), message) for message in news.messages]
            for number, _, outputs, fault in news.messages:
                if outputs is not None or fault is not None:
                    self._tickets.pop(number, None)
        for ticket in begun:
            if ticket is not None:
                ticket.begin()
        post = LoopPost()
        for ticket, (_, text, outputs, fault) in found:
            if ticket is None:
                continue
            is_over = outputs is not None or fault is not None
            if not is_over or ticket.end("done" if fault is None else "failed"):
                post.add(ticket, text, outputs, fault)
        post.send()

    def _ended(self) -> None:
        """Tell all who wait that the process has ended; one that stays is killed."""
        try:
            code = self._process.wait(GRACE_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        with self._lock:
            if not self._is_closing:
                self.fault = WorldError(f"The decoding process {_how(code)}, so this server can decode nothing more.")
            self._end = self.fault or _closed()
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            if future.set_running_or_notify_cancel():
                future.set_exception(self._end)
        self._fail_all()
        if self.fault is not None:
            self._on_death()

    def _fail_all(self) -> None:
        """Fail the jobs that the process will not finish."""
        with self._lock:
            tickets, self._tickets = list(self._tickets.values()), {}
        post = LoopPost()
        for ticket in tickets:
            if ticket.end("failed"):
                post.add(ticket, fault=self._end)
        post.send()


def _started(end: socket.socket) -> "subprocess.Popen[bytes]":
    """Start the decoding process with its end of the connection.

    It finds modules where this process does, and not in the working folder (``-P``).
    """
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))}
    words = [sys.executable, "-P", "-m", CHILD, str(end.fileno()), str(os.getpid())]
    before = signal.pthread_sigmask(signal.SIG_BLOCK, messages.SIGNALS)
    try:
        return subprocess.Popen(words, env=environment, pass_fds=[end.fileno()], stdin=subprocess.DEVNULL)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _closed() -> WorldError:
    return WorldError("The server is shutting down.")


def _how(code: int) -> str:
    """Return how a process ended, given its exit code."""
    if code >= 0:
        return f"ended unexpectedly with exit code {code}"
    try:
        name = signal.Signals(-code).name
    except ValueError:
        name = f"signal {-code}"
    return f"was killed by {name}" + (" (perhaps memory is full)" if -code == signal.SIGKILL else "")
