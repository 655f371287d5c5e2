"""Corpus metrics, and scores with bootstrap confidence intervals.

A metric computes sufficient statistics of each sentence (match counts, lengths), and a score from their sum. Therefore
the bootstrap works for every metric: a matrix product of seeded resampling counts and statistics gives the sum for each
bootstrap sample.

References are grouped by sentence: ``references[i]`` are all references of sentence ``i``.
"""

from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass
from typing import ClassVar

import numpy as np
from numpy.typing import NDArray

from seq2seq.amounts import amount
from seq2seq.errors import UserError

CONFIDENCE = 0.95
"""Confidence level of the intervals."""


@dataclass(frozen=True)
class Score:
    """A score with everything needed to reproduce it.

    Attributes:
        name: The metric's name.
        value: The corpus score.
        low: Lower end of the bootstrap confidence interval, or None.
        high: Upper end.
        signature: Everything that affects the value.
        unit: Unit of the value.
        higher_is_better: Whether larger values are better.
    """

    name: str
    value: float
    low: float | None
    high: float | None
    signature: str
    unit: str = "points of 100"
    higher_is_better: bool = True


class Metric(ABC):
    """A corpus metric that is a function of summed sentence statistics."""

    name: str
    unit: str = "points of 100"
    higher_is_better: ClassVar[bool] = True

    @abstractmethod
    def statistics(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> NDArray[np.float64]:
        """Return the sufficient statistics of each sentence, [sentences, statistics]."""

    @abstractmethod
    def from_statistics(self, sums: NDArray[np.float64]) -> float:
        """Return the score computed from summed statistics."""

    @abstractmethod
    def signature(self) -> str:
        """Return everything that affects the score; complete only after scoring."""

    def note(self) -> str:
        """Return a note on the last score; may be empty."""
        return ""

    def score(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> float:
        """Return the score of a corpus.

        Raises:
            UserError: If there is nothing to score, if lengths differ, or if references are not nested by sentence.
        """
        return self.from_statistics(self.statistics(hypotheses, references).sum(0))

    def sentences(self, hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> list[float]:
        """Return the score of each sentence, computed as for a corpus of one sentence."""
        return [self.from_statistics(row) for row in self.statistics(hypotheses, references)]

    def report(
        self, hypotheses: Sequence[str], references: Sequence[Sequence[str]], *, seed: int = 12345, samples: int = 1000
    ) -> Score:
        """Return the score with its bootstrap confidence interval (Koehn 2004); `samples` = 0 omits the interval."""
        statistics = self.statistics(hypotheses, references)
        value = self.from_statistics(statistics.sum(0))
        low = high = None
        signature = self.signature()
        if samples:
            low, high = interval(self.resampled(statistics, resamples(len(statistics), samples, seed)))
            signature += f"|bs:{samples}|seed:{seed}"
        return Score(self.name, value, low, high, signature, self.unit, self.higher_is_better)

    def resampled(self, statistics: NDArray[np.float64], counts: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the score of each bootstrap sample, [samples].

        `statistics` is [sentences, statistics], `counts` is [samples, sentences] (see `resamples`).
        """
        return np.array([self.from_statistics(row) for row in counts @ statistics])


def resamples(sentences: int, samples: int, seed: int) -> NDArray[np.float64]:
    """Return [samples, sentences], the number of times each bootstrap sample draws each sentence."""
    generator = np.random.default_rng(seed)
    return generator.multinomial(sentences, np.full(sentences, 1 / sentences), size=samples).astype(np.float64)


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """Return the 95% confidence interval (percentiles) of bootstrap values."""
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(values, [tail, 1 - tail]).tolist()
    return low, high


def checked(hypotheses: Sequence[str], references: Sequence[Sequence[str]]) -> None:
    """Validate the inputs of a metric.

    Raises:
        UserError: If they cannot be scored; the message names the mismatch.
    """
    if isinstance(hypotheses, str) or any(isinstance(texts, str) for texts in references):
        raise UserError("Outputs are a list of texts and references a list of lists, one inner list per output.")
    if len(hypotheses) != len(references):
        raise UserError(f"{amount(len(hypotheses), 'output')} came with references for {len(references):,}.")
    if not hypotheses:
        raise UserError("There is nothing to score: the list of outputs is empty.")
    if not all(references):
        place = next(number for number, texts in enumerate(references, 1) if not texts)
        raise UserError(f"Sentence {place:,} has no reference.")
