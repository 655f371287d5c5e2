"""An engine that decodes in a process of its own; the counterpart of `seq2seq.server.engine.Engine`.

Between the steps of a search, Python chooses continuations, and it can run in one thread of a process at a time. In the
process of the HTTP server, requests would keep it waiting. The models of this process know their tokenizers, options
and languages, but compute nothing.
"""

import os
import pickle
import signal
import socket
import subprocess
import sys
import weakref
from collections.abc import Callable
from concurrent.futures import Future
from itertools import count
from pathlib import Path
from threading import Lock, Thread
from typing import Any

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError, WorldError
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.placement import Placement
from seq2seq.server.decoding_process.messages import (
    Begin,
    Channel,
    Close,
    Decode,
    Drop,
    Explain,
    Explained,
    Forget,
    Load,
    Loaded,
    News,
)
from seq2seq.server.measurements import Measurements
from seq2seq.server.model_files import state_of
from seq2seq.server.options import Limits
from seq2seq.server.ticket import AwaitedTicket, LoopPost

CHILD = "seq2seq.server.decoding_process.child"
PICKLED = 64
"""Number of decodings that are kept as they are sent."""
TRIES = 3
"""How often a model is loaded if its files change meanwhile."""


class SeparateEngine:
    """Decodes jobs in a process of its own, and opens models there.

    Args:
        limits: Limits.
        placement: Where the models compute.
        measurements: Where steps are counted.
        on_death: Called if the process ends before it is told to, from a thread.

    Attributes:
        fault: Why nothing can be decoded any more; None if all is well.
    """

    def __init__(
        self, limits: Limits, placement: Placement, measurements: Measurements, on_death: Callable[[], None]
    ) -> None:
        self._placement, self._measurements, self._on_death = placement, measurements, on_death
        self.fault: WorldError | None = None
        self._lock = Lock()
        self._numbers = count(1)
        self._loading: dict[Path, tuple[int, Future[Loaded]]] = {}
        self._waiting: dict[int, Future[Any]] = {}  # for models and explanations
        self._tickets: dict[int, AwaitedTicket] = {}
        self._numbers_of: weakref.WeakKeyDictionary[AwaitedTicket, int] = weakref.WeakKeyDictionary()
        self._models: weakref.WeakKeyDictionary[LoadedModel, int] = weakref.WeakKeyDictionary()
        self._pickled: dict[int, tuple[Decoding, bytes]] = {}
        self._is_closing = False
        here, there = socket.socketpair()
        with there:
            self._process = subprocess.Popen(
                [
                    *(sys.executable, *(["-P"] if sys.flags.safe_path else [])),
                    *("-m", CHILD, str(there.fileno()), str(os.getpid())),
                ],
                pass_fds=[there.fileno()],
                stdin=subprocess.DEVNULL,
            )
        self._channel = Channel(here)
        self._send(Begin(limits, placement))
        self._reading = Thread(target=self._read, name="news of decoding", daemon=True)
        self._reading.start()

    @property
    def pid(self) -> int:
        """Id of the process."""
        return self._process.pid

    def begin(self, folder: Path) -> None:
        """Begin to load a model; see `seq2seq.server.live_models.Opener`."""
        if folder not in self._loading:
            number: int = next(self._numbers)
            self._loading[folder] = number, self._future(number)
            self._send(Load(number, folder))

    def open(self, folder: Path) -> LoadedModel:
        """Return the model of a folder, which the process has loaded; see `seq2seq.server.live_models.Opener`."""
        for _ in range(TRIES):
            self.begin(folder)
            number, future = self._loading.pop(folder)
            files = state_of(folder)
            model = load(folder, self._placement)
            loaded = future.result()
            if loaded.fault is not None:
                raise loaded.fault
            if loaded.files == files == state_of(folder):
                self._models[model] = number
                weakref.finalize(model, self._send, Forget(number)).atexit = False
                return model
            self._send(Forget(number))
        raise UserError(f"{folder} cannot be loaded, because its files change all the time.")

    def submit(self, ticket: AwaitedTicket) -> None:
        """Add a job."""
        job, number = ticket.job, next(self._numbers)
        with self._lock:
            self._tickets[number], self._numbers_of[ticket] = ticket, number
        self._send(
            Decode(
                number,
                self._models[ticket.model],
                ticket.name,
                job.source,
                self._as_sent(job.decoding),
                job.number,
                job.draw,
                job.stop,
                job.attention,
                job.piece_scores,
                ticket.is_streamed,
                ticket.arrived,
            )
        )
        if self.fault is not None:  # perhaps it was added after the others had failed
            self._fail_all()

    def abandon(self, ticket: AwaitedTicket) -> None:
        """End a job that nobody waits for any more."""
        ticket.end("cancelled")
        with self._lock:
            number = self._numbers_of.get(ticket, 0)
            is_known = self._tickets.pop(number, None) is not None
        if is_known:
            self._send(Drop(number))

    def explain(self, model: LoadedModel, source: str | Example, text: str) -> Output:
        """Return an output text with its attention over a source; see `seq2seq.server.opening.explained`."""
        number = next(self._numbers)
        future = self._future(number)
        self._send(Explain(number, self._models[model], source, text))
        answer: Explained = future.result()
        if answer.output is None:
            raise answer.fault or AssertionError("an explanation is an output or a fault")
        return answer.output

    def close(self) -> None:
        """Let all jobs end, and wait for it."""
        self._is_closing = True
        self._send(Close())
        self._reading.join()
        self._process.wait()

    def _future(self, number: int) -> "Future[Any]":
        """Return what will be the answer to a message; an error if there will be none."""
        future: Future[Any] = Future()
        with self._lock:
            if self.fault is not None:
                raise self.fault
            self._waiting[number] = future
        return future

    def _as_sent(self, decoding: Decoding) -> bytes:
        """Return a decoding as it is sent; those of most requests are the same object."""
        kept = self._pickled.get(id(decoding))
        if kept is None or kept[0] is not decoding:
            if len(self._pickled) >= PICKLED:
                del self._pickled[next(iter(self._pickled))]
            kept = self._pickled[id(decoding)] = decoding, pickle.dumps(decoding, pickle.HIGHEST_PROTOCOL)
        return kept[1]

    def _send(self, message: tuple[Any, ...]) -> None:
        """Send a message; if the process has ended, the thread that reads notices it, too."""
        try:
            self._channel.send(message)
        except OSError:
            return

    def _read(self) -> None:
        """Pass on what the process sends, until it ends."""
        while (message := self._channel.receive()) is not None:
            match message:
                case News():
                    self._pass_on(message)
                case Loaded(number=number) | Explained(ticket=number):
                    with self._lock:
                        future = self._waiting.pop(number)
                    future.set_result(message)
        code = self._process.wait()
        if self._is_closing and code == 0:
            return
        how = f"by {signal.Signals(-code).name}" if code < 0 else f"with exit code {code}"
        fault = WorldError(f"The process that decodes has ended {how}, so nothing can be decoded any more.")
        with self._lock:
            self.fault = fault
            waiting, self._waiting = list(self._waiting.values()), {}
        for future in waiting:
            future.set_exception(fault)
        self._fail_all()
        self._on_death()

    def _pass_on(self, news: News) -> None:
        """Pass on what a step has brought."""
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

    def _fail_all(self) -> None:
        """Fail the jobs that the process will not finish."""
        with self._lock:
            tickets, self._tickets = list(self._tickets.values()), {}
        post = LoopPost()
        for ticket in tickets:
            if ticket.end("failed"):
                post.add(ticket, fault=self.fault)
        post.send()
