"""OpenAI's /v1/chat/completions: replies in a conversation, or the output of any other task for its last message."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Literal

from seq2seq.decoding.output import Output
from seq2seq.server.endpoints.openai_answers import (
    End,
    OpenAIRequest,
    Token,
    Usage,
    new_id,
    now,
    openai_endpoint,
    tokens_of,
)
from seq2seq.server.endpoints.openai_writing import Writing, Written
from seq2seq.server.http.endpoint import Call
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service

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


@dataclass(frozen=True, kw_only=True)
class ChatCompletionRequest(OpenAIRequest):
    """A conversation.

    Args:
        messages: The conversation, oldest first; the last message is the user's.
        max_completion_tokens: The same as max_tokens, under its newer name.
        logprobs: Whether to return the log probabilities of the reply's tokens.
        top_logprobs: Must be 0: the log probabilities of other tokens are not known.
    """

    messages: tuple[ChatMessage, ...]
    max_completion_tokens: int | None = None
    logprobs: bool = False
    top_logprobs: int | None = None

    @property
    def length(self) -> int | None:
        """Maximum number of tokens; None if the request sets none."""
        return self.max_tokens if self.max_completion_tokens is None else self.max_completion_tokens

    @property
    def has_scores(self) -> bool:
        """Whether log probabilities are wanted."""
        return self.logprobs


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


class _Chat(Writing[ChatCompletionRequest]):
    """Replies in the form of this endpoint."""

    def __init__(self, service: Service, asked: ChatCompletionRequest) -> None:
        messages = messages_of(asked.messages)
        service.require_conversation_size(*(text for _, text in messages))
        super().__init__(service, asked, [messages])
        self._head = new_id("chatcmpl"), now(), self.model.name

    def answer(self, choices: Sequence[ChatChoice], usage: Usage) -> ChatCompletionAnswer:
        """Return the answer."""
        return ChatCompletionAnswer(*self._head, tuple(choices), usage)

    def choice(self, index: int, written: Written) -> ChatChoice:
        """Return a reply."""
        end, logprobs = self.end(written.output), self._logprobs(written.output)
        return ChatChoice(index, Reply(written.text, None), end, logprobs)

    def event(self, choices: Sequence[ChunkChoice], usage: Usage | None = None) -> ChatChunk:
        """Return an event of the stream."""
        return ChatChunk(*self._head, tuple(choices), usage)

    def first_part(self, index: int) -> ChunkChoice:
        """Return the part that names the role."""
        return ChunkChoice(index, Delta("assistant", ""), None, None)

    def part(self, index: int, text: str) -> ChunkChoice:
        """Return a part of a reply."""
        return ChunkChoice(index, Delta(content=text), None, None)

    def last_part(self, index: int, output: Output) -> ChunkChoice:
        """Return the end of a reply."""
        return ChunkChoice(index, Delta(), self.end(output), self._logprobs(output))

    def _logprobs(self, output: Output) -> ChatLogprobs | None:
        return ChatLogprobs(tokens_of(output)) if self.asked.has_scores else None


async def chat(service: Service, asked: ChatCompletionRequest, _call: Call) -> Any:  # noqa: ANN401
    """Reply in a conversation."""
    if asked.top_logprobs:
        raise RequestError(
            400,
            f"top_logprobs is {asked.top_logprobs}, but only log probabilities of the reply's own tokens are kept, "
            "which logprobs returns: leave out top_logprobs.",
            parameter="top_logprobs",
        )
    return await _Chat(service, asked).reply()


CHAT = openai_endpoint(
    "/v1/chat/completions",
    "Reply in a conversation",
    ChatCompletionRequest,
    ChatCompletionAnswer,
    chat,
    events=ChatChunk,
)
