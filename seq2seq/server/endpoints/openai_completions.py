"""OpenAI's /v1/completions: continues a prompt, or makes the output of any other task of it."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seq2seq.corpus.example import plain
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.server.endpoints.chat import conversation_of
from seq2seq.server.endpoints.openai_answers import (
    TAG,
    End,
    Sampling,
    StreamOptions,
    Usage,
    end_of,
    merged,
    new_id,
    now,
    tokens_of,
    usage_of,
)
from seq2seq.server.endpoints.texts import all_of, texts_of
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import OpenAIErrorAnswer, openai_form
from seq2seq.server.http.service import Service
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import DIALOGUE, TEXT, ServedModel


@dataclass(frozen=True)
class CompletionRequest:
    """Prompts.

    Args:
        model: Name of the model. One that continues texts continues the prompt; another one makes its output of it.
        prompt: The prompt, or a list of prompts.
        max_tokens: Maximum number of tokens; at most as many as the server allows.
        temperature: Above 0 samples; 0 takes the likeliest output. Without it, the model decodes as by default.
        top_p: Sample from the smallest set of likeliest tokens with this probability.
        n: Number of outputs for each prompt.
        stream: Whether to send the outputs in parts, as server-sent events.
        stream_options: Options of the stream.
        logprobs: If given, log probabilities of the output's tokens are returned; those of other tokens never are.
        echo: Whether outputs begin with the prompt.
        stop: Texts before which an output ends.
        seed: Determines a sample; without it, every request gets another one.
    """

    model: str
    prompt: str | tuple[str, ...] = ""
    max_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int = 1
    stream: bool = False
    stream_options: StreamOptions | None = None
    logprobs: int | bool | None = None
    echo: bool = False
    stop: str | tuple[str, ...] | None = None
    seed: int | None = None


@dataclass(frozen=True)
class CompletionLogprobs:
    """Log probabilities of the tokens of an output.

    Args:
        tokens: The tokens.
        token_logprobs: Natural logarithms of their probabilities.
        text_offset: Where each begins in the text.
        top_logprobs: Always null.
    """

    tokens: tuple[str, ...]
    token_logprobs: tuple[float, ...]
    text_offset: tuple[int, ...]
    top_logprobs: None


@dataclass(frozen=True)
class CompletionChoice:
    """An output.

    Args:
        index: Its number: of prompt p and output i, p times n plus i.
        text: The text; in a stream, a part of it.
        finish_reason: 'stop', or 'length' if it reached the limit; null while it goes on.
        logprobs: Log probabilities, if asked for; in a stream, with the last part.
    """

    index: int
    text: str
    finish_reason: End | None
    logprobs: CompletionLogprobs | None


@dataclass(frozen=True)
class CompletionAnswer:
    """Outputs.

    Args:
        id: Identifier of the answer.
        created: When it was made, in seconds since 1970.
        model: Name of the model.
        choices: The outputs.
        usage: Numbers of tokens.
        object: 'text_completion'.
    """

    id: str
    created: int
    model: str
    choices: tuple[CompletionChoice, ...]
    usage: Usage | None = None
    object: Literal["text_completion"] = "text_completion"


async def complete(service: Service, asked: CompletionRequest, _call: Call) -> Any:  # noqa: ANN401
    """Complete prompts."""
    model = service.models.of_name(asked.model)
    prompts = texts_of(asked.prompt)
    service.require_size(*prompts)
    work = _Work(service, model, asked)
    head = CompletionAnswer(new_id("cmpl"), now(), model.name, ())
    if asked.stream:
        return Stream(_events(work, prompts, head), "[DONE]")
    outputs = await work.outputs(prompts)
    choices = [
        work.choice(number * asked.n + place, prompt, output)
        for number, (prompt, found) in enumerate(zip(prompts, outputs, strict=True))
        for place, output in enumerate(found)
    ]
    return CompletionAnswer(head.id, head.created, head.model, tuple(choices), usage_of(outputs))


class _Work:
    """The outputs of a request.

    Args:
        service: What the endpoints share.
        model: The model.
        asked: The request.
    """

    def __init__(self, service: Service, model: ServedModel, asked: CompletionRequest) -> None:
        self.service, self.model, self.asked = service, model, asked
        self.sampling = Sampling(asked.temperature, asked.top_p, asked.seed, asked.max_tokens, asked.n, asked.stop)
        self.decoding: Decoding = self.sampling.decoding(service, model)
        self.has_scores = asked.logprobs is not None and asked.logprobs is not False

    async def outputs(self, prompts: Sequence[str]) -> list[list[Output]]:
        """Return the outputs for each prompt."""
        jobs = [(self.model.name, self.job(prompt, number)) for number, prompt in enumerate(prompts)]
        return [self.sampling.filled(found) for found in await all_of(self.service, jobs)]

    def job(self, prompt: str, number: int, draw: int = 0, *, is_single: bool = False) -> Job:
        """Return the job for a prompt; a conversation begins with it."""
        source: Any = prompt
        if self.model.kind == DIALOGUE:
            asked = conversation_of(self.model, [("user", prompt)], 0).asked()
            source = asked.source if asked else prompt
        decoding = self.decoding
        if is_single:
            decoding = Decoding(decoding.search, decoding.sampling)
        return Job(source, decoding, number, draw, self.sampling.stops(), piece_scores=self.has_scores)

    def begun(self, prompt: str) -> str:
        """Return what an output begins with."""
        if not self.asked.echo:
            return ""
        return plain(self.model.loaded.source_of(prompt)) if self.model.kind == TEXT else prompt

    def choice(self, index: int, prompt: str, output: Output, shown: str | None = None) -> CompletionChoice:
        """Return an output as the endpoint does; `shown` is its text if that is another one."""
        begun = self.begun(prompt)
        text = begun + output.text if shown is None else shown
        return CompletionChoice(index, text, end_of(output, self.decoding.search), self._logprobs(output, len(begun)))

    def _logprobs(self, output: Output, offset: int) -> CompletionLogprobs | None:
        if not self.has_scores:
            return None
        tokens = tokens_of(output)
        offsets = []
        for token in tokens:
            offsets.append(offset)
            offset += len(token.token)
        return CompletionLogprobs(
            tuple(token.token for token in tokens), tuple(token.logprob for token in tokens), tuple(offsets), None
        )


async def _events(work: _Work, prompts: Sequence[str], head: CompletionAnswer) -> AsyncGenerator[Any, None]:
    """Yield the events of a stream."""
    asked = work.asked

    def event(choices: tuple[CompletionChoice, ...], usage: Usage | None = None) -> CompletionAnswer:
        return CompletionAnswer(head.id, head.created, head.model, choices, usage)

    found: dict[int, Output] = {}
    streams = [stream for number, prompt in enumerate(prompts) for stream in _streams(work, prompt, number)]
    parts = merged(streams)
    try:
        async for index, part in parts:
            if isinstance(part, str):
                yield event((CompletionChoice(index, part, None, None),))
            else:
                found[index] = part
                yield event((work.choice(index, prompts[index // asked.n], part, ""),))
    finally:
        await parts.aclose()
    if asked.stream_options and asked.stream_options.include_usage:
        rows = [[found[number * asked.n + place] for place in range(asked.n)] for number in range(len(prompts))]
        yield event((), usage_of(rows))


def _streams(work: _Work, prompt: str, number: int) -> list[AsyncGenerator[tuple[int, str | Output], None]]:
    """Return the streams of a prompt's outputs, whose items have the index of an output."""
    if work.asked.n == 1 or work.decoding.sampling is not None:
        return [_one(work, prompt, number, draw) for draw in range(work.asked.n)]
    return [_several(work, prompt, number)]


async def _one(work: _Work, prompt: str, number: int, draw: int) -> AsyncGenerator[tuple[int, str | Output], None]:
    """Yield the parts of an output, and then the output."""
    index = number * work.asked.n + draw
    if begun := work.begun(prompt):
        yield index, begun
    stream = work.service.scheduler.stream(work.model.name, work.job(prompt, number, draw, is_single=True))
    try:
        async for part in stream:
            yield index, part
    finally:
        await stream.aclose()


async def _several(work: _Work, prompt: str, number: int) -> AsyncGenerator[tuple[int, str | Output], None]:
    """Yield the outputs of a search, which are complete at the same time."""
    ((*outputs,),) = await work.outputs([prompt])
    for place, output in enumerate(outputs):
        index = number * work.asked.n + place
        yield index, work.begun(prompt) + output.text
        yield index, output


COMPLETIONS = Endpoint(
    "POST",
    "/v1/completions",
    "Complete prompts",
    CompletionRequest,
    CompletionAnswer,
    complete,
    openai_form,
    OpenAIErrorAnswer,
    events=CompletionAnswer,
    tag=TAG,
)
