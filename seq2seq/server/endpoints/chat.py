"""Our own endpoint of models that reply in a conversation: /chat."""

from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from seq2seq.plugin.conversation import Turn
from seq2seq.server.conversations import GivenConversation, Reply
from seq2seq.server.endpoints.outputs import OutputAnswer, TextEvent, output_answer, require_draw
from seq2seq.server.http.endpoint import Call, Endpoint, Stream
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import ONLY_KNOWN
from seq2seq.server.replying import Replying
from seq2seq.server.requested_decoding import DecodingChoice, decoding_of
from seq2seq.server.served_models import DIALOGUE, ServedModel


@dataclass(frozen=True)
class Message:
    """A message of a conversation.

    Args:
        role: 'user', 'assistant' for the model, or 'system' for facts about the model, one per line.
        content: The text.
    """

    role: Literal["user", "assistant", "system"]
    content: str


@dataclass(frozen=True)
class ChatRequest:
    """A conversation to continue.

    Args:
        messages: The conversation, oldest first; the last message is the user's.
        model: Name of the model; by default the first that holds conversations.
        stream: Whether to send the reply in parts, as server-sent events.
        draw: Number of earlier replies to the last message; each number gives another one.
        attention: Whether to return which parts of the conversation the reply attended to.
        scores: Whether to return scores, pieces and their probabilities.
        reply: A reply to explain, instead of generating one; with `attention`.
        options: How to decode.
    """

    messages: tuple[Message, ...]
    model: str | None = None
    stream: bool = False
    draw: int = 0
    attention: bool = False
    scores: bool = False
    reply: str | None = None
    options: DecodingChoice = field(default_factory=DecodingChoice, metadata=ONLY_KNOWN)


@dataclass(frozen=True)
class ChatAnswer:
    """A reply.

    Args:
        reply: The reply.
        remembered: Number of turns that the model read.
        notice: What a user should know, such as that a message was too long; may be empty.
        model: Name of the model.
        outputs: The reply with attention and scores, if asked for.
        done: True in the last event of a stream.
    """

    reply: str
    remembered: int
    notice: str
    model: str
    outputs: tuple[OutputAnswer, ...] | None = None
    done: bool | None = None


def conversation_of(model: ServedModel, messages: Sequence[tuple[str, str]], draw: int) -> GivenConversation:
    """Return the conversation of some messages, pairs of role and text.

    System messages are the persona. Messages of the same side that follow each other are one turn.

    Raises:
        UserError: If the task refuses it.
    """
    turns: list[Turn] = []
    persona = [line for role, text in messages if role == "system" for line in text.splitlines() if line.strip()]
    for role, text in messages:
        if role == "system":
            continue
        is_reply = role == "assistant"
        if turns and turns[-1].is_reply == is_reply:
            turns[-1] = replace(turns[-1], text=f"{turns[-1].text}\n{text}")
        else:
            turns.append(Turn(text, is_reply))
    return GivenConversation(model, turns, persona, draw)


async def chat(service: Service, asked: ChatRequest, _call: Call) -> Any:  # noqa: ANN401
    """Reply in a conversation."""
    model = service.models.of_kind(DIALOGUE, asked.model)
    service.require_conversation_size(*(message.content for message in asked.messages), asked.reply or "")
    require_draw(asked.draw)
    decoding = decoding_of(model, asked.options, service.decoding_limits)
    conversation = conversation_of(model, [(one.role, one.content) for one in asked.messages], asked.draw)
    is_detailed = asked.attention or asked.scores

    def answer(reply: Reply, done: bool | None = None) -> ChatAnswer:
        outputs = (output_answer(reply.output),) if is_detailed else None
        return ChatAnswer(reply.text, reply.remembered, reply.notice, model.name, outputs, done)

    if asked.reply is not None:
        if not model.has_attention:
            raise RequestError(
                400, f"'{model.name}' has no attention, so no reply can be explained.", parameter="reply"
            )
        about = conversation.explainable(asked.reply)
        attended = await service.scheduler.explain(model.name, about.source, about.text)
        output = conversation.explained(asked.reply, attended)
        explained = Reply(asked.reply, conversation.remembered, "", output)
        return replace(answer(explained), outputs=(output_answer(output),))
    replying = Replying(service.scheduler, model, decoding, asked.attention, asked.scores)

    async def events() -> AsyncGenerator[Any, None]:
        stream = replying.stream(conversation)
        try:
            async for part in stream:
                yield TextEvent(part) if isinstance(part, str) else answer(part, True)
        finally:
            await stream.aclose()

    return Stream(events()) if asked.stream else answer(await replying.reply(conversation))


CHAT = Endpoint(
    "POST",
    "/chat",
    "Reply in a conversation",
    ChatRequest,
    ChatAnswer,
    chat,
    events=TextEvent | ChatAnswer,
)
