"""Key figures: the few numbers at the top of every report format that summarise a model's quality."""

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from seq2seq.metrics.metric import Score, interval, resamples
from seq2seq.plugin.report_blocks import BITS, EQUAL, PERPLEXITY, Figure, Prediction, Section
from seq2seq.report.report import Likelihood


def of_score(score: Score) -> Figure:
    """Return a metric's score as a figure; error rates have no scale because they can exceed 100."""
    return Figure(
        score.name,
        score.value,
        score.low,
        score.high,
        score.unit,
        score.higher_is_better,
        100.0 if score.higher_is_better and "100" in score.unit else None,
    )


def measured(
    scores: Sequence[Score],
    sections: Sequence[Section],
    likelihood: Likelihood,
    predictions: Sequence[Prediction],
    *,
    seed: int,
    samples: int,
) -> list[Figure]:
    """Return all figures a task can choose from: its metrics, the figures of its sections, and the common figures.

    `predictions` is empty for running text.
    """
    figures = [*map(of_score, scores), *(figure for section in sections for figure in section.figures)]
    if predictions:
        equal = 100.0 * np.array([prediction.is_equal for prediction in predictions])
        low, high = bootstrapped(equal, np.ones(len(equal)), seed=seed, samples=samples)
        figures.append(Figure(EQUAL, float(equal.mean()), low, high))
        nats = np.array([-prediction.reference_log_probability for prediction in predictions])
        tokens = np.array([float(prediction.reference_tokens) for prediction in predictions])
        if tokens.sum():
            low, high = map(_perplexity, bootstrapped(nats, tokens, seed=seed, samples=samples))
            value = float(np.exp(min(nats.sum() / tokens.sum(), 700.0)))
            unit = "of the references"
            figures.append(Figure(PERPLEXITY, value, low, high, unit, higher_is_better=False, most=None))
        return figures
    for unit, _, _, perplexity in likelihood.rows():
        figures.append(Figure(f"perplexity per {unit}", perplexity, unit="", higher_is_better=False, most=None))
    return figures


def bootstrapped(
    parts: NDArray[np.float64], wholes: NDArray[np.float64], *, seed: int, samples: int
) -> tuple[float | None, float | None]:
    """Return the bootstrap confidence interval of sum(parts) / sum(wholes); (None, None) if `samples` is 0.

    `parts` and `wholes` have the shape [examples].
    """
    counts = resamples(len(parts), samples, seed)
    above, below = counts @ parts, counts @ wholes
    ratios = above[below > 0] / below[below > 0]
    return interval(ratios) if len(ratios) else (None, None)


def _perplexity(nats: float | None) -> float | None:
    return None if nats is None else math.exp(min(nats, 700.0))


def metric_name(column: str) -> str:
    """Return the display name of a metric's column in ``metrics.csv``, such as ROUGE-L."""
    names = {"bleu": "BLEU", "ter": "TER", "chrf": "chrF", "bpc": BITS, "bits_per_character": BITS}
    if column.startswith("rouge"):
        kind = column.removeprefix("rouge").strip("_-")
        return f"ROUGE-{kind[:1].upper()}{kind[1:]}"
    return names.get(column, column.replace("bleu", "BLEU").replace("_", "-"))
