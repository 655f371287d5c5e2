"""OpenAI's /v1/completions: continues a prompt, or makes the output of any other task of it."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from seq2seq.corpus.example import plain
from seq2seq.decoding.output import Output
from seq2seq.server.endpoints.openai_answers import (
    End,
    OpenAIRequest,
    Usage,
    new_id,
    now,
    openai_endpoint,
    tokens_of,
)
from seq2seq.server.endpoints.openai_writing import Writing, Written
from seq2seq.server.endpoints.texts import texts_of
from seq2seq.server.http.endpoint import Call
from seq2seq.server.http.service import Service
from seq2seq.server.served_models import TEXT


@dataclass(frozen=True, kw_only=True)
class CompletionRequest(OpenAIRequest):
    """Prompts.

    Args:
        model: Name of the model. One that continues texts continues the prompt; another one makes its output of it.
        prompt: The prompt, or a list of prompts.
        logprobs: If given, log probabilities of the output's tokens are returned; those of other tokens never are.
        echo: Whether outputs begin with the prompt.
    """

    prompt: str | tuple[str, ...] = ""
    logprobs: int | bool | None = None
    echo: bool = False

    @property
    def has_scores(self) -> bool:
        """Whether log probabilities are wanted."""
        return self.logprobs is not None and self.logprobs is not False


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


class _Completions(Writing[CompletionRequest]):
    """Outputs in the form of this endpoint."""

    def __init__(self, service: Service, asked: CompletionRequest) -> None:
        self._prompts = texts_of(asked.prompt)
        service.require_size(*self._prompts)
        super().__init__(service, asked, [[("user", prompt)] for prompt in self._prompts])
        self._head = new_id("cmpl"), now(), self.model.name

    def answer(self, choices: Sequence[CompletionChoice], usage: Usage) -> CompletionAnswer:
        """Return the answer."""
        return self.event(choices, usage)

    def choice(self, index: int, written: Written) -> CompletionChoice:
        """Return an output."""
        return replace(self.last_part(index, written.output), text=self._begun(index) + written.text)

    def event(self, choices: Sequence[CompletionChoice], usage: Usage | None = None) -> CompletionAnswer:
        """Return an event of the stream, which has the form of an answer."""
        return CompletionAnswer(*self._head, tuple(choices), usage)

    def first_part(self, index: int) -> CompletionChoice | None:
        """Return the prompt if outputs begin with it."""
        begun = self._begun(index)
        return self.part(index, begun) if begun else None

    def part(self, index: int, text: str) -> CompletionChoice:
        """Return a part of an output."""
        return CompletionChoice(index, text, None, None)

    def last_part(self, index: int, output: Output) -> CompletionChoice:
        """Return the end of an output."""
        return CompletionChoice(index, "", self.end(output), self._logprobs(output, len(self._begun(index))))

    def _begun(self, index: int) -> str:
        """Return what an output begins with."""
        if not self.asked.echo:
            return ""
        prompt = self._prompts[index // self.asked.n]
        return plain(self.model.loaded.source_of(prompt)) if self.model.kind == TEXT else prompt

    def _logprobs(self, output: Output, offset: int) -> CompletionLogprobs | None:
        if not self.asked.has_scores:
            return None
        tokens = tokens_of(output)
        offsets = []
        for token in tokens:
            offsets.append(offset)
            offset += len(token.token)
        return CompletionLogprobs(
            tuple(token.token for token in tokens), tuple(token.logprob for token in tokens), tuple(offsets), None
        )


async def complete(service: Service, asked: CompletionRequest, _call: Call) -> Any:  # noqa: ANN401
    """Complete prompts."""
    return await _Completions(service, asked).reply()


COMPLETIONS = openai_endpoint(
    "/v1/completions", "Complete prompts", CompletionRequest, CompletionAnswer, complete, events=CompletionAnswer
)
