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


def first(texts: Iterable[str]) -> str:
    """Return the first text, or '' if there is none."""
    return next(iter(texts), "")


def never(claim: str, counterexamples: Iterable[str]) -> Finding:
    """Return the finding for a claim, with the first of its counterexamples."""
    return Finding(claim, first(counterexamples))


def half_english(split: str, english: Sequence[bool]) -> Finding:
    """Return the finding that exactly half of a split is English."""
    return Finding(f"half of {split} is English", "" if 2 * sum(english) == len(english) else f"not of {len(english)}")


def elsewhere(splits: Mapping[str, Sequence[T]], split: str) -> list[T]:
    """Return the items of all other splits."""
    return [one for name, items in splits.items() if name != split for one in items]


def show(findings: Iterable[Finding]) -> int:
    """Print the findings; return the exit status, which is 1 if a claim does not hold."""
    failed = False
    for finding in findings:
        failed |= bool(finding.against)
        print(f"no:  {finding.claim}: {finding.against}" if finding.against else f"yes: {finding.claim}")
    return int(failed)
