"""True, shuffled and exchanged histories for the replies of the sample corpus.

The last turn always stays in place, so a model still sees the question.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

from seq2seq.corpus.example import Example, Text
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import Conversation, Turn

SIDES = ("one", "other")
SEED = 1


@dataclass(frozen=True)
class Reply:
    """A turn of a conversation, given by its index, as a reply to the turns before it."""

    conversation: Conversation
    number: int

    @property
    def turn(self) -> Turn:
        """The turn itself."""
        return self.conversation.turns[self.number]


def replies(conversations: Sequence[Conversation]) -> list[Reply]:
    """Return every turn with far facts, in order."""
    return [Reply(talk, number) for talk in conversations for number, turn in enumerate(talk.turns) if turn.far_facts]


def true(replies: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the true history of each reply."""
    return [_source(reply, list(enumerate(reply.conversation.texts[: reply.number])), reader) for reply in replies]


def shuffled(replies: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the turns in random order, each with its original speaker; the last one stays in place."""
    random = Random(SEED)
    sources = []
    for reply in replies:
        *before, last = enumerate(reply.conversation.texts[: reply.number])
        sources.append(_source(reply, [*random.sample(before, len(before)), last], reader))
    return sources


def exchanged(replies: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the turns of another conversation from the same template, followed by the true last turn.

    Raises:
        ValueError: If a template has only one conversation.
    """
    ways: dict[tuple[str, str, str], list[Conversation]] = {}
    for reply in replies:
        group = ways.setdefault(reply.conversation.way, [])
        if reply.conversation not in group:
            group.append(reply.conversation)
    sources = []
    for reply in replies:
        group = ways[reply.conversation.way]
        if len(group) < 2:
            raise ValueError(f"There is one conversation only of the pattern '{reply.conversation.pattern}'.")
        other = group[(group.index(reply.conversation) + 1) % len(group)]
        last = reply.number - 1
        turns = [*list(enumerate(other.texts))[:last], (last, reply.conversation.texts[last])]
        sources.append(_source(reply, turns, reader))
    return sources


HISTORIES: dict[str, Callable[[Sequence[Reply], ConversationReader], list[Text]]] = {
    "true": true,
    "shuffled": shuffled,
    "exchanged": exchanged,
}


def as_examples(replies: Sequence[Reply], history: str, reader: ConversationReader) -> list[Example]:
    """Return an example for each reply, with one of `HISTORIES` as its source."""
    sources = HISTORIES[history](replies, reader)
    return [Example(source, reply.turn.text) for source, reply in zip(sources, replies, strict=True)]


def _source(reply: Reply, turns: Sequence[tuple[int, str]], reader: ConversationReader) -> Text:
    """Return the source for numbered turns; even and odd numbers are different speakers."""
    speakers = [SIDES[number % 2] for number, _ in turns]
    return reader.history([text for _, text in turns], speakers, (), SIDES[reply.number % 2])
