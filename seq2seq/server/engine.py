"""The threads that decode.

Each thread has running batches that advance in turn, one step each, so that a long output does not keep others waiting.
Jobs that arrive meanwhile gather. When the running batches have become small, and at least every `GAP` turns, a thread
begins a batch of the job that has waited longest and others like it. A job of a language model joins a running batch of
its kind at once. A thread without work begins after `Limits.wait_ms`.

ONNX Runtime computes up to `batches_at_a_time` batches, each in a thread; PyTorch computes in the first thread only,
and uses its own threads for each product.
"""

import math
import time
from collections import deque
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from threading import Condition, Thread

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import Output
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.decoding_together import request_of
from seq2seq.server.lane import Lane, fail, finish
from seq2seq.server.measurements import Counts
from seq2seq.server.opening import explained
from seq2seq.server.options import Limits
from seq2seq.server.ticket import LoopPost, Post, Ticket
from seq2seq.server.waiting_parts import Waiting, WaitingParts, group

GAP = 64
"""Maximum number of turns that a job waits for running batches to become small."""
MORE = 8
"""A batch begins earlier if there are this many times more texts for it than there are in running batches."""
SHORT = 2000
"""Number of characters of a text that is prepared without a thread: well under a millisecond."""


class Engine:
    """Decodes jobs in threads.

    Args:
        threads: Number of threads.
        limits: Limits.
        counts: Where steps and pieces are counted.
        post: Makes the messages of a step.
    """

    def __init__(self, threads: int, limits: Limits, counts: Counts, post: Callable[[], Post] = LoopPost) -> None:
        self._limits, self._counts, self._post = limits, counts, post
        self._news = Condition()
        self._incoming: deque[Ticket] = deque()
        self._waiting = WaitingParts()
        self._is_closing = False
        self._explaining = ThreadPoolExecutor(1, "explaining")
        self._lanes = [Lane(counts) for _ in range(threads)]
        self._threads = [
            Thread(target=self._work, args=(lane,), name=f"decoding {number}", daemon=True)
            for number, lane in enumerate(self._lanes)
        ]
        for thread in self._threads:
            thread.start()

    def submit(self, ticket: Ticket) -> None:
        """Add a job. A short text is prepared at once, while the threads decode; a long one in a thread."""
        if len(str(ticket.job.source)) <= SHORT:
            post = self._post()
            self._prepare([ticket], post)
            post.send()
            return
        with self._news:
            self._incoming.append(ticket)
            self._news.notify()

    def abandon(self, ticket: Ticket) -> None:
        """End a job that nobody waits for any more; its parts leave their batches before the next step."""
        if ticket.end("cancelled"):
            with self._news:
                self._waiting.discard(ticket)
                self._news.notify_all()

    def close(self) -> None:
        """Let all jobs end, and wait for it."""
        with self._news:
            self._is_closing = True
            self._news.notify_all()
        for thread in self._threads:
            thread.join()
        self._explaining.shutdown()

    def explain(self, model: LoadedModel, source: str | Example, text: str) -> "Future[Output]":
        """Begin to explain an output; see `seq2seq.server.scheduler.Decoder`."""
        return self._explaining.submit(explained, model, source, text)

    def _work(self, lane: Lane) -> None:
        """Decode until the engine is closed."""
        while True:
            with self._news:
                while not (self._incoming or lane.running):
                    pause = self._pause(lane)
                    if pause == 0:
                        break
                    if self._is_closing and pause is None and not len(self._waiting):
                        self._news.notify_all()
                        return
                    self._news.wait(pause)
                incoming = list(self._incoming)
                self._incoming.clear()
            post = self._post()
            try:
                self._turn(lane, incoming, post)
            except Exception as fault:  # a fault of this program: the thread goes on for others
                for ticket in [*incoming, *lane.tickets]:
                    fail(ticket, fault, post)
            lane.is_idle = not lane.running
            post.send()

    def _turn(self, lane: Lane, incoming: Sequence[Ticket], post: Post) -> None:
        """Take up new jobs, begin a batch if it is time, and advance all batches by one step."""
        self._prepare(incoming, post)
        self._join(lane)
        if entries := self._next(lane):
            self._begin(lane, entries, post)
        lane.turn(post)
        if lane.again:
            with self._news:
                self._waiting.add(lane.again)
            lane.again = []

    def _prepare(self, tickets: Sequence[Ticket], post: Post) -> None:
        """Divide new jobs into parts, which then wait."""
        for ticket in tickets:
            if ticket.is_over:
                continue
            try:
                request = ticket.request = request_of(
                    ticket.model, ticket.job, is_streamed=ticket.is_streamed, batch_tokens=self._tokens(ticket.model)
                )
                self._counts.count_pieces(request.read, ticket.name, "read")
                if request.is_over:
                    ticket.begin()
                    finish(ticket, post)
                    continue
            except Exception as fault:  # it is that of this job only
                fail(ticket, fault, post)
                continue
            with self._news:
                self._waiting.add(Waiting(part, ticket) for part in request.parts)
                self._news.notify_all()

    def _pause(self, lane: Lane) -> float | None:
        """Return how long a lane waits before it begins a batch, in seconds; None if nothing waits. Needs the lock."""
        first = self._waiting.oldest(lambda entry: self._may_take(lane, entry))
        if first is None:
            return None
        if self._is_closing or first.is_alone:
            return 0
        return max(0.0, first.ticket.arrived + self._limits.wait_ms / 1000 - time.monotonic())

    def _next(self, lane: Lane) -> list[Waiting]:
        """Take the parts of the next batch of a lane; [] if it begins none now."""
        with self._news:
            if lane.turns < GAP and len(self._waiting) < MORE * lane.busy:
                return []  # as below, since not more than all are alike
            if self._pause(lane) != 0:
                return []
            first = self._waiting.oldest(lambda entry: self._may_take(lane, entry))
            assert first is not None
            alike = [entry for entry in self._waiting.alike(first) if self._may_take(lane, entry)]
            if lane.turns < GAP and len(alike) < MORE * lane.busy:
                return []
            # Threads without work share what waits.
            idle = [
                other
                for other in self._lanes
                if other is lane or (other.is_idle and self._may_run(other, first.ticket.model))
            ]
            most = math.ceil(len(alike) / len(idle))
            model = first.ticket.model
            entries = group(first, alike, self._tokens(model), most, model.network.rows_at_a_time)
            self._take(lane, entries)
            lane.is_idle = False
            return entries

    def _join(self, lane: Lane) -> None:
        """Let waiting parts join running batches that are open for them."""
        if not len(self._waiting):
            return
        for running in lane.running:
            if running.is_alone or not running.batch.grows:
                continue
            with self._news:
                entries = self._waiting.matching(running.model, running.key)
                joining = []
                for entry in entries:
                    if not self._may_take(lane, entry):
                        continue
                    if not running.batch.is_open(entry.part):
                        break
                    running.add(entry)
                    joining.append(entry)
                self._take(lane, joining)
            self._count(joining)

    def _begin(self, lane: Lane, entries: list[Waiting], post: Post) -> None:
        try:
            lane.begin(entries)
        except Exception as fault:
            for entry in entries:
                fail(entry.ticket, fault, post)
        self._count(entries)

    def _count(self, entries: Sequence[Waiting]) -> None:
        """Count the jobs of parts as running."""
        for entry in entries:
            entry.ticket.begin()

    def _take(self, lane: Lane, entries: Sequence[Waiting]) -> None:
        """Remove parts that a lane takes. Needs the lock."""
        self._waiting.take(entries)
        for entry in entries:
            entry.ticket.lane = lane

    def _may_take(self, lane: Lane, entry: Waiting) -> bool:
        """Return whether a lane may decode a part. The parts of a stream stay in one, so that its text is in order."""
        ticket = entry.ticket
        return self._may_run(lane, ticket.model) and (not ticket.is_streamed or ticket.lane in (None, lane))

    def _may_run(self, lane: Lane, model: LoadedModel) -> bool:
        """Return whether a lane may decode with a model."""
        return lane is self._lanes[0] or model.network.engine == "onnx"

    def _tokens(self, model: LoadedModel) -> int:
        """Return the maximum number of source tokens per batch."""
        return self._limits.batch_tokens or model.search.batch_tokens
