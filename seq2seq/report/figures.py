"""Key figures: the few numbers that summarise a model's quality. They lead every form of the report."""

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from seq2seq.metrics.sacrebleu_metrics import Score

EQUAL, PERPLEXITY, BITS = "outputs equal to a reference", "perplexity per token", "bits per character"
"""Names of the figures that the core adds to those of metrics and sections."""


@dataclass(frozen=True)
class Figure:
    """A number with its interval and context.

    Args:
        name: Its name; unique in a report.
        value: The number.
        low: Lower end of its 95% interval; None without one.
        high: Upper end.
        unit: Unit of the number, such as '%'.
        higher_is_better: Its direction; None if neither end is better.
        most: End of its scale, which begins at 0; None draws no scale.
        beside: A number to compare it with, such as 'by chance: 10.0 %'; may be empty.
        digits: Decimals shown; None chooses them by the number's size.
    """

    name: str
    value: float
    low: float | None = None
    high: float | None = None
    unit: str = "%"
    higher_is_better: bool | None = True
    most: float | None = 100.0
    beside: str = ""
    digits: int | None = None

    def shown(self) -> str:
        """Return the number as text."""
        return self._text(self.value)

    def interval(self) -> str:
        """Return the ends of the interval; '' without one."""
        if self.low is None or self.high is None:
            return ""
        return f"{self._text(self.low)} to {self._text(self.high)}"

    def to_json(self) -> dict[str, Any]:
        """Return the figure as a JSON-able dictionary."""
        return asdict(self)

    def _text(self, value: float) -> str:
        if self.digits is not None:
            return f"{value:,.{self.digits}f}"
        if self.most is not None and self.most >= 10:
            return f"{value:.1f}"
        return f"{value:.3f}" if abs(self.value) < 10 else f"{value:,.1f}"


def of_score(score: Score) -> Figure:
    """Return a metric's score as a figure; errors, which may exceed 100, have no scale."""
    return Figure(
        score.name,
        score.value,
        score.low,
        score.high,
        score.unit,
        score.higher_is_better,
        100.0 if score.higher_is_better and "100" in score.unit else None,
    )


def named(figures: Iterable[Figure], *names: str) -> list[Figure]:
    """Return the figures with the given names, in that order; names without a figure are skipped."""
    found = {one.name: one for one in figures}
    return [found[name] for name in names if name in found]
