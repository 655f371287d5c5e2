"""Our own endpoints of models that read a text and of models that continue one: /summarize and the like, /generate."""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.server.endpoints.outputs import OutputAnswer, TextEvent, output_answer, parts_of
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import ONLY_KNOWN, written_as
from seq2seq.server.requested_decoding import DecodingChoice, decoding_of
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import ServedModel

AT_A_TIME = 64
"""Most texts of one request that wait for the model at a time, so that others find room in the queue."""
Result = TypeVar("Result")


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
    options: DecodingChoice = field(default_factory=DecodingChoice, metadata=ONLY_KNOWN)


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
class SummaryAnswer(TextAnswer):
    """Summaries.

    Args:
        text: The summary of the text, or a list with one for each text.
        alternatives: Further summaries of the text, or of each text, if asked for.
        outputs: All summaries of the text, or of each text, with what was asked for; the best first.
    """

    text: str | tuple[str, ...] = field(metadata=written_as("summary"))


Answer = TypeVar("Answer", bound=TextAnswer)


def answer_of(kind: type[Answer], asked: TextRequest, model: str, texts: Sequence[Sequence[str]]) -> Answer:
    """Return the answer to a request.

    Args:
        kind: Class of the answer.
        asked: The request.
        model: Name of the model.
        texts: The output texts for each text, the best first.
    """
    others = _of_each(asked, [tuple(found[1:]) for found in texts]) if asked.alternatives else None
    return kind(_of_each(asked, [found[0] for found in texts]), model, others)


def answer_with(kind: type[Answer], asked: TextRequest, model: str, outputs: Sequence[Sequence[Output]]) -> Answer:
    """Return the answer to a request, given the outputs for each text, with their details if these are wanted."""
    answer = answer_of(kind, asked, model, [[output.text for output in found] for found in outputs])
    if not (asked.attention or asked.scores):
        return answer
    return replace(answer, outputs=_of_each(asked, [tuple(map(output_answer, found)) for found in outputs]))


def _of_each(asked: TextRequest, values: Sequence[Any]) -> Any:  # noqa: ANN401 - of one text, or a tuple
    return values[0] if isinstance(asked.q, str) else tuple(values)


async def all_of(service: Service, jobs: Sequence[tuple[str, Job]]) -> list[list[Output]]:
    """Return the outputs of jobs, each with the name of its model; see `together`."""
    if len(jobs) == 1:  # the usual case, without tasks of its own
        ((name, single),) = jobs
        return [await service.scheduler.decode(name, single)]
    return await together(len(jobs), lambda place: service.scheduler.decode(*jobs[place]))


async def together(count: int, work: Callable[[int], Awaitable[Result]]) -> list[Result]:
    """Return the results of some work for each number below `count`.

    A limited number is worked at at a time, and if one fails, the others are dropped.
    """
    results: dict[int, Result] = {}
    waiting = iter(range(count))

    async def some() -> None:
        for place in waiting:
            results[place] = await work(place)

    tasks = [asyncio.create_task(some()) for _ in range(min(count, AT_A_TIME))]
    try:
        await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return [results[place] for place in range(count)]


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
    finish: Callable[[Sequence[Sequence[Output]]], TextAnswer],
    glossary: Glossary | None = None,
) -> Stream:
    """Return the output of a text in parts; `finish` makes the last event of its outputs."""
    decoding = decoding_for(service, model, asked, glossary)
    job = job_of(asked, decoding, text, 0)

    def last(outputs: Sequence[Output]) -> TextAnswer:
        return replace(finish([outputs]), done=True)

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


def require_streamable(asked: TextRequest) -> None:
    """Refuse a stream of several outputs.

    Raises:
        RequestError: If the request wants one.
    """
    if asked.stream and not isinstance(asked.q, str):
        raise RequestError(400, "A stream is for one text, but q is a list: give a text, or leave out stream.")


def texts_of(q: str | tuple[str, ...]) -> tuple[str, ...]:
    """Return the texts of a request."""
    return (q,) if isinstance(q, str) else q


def verb_endpoint(verb: str, summary: str) -> Endpoint:
    """Return the endpoint of a verb that makes another text of a text, apart from translation."""
    kind = SummaryAnswer if verb == "summarize" else TextAnswer

    async def handle(service: Service, asked: TextRequest, _call: Call) -> Any:  # noqa: ANN401
        model = service.models.of_verb(verb, asked.model)
        texts = texts_of(asked.q)
        service.require_size(*texts)
        require_streamable(asked)

        def answer(outputs: Sequence[Sequence[Output]]) -> TextAnswer:
            return answer_with(kind, asked, model.name, outputs)

        if asked.stream:
            return streamed(service, model, asked, texts[0], answer)
        decoding = decoding_for(service, model, asked)
        jobs = [(model.name, job_of(asked, decoding, text, number)) for number, text in enumerate(texts)]
        return answer(await all_of(service, jobs))

    return Endpoint("POST", f"/{verb}", summary, TextRequest, kind, handle, events=TextEvent | kind, forms=True)
