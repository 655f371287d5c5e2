"""Numbers of a test set with intervals for other conversations of the same kind.

A bootstrap draws replies repeatedly, which makes a test set look less varied than it is: counts of distinct things must
not be resampled so. The jackknife leaves one reply out at a time instead; its variance is on average not too small
(Efron and Stein 1981). For means over replies either works.

Shapes: ``R`` replies.
"""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from seq2seq.metrics.metric import interval, resamples
from seq2seq.plugin import Cell

Z = 1.959964
"""Standard errors on each side of a normal interval of 95 %."""


@dataclass(frozen=True)
class Estimate:
    """A number with its 95 % interval.

    Attributes:
        value: The number.
        low: Lower end; None without an interval.
        high: Upper end.
    """

    value: float
    low: float | None = None
    high: float | None = None

    def cells(self) -> list[Cell]:
        """Return the number and its interval for a table."""
        return [self.value, "none" if self.low is None else f"{self.low:,.2f} to {self.high:,.2f}"]


@dataclass(frozen=True)
class Jackknifed:
    """A number of a whole test set, and its value without each reply.

    Attributes:
        value: The number.
        without: [R], the number without reply i.
    """

    value: float
    without: NDArray[np.float64]

    @property
    def is_positive(self) -> bool:
        """Whether it is above 0, with each reply and without."""
        return bool(self.value > 0 and (self.without > 0).all())

    def estimate(self, most: float = math.inf) -> Estimate:
        """Return the number with its normal interval (Tukey 1958), clipped to possible values.

        Args:
            most: The largest possible value; the smallest is 0.
        """
        count = len(self.without)
        if count < 2:
            return Estimate(self.value)
        spread = self.without - self.without.mean()
        error = Z * math.sqrt((count - 1) / count * float(spread @ spread))
        return Estimate(self.value, max(0.0, self.value - error), min(most, self.value + error))

    def against(self, other: "Jackknifed") -> Estimate:
        """Return the ratio to another number of the same conversations, which must be above 0 (`is_positive`).

        Variation common to both cancels out.
        """
        return Jackknifed(self.value / other.value, self.without / other.without).estimate()


def mean(values: NDArray[np.float64]) -> Jackknifed:
    """Return the mean of one value for each reply, [R]."""
    total, count = float(values.sum()), len(values)
    return Jackknifed(total / count, (total - values) / max(1, count - 1))


def bootstrapped(parts: NDArray[np.float64], wholes: NDArray[np.float64], *, seed: int, samples: int) -> Estimate:
    """Return a ratio of sums over replies with its bootstrap interval, as for every metric.

    Args:
        parts: [R], the terms of the numerator.
        wholes: [R], the terms of the denominator; their sum must be above 0. A sample in which it is 0 is left out.
        seed: Seed of the bootstrap.
        samples: Number of its samples; 0 gives no interval.
    """
    value = float(parts.sum() / wholes.sum())
    counts = resamples(len(parts), samples, seed)
    above, below = counts @ parts, counts @ wholes
    ratios = above[below > 0] / below[below > 0]
    return Estimate(value, *interval(ratios)) if len(ratios) else Estimate(value)
