"""Counts problems of outputs, computes scores by source length, and chooses the examples to show.

Sentences are ranked by chrF because, unlike BLEU, it is meaningful for a single sentence in any script.
"""

from collections.abc import Iterator, Sequence
from operator import attrgetter

from seq2seq.metrics.metric import Metric
from seq2seq.metrics.sacrebleu_metrics import ChrF
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.error_analysis import repeats
from seq2seq.report.report import Bucket, OutputFacts

SMALLEST_BUCKET = 5
"""Minimum number of sentences in a length bucket; smaller ones are merged because their scores would be noise."""


def output_facts(predictions: Sequence[Prediction]) -> OutputFacts:
    """Count empty outputs, repetitive outputs, and characters."""
    return OutputFacts(
        empty=sum(not prediction.hypothesis.strip() for prediction in predictions),
        repeating=sum(repeats(prediction.pieces) for prediction in predictions),
        characters=sum(len(prediction.hypothesis) for prediction in predictions),
        reference_characters=sum(len(prediction.references[0]) for prediction in predictions),
    )


def by_length(first: Metric, predictions: Sequence[Prediction], *, seed: int, samples: int) -> Iterator[Bucket]:
    """Yield scores in the given metric and chrF for each bucket of source lengths."""
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
    """Choose the worst, typical and best examples by sentence chrF, preferring longer sources in ties.

    Returns:
        Three tuples of at most `count` indices: the worst examples (worst first), examples around the median, and the
        best examples (best first). No index occurs twice.
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
