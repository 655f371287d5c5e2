"""How OpenAI's endpoints answer: n outputs for each of some conversations, as a whole or as a stream.

A prompt is a conversation with one message. A model that reads a text, such as a translator, takes the last message of
the user; one that continues texts continues it.
"""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.server.conversations import GivenConversation
from seq2seq.server.endpoints.chat import conversation_of
from seq2seq.server.endpoints.openai_answers import End, OpenAIRequest, Usage, end_of, usage_of
from seq2seq.server.endpoints.texts import together
from seq2seq.server.http.endpoint import Stream
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.service import Service
from seq2seq.server.replying import Replying
from seq2seq.server.scheduler import Job
from seq2seq.server.served_models import DIALOGUE

Messages = Sequence[tuple[str, str]]
"""Pairs of role and text, oldest first."""
Asked = TypeVar("Asked", bound=OpenAIRequest)


@dataclass(frozen=True)
class Written:
    """A text for a conversation.

    Args:
        text: The text.
        output: The output that it was made of.
    """

    text: str
    output: Output


class Writing(ABC, Generic[Asked]):
    """Answers a request of an endpoint, which gives the answer its form.

    Args:
        service: What the endpoints share.
        asked: The request.
        conversations: The conversations.

    Raises:
        UserError: If there is no such model, or if it refuses the request.
    """

    def __init__(self, service: Service, asked: Asked, conversations: Sequence[Messages]) -> None:
        self.service, self.asked = service, asked
        self.model = service.models.of_name(asked.model)
        self.decoding, self._stops = asked.decoding(service, self.model), asked.stops()
        self._conversations = conversations
        self._is_dialogue = self.model.kind == DIALOGUE
        for number, messages in enumerate(conversations):  # what is no conversation is refused before a stream begins
            _ = self._conversation(number) if self._is_dialogue else _last_text(messages)

    @abstractmethod
    def answer(self, choices: Sequence[Any], usage: Usage) -> Any:  # noqa: ANN401 - the endpoint's dataclass
        """Return the answer."""

    @abstractmethod
    def choice(self, index: int, written: Written) -> Any:  # noqa: ANN401
        """Return an output of the answer."""

    @abstractmethod
    def event(self, choices: Sequence[Any], usage: Usage | None = None) -> Any:  # noqa: ANN401
        """Return an event of the stream."""

    @abstractmethod
    def first_part(self, index: int) -> Any | None:  # noqa: ANN401
        """Return what an output begins with in the stream; None if nothing."""

    @abstractmethod
    def part(self, index: int, text: str) -> Any:  # noqa: ANN401
        """Return a part of an output."""

    @abstractmethod
    def last_part(self, index: int, output: Output) -> Any:  # noqa: ANN401
        """Return the end of an output."""

    async def reply(self) -> Any:  # noqa: ANN401
        """Return the answer or the stream."""
        if self.asked.stream:
            return Stream(self._events(), "[DONE]")
        found = await together(len(self._conversations), self._written)
        choices = [self.choice(index, written) for index, written in enumerate(one for row in found for one in row)]
        return self.answer(choices, usage_of([[written.output for written in row] for row in found]))

    def end(self, output: Output) -> End:
        """Return why an output ended."""
        return end_of(output, self.decoding.search)

    async def _written(self, number: int) -> list[Written]:
        """Return the texts for a conversation; a search may find fewer, whose last one is then repeated."""
        count = self.asked.n
        if self._is_dialogue:
            replies = await self._replying(self.decoding).replies(lambda: self._conversation(number), count)
            return [Written(reply.text, reply.output) for reply in replies]
        outputs = await self.service.scheduler.decode(self.model.name, self._job(number, self.decoding, 0))
        filled = [outputs[min(place, len(outputs) - 1)] for place in range(count)]
        return [Written(output.text, output) for output in filled]

    def _conversation(self, number: int) -> GivenConversation:
        # Samples of equal conversations differ.
        return conversation_of(self.model, self._conversations[number], number * self.asked.n)

    def _replying(self, decoding: Decoding) -> Replying:
        has_scores = self.asked.has_scores
        return Replying(self.service.scheduler, self.model, decoding, piece_scores=has_scores, stop=self._stops)

    def _job(self, number: int, decoding: Decoding, draw: int) -> Job:
        text = _last_text(self._conversations[number])
        return Job(text, decoding, number, draw, self._stops, piece_scores=self.asked.has_scores)

    async def _events(self) -> AsyncGenerator[Any, None]:
        """Yield the events of the stream."""
        found: dict[int, Output] = {}
        begun: set[int] = set()
        parts = _merged([one for number in range(len(self._conversations)) for one in self._streams(number)])
        try:
            async for index, part in parts:
                if index not in begun:
                    begun.add(index)
                    if (first := self.first_part(index)) is not None:
                        yield self.event([first])
                if isinstance(part, str):
                    yield self.event([self.part(index, part)])
                else:
                    found[index] = part
                    yield self.event([self.last_part(index, part)])
        finally:
            await parts.aclose()
        options, count = self.asked.stream_options, self.asked.n
        if options and options.include_usage:
            outputs = [found[index] for index in sorted(found)]
            yield self.event((), usage_of([outputs[place : place + count] for place in range(0, len(outputs), count)]))

    def _streams(self, number: int) -> list[AsyncGenerator[tuple[int, str | Output], None]]:
        """Return the streams of a conversation's outputs, whose items have the index of an output."""
        if self.asked.n == 1 or self.decoding.sampling is not None:
            return [self._single(number, draw) for draw in range(self.asked.n)]
        return [self._several(number)]

    async def _single(self, number: int, draw: int) -> AsyncGenerator[tuple[int, str | Output], None]:
        """Yield the parts of an output, and then the output."""
        single = Decoding(self.decoding.search, self.decoding.sampling)
        if self._is_dialogue:
            parts: AsyncGenerator[Any, None] = self._replying(single).stream(self._conversation(number), draw)
        else:
            parts = self.service.scheduler.stream(self.model.name, self._job(number, single, draw))
        index = number * self.asked.n + draw
        try:
            async for part in parts:
                yield index, part if isinstance(part, str | Output) else part.output
        finally:
            await parts.aclose()

    async def _several(self, number: int) -> AsyncGenerator[tuple[int, str | Output], None]:
        """Yield the outputs of a search, which are complete at the same time."""
        for place, written in enumerate(await self._written(number)):
            index = number * self.asked.n + place
            yield index, written.text
            yield index, written.output


def _last_text(messages: Messages) -> str:
    """Return the last message of the user."""
    texts = [text for role, text in messages if role == "user"]
    if not texts:
        raise RequestError(400, "There is no message of the user.", parameter="messages")
    return texts[-1]


async def _merged(streams: Sequence[AsyncGenerator[Any, None]]) -> AsyncGenerator[Any, None]:
    """Yield the items of several streams as they come."""
    items: asyncio.Queue[tuple[Any, BaseException | None, bool]] = asyncio.Queue()

    async def read(stream: AsyncGenerator[Any, None]) -> None:
        try:
            async for item in stream:
                items.put_nowait((item, None, False))
        except Exception as error:  # raised where the items are read
            items.put_nowait((None, error, True))
        else:
            items.put_nowait((None, None, True))

    tasks = [asyncio.create_task(read(stream)) for stream in streams]
    left = len(streams)
    try:
        while left:
            item, error, is_over = await items.get()
            if error is not None:
                raise error
            left -= is_over
            if not is_over:
                yield item
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        for stream in streams:
            await stream.aclose()
