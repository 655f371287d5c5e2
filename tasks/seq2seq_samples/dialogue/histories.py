"""Histories of the sample corpus's replies: the true one, and two that lack the necessary facts.

The last turn always stays, so that a model knows the question; only memory is taken away.
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
    """A turn of a conversation, as a reply to those before it.

    Attributes:
        conversation: The conversation.
        number: Number of the turn in it, from 0.
    """

    conversation: Conversation
    number: int

    @property
    def turn(self) -> Turn:
        """The turn itself."""
        return self.conversation.turns[self.number]


def replies(conversations: Sequence[Conversation]) -> list[Reply]:
    """Return every turn that needs facts from three or more turns before, in order."""
    return [Reply(one, number) for one in conversations for number, turn in enumerate(one.turns) if turn.far_facts]


def true(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the true history of each reply."""
    return [_source(one, list(enumerate(one.conversation.texts[: one.number])), reader) for one in found]


def shuffled(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the same turns in another order, each still with its speaker; the last one stays."""
    random = Random(SEED)
    sources = []
    for one in found:
        *before, last = enumerate(one.conversation.texts[: one.number])
        sources.append(_source(one, [*random.sample(before, len(before)), last], reader))
    return sources


def exchanged(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the turns of another conversation of the same pattern, except for the last one, which stays.

    Raises:
        ValueError: If a pattern has only one conversation, so that there is none to exchange it with.
    """
    ways: dict[tuple[str, str, str], list[Conversation]] = {}
    for reply in found:
        group = ways.setdefault(reply.conversation.way, [])
        if reply.conversation not in group:
            group.append(reply.conversation)
    sources = []
    for one in found:
        group = ways[one.conversation.way]
        if len(group) < 2:
            raise ValueError(f"There is one conversation only of the pattern '{one.conversation.pattern}'.")
        other = group[(group.index(one.conversation) + 1) % len(group)]
        last = one.number - 1
        said = [*list(enumerate(other.texts))[:last], (last, one.conversation.texts[last])]
        sources.append(_source(one, said, reader))
    return sources


HISTORIES: dict[str, Callable[[Sequence[Reply], ConversationReader], list[Text]]] = {
    "true": true,
    "shuffled": shuffled,
    "exchanged": exchanged,
}


def as_examples(found: Sequence[Reply], history: str, reader: ConversationReader) -> list[Example]:
    """Return the replies as examples with one of `HISTORIES` as their source."""
    sources = HISTORIES[history](found, reader)
    return [Example(source, one.turn.text) for source, one in zip(sources, found, strict=True)]


def _source(reply: Reply, said: Sequence[tuple[int, str]], reader: ConversationReader) -> Text:
    """Return the source of some turns, whose numbers identify the speakers."""
    speakers = [SIDES[number % 2] for number, _ in said]
    return reader.history([text for _, text in said], speakers, (), SIDES[reply.number % 2])
