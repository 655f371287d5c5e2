"""Our own endpoint of models that continue a text: /generate."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from seq2seq.corpus.example import plain
from seq2seq.decoding.output import Output
from seq2seq.server.endpoints.outputs import (
    OutputAnswer,
    TextEvent,
    output_answer,
    parts_of,
    require_count,
    require_draw,
)
from seq2seq.server.endpoints.texts import texts_of
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import ONLY_KNOWN
from seq2seq.server.requested_decoding import DecodingChoice, decoding_of
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import TEXT


@dataclass(frozen=True)
class GenerateRequest:
    """A text to continue.

    Args:
        prompt: The beginning; may be empty.
        model: Name of the model; by default the first that continues texts.
        stream: Whether to send the text in parts, as server-sent events.
        stop: Texts before which the continuation ends.
        n: Number of continuations.
        scores: Whether to return scores, pieces and their probabilities.
        draw: Number of earlier samples for this prompt; each number gives another one.
        options: How to decode.
    """

    prompt: str = ""
    model: str | None = None
    stream: bool = False
    stop: str | tuple[str, ...] = ()
    n: int = 1
    scores: bool = False
    draw: int = 0
    options: DecodingChoice = field(default_factory=DecodingChoice, metadata=ONLY_KNOWN)


@dataclass(frozen=True)
class GenerateAnswer:
    """A continuation.

    Args:
        text: The continuation, without the prompt.
        prompt: The prompt as the model read it.
        model: Name of the model.
        alternatives: Further continuations, if n is larger than 1.
        outputs: All continuations with scores, if asked for.
        done: True in the last event of a stream.
    """

    text: str
    prompt: str
    model: str
    alternatives: tuple[str, ...] | None = None
    outputs: tuple[OutputAnswer, ...] | None = None
    done: bool | None = None


async def generate(service: Service, asked: GenerateRequest, _call: Call) -> Any:  # noqa: ANN401
    """Continue a text."""
    model = service.models.of_kind(TEXT, asked.model)
    service.require_size(asked.prompt)
    require_count("n", asked.n)
    require_draw(asked.draw)
    decoding = decoding_of(model, asked.options, service.decoding_limits, asked.n)
    job = Job(asked.prompt, decoding, 0, asked.draw, texts_of(asked.stop), piece_scores=asked.scores)
    read = plain(model.loaded.source_of(asked.prompt))

    def answer(outputs: Sequence[Output], done: bool | None = None) -> GenerateAnswer:
        others = tuple(output.text for output in outputs[1:]) if asked.n > 1 else None
        details = tuple(map(output_answer, outputs)) if asked.scores else None
        return GenerateAnswer(outputs[0].text, read, model.name, others, details, done)

    if not asked.stream:
        return answer(await service.scheduler.decode(model.name, job))
    if asked.n > 1:
        raise RequestError(400, f"A stream is one text, but n is {asked.n}: leave out n, or stream.", parameter="n")
    return Stream(parts_of(service.scheduler, model.name, job, lambda output: answer([output], True)))


GENERATE = Endpoint(
    "POST",
    "/generate",
    "Continue a text",
    GenerateRequest,
    GenerateAnswer,
    generate,
    events=TextEvent | GenerateAnswer,
    forms=True,
)
