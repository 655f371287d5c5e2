"""Results of checking claims about a sample corpus."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

T = TypeVar("T")


@dataclass(frozen=True)
class Finding:
    """A claim about the corpus and its first counterexample ('' if there is none)."""

    claim: str
    against: str


def never(claim: str, counterexamples: Iterable[str]) -> Finding:
    """Return the finding for a claim, with the first of its counterexamples."""
    return Finding(claim, next(iter(counterexamples), ""))


def at_least(claim: str, count: int, least: int) -> Finding:
    """Return the finding that a count reaches a minimum."""
    return Finding(claim, "" if count >= least else str(count))


def within(claim: str, percent: float, least: float = 0, most: float = 100) -> Finding:
    """Return the finding that a percentage is in a range."""
    return Finding(claim, "" if least <= percent <= most else f"{percent:.1f} %")


def percentage(flags: Iterable[bool]) -> float:
    """Return the percentage of true flags; 0 without flags."""
    values = list(flags)
    return 100 * sum(values) / max(1, len(values))


def half_english(split: str, english: Sequence[bool]) -> Finding:
    """Return the finding that exactly half of a split is English."""
    return Finding(f"half of {split} is English", "" if 2 * sum(english) == len(english) else f"not of {len(english)}")


def elsewhere(splits: Mapping[str, Sequence[T]], split: str) -> list[T]:
    """Return the items of all other splits."""
    return [item for name, items in splits.items() if name != split for item in items]


def show(findings: Iterable[Finding]) -> int:
    """Print the findings; return the exit status, which is 1 if a claim does not hold."""
    failed = False
    for finding in findings:
        failed |= bool(finding.against)
        print(f"no:  {finding.claim}: {finding.against}" if finding.against else f"yes: {finding.claim}")
    return int(failed)
