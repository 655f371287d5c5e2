"""Jobs on their way through the scheduler, and what is sent to those who wait for them."""

import asyncio
import math
import time
from abc import ABC, abstractmethod
from collections import deque
from collections.abc import Sequence
from threading import Lock

from seq2seq.decoding.output import Output
from seq2seq.errors import WorldError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.job import Job, Request
from seq2seq.server.measurements import Measurements

MOST_UNREAD = 1 << 20
"""Maximum number of characters that are kept for a client that does not read them."""

LATEST = 64
"""Number of jobs from which the rate is estimated."""


class Ticket:
    """A job on its way through an engine.

    Args:
        name: Name of the model.
        model: The model, which stays that of the job if a newer one takes its name.
        job: The job.
        is_streamed: Whether its text is sent while it is generated.
        arrived: When the job arrived, in seconds of the monotonic clock; by default now.

    Attributes:
        is_over: Whether the job has ended: done, failed, or because nobody waits for it any more.
        is_begun: Whether decoding has begun.
        request: The job while it is being decoded; used by the engine only.
        lane: The lane that decodes its parts; several may, if it is not streamed.
        adding: Held while a part is added to the request, which several lanes may do at a time.
    """

    def __init__(
        self, name: str, model: LoadedModel, job: Job, *, is_streamed: bool, arrived: float | None = None
    ) -> None:
        self.name, self.model, self.job, self.is_streamed = name, model, job, is_streamed
        self.arrived = time.monotonic() if arrived is None else arrived
        self.is_over = self.is_begun = False
        self.request: Request | None = None
        self.lane: object = None
        self.adding = Lock()
        self._lock = Lock()

    def begin(self) -> bool:
        """Note that decoding has begun; called in any thread, for each part.

        Returns:
            Whether it had not begun before, and is not over.
        """
        with self._lock:
            if self.is_over or self.is_begun:
                return False
            self.is_begun = True
        return True

    def end(self, how: str) -> bool:
        """End the job; called in any thread.

        Args:
            how: 'done', 'failed' or 'cancelled'.

        Returns:
            Whether it had not ended before.
        """
        with self._lock:
            if self.is_over:
                return False
            self.is_over = True
        return True


class Begun:
    """When the latest jobs have begun, which gives a rate."""

    def __init__(self) -> None:
        self._moments: deque[float] = deque(maxlen=LATEST)

    def add(self) -> None:
        """Note that a job has begun; called in any thread."""
        self._moments.append(time.monotonic())

    def wait_estimate(self, queued: int) -> int:
        """Return the number of seconds in which a number of waiting jobs will probably have begun, 1 to 60."""
        moments = list(self._moments)
        if len(moments) < 2:
            return 1
        rate = len(moments) / max(0.001, time.monotonic() - moments[0])
        return min(60, max(1, math.ceil(queued / rate)))


class AwaitedTicket(Ticket):
    """A job for which a task of an event loop waits.

    Args:
        name: See `Ticket`.
        model: See `Ticket`.
        job: See `Ticket`.
        measurements: Where the job is counted.
        begun: Where its beginning is noted.
        is_streamed: See `Ticket`.

    Attributes:
        loop: The event loop of those who wait.
    """

    def __init__(
        self,
        name: str,
        model: LoadedModel,
        job: Job,
        measurements: Measurements,
        begun: Begun,
        *,
        is_streamed: bool,
    ) -> None:
        super().__init__(name, model, job, is_streamed=is_streamed)
        self.loop = asyncio.get_running_loop()
        self._measurements, self._begun = measurements, begun
        self._text = ""
        self._outputs: list[Output] | None = None
        self._fault: BaseException | None = None
        self._has_news = asyncio.Event()
        measurements.queued.add(1, name)

    def begin(self) -> bool:
        """Count the job as running instead of waiting; see `Ticket.begin`."""
        if not super().begin():
            return False
        self._begun.add()
        self._measurements.queued.add(-1, self.name)
        self._measurements.running.add(1, self.name)
        self._measurements.waited.observe(time.monotonic() - self.arrived, self.name)
        return True

    def end(self, how: str) -> bool:
        """End the job, and count how; see `Ticket.end`."""
        if not super().end(how):
            return False
        (self._measurements.running if self.is_begun else self._measurements.queued).add(-1, self.name)
        self._measurements.jobs.add(1, self.name, how)
        if how != "cancelled":
            self._measurements.took.observe(time.monotonic() - self.arrived, self.name)
        return True

    def receive(self, text: str, outputs: list[Output] | None, fault: BaseException | None) -> None:
        """Add what the engine sent."""
        self._text += text
        self._outputs, self._fault = outputs or self._outputs, fault or self._fault
        if len(self._text) > MOST_UNREAD and self.end("failed"):
            self._fault = WorldError(
                f"The text was generated faster than it was read: more than {MOST_UNREAD:,} characters waited."
            )
        self._has_news.set()

    async def next(self) -> str | list[Output]:
        """Return the text that has come since the last call, or finally the outputs.

        Raises:
            UserError: If the job cannot be decoded.
            WorldError: If it could not be decoded.
        """
        while True:
            if self._text:
                text, self._text = self._text, ""
                return text
            if self._fault is not None:
                fault, self._fault = self._fault, None  # its traceback refers to this ticket
                raise fault
            if self._outputs is not None:
                return self._outputs
            self._has_news.clear()
            await self._has_news.wait()


class Post(ABC):
    """Messages to those who wait for jobs, which are sent together: waking a receiver takes longer than a message."""

    @abstractmethod
    def add(
        self, ticket: Ticket, text: str = "", outputs: list[Output] | None = None, fault: BaseException | None = None
    ) -> None:
        """Add a message."""

    @abstractmethod
    def send(self) -> None:
        """Send the messages."""


class LoopPost(Post):
    """Messages to tasks of event loops, from any thread."""

    def __init__(self) -> None:
        self._messages: list[tuple[AwaitedTicket, str, list[Output] | None, BaseException | None]] = []

    def add(
        self, ticket: Ticket, text: str = "", outputs: list[Output] | None = None, fault: BaseException | None = None
    ) -> None:
        """Add a message."""
        assert isinstance(ticket, AwaitedTicket), "an engine that sends to event loops takes their tickets only"
        self._messages.append((ticket, text, outputs, fault))

    def send(self) -> None:
        """Send the messages."""
        messages, self._messages = self._messages, []
        for loop in {message[0].loop for message in messages}:
            ours = [message for message in messages if message[0].loop is loop]
            try:
                loop.call_soon_threadsafe(_receive, ours)
            except RuntimeError:  # the loop is closed
                for ticket, *_ in ours:
                    ticket.end("cancelled")


def _receive(messages: Sequence[tuple[AwaitedTicket, str, list[Output] | None, BaseException | None]]) -> None:
    for ticket, text, outputs, fault in messages:
        ticket.receive(text, outputs, fault)
