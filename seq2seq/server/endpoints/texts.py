"""Our own endpoints of models that read a text and of models that continue one: /summarize and the like, /generate."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.server.endpoints.outputs import OutputAnswer, TextEvent, output_answer, parts_of
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.requested_decoding import DecodingChoice, decoding_of
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import ServedModel

AT_A_TIME = 64
"""Most texts of one request that wait for the model at a time, so that others find room in the queue."""


@dataclass(frozen=True)
class TextRequest:
    """Texts for a model that makes another text of each.

    Args:
        q: A text, or a list of texts.
        model: Name of the model; by default the first for this task.
        alternatives: Number of further outputs for each text.
        attention: Whether to return the attention weights.
        scores: Whether to return scores, pieces and their probabilities.
        stream: Whether to send the output of a single text in parts, as server-sent events.
        options: How to decode.
    """

    q: str | tuple[str, ...]
    model: str | None = None
    alternatives: int = 0
    attention: bool = False
    scores: bool = False
    stream: bool = False
    options: DecodingChoice = field(default_factory=DecodingChoice)


@dataclass(frozen=True)
class SummaryAnswer:
    """Summaries.

    Args:
        summary: The summary of the text, or a list with one for each text.
        model: Name of the model.
        alternatives: Further summaries of the text, or of each text, if asked for.
        outputs: All summaries of the text, or of each text, with what was asked for; the best first.
        done: True in the last event of a stream.
    """

    summary: str | tuple[str, ...]
    model: str
    alternatives: tuple[str, ...] | tuple[tuple[str, ...], ...] | None = None
    outputs: tuple[OutputAnswer, ...] | tuple[tuple[OutputAnswer, ...], ...] | None = None
    done: bool | None = None


@dataclass(frozen=True)
class TextAnswer:
    """Outputs of a task.

    Args:
        text: The output for the text, or a list with one for each text.
        model: Name of the model.
        alternatives: Further outputs for the text, or for each text, if asked for.
        outputs: All outputs for the text, or for each text, with what was asked for; the best first.
        done: True in the last event of a stream.
    """

    text: str | tuple[str, ...]
    model: str
    alternatives: tuple[str, ...] | tuple[tuple[str, ...], ...] | None = None
    outputs: tuple[OutputAnswer, ...] | tuple[tuple[OutputAnswer, ...], ...] | None = None
    done: bool | None = None


@dataclass(frozen=True)
class Decoded:
    """The outputs for the texts of a request.

    Args:
        outputs: The outputs of each text, the best first.
        is_single: Whether the request has one text instead of a list.
        is_detailed: Whether attention or scores are wanted.
        alternatives: Number of further outputs that are wanted.
    """

    outputs: Sequence[Sequence[Output]]
    is_single: bool
    is_detailed: bool
    alternatives: int

    @property
    def best(self) -> Any:  # noqa: ANN401 - a text, or a tuple of texts
        """The best output."""
        return self._of_each([outputs[0].text for outputs in self.outputs])

    @property
    def others(self) -> Any:  # noqa: ANN401
        """The other outputs; None if they are not wanted."""
        if not self.alternatives:
            return None
        return self._of_each([tuple(output.text for output in outputs[1:]) for outputs in self.outputs])

    @property
    def details(self) -> Any:  # noqa: ANN401
        """All outputs with details; None if they are not wanted."""
        if not self.is_detailed:
            return None
        return self._of_each([tuple(map(output_answer, outputs)) for outputs in self.outputs])

    def _of_each(self, values: list[Any]) -> Any:  # noqa: ANN401
        return values[0] if self.is_single else tuple(values)


async def decoded(service: Service, model: ServedModel, asked: TextRequest, texts: Sequence[str]) -> Decoded:
    """Decode the texts of a request; they are decoded together."""
    decoding = decoding_for(service, model, asked)
    jobs = [(model.name, job_of(asked, decoding, text, number)) for number, text in enumerate(texts)]
    outputs = await all_of(service, jobs)
    return Decoded(outputs, isinstance(asked.q, str), asked.attention or asked.scores, asked.alternatives)


async def all_of(service: Service, jobs: Sequence[tuple[str, Job]]) -> list[list[Output]]:
    """Return the outputs of jobs, each with the name of its model.

    A limited number of them waits at a time, and if one fails, the others are dropped.
    """
    if len(jobs) == 1:  # the usual case, without tasks of its own
        ((name, single),) = jobs
        return [await service.scheduler.decode(name, single)]
    room = asyncio.Semaphore(AT_A_TIME)

    async def one(model: str, job: Job) -> list[Output]:
        async with room:
            return await service.scheduler.decode(model, job)

    tasks = [asyncio.create_task(one(model, job)) for model, job in jobs]
    try:
        return [await task for task in tasks]
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def decoding_for(
    service: Service, model: ServedModel, asked: TextRequest, glossary: Glossary | None = None
) -> Decoding:
    """Return the decoding that a request asks for."""
    if asked.alternatives < 0:
        raise RequestError(
            400, f"alternatives is {asked.alternatives}, but it must not be negative.", parameter="alternatives"
        )
    decoding = decoding_of(model, asked.options, service.decoding_limits, asked.alternatives + 1)
    return decoding if glossary is None else replace(decoding, glossary=glossary)


def streamed(
    service: Service,
    model: ServedModel,
    asked: TextRequest,
    text: str,
    answer: Any,  # noqa: ANN401
    glossary: Glossary | None = None,
) -> Stream:
    """Return the output of a text in parts; `answer` makes the last event of the `Decoded` outputs."""
    if not isinstance(asked.q, str):
        raise RequestError(400, "A stream is for one text, but q is a list: give a text, or leave out stream.")
    decoding = decoding_for(service, model, asked, glossary)
    job = job_of(asked, decoding, text, 0)
    is_detailed = asked.attention or asked.scores

    def last(outputs: list[Output]) -> Any:  # noqa: ANN401
        return replace(answer(Decoded([outputs], True, is_detailed, asked.alternatives)), done=True)

    async def several() -> AsyncGenerator[Any, None]:
        outputs = await service.scheduler.decode(model.name, job)
        yield TextEvent(outputs[0].text)
        yield last(outputs)

    if decoding.count > 1:
        return Stream(several())
    return Stream(parts_of(service.scheduler, model.name, job, lambda output: last([output])))


def job_of(asked: TextRequest, decoding: Decoding, text: str, number: int) -> Job:
    """Return the job for a text of a request."""
    return Job(text, decoding, number, attention=asked.attention, piece_scores=asked.scores)


def texts_of(q: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of a request."""
    return (q,) if isinstance(q, str) else q


def verb_endpoint(verb: str, summary: str) -> Endpoint:
    """Return the endpoint of a verb that makes another text of a text, apart from translation."""
    kind: Any = SummaryAnswer if verb == "summarize" else TextAnswer

    async def handle(service: Service, asked: TextRequest, _call: Call) -> Any:  # noqa: ANN401
        model = service.models.of_verb(verb, asked.model)
        texts = texts_of(asked.q)
        service.require_size(*texts)

        def answer(found: Decoded) -> Any:  # noqa: ANN401
            return kind(found.best, model.name, found.others, found.details)

        if asked.stream:
            return streamed(service, model, asked, texts[0], answer)
        return answer(await decoded(service, model, asked, texts))

    return Endpoint("POST", f"/{verb}", summary, TextRequest, kind, handle, events=TextEvent | kind, forms=True)
