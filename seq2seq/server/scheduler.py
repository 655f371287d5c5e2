"""Decode for many clients of an event loop; requests that come together are decoded together.

All methods must be called in an event loop; the models compute in threads of their own (`seq2seq.server.engine`), or in
a process of their own (`seq2seq.server.decoding_process`).
"""

import asyncio
from collections.abc import AsyncGenerator, Mapping
from concurrent.futures import Future
from typing import Protocol

from seq2seq.corpus.example import Example
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError, WorldError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.job import Job
from seq2seq.server.engine import Engine
from seq2seq.server.measurements import Measurements
from seq2seq.server.options import Limits
from seq2seq.server.ticket import AwaitedTicket, Begun

__all__ = ["Closed", "Job", "Limits", "Measurements", "QueueFull", "Scheduler"]


class QueueFull(WorldError):  # noqa: N818 - named as that of asyncio
    """Raised if too many jobs wait already.

    Args:
        queued: Number of jobs that wait.
        retry_after_s: Number of seconds after which there is probably room.
    """

    def __init__(self, queued: int, retry_after_s: int) -> None:
        super().__init__(f"The server is busy: {queued:,} texts are waiting. Try again in {retry_after_s} s.")
        self.retry_after_s = retry_after_s


class Closed(WorldError):  # noqa: N818 - a state
    """Raised for jobs that come after `Scheduler.close`."""

    def __init__(self) -> None:
        super().__init__("The server is shutting down and takes no more texts.")


class Decoder(Protocol):
    """What decodes jobs."""

    def submit(self, ticket: AwaitedTicket) -> None:
        """Add a job."""

    def abandon(self, ticket: AwaitedTicket) -> None:
        """End a job that nobody waits for any more."""

    def explain(self, model: LoadedModel, source: str | Example, text: str) -> "Future[Output]":
        """Begin to compute an output text with its attention over a source (`seq2seq.server.opening.explained`)."""

    def close(self) -> None:
        """Let all jobs end, and wait for it."""


class Scheduler:
    """Decodes the jobs of many clients together.

    Args:
        models: The models by name. Each job takes the model that has the name when it arrives.
        limits: Limits.
        measurements: Where jobs and steps are counted.
        decoder: What decodes; by default threads of this process.
    """

    def __init__(
        self,
        models: Mapping[str, LoadedModel],
        limits: Limits,
        measurements: Measurements,
        decoder: Decoder | None = None,
    ) -> None:
        self._models, self._limits, self._measurements = models, limits, measurements
        if decoder is None:
            threads = max((model.network.batches_at_a_time for model in models.values()), default=1)
            decoder = Engine(threads, limits, measurements)
        self._decoder, self._begun = decoder, Begun()
        self._is_closed = False

    async def decode(self, model: str, job: Job) -> list[Output]:
        """Return the outputs of a job, those of `LoadedModel.decode`; cancelling the task takes it out of its batch.

        Raises:
            QueueFull: If too many jobs wait.
            Closed: If the scheduler is closed.
            UserError: If there is no such model, or if the model does not support the decoding.
            WorldError: If memory is exhausted.
        """
        ticket = self._submit(model, job, is_streamed=False)
        try:
            while isinstance(outputs := await ticket.next(), str):
                pass
        finally:
            self._decoder.abandon(ticket)
        return outputs

    async def stream(self, model: str, job: Job) -> AsyncGenerator[str | Output, None]:
        """Generate one output; the job begins with the first item, and closing the generator takes it out of its batch.

        Yields:
            Parts of the text, and last the output, that of `LoadedModel.stream`.

        Raises:
            QueueFull: Before the first item, if too many jobs wait.
            Closed: Before the first item, if the scheduler is closed.
            UserError: See `decode`.
            WorldError: If memory is exhausted, or if the text is not read for long.
        """
        ticket = self._submit(model, job, is_streamed=True)
        try:
            while isinstance(news := await ticket.next(), str):
                yield news
            yield news[0]
        finally:
            self._decoder.abandon(ticket)

    async def explain(self, model: str, source: str | Example, text: str) -> Output:
        """Return an output text with its attention over a source.

        Args:
            model: Name of a model with attention.
            source: The source.
            text: The output.

        Raises:
            UserError: If the text is empty.
            WorldError: If memory is exhausted.
        """
        if not text:
            raise UserError("The last output is empty, so there is nothing to explain.")
        return await asyncio.wrap_future(self._decoder.explain(self._models[model], source, text))

    async def close(self) -> None:
        """Refuse new jobs, and return when the others have ended."""
        self._is_closed = True
        await asyncio.to_thread(self._decoder.close)

    def _submit(self, model: str, job: Job, *, is_streamed: bool) -> AwaitedTicket:
        if self._is_closed:
            raise Closed
        if model not in self._models:
            raise UserError(f"There is no model '{model}' here. Choose from: {', '.join(self._models)}.")
        queued = round(sum(self._measurements.queued.value(name) for name in self._models))
        if queued >= self._limits.queue:
            self._measurements.jobs.add(1, model, "refused")
            raise QueueFull(queued, self._begun.wait_estimate(queued))
        ticket = AwaitedTicket(
            model, self._models[model], job, self._measurements, self._begun, is_streamed=is_streamed
        )
        try:
            self._decoder.submit(ticket)
        except BaseException:
            ticket.end("failed")
            raise
        return ticket
