"""OpenAI's /v1/chat/completions: replies in a conversation.

A model that reads a text, such as a translator, takes the last message of the user; one that continues texts continues
it. So programs for conversations can use them, too.
"""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.server.conversations import GivenConversation
from seq2seq.server.endpoints.chat import conversation_of
from seq2seq.server.endpoints.openai_answers import (
    TAG,
    End,
    Sampling,
    StreamOptions,
    Token,
    Usage,
    end_of,
    merged,
    new_id,
    now,
    tokens_of,
    usage_of,
)
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import OpenAIErrorAnswer, RequestError, openai_form
from seq2seq.server.http.service import Service
from seq2seq.server.replying import Replying
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import DIALOGUE, ServedModel

ROLES = {"developer": "system"}
"""Roles that are treated as others."""


@dataclass(frozen=True)
class ContentPart:
    """A part of a message.

    Args:
        type: 'text'; other parts are refused.
        text: The text.
    """

    type: str
    text: str | None = None


@dataclass(frozen=True)
class ChatMessage:
    """A message.

    Args:
        role: 'user', 'assistant' for the model, or 'system' and 'developer' for facts about the model, one per line.
        content: The text, or its parts.
    """

    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: str | tuple[ContentPart, ...] | None = None


@dataclass(frozen=True)
class ChatCompletionRequest:
    """A conversation.

    Args:
        model: Name of the model.
        messages: The conversation, oldest first; the last message is the user's.
        max_tokens: Maximum number of tokens; at most as many as the server allows.
        max_completion_tokens: The same under its newer name.
        temperature: Above 0 samples; 0 takes the likeliest reply. Without it, the model decodes as by default.
        top_p: Sample from the smallest set of likeliest tokens with this probability.
        n: Number of replies.
        stream: Whether to send the replies in parts, as server-sent events.
        stream_options: Options of the stream.
        logprobs: Whether to return the log probabilities of the reply's tokens; those of other tokens never are.
        stop: Texts before which a reply ends.
        seed: Determines a sample; without it, every request gets another one.
    """

    model: str
    messages: tuple[ChatMessage, ...]
    max_tokens: int | None = None
    max_completion_tokens: int | None = None
    temperature: float | None = None
    top_p: float | None = None
    n: int = 1
    stream: bool = False
    stream_options: StreamOptions | None = None
    logprobs: bool = False
    stop: str | tuple[str, ...] | None = None
    seed: int | None = None


@dataclass(frozen=True)
class Reply:
    """A reply.

    Args:
        role: 'assistant'.
        content: The text.
        refusal: Always null.
    """

    content: str
    refusal: None
    role: Literal["assistant"] = "assistant"


@dataclass(frozen=True)
class ChatLogprobs:
    """Log probabilities of the tokens of a reply.

    Args:
        content: The tokens.
    """

    content: tuple[Token, ...]


@dataclass(frozen=True)
class ChatChoice:
    """A reply with its end.

    Args:
        index: Its number.
        message: The reply.
        finish_reason: 'stop', or 'length' if it reached the limit.
        logprobs: Log probabilities, if asked for.
    """

    index: int
    message: Reply
    finish_reason: End
    logprobs: ChatLogprobs | None


@dataclass(frozen=True)
class ChatCompletionAnswer:
    """Replies.

    Args:
        id: Identifier of the answer.
        created: When it was made, in seconds since 1970.
        model: Name of the model.
        choices: The replies.
        usage: Numbers of tokens.
        object: 'chat.completion'.
    """

    id: str
    created: int
    model: str
    choices: tuple[ChatChoice, ...]
    usage: Usage
    object: Literal["chat.completion"] = "chat.completion"


@dataclass(frozen=True)
class Delta:
    """A part of a reply.

    Args:
        role: 'assistant' in the first part.
        content: The text of the part.
    """

    role: Literal["assistant"] | None = None
    content: str | None = None


@dataclass(frozen=True)
class ChunkChoice:
    """A part of a reply with its number.

    Args:
        index: Number of the reply.
        delta: The part.
        finish_reason: Why the reply ended, in its last part; null before.
        logprobs: Log probabilities of the whole reply, in its last part, if asked for.
    """

    index: int
    delta: Delta
    finish_reason: End | None
    logprobs: ChatLogprobs | None


@dataclass(frozen=True)
class ChatChunk:
    """An event of a stream.

    Args:
        id: Identifier of the answer.
        created: When it was made, in seconds since 1970.
        model: Name of the model.
        choices: Parts of replies; none in the event with the usage.
        usage: Numbers of tokens, in the last event if asked for.
        object: 'chat.completion.chunk'.
    """

    id: str
    created: int
    model: str
    choices: tuple[ChunkChoice, ...]
    usage: Usage | None = None
    object: Literal["chat.completion.chunk"] = "chat.completion.chunk"


def messages_of(messages: Sequence[ChatMessage]) -> list[tuple[str, str]]:
    """Return messages as pairs of role and text.

    Raises:
        RequestError: If a part is no text, or if a message is a tool's.
    """
    pairs = []
    for number, message in enumerate(messages):
        if message.role in ("tool", "function"):
            raise RequestError(400, "These models use no tools.", parameter=f"messages[{number}].role")
        content = message.content or ""
        if not isinstance(content, str):
            for part in content:
                if part.type != "text" or part.text is None:
                    raise RequestError(
                        400, f"These models read text, but no '{part.type}'.", parameter=f"messages[{number}].content"
                    )
            content = "\n".join(part.text or "" for part in content)
        pairs.append((ROLES.get(message.role, message.role), content))
    return pairs


