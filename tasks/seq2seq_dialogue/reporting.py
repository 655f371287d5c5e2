"""What a dialogue report says beside its scores: likelihood, variety and loops beside people's, ranking, talks."""

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seq2seq.corpus import Example
from seq2seq.metrics import bleu_for
from seq2seq.report import Cell, Prediction, Section, Table
from seq2seq_dialogue import conversations, perplexity, ranking
from seq2seq_dialogue.diversity import FREQUENT, SIZES, Diversity, budget, diversity, same
from seq2seq_dialogue.estimates import Estimate

if TYPE_CHECKING:
    from seq2seq.model import Model

DIVERSITY = "Beside the human replies"
MOST_FREQUENT = "The most frequent replies"


def sections(
    model: "Model",
    examples: Sequence[Example],
    predictions: Sequence[Prediction],
    *,
    seed: int,
    samples: int,
    shown: int,
) -> list[Section]:
    """Return the sections that the dialogue task adds to a report; see `seq2seq.task.Task.studies`."""
    found = [
        perplexity.section(predictions, bleu_for(model.reader.target_language).tokenize, seed=seed, samples=samples),
        beside_humans(predictions),
        most_frequent(predictions),
        ranking.section(model, examples, seed=seed, samples=samples),
    ]
    # What a reverse model reads and writes is no conversation.
    if shown and not model.reader.reverse:
        found.append(conversations.section(examples, predictions, shown))
    return found


def beside_humans(predictions: Sequence[Prediction]) -> Section:
    """Return how varied the model's replies are beside the human ones."""
    replies, humans = [one.hypothesis for one in predictions], [one.references[0] for one in predictions]
    among = budget(replies, humans)
    of_model, of_humans = diversity(replies, among), diversity(humans, among)
    rows: list[list[Cell]] = [
        [name, *one.cells(), *other.cells()]
        for (name, one), (_, other) in zip(measures(of_model, among), measures(of_humans, among), strict=True)
    ]
    blocks: list[str | Table] = [
        Table(["what", "model", "95% interval", "humans", "95% interval of humans"], rows),
    ]
    if among:
        ratios = zip(SIZES, of_model.distinct, of_humans.distinct, strict=True)
        # Where people say only single words there are no pairs to compare with.
        against = [
            [f"distinct-{size}", *one.against(other).cells()] for size, one, other in ratios if other.is_positive
        ]
        blocks.append(Table(["model to humans", "ratio", "95% interval"], against))
    blocks.append(
        "Words are in lower case and without punctuation; a Chinese character is a word. Distinct-n falls the more "
        "words are counted: it is that of as many whole replies as have the number of words that is named, on average "
        "over all ways to choose them. Replies are the same where their words are. Intervals are of the jackknife over "
        "replies: a bootstrap draws replies twice, which adds repetition."
    )
    return Section(DIVERSITY, blocks)


def measures(found: Diversity, among: int) -> Iterator[tuple[str, Estimate]]:
    """Yield the name of each measure of variety and its number.

    Args:
        found: The numbers.
        among: On how many words distinct-n was computed.
    """
    for size, one in zip(SIZES, found.distinct, strict=False):
        yield f"distinct-{size} of {among:,} words (of 100)", one.estimate(100)
    yield "different replies (%)", found.unique.estimate(100)
    yield f"replies that are one of the {FREQUENT} most frequent (%)", found.frequent.estimate(100)
    yield "replies that repeat three words (%)", found.looping.estimate(100)
    yield "words of a reply", found.length.estimate()


def most_frequent(predictions: Sequence[Prediction]) -> Section:
    """Return the ten most frequent replies of the model and of the humans, each as it is first written."""
    columns = [_ranked([one.hypothesis for one in predictions]), _ranked([one.references[0] for one in predictions])]
    length = max(map(len, columns))
    filled = [column + [("", "")] * (length - len(column)) for column in columns]
    rows: list[list[Cell]] = [[*one, *other] for one, other in zip(*filled, strict=True)]
    return Section(MOST_FREQUENT, [Table(["model", "times", "humans", "times of humans"], rows)])


def _ranked(replies: Sequence[str]) -> list[tuple[Cell, Cell]]:
    written: dict[tuple[str, ...], str] = {}
    for reply in replies:
        written.setdefault(same(reply), reply)
    ranked = Counter(map(same, replies)).most_common(FREQUENT)
    return [(written[kind] or "(empty)", times) for kind, times in ranked]
