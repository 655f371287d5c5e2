"""The top of a report: a one-sentence verdict and three examples sampled at random."""

from collections.abc import Sequence
from random import Random

from seq2seq.plugin.report_blocks import EQUAL, Figure, Prediction
from seq2seq.report.language import Say, english
from seq2seq.report.report import Bucket, Examples, OutputFacts

LARGE_BUCKET = 20
"""Minimum number of sentences in a length bucket that may be called weak; smaller ones are too noisy."""
GAP = 5.0
"""A bucket is called weak if its chrF is at least this many points below the mean."""
SHARE = 0.01
"""Minimum fraction of empty outputs that is mentioned; the minimum for repetitive outputs is five times as large."""


def verdict(
    figures: Sequence[Figure],
    predictions: Sequence[Prediction] = (),
    outputs: OutputFacts | None = None,
    buckets: Sequence[Bucket] = (),
) -> tuple[str, ...]:
    """Return the clauses of the verdict: the two main figures, exact matches, and the main weakness.

    For running text, the caller passes only the figures.
    """
    clauses = [clause(figure) for figure in figures[:2] if figure.name != EQUAL]
    count = len(predictions)
    if equal := sum(prediction.is_equal for prediction in predictions):
        equals = "equals" if equal == 1 else "equal"
        clauses.append(f"{equal:,} of {count:,} outputs {equals} a reference")
    if weakness := _weakness(count, outputs, buckets):
        clauses.append(weakness)
    return tuple(clauses)


def sentence(clauses: Sequence[str], say: Say = english) -> str:
    """Join clauses into one translated sentence."""
    joined = say("; ").join(say(clause) for clause in clauses)
    return f"{joined[:1].upper()}{joined[1:]}{say('.')}" if joined else ""


def drawn(predictions: Sequence[Prediction], seed: int, *, by: str = "chrF") -> Examples | None:
    """Sample a good, an average and a bad example; None if there are fewer than three outputs.

    Args:
        predictions: All outputs.
        seed: The only source of randomness, so the examples cannot be hand-picked.
        by: Ranking criterion: 'chrF' (of each sentence) or 'log probability per token'.
    """
    count = len(predictions)
    if count < 3:
        return None

    def rank(prediction: Prediction) -> tuple[float, int]:
        return (prediction.chrf if by == "chrF" else prediction.mean_log_probability, -prediction.index)

    numbers = [prediction.index for prediction in sorted(predictions, key=rank)]
    tenth = max(1, count // 10)
    middle = (count - tenth) // 2
    groups = (numbers[-tenth:], numbers[middle : middle + tenth], numbers[:tenth])
    good, middling, bad = (Random(f"{seed} {place}").choice(group) for place, group in enumerate(groups))
    return Examples(good, middling, bad, seed, by)


def explanation(examples: Examples) -> str:
    """Return an explanation of how the examples were sampled."""
    return (
        f"Drawn at random (seed {examples.seed}) from the tenth of the outputs with the highest {examples.by}, from "
        "the tenth around the median, and from the tenth with the lowest."
    )


def clause(figure: Figure) -> str:
    """Format a figure as a clause, with its interval and its comparison value."""
    of = " of 100" if figure.unit == "points of 100" else ""
    known = [f"95% interval {figure.interval()}" if figure.interval() else "", figure.beside]
    inside = "; ".join(part for part in known if part)
    return f"{figure.name} {figure.shown()}{figure.percent}{of}{f' ({inside})' if inside else ''}"


def _weakness(count: int, outputs: OutputFacts | None, buckets: Sequence[Bucket]) -> str:
    """Return the main weakness: empty outputs, or else repetitive ones, or else low scores in a range of lengths."""
    if outputs and count and outputs.empty >= max(1, SHARE * count):
        return "1 output is empty" if outputs.empty == 1 else f"{outputs.empty:,} outputs are empty"
    if outputs and count and outputs.repeating >= max(1, 5 * SHARE * count):
        repeat = "output repeats" if outputs.repeating == 1 else "outputs repeat"
        return f"{outputs.repeating:,} {repeat} three pieces in a row"
    large = [bucket for bucket in buckets if bucket.sentences >= LARGE_BUCKET]
    if len(large) < 2:
        return ""
    total = sum(bucket.sentences for bucket in buckets)
    mean = sum(bucket.scores[-1].value * bucket.sentences for bucket in buckets) / total
    worst = min(large, key=lambda bucket: bucket.scores[-1].value)
    if worst.scores[-1].value > mean - GAP:
        return ""
    return f"lowest quality on sources of {worst.name} pieces (chrF {worst.scores[-1].value:.2f})"
