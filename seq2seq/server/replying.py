"""Decodes the replies of conversations with a scheduler."""

from collections.abc import AsyncGenerator, Callable, Iterator
from dataclasses import dataclass, replace

from seq2seq.decoding.method import Decoding
from seq2seq.decoding.output import Output
from seq2seq.errors import UserError
from seq2seq.server.conversations import Asked, GivenConversation, Reply
from seq2seq.server.scheduler import Job, Scheduler
from seq2seq.server.served_models import ServedModel

MOST_ASKED = 16
"""Most outputs that a task may decode for one reply."""


@dataclass(frozen=True)
class Replying:
    """Decodes replies.

    Args:
        scheduler: Decodes.
        model: The model.
        decoding: How to decode.
        attention: Whether outputs have attention.
        piece_scores: Whether outputs have the probabilities of their pieces.
        stop: Texts before which a reply ends.
    """

    scheduler: Scheduler
    model: ServedModel
    decoding: Decoding
    attention: bool = False
    piece_scores: bool = False
    stop: tuple[str, ...] = ()

    async def reply(self, conversation: GivenConversation) -> Reply:
        """Return the reply of a conversation.

        Raises:
            UserError: If the task refuses the conversation, or asks for too many outputs.
        """
        for asked in self._asked(conversation):
            outputs = await self.scheduler.decode(self.model.name, self._job(asked))
            conversation.give(asked, outputs[0])
        return conversation.reply()

    async def replies(self, begin: Callable[[], GivenConversation], count: int) -> list[Reply]:
        """Return several replies of a conversation; a search may find fewer, whose last one is then repeated.

        Args:
            begin: Returns the conversation anew.
            count: Number of replies.
        """
        asked = begin().asked()
        replies: list[Reply] = []
        outputs: list[Output] = []
        if asked is not None:
            outputs = await self.scheduler.decode(self.model.name, self._job(asked))
        for number in range(count):
            conversation = begin()
            if asked is not None:
                conversation.give(asked, outputs[min(number, len(outputs) - 1)])
            replies.append(await self.reply(conversation))
        return replies

    async def stream(self, conversation: GivenConversation, draw: int = 0) -> AsyncGenerator[str | Reply, None]:
        """Yield parts of the first output that the task asks for, and last the reply that it makes of it.

        Args:
            conversation: The conversation.
            draw: Index of the sample.
        """
        for number, asked in enumerate(self._asked(conversation)):
            job = replace(self._job(asked), draw=asked.draw + draw)
            stream = self.scheduler.stream(self.model.name, job)
            try:
                async for part in stream:
                    if isinstance(part, Output):
                        conversation.give(asked, part)
                    elif number == 0:
                        yield part
            finally:
                await stream.aclose()
        yield conversation.reply()

    def _asked(self, conversation: GivenConversation) -> Iterator[Asked]:
        for _ in range(MOST_ASKED):
            asked = conversation.asked()
            if asked is None:
                return
            yield asked
        raise UserError(f"The task '{self.model.task.name}' asks for more than {MOST_ASKED} outputs for one reply.")

    def _job(self, asked: Asked) -> Job:
        return Job(
            asked.source,
            self.decoding,
            asked.number,
            asked.draw,
            self.stop,
            attention=self.attention,
            piece_scores=self.piece_scores,
        )
