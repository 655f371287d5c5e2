"""Facts about the outputs of an evaluation: problems, scores by source length, and the examples to show.

Sentences are ranked by chrF because it is meaningful for a single sentence, in every script; BLEU is not.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from seq2seq.metrics.metric import Metric
from seq2seq.metrics.sacrebleu_metrics import ChrF
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.error_analysis import repeats
from seq2seq.report.report import Bucket, OutputFacts

SMALLEST_BUCKET = 5
"""A length bucket with fewer sentences is merged with the one before it: its scores would be noise."""


def output_facts(predictions: Sequence[Prediction]) -> OutputFacts:
    """Count empty and repeating outputs, and characters."""
    return OutputFacts(
        empty=sum(not prediction.hypothesis.strip() for prediction in predictions),
        repeating=sum(repeats(prediction.pieces) for prediction in predictions),
        characters=sum(len(prediction.hypothesis) for prediction in predictions),
        reference_characters=sum(len(prediction.references[0]) for prediction in predictions),
    )


def by_length(first: Metric, predictions: Sequence[Prediction], *, seed: int, samples: int) -> Iterator[Bucket]:
    """Yield scores by source length: those of the given metric and of chrF."""
    groups: list[list[Prediction]] = [[]]
    edges = _edges()
    edge = next(edges)
    for prediction in sorted(predictions, key=_source_length):
        if len(prediction.source_pieces) > edge:
            while len(prediction.source_pieces) > edge:
                edge = next(edges)
            if len(groups[-1]) >= SMALLEST_BUCKET:
                groups.append([])
        groups[-1].append(prediction)
    if len(groups) > 1 and len(groups[-1]) < SMALLEST_BUCKET:
        last = groups.pop()
        groups[-1] += last
    metrics = [first] if isinstance(first, ChrF) else [first, ChrF()]
    for group in groups:
        hypotheses = [prediction.hypothesis for prediction in group]
        references = [prediction.references for prediction in group]
        yield Bucket(
            len(group[0].source_pieces),
            len(group[-1].source_pieces),
            len(group),
            tuple(metric.report(hypotheses, references, seed=seed, samples=samples) for metric in metrics),
            output_facts(group).length_ratio,
        )


def chosen(predictions: Sequence[Prediction], count: int) -> tuple[tuple[int, ...], tuple[int, ...], tuple[int, ...]]:
    """Choose at most `count` examples of each kind by sentence chrF; among equals, longer sources first.

    Returns:
        Indices of the worst (worst first), around the median, and of the best (best first), without repetition.
    """
    longest_first = sorted(predictions, key=_source_length, reverse=True)
    numbers = [prediction.index for prediction in sorted(longest_first, key=attrgetter("chrf"))]
    worst = numbers[:count]
    best_first = [prediction.index for prediction in sorted(longest_first, key=attrgetter("chrf"), reverse=True)]
    best = [number for number in best_first if number not in worst][:count]
    rest = [number for number in numbers if number not in worst and number not in best]
    start = max(0, len(rest) // 2 - count // 2)
    return tuple(worst), tuple(rest[start : start + count]), tuple(best)


def _source_length(prediction: Prediction) -> int:
    return len(prediction.source_pieces)


def _edges() -> Iterator[int]:
    """Yield the upper ends of the buckets: 5, 10, 15, 20, 30, 40, 60, 80, 120, 160, ..."""
    yield from (5, 10, 15)
    edge = 20
    while True:
        yield from (edge, edge * 3 // 2)
        edge *= 2
