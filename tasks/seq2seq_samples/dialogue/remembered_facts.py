"""Count the facts from three or more turns ago that a model's replies get right."""

from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq_samples.dialogue import sample
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import FAR, Conversation, Fact
from seq2seq_samples.dialogue.histories import HISTORIES, Reply, as_examples, replies
from seq2seq_samples.engine.facts import FactCounts, count_facts
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, numbered_place

if TYPE_CHECKING:
    from seq2seq.models.source_model import SourceModel
    from seq2seq.plugin.report_blocks import Prediction, Section

TITLE = "Facts from three or more turns before"
FIGURE = "facts remembered"


def is_right(fact: Fact, reply: Reply, output: str) -> bool:
    """Return whether a model's reply contains a fact, and no rival that the reference lacks.

    Args:
        fact: A far fact of the reference.
        reply: The reference.
        output: The model's reply.
    """
    rivals = (
        value.text
        for value in reply.conversation.values
        if value.kind == fact.value.kind and place_of(value.text, reply.turn.text) < 0
    )
    return place_of(fact.value.text, output) >= 0 and not any(place_of(rival, output) >= 0 for rival in rivals)


def remembered(pairs: Iterable[tuple[Reply, str]]) -> FactCounts:
    """Count the right facts in pairs of a reference and the model's reply.

    The facts are grouped by language, topic, template, and number of turns since the fact was said.
    """
    return count_facts(
        [(is_right(fact, reply, output), _groups(reply.conversation, fact.turns_ago)) for fact in reply.turn.far_facts]
        for reply, output in pairs
    )


def _groups(conversation: Conversation, turns_ago: int) -> tuple[str, ...]:
    return (
        f"language: {LANGUAGE_NAMES[conversation.language]}",
        f"topic: {conversation.topic}",
        f"said {turns_ago:>2} turns ago",
        f"pattern: {conversation.topic}, {conversation.pattern}",
    )


def measured(model: "SourceModel", conversations: Sequence[Conversation]) -> dict[str, FactCounts]:
    """Count the facts that are right in a model's replies, with default decoding, for each of `HISTORIES`.

    The caller must pass at least two conversations of each template.

    Raises:
        UserError: If the model does not read conversations.
        ValueError: If a template has only one conversation.
    """
    if not isinstance(model.reader, ConversationReader):
        raise UserError(f"A model of {model.task.name} does not read conversations.")
    references = replies(conversations)
    counts = {}
    for history in HISTORIES:
        outputs = model.decode(as_examples(references, history, model.reader), Decoding(model.search))
        counts[history] = remembered((reply, best[0].text) for reply, best in zip(references, outputs, strict=True))
    return counts


def sections(predictions: "Sequence[Prediction]") -> "list[Section]":
    """Return the report section on remembered facts, or an empty list if no output belongs to the sample corpus."""
    from seq2seq.plugin.report_blocks import Section, Table

    counts = remembered(_pairs(predictions))
    if not counts.total:
        return []
    table = Table(
        ("Facts", "Right", "Of", "Share (%)"),
        counts.rows(name for name in counts.groups if not name.startswith("pattern")),
        "A fact is right if the reply contains all of it, and nothing else of its kind from the conversation.",
    )
    text = (
        "Names, times, days, prices and the like that the reference reply repeats and that do not occur in the "
        f"{FAR - 1} turns before it. Names, dates and numbers never occur in the training split, nor do the "
        "combinations of other words that have to be remembered in one conversation."
    )
    return [Section(TITLE, (text, table), (counts.figure(FIGURE),))]


def _pairs(predictions: "Sequence[Prediction]") -> "Iterator[tuple[Reply, str]]":
    """Pair each output for the sample corpus with its reference."""
    for prediction in predictions:
        place = numbered_place(prediction.place)
        history = tuple(line.removeprefix(": ") for line in prediction.source.rstrip("\n").split("\n"))
        reply = _by_history(place[0]).get((place[1], history)) if place else None
        # An example from a user's file may happen to have the same place.
        if reply is not None and reply.turn.text in prediction.references:
            yield reply, prediction.hypothesis


@cache
def _by_history(split: str) -> dict[tuple[int, tuple[str, ...]], Reply]:
    """Return the replies with far facts, by conversation number and preceding turns."""
    return {
        (number, tuple(conversation.texts[: reply.number])): reply
        for number, conversation in enumerate(sample.conversations(split), 1)
        for reply in replies([conversation])
    }