class _Work:
    """The replies of a request.

    Args:
        service: What the endpoints share.
        model: The model.
        asked: The request.
    """

    def __init__(self, service: Service, model: ServedModel, asked: ChatCompletionRequest) -> None:
        self.service, self.model, self.asked = service, model, asked
        length = asked.max_completion_tokens if asked.max_completion_tokens is not None else asked.max_tokens
        self.sampling = Sampling(asked.temperature, asked.top_p, asked.seed, length, asked.n, asked.stop)
        self.decoding = self.sampling.decoding(service, model)
        self._messages = messages_of(asked.messages)
        service.require_conversation_size(*(text for _, text in self._messages))
        self._text = ""
        if model.kind == DIALOGUE:
            self._conversation()  # refuses what is no conversation
        else:
            texts = [text for role, text in self._messages if role == "user"]
            if not texts:
                raise RequestError(400, "There is no message of the user.", parameter="messages")
            self._text = texts[-1]

    def _conversation(self) -> GivenConversation:
        return conversation_of(self.model, self._messages, 0)

    def _replying(self, decoding: Decoding) -> Replying:
        stops, has_scores = self.sampling.stops(), self.asked.logprobs
        return Replying(self.service.scheduler, self.model, decoding, piece_scores=has_scores, stop=stops)

    async def replies(self) -> list[tuple[str, Output]]:
        """Return each reply with the output that it was made of."""
        if self.model.kind == DIALOGUE:
            replying = self._replying(self.decoding)
            replies = await replying.replies(self._conversation, self.asked.n)
            return [(reply.text, reply.output) for reply in replies]
        job = Job(self._text, self.decoding, 0, 0, self.sampling.stops(), piece_scores=self.asked.logprobs)
        outputs = await self.service.scheduler.decode(self.model.name, job)
        return [(output.text, output) for output in self.sampling.filled(outputs)]

    def streams(self) -> list[AsyncGenerator[tuple[int, str | Output], None]]:
        """Return the streams of the replies, whose items have the index of a reply."""
        if self.asked.n == 1 or self.decoding.sampling is not None:
            return [self._one(draw) for draw in range(self.asked.n)]
        return [self._several()]

    async def _one(self, draw: int) -> AsyncGenerator[tuple[int, str | Output], None]:
        stops, single = self.sampling.stops(), Decoding(self.decoding.search, self.decoding.sampling)
        if self.model.kind == DIALOGUE:
            parts: AsyncGenerator[Any, None] = self._replying(single).stream(self._conversation(), draw)
        else:
            job = Job(self._text, single, 0, draw, stops, piece_scores=self.asked.logprobs)
            parts = self.service.scheduler.stream(self.model.name, job)
        try:
            async for part in parts:
                yield draw, part if isinstance(part, str | Output) else part.output
        finally:
            await parts.aclose()

    async def _several(self) -> AsyncGenerator[tuple[int, str | Output], None]:
        """Yield the outputs of a search, which are complete at the same time."""
        for index, (text, output) in enumerate(await self.replies()):
            yield index, text
            yield index, output

    def logprobs(self, output: Output) -> ChatLogprobs | None:
        """Return the log probabilities of a reply; None if they are not wanted."""
        return ChatLogprobs(tokens_of(output)) if self.asked.logprobs else None

    def end(self, output: Output) -> End:
        """Return why a reply ended."""
        return end_of(output, self.decoding.search)


async def chat(service: Service, asked: ChatCompletionRequest, _call: Call) -> Any:  # noqa: ANN401
    """Reply in a conversation."""
    model = service.models.of_name(asked.model)
    work = _Work(service, model, asked)
    head = ChatChunk(new_id("chatcmpl"), now(), model.name, ())
    if asked.stream:
        return Stream(_events(work, head), "[DONE]")
    replies = await work.replies()
    choices = tuple(
        ChatChoice(index, Reply(text, None), work.end(output), work.logprobs(output))
        for index, (text, output) in enumerate(replies)
    )
    return ChatCompletionAnswer(head.id, head.created, head.model, choices, _usage([output for _, output in replies]))


async def _events(work: _Work, head: ChatChunk) -> AsyncGenerator[ChatChunk, None]:
    """Yield the events of a stream."""

    def event(*choices: ChunkChoice, usage: Usage | None = None) -> ChatChunk:
        return ChatChunk(head.id, head.created, head.model, choices, usage)

    found: dict[int, Output] = {}
    begun: set[int] = set()
    parts = merged(work.streams())
    try:
        async for index, part in parts:
            if index not in begun:
                begun.add(index)
                yield event(ChunkChoice(index, Delta("assistant", ""), None, None))
            if isinstance(part, str):
                yield event(ChunkChoice(index, Delta(content=part), None, None))
            else:
                found[index] = part
                yield event(ChunkChoice(index, Delta(), work.end(part), work.logprobs(part)))
    finally:
        await parts.aclose()
    options = work.asked.stream_options
    if options and options.include_usage:
        yield event(usage=_usage([found[index] for index in sorted(found)]))


def _usage(outputs: Sequence[Output]) -> Usage:
    return usage_of([outputs])


CHAT = Endpoint(
    "POST",
    "/v1/chat/completions",
    "Reply in a conversation",
    ChatCompletionRequest,
    ChatCompletionAnswer,
    chat,
    openai_form,
    OpenAIErrorAnswer,
    events=ChatChunk,
    tag=TAG,
)
