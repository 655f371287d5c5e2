"""Dialogue sections of a report: perplexity, diversity compared with references, ranking, conversations."""

from collections import Counter
from collections.abc import Iterator, Sequence

from seq2seq.plugin import Cell, Evaluated, Figure, Prediction, Quoted, Section, Table, bleu_for
from seq2seq_dialogue import perplexity, ranking, shown_conversations
from seq2seq_dialogue.diversity import FREQUENT, SIZES, Diversity, budget, diversity, same
from seq2seq_dialogue.intervals import Estimate

DIVERSITY = "Compared with the reference replies"
DIFFERENT = "different replies"
MOST_FREQUENT = "The most frequent replies"


def sections(evaluated: Evaluated) -> list[Section]:
    """Return the sections for any dialogue test set."""
    model, predictions = evaluated.model, evaluated.predictions
    seed, samples = evaluated.seed, evaluated.samples
    # A reverse model's input and output are not a conversation.
    is_conversation = bool(evaluated.shown) and not model.reader.reverse
    return [
        perplexity.section(predictions, bleu_for(model.reader.target_language).tokenize, seed=seed, samples=samples),
        beside_references(predictions),
        most_frequent(predictions),
        ranking.section(model, evaluated.examples, seed=seed, samples=samples),
        *([shown_conversations.section(evaluated)] if is_conversation else []),
    ]


def beside_references(predictions: Sequence[Prediction]) -> Section:
    """Return the diversity of the model's replies and of the reference replies."""
    replies = [prediction.hypothesis for prediction in predictions]
    references = [prediction.references[0] for prediction in predictions]
    among = budget(replies, references)
    of_model, of_references = diversity(replies, among), diversity(references, among)
    rows: list[list[Cell]] = [
        [name, *ours.cells(), *theirs.cells()]
        for (name, ours), (_, theirs) in zip(measures(of_model, among), measures(of_references, among), strict=True)
    ]
    blocks: list[str | Table] = [
        Table(["what", "model", "95% interval", "references", "95% interval of references"], rows),
    ]
    if among:
        ratios = zip(SIZES, of_model.distinct, of_references.distinct, strict=True)
        # Single-word references have no bigrams to compare with.
        against = [
            [f"distinct-{size}", *ours.against(theirs).cells()] for size, ours, theirs in ratios if theirs.is_positive
        ]
        blocks.append(Table(["model to references", "ratio", "95% interval"], against))
    blocks.append(
        "Words are in lower case and without punctuation; a Chinese character is a word. Distinct-n falls as more "
        "words are counted, so it is computed on as many whole replies as have the given number of words, averaged "
        "over all ways to choose them. Replies are equal if their words are. Intervals come from a jackknife over "
        "replies, because a bootstrap would draw replies twice, which adds repetition."
    )
    unique, others = of_model.unique.estimate(100), of_references.unique.estimate(100)
    beside = f"references: {others.value:.1f} %"
    figure = Figure(DIFFERENT, unique.value, unique.low, unique.high, higher_is_better=None, beside=beside)
    return Section(DIVERSITY, blocks, [figure])


def measures(of_replies: Diversity, among: int) -> Iterator[tuple[str, Estimate]]:
    """Yield the name and value of each diversity measure; `among` is the number of words for distinct-n."""
    for size, measure in zip(SIZES, of_replies.distinct, strict=False):
        yield f"distinct-{size} of {among:,} words (of 100)", measure.estimate(100)
    yield "different replies (%)", of_replies.unique.estimate(100)
    yield f"replies that are one of the {FREQUENT} most frequent (%)", of_replies.frequent.estimate(100)
    yield "replies that repeat three words (%)", of_replies.looping.estimate(100)
    yield "words of a reply", of_replies.length.estimate()


def most_frequent(predictions: Sequence[Prediction]) -> Section:
    """Return the ten most frequent replies of the model and of the references, each with its first spelling."""
    columns = [
        _ranked([prediction.hypothesis for prediction in predictions]),
        _ranked([prediction.references[0] for prediction in predictions]),
    ]
    length = max(map(len, columns))
    filled = [column + [("", "")] * (length - len(column)) for column in columns]
    rows: list[list[Cell]] = [[*ours, *theirs] for ours, theirs in zip(*filled, strict=True)]
    return Section(MOST_FREQUENT, [Table(["model", "times", "references", "times of references"], rows)])


def _ranked(replies: Sequence[str]) -> list[tuple[Cell, Cell]]:
    written: dict[tuple[str, ...], str] = {}
    for reply in replies:
        written.setdefault(same(reply), reply)
    ranked = Counter(map(same, replies)).most_common(FREQUENT)
    return [(Quoted(written[kind]) or "(empty)", times) for kind, times in ranked]
