"""Count the facts from three or more turns ago that a model's replies get right."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from seq2seq.decoding.method import Decoding
from seq2seq.errors import UserError
from seq2seq_samples.dialogue.conversation_reader import ConversationReader
from seq2seq_samples.dialogue.grammar import FAR, Conversation, Fact
from seq2seq_samples.dialogue.histories import HISTORIES, Reply, as_examples, replies
from seq2seq_samples.dialogue.sample import conversations
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, numbered_place

if TYPE_CHECKING:
    from seq2seq.models.source_model import SourceModel
    from seq2seq.plugin.report_blocks import Cell, Prediction, Section

TITLE = "Facts from three or more turns before"
FIGURE = "facts remembered"
SEED, SAMPLES = 12345, 1_000
"""Seed and number of samples of the bootstrap."""


@dataclass(frozen=True)
class Remembered:
    """Counts of facts.

    Attributes:
        right: Number of facts that are right in the replies.
        total: Total number of facts.
        groups: Both numbers by language, topic, template, and number of turns since the fact was said.
    """

    right: int
    total: int
    groups: dict[str, tuple[int, int]]

    @property
    def percent(self) -> float:
        """Percentage of right facts; 0 without facts."""
        return 100 * self.right / self.total if self.total else 0.0


def is_right(fact: Fact, reply: Reply, said: str) -> bool:
    """Return whether a model's reply contains a fact, and no rival that the reference lacks.

    Args:
        fact: A far fact of the reference.
        reply: The reference.
        said: The model's reply.
    """
    rivals = (
        value.text
        for value in reply.conversation.values
        if value.kind == fact.value.kind and place_of(value.text, reply.turn.text) < 0
    )
    return place_of(fact.value.text, said) >= 0 and not any(place_of(rival, said) >= 0 for rival in rivals)


def remembered(found: Iterable[tuple[Reply, str]]) -> Remembered:
    """Count the right facts in pairs of a reference and the model's reply."""
    every: list[bool] = []
    groups: dict[str, list[bool]] = {}
    for reply, said in found:
        one = reply.conversation
        for fact in reply.turn.far_facts:
            hit = is_right(fact, reply, said)
            every.append(hit)
            names = (
                f"language: {LANGUAGE_NAMES[one.language]}",
                f"topic: {one.topic}",
                f"said {fact.turns_ago:>2} turns ago",
                f"pattern: {one.topic}, {one.pattern}",
            )
            for name in names:
                groups.setdefault(name, []).append(hit)
    counts = {name: (sum(hits), len(hits)) for name, hits in sorted(groups.items())}
    return Remembered(sum(every), len(every), counts)


def measured(model: "SourceModel", made: Sequence[Conversation]) -> dict[str, Remembered]:
    """Count the facts that are right in a model's replies, with default decoding, for each of `HISTORIES`.

    The caller must pass at least two conversations of each template.

    Raises:
        UserError: If the model does not read conversations.
        ValueError: If a template has only one conversation.
    """
    if not isinstance(model.reader, ConversationReader):
        raise UserError(f"A model of {model.task.name} does not read conversations.")
    found = replies(made)
    counts = {}
    for history in HISTORIES:
        outputs = model.decode(as_examples(found, history, model.reader), Decoding(model.search))
        counts[history] = remembered((reply, best[0].text) for reply, best in zip(found, outputs, strict=True))
    return counts


def sections(predictions: "Sequence[Prediction]") -> "list[Section]":
    """Return the report section on remembered facts, or an empty list if no output belongs to the sample corpus."""
    import numpy as np

    from seq2seq.plugin.report_blocks import Figure, Section, Table
    from seq2seq.report.key_figures import bootstrapped

    pairs = list(_pairs(predictions))
    count = remembered(pairs)
    if not count.total:
        return []
    rows: list[list[Cell]] = [
        [name, right, total, 100 * right / total]
        for name, (right, total) in count.groups.items()
        if not name.startswith("pattern")
    ]
    table = Table(
        ("Facts", "Right", "Of", "Share (%)"),
        [*rows, ["all", count.right, count.total, count.percent]],
        "A fact is right if the reply contains all of it, and nothing else of its kind from the conversation.",
    )
    text = (
        "Names, times, days, prices and the like that the reference reply repeats and that do not occur in the "
        f"{FAR - 1} turns before it. Names, dates and numbers never occur in the training split, nor do the "
        "combinations of other words that have to be remembered in one conversation."
    )
    each = [[is_right(fact, reply, said) for fact in reply.turn.far_facts] for reply, said in pairs]
    right, total = np.array([(sum(one), len(one)) for one in each], dtype=np.float64).T
    low, high = bootstrapped(100 * right, total, seed=SEED, samples=SAMPLES)
    figure = Figure(FIGURE, count.percent, low, high, unit=f"% of {count.total:,} facts")
    return [Section(TITLE, (text, table), (figure,))]


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
        for number, conversation in enumerate(conversations(split), 1)
        for reply in replies([conversation])
    }
