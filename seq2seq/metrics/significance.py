"""Significance tests of two systems on the same test set: paired bootstrap and paired randomisation.

Both tests use the sentence statistics of a :class:`~seq2seq.metrics.metric.Metric`, are seeded, and are paired, so
differences in sentence difficulty cancel out.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from seq2seq.metrics.metric import Metric, interval, resamples


@dataclass(frozen=True)
class Comparison:
    """Difference between systems B and A in one metric.

    Attributes:
        metric: Name of the metric.
        a: Score of A.
        b: Score of B.
        difference: b - a.
        low: Lower end of the bootstrap confidence interval of the difference.
        high: Upper end.
        p_bootstrap: Two-sided p-value of the bootstrap test (Koehn 2004).
        p_randomisation: p-value of the randomisation test: fraction of random swaps with at least this difference
            (Riezler and Maxwell 2005).
        samples: Number of samples of each test.
        seed: Seed of both tests.
        higher_is_better: Whether larger scores are better.
        signature: The metric's signature.
    """

    metric: str
    a: float
    b: float
    difference: float
    low: float
    high: float
    p_bootstrap: float
    p_randomisation: float
    samples: int
    seed: int
    higher_is_better: bool
    signature: str


def compare(
    metric: Metric,
    a: Sequence[str],
    b: Sequence[str],
    references: Sequence[Sequence[str]],
    *,
    seed: int = 12345,
    samples: int = 1000,
) -> Comparison:
    """Compare the outputs of systems A and B for the same sentences, with `samples` samples in each test.

    Raises:
        UserError: If the lengths differ, or if there is nothing to score.
    """
    of_a, of_b = metric.statistics(a, references), metric.statistics(b, references)
    score_a, score_b = metric.from_statistics(of_a.sum(0)), metric.from_statistics(of_b.sum(0))
    difference = score_b - score_a

    counts = resamples(len(of_a), samples, seed)
    deltas = metric.resampled(of_b, counts) - metric.resampled(of_a, counts)
    low, high = interval(deltas)
    # Add 1 to both counts so that no p-value is 0 (Davison and Hinkley 1997, section 4.2).
    opposite = min(np.count_nonzero(deltas <= 0), np.count_nonzero(deltas >= 0))
    p_bootstrap = min(1.0, 2 * (int(opposite) + 1) / (samples + 1))

    swaps = (np.random.default_rng(seed + 1).random((samples, len(of_a))) < 0.5).astype(np.float64)
    total = of_a.sum(0) + of_b.sum(0)
    sums = swaps @ of_b + (1 - swaps) @ of_a  # system A after the swaps
    shuffled = np.array([metric.from_statistics(total - row) - metric.from_statistics(row) for row in sums])
    # The tolerance ignores rounding that depends on the order of summation.
    extreme = np.count_nonzero(np.abs(shuffled) >= abs(difference) - 1e-9)
    p_randomisation = (int(extreme) + 1) / (samples + 1)
    return Comparison(
        metric.name,
        score_a,
        score_b,
        difference,
        low,
        high,
        p_bootstrap,
        p_randomisation,
        samples,
        seed,
        metric.higher_is_better,
        metric.signature(),
    )
