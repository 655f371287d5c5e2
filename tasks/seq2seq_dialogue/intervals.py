"""Confidence intervals for statistics of a test set.

Counts of distinct items must not be bootstrapped, because resampling repeats replies and so lowers diversity. The
jackknife leaves out one reply at a time instead; on average it does not underestimate the variance (Efron and Stein
1981). For means over replies, both methods work.

Shapes: ``R`` replies.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seq2seq.plugin import Cell
from seq2seq.report import key_figures

Z = 1.959964
"""Half-width of a 95 % normal interval, in standard errors."""


@dataclass(frozen=True)
class Estimate:
    """A statistic with its 95 % confidence interval.

    Attributes:
        value: The statistic.
        low: Lower bound; None without an interval.
        high: Upper bound; None without an interval.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def cells(self) -> list[Cell]:
        """Return table cells with the value and the interval."""
        return [self.value, "none" if self.low is None else f"{self.low:,.2f} to {self.high:,.2f}"]


@dataclass(frozen=True)
class Jackknifed:
    """A statistic of a test set, with its jackknife replicates.

    Attributes:
        value: The statistic.
        without: [R], the statistic without reply i.
    """

    value: float
    without: NDArray[np.float64]

    @property
    def is_positive(self) -> bool:
        """Whether the statistic and all replicates are positive."""
        return bool(self.value > 0 and (self.without > 0).all())

    def estimate(self, most: float = math.inf) -> Estimate:
        """Return the statistic with its normal interval (Tukey 1958), clipped to the range from 0 to `most`."""
        count = len(self.without)
        if count < 2:
            return Estimate(self.value)
        spread = self.without - self.without.mean()
        error = Z * math.sqrt((count - 1) / count * float(spread @ spread))
        return Estimate(self.value, max(0.0, self.value - error), min(most, self.value + error))

    def against(self, other: "Jackknifed") -> Estimate:
        """Return the ratio to another statistic of the same test set; variation common to both cancels out.

        The other statistic must be positive (`is_positive`).
        """
        return Jackknifed(self.value / other.value, self.without / other.without).estimate()


def mean(values: NDArray[np.float64]) -> Jackknifed:
    """Return the mean of `values`, [R]."""
    total, count = float(values.sum()), len(values)
    return Jackknifed(total / count, (total - values) / max(1, count - 1))


def bootstrapped(parts: NDArray[np.float64], wholes: NDArray[np.float64], *, seed: int, samples: int) -> Estimate:
    """Return the ratio of two sums over replies, with its bootstrap interval.

    Args:
        parts: [R], terms of the numerator.
        wholes: [R], terms of the denominator. Their sum must be positive; samples in which it is 0 are skipped.
        seed: Seed of the bootstrap.
        samples: Number of bootstrap samples; 0 gives no interval.
    """
    value = float(parts.sum() / wholes.sum())
    return Estimate(value, *key_figures.bootstrapped(parts, wholes, seed=seed, samples=samples))
