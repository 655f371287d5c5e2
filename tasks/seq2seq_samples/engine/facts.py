"""Count the facts of references that are right in a model's outputs."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from seq2seq.plugin.report_blocks import Cell, Figure

SEED, SAMPLES = 12345, 1_000
"""Seed and number of samples of the bootstrap."""


@dataclass(frozen=True)
class FactCounts:
    """Counts of facts; each pair of numbers counts the right facts, then all facts.

    Attributes:
        outputs: A pair for each output.
        groups: A pair for each group of facts, in alphabetical order.
    """

    outputs: tuple[tuple[int, int], ...]
    groups: dict[str, tuple[int, int]]

    @property
    def right(self) -> int:
        """Number of facts that are right in the outputs."""
        return sum(right for right, _ in self.outputs)

    @property
    def total(self) -> int:
        """Total number of facts."""
        return sum(total for _, total in self.outputs)

    @property
    def percent(self) -> float:
        """Percentage of right facts; 0 without facts."""
        return 100 * self.right / self.total if self.total else 0.0

    def rows(self, groups: Iterable[str]) -> "list[list[Cell]]":
        """Return table rows for some groups and for all facts: name, right facts, all facts, percentage."""
        counts = {**{name: self.groups[name] for name in groups}, "all": (self.right, self.total)}
        return [[name, right, total, 100 * right / total] for name, (right, total) in counts.items()]

    def figure(self, name: str) -> "Figure":
        """Return the percentage of right facts as a key figure, with a bootstrap confidence interval over outputs."""
        import numpy as np

        from seq2seq.plugin.report_blocks import Figure
        from seq2seq.report.key_figures import bootstrapped

        right, total = np.array(self.outputs, dtype=np.float64).T
        low, high = bootstrapped(100 * right, total, seed=SEED, samples=SAMPLES)
        return Figure(name, self.percent, low, high, f"% of {self.total:,} facts")


def count_facts(outputs: Iterable[Sequence[tuple[bool, Iterable[str]]]]) -> FactCounts:
    """Count the facts of each output; a fact is given by whether it is right and the groups that it belongs to."""
    pairs: list[tuple[int, int]] = []
    groups: dict[str, list[bool]] = {}
    for facts in outputs:
        pairs.append((sum(is_right for is_right, _ in facts), len(facts)))
        for is_right, names in facts:
            for name in names:
                groups.setdefault(name, []).append(is_right)
    return FactCounts(tuple(pairs), {name: (sum(hits), len(hits)) for name, hits in sorted(groups.items())})
