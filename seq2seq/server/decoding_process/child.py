"""The decoding process: it loads models and decodes the jobs that are sent to it.

    python -m seq2seq.server.decoding_process.child SOCKET PARENT

It is started by `seq2seq.server.decoding_process.separate_engine`, and ends with it.
"""

import pickle
import signal
import socket
import sys
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import replace
from functools import lru_cache
from threading import Lock
from typing import Any, cast
from weakref import WeakValueDictionary

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.job import Job
from seq2seq.process_lifetime import serve as end_with_parent
from seq2seq.server.decoding_process import messages
from seq2seq.server.engine import Engine
from seq2seq.server.model_files import Files, state_of
from seq2seq.server.opening import opened
from seq2seq.server.ticket import Post, Ticket

DECODINGS = 256
"""Number of unpickled decodings that are cached."""
SWITCH_S = 0.00005
"""How long receiving and sending may hold the interpreter while a decoding thread waits for it."""


@lru_cache(DECODINGS)
def _decoding(data: bytes) -> Decoding:
    return cast(Decoding, pickle.loads(data))


class Outbox:
    """What is sent with the next message; all methods may be called in any thread.

    Args:
        channel: Where it is sent. Sending wakes the other process, which takes a tenth of a step, so a thread does it.
    """

    def __init__(self, channel: messages.Channel) -> None:
        self._channel, self._lock = channel, Lock()
        self._news = messages.News([], [], [], [])

    def begin(self, ticket: int) -> None:
        """Note that a job has begun."""
        with self._lock:
            self._news.begun.append(ticket)

    def count_step(self, jobs: int, rows: int, model: str) -> None:
        """Count a step; see `seq2seq.server.measurements.Counts`."""
        with self._lock:
            self._news.sizes.append((jobs, rows, model))

    def count_pieces(self, number: int, model: str, direction: str) -> None:
        """Count pieces; see `seq2seq.server.measurements.Counts`."""
        with self._lock:
            self._news.pieces.append((number, model, direction))

    def send(self, posted: list[messages.Message]) -> None:
        """Send what jobs have brought, and all that was noted before. What was only counted waits for the next call."""
        with self._lock:
            if not (posted or self._news.begun):
                return
            news, self._news = self._news, messages.News([], [], [], [])
            news.messages.extend(posted)
            self._channel.send(news)


class SentPost(Post):
    """Messages to the other process.

    Args:
        outbox: Where they are sent.
    """

    def __init__(self, outbox: Outbox) -> None:
        self._outbox = outbox
        self._messages: list[messages.Message] = []

    def add(
        self, ticket: Ticket, text: str = "", outputs: list[Output] | None = None, fault: BaseException | None = None
    ) -> None:
        """Add a message."""
        assert isinstance(ticket, SentTicket), "this engine has tickets of the other process only"
        self._messages.append((ticket.number, text, outputs, None if fault is None else messages.portable(fault)))

    def send(self) -> None:
        """Send the messages."""
        posted, self._messages = self._messages, []
        self._outbox.send(posted)


class SentTicket(Ticket):
    """A job of the other process.

    Args:
        asked: The job.
        model: Its model.
        glossary: Its glossary, if any.
        outbox: Where it is noted that the job has begun.
    """

    def __init__(self, asked: messages.Decode, model: LoadedModel, glossary: Glossary | None, outbox: Outbox) -> None:
        decoding = _decoding(asked.decoding)
        job = Job(
            asked.source,
            decoding if glossary is None else replace(decoding, glossary=glossary),
            asked.number,
            asked.draw,
            asked.stop,
            attention=asked.attention,
            piece_scores=asked.piece_scores,
        )
        super().__init__(asked.name, model, job, is_streamed=asked.is_streamed, arrived=asked.arrived)
        self.number, self._outbox = asked.ticket, outbox

    def begin(self) -> bool:
        """Note that decoding has begun; see `Ticket.begin`."""
        if not super().begin():
            return False
        self._outbox.begin(self.number)
        return True


class Decoder:
    """Models, and the engine that decodes with them.

    Args:
        channel: The connection to the other process.
        begin: Limits, and where the models compute.
    """

    def __init__(self, channel: messages.Channel, begin: messages.Begin) -> None:
        self._channel, self._begin = channel, begin
        self._outbox = Outbox(channel)
        self._models: dict[int, LoadedModel] = {}
        self._glossaries: dict[int, Glossary] = {}
        self._tickets: WeakValueDictionary[int, SentTicket] = WeakValueDictionary()
        self._engine = Engine(begin.placement.threads or 1, begin.limits, self._outbox, lambda: SentPost(self._outbox))
        self._loading = ThreadPoolExecutor(1, "loading")  # while jobs are decoded and others come

    def run(self) -> None:
        """Do what is asked until the other process closes or ends."""
        while self._do(self._channel.receive()):
            pass

    def _do(self, message: tuple[Any, ...] | None) -> bool:
        """Do what a message asks; return whether others may come."""
        match message:
            case messages.Decode():
                try:
                    self._decode(message)
                except Exception as problem:  # a fault of this program: the process goes on for other jobs
                    self._outbox.send([(message.ticket, "", None, messages.portable(problem))])
            case messages.Drop():
                if (dropped := self._tickets.get(message.ticket)) is not None:
                    self._engine.abandon(dropped)
            case messages.Load():
                self._loading.submit(self._load, message)
            case messages.Terms():
                self._glossaries[message.number] = message.glossary
            case messages.Explain():
                self._explain(message)
            case messages.Forget():
                self._glossaries.pop(message.number, None)
                self._loading.submit(self._models.pop, message.number, None)  # it may still be loading
            case messages.Close():
                self._engine.close()
                self._loading.shutdown(cancel_futures=True)
                self._channel.close()
                return False
            case None:
                return False
        return True

    def _decode(self, asked: messages.Decode) -> None:
        glossary = self._glossaries[asked.glossary] if asked.glossary else None
        ticket = SentTicket(asked, self._models[asked.model], glossary, self._outbox)
        self._tickets[asked.ticket] = ticket
        self._engine.submit(ticket)

    def _load(self, asked: messages.Load) -> None:
        files: Files = ()
        fault = None
        try:
            files = state_of(asked.folder)
            self._models[asked.number] = opened(asked.folder, self._begin.placement)
        except Exception as problem:  # whatever it is, the other process reports it
            fault = messages.portable(problem)
        self._channel.send(messages.Loaded(asked.number, files, fault))

    def _explain(self, asked: messages.Explain) -> None:
        def send(done: "Future[Output]") -> None:
            fault = done.exception()  # it is that of this request only
            answer = (done.result(), None) if fault is None else (None, messages.portable(fault))
            self._channel.send(messages.Explained(asked.ticket, *answer))

        self._engine.explain(self._models[asked.model], asked.source, asked.text).add_done_callback(send)


def main(words: list[str]) -> None:
    """Decode for the process that started this one."""
    end_with_parent(int(words[1]))
    for number in messages.SIGNALS:
        signal.signal(number, signal.SIG_IGN)  # the other process handles them, and then ends this one
    signal.pthread_sigmask(signal.SIG_UNBLOCK, messages.SIGNALS)
    sys.setswitchinterval(SWITCH_S)
    channel = messages.Channel(socket.socket(fileno=int(words[0])))
    begin = channel.receive()
    if isinstance(begin, messages.Begin):
        Decoder(channel, begin).run()


if __name__ == "__main__":
    main(sys.argv[1:])
