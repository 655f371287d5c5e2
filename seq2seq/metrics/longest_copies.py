"""Finds the longest substring copied from another text, fast even for many megabytes.

numpy computes the Karp-Rabin (1987) hashes of all substrings of one length from prefix hashes. Because every part of a
copied substring is copied too, bisection finds the maximum length. Each hash match is verified.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

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
        self._codes = _codes(self._text)
        self._hashes = _prefixes(self._codes)

    def longest_run(self, samples: Sequence[str]) -> CopiedRun:
        """Return the longest substring that a sample shares with the texts; the first one in a tie."""
        joined = _BETWEEN_SAMPLES.join(samples)
        codes = _codes(joined)
        hashes = _prefixes(codes)
        low, high = 0, min(len(joined), len(self._text))  # the greatest length is in [low, high]
        found = ""
        while low < high:
            length = (low + high + 1) // 2
            run = self._run(joined, codes, hashes, length)
            if run:
                low, found = length, run
            else:
                high = length - 1
        number = next((place for place, text in enumerate(samples) if found in text), 0)
        return CopiedRun(found, number)

    def _run(self, joined: str, codes: NDArray[Any], hashes: NDArray[np.uint64], length: int) -> str:
        """Return a copied substring of `length` characters, or '' if there is none."""
        known = np.sort(_runs(self._hashes, length))
        wanted = _runs(hashes, length)
        places = np.minimum(np.searchsorted(known, wanted), len(known) - 1)
        for place in (known[places] == wanted).nonzero()[0].tolist():
            run = joined[place : place + length]
            if run in self._text:  # verify; text with a separator never matches
                return run
        return ""


def _codes(text: str) -> NDArray[np.uint64]:
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64) + np.uint64(1)


def _prefixes(codes: NDArray[np.uint64]) -> NDArray[np.uint64]:
    """Return [characters + 1], prefix sums of codes times powers of the base, modulo 2**64."""
    powers = _powers(len(codes))
    with np.errstate(over="ignore"):
        return np.concatenate([np.zeros(1, np.uint64), np.cumsum(codes * powers, dtype=np.uint64)])


def _powers(count: int) -> NDArray[np.uint64]:
    with np.errstate(over="ignore"):
        return np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(count, _BASE)]), dtype=np.uint64)[:count]


def _runs(prefixes: NDArray[np.uint64], length: int) -> NDArray[np.uint64]:
    """Return the hashes of all substrings of a length, divided by the power of the base at their start."""
    inverse = np.uint64(pow(int(_BASE), -1, 2**64))
    count = len(prefixes) - length
    with np.errstate(over="ignore"):
        scale = np.cumprod(np.concatenate([np.ones(1, np.uint64), np.full(count, inverse)]), dtype=np.uint64)[:count]
        return (prefixes[length:] - prefixes[:-length]) * scale
