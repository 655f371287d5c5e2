"""Finds the longest substring copied from another text, fast even for many megabytes.

numpy computes the Karp-Rabin (1987) hashes of all substrings of one length from prefix hashes. Because every part of a
copied substring is copied too, bisection finds the maximum length. Each hash match is verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

_BASE = np.uint64(0x9E3779B97F4A7C15 | 1)
_BETWEEN_TEXTS, _BETWEEN_SAMPLES = "\x00", "\x01"
"""Separators that occur in no text, so no copied substring spans two texts."""


@dataclass(frozen=True)
class CopiedRun:
    """The longest substring of a sample that also occurs in the source texts.

    Args:
        text: The substring; '' if there is no common character.
        sample: Index of the sample that contains it.
    """

    text: str
    sample: int = 0


class Source:
    """Texts from which samples may have been copied."""

    def __init__(self, texts: Sequence[str]) -> None:
        self._text = _BETWEEN_TEXTS.join(texts)
        self._hashes = _prefixes(self._text)

    def longest_run(self, samples: Sequence[str]) -> CopiedRun:
        """Return the longest substring that a sample shares with the texts; the first one in a tie."""
        joined = _BETWEEN_SAMPLES.join(samples)
        hashes = _prefixes(joined)
        low, high = 0, min(len(joined), len(self._text))  # the greatest length is in [low, high]
        longest = ""
        while low < high:
            length = (low + high + 1) // 2
            run = self._run(joined, hashes, length)
            if run:
                low, longest = length, run
            else:
                high = length - 1
        number = next((place for place, text in enumerate(samples) if longest in text), 0)
        return CopiedRun(longest, number)

    def _run(self, joined: str, hashes: NDArray[np.uint64], length: int) -> str:
        """Return a copied substring of `length` characters, or '' if there is none."""
        known = np.sort(_runs(self._hashes, length))
        wanted = _runs(hashes, length)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        for place in (known[places] == wanted).nonzero()[0].tolist():
            run = joined[place : place + length]
            if run in self._text:  # verify; text with a separator never matches
                return run
        return ""


def _prefixes(text: str) -> NDArray[np.uint64]:
    """Return [characters + 1], prefix sums of character codes times powers of the base, modulo 2**64."""
    codes = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64) + np.uint64(1)
    with np.errstate(over="ignore"):
        return np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * _powers(_BASE, len(codes)), dtype=np.uint64)])


def _powers(base: np.uint64, count: int) -> NDArray[np.uint64]:
    """Return [count], the powers of a base from 0, modulo 2**64."""
    with np.errstate(over="ignore"):
        return np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(count, base)]), dtype=np.uint64)[:count]


def _runs(prefixes: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return the hashes of all substrings of a length, divided by the power of the base at their start."""
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    with np.errstate(over="ignore"):
        return (prefixes[length:] - prefixes[:-length]) * _powers(inverse, len(prefixes) - length)
