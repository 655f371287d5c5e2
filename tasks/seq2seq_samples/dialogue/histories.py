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
    return [Reply(one, number) for one in conversations for number, turn in enumerate(one.turns) if turn.far_facts]


def true(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the true history of each reply."""
    return [_source(one, list(enumerate(one.conversation.texts[: one.number])), reader) for one in found]


def shuffled(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the turns in random order, each with its original speaker; the last one stays in place."""
    random = Random(SEED)
    sources = []
    for one in found:
        *before, last = enumerate(one.conversation.texts[: one.number])
        sources.append(_source(one, [*random.sample(before, len(before)), last], reader))
    return sources


def exchanged(found: Sequence[Reply], reader: ConversationReader) -> list[Text]:
    """Return the turns of another conversation from the same template, followed by the true last turn.

    Raises:
        ValueError: If a template has only one conversation.
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
    """Return an example for each reply, with one of `HISTORIES` as its source."""
    sources = HISTORIES[history](found, reader)
    return [Example(source, one.turn.text) for source, one in zip(sources, found, strict=True)]


def _source(reply: Reply, said: Sequence[tuple[int, str]], reader: ConversationReader) -> Text:
    """Return the source for numbered turns; even and odd numbers are different speakers."""
    speakers = [SIDES[number % 2] for number, _ in said]
    return reader.history([text for _, text in said], speakers, (), SIDES[reply.number % 2])
