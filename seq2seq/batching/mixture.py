"""How often an epoch reads the pairs of each of several corpora.

An epoch reads a fixed number of pairs of each corpus. A corpus of which it reads fewer than all is read in shuffled
order over several epochs; if it reads more, pairs are repeated. Either way every pair of a corpus is read equally often
in the long run. All of it depends only on the sizes, the numbers, the seed and the epoch.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.batching.options import MixtureOptions

PURPOSE = 3
"""Distinguishes these random numbers from those of `seq2seq.batching.epoch_plan`."""


@dataclass(frozen=True)
class Mixture:
    """Numbers of pairs that an epoch reads.

    Args:
        sizes: Number of pairs of each corpus; the pairs are numbered from 0 in the order of the corpora.
        counts: Number of pairs of each corpus in an epoch.
        seed: Seed of the order in which the pairs of a corpus are read.
    """

    sizes: tuple[int, ...]
    counts: tuple[int, ...]
    seed: int

    @classmethod
    def of(cls, sizes: Sequence[int], options: MixtureOptions, seed: int) -> "Mixture":
        """Return the mixture of corpora of some sizes.

        Raises:
            UserError: If there are not as many weights as corpora.
        """
        options.require_corpora(len(sizes))
        shares = list(options.weights) or [1.0] * len(sizes)
        if options.temperature != 1:
            # Arivazhagan et al. 2019, section 4.1: a corpus is drawn with a probability proportional to n^(1/T).
            powers = [size ** (1 / options.temperature) for size in sizes]
            shares = [
                sum(sizes) * power / sum(powers) / max(1, size) for size, power in zip(sizes, powers, strict=True)
            ]
        counts = (max(1, round(size * share)) if size else 0 for size, share in zip(sizes, shares, strict=True))
        return cls(tuple(sizes), tuple(counts), seed)

    @property
    def total(self) -> int:
        """Number of pairs in an epoch."""
        return sum(self.counts)

    def pairs(self, epoch: int) -> NDArray[np.uint32]:
        """Return the numbers of the pairs that an epoch reads, [total], not shuffled."""
        parts = []
        start = 0
        for corpus, (size, count) in enumerate(zip(self.sizes, self.counts, strict=True)):
            parts.append(start + self._of_corpus(corpus, size, epoch * count, count))
            start += size
        return np.concatenate(parts).astype(np.uint32)

    def _of_corpus(self, corpus: int, size: int, start: int, count: int) -> NDArray[Any]:
        """Return some positions of the endless sequence that reads a corpus in a new order each time."""
        pieces = []
        end = start + count
        while start < end:
            time, first = divmod(start, size)
            last = min(size, first + end - start)
            if (first, last) == (0, size):
                pieces.append(np.arange(size))  # whatever the order, it is shuffled with the epoch
            else:
                order = np.random.default_rng([self.seed & 0xFFFFFFFF, time, PURPOSE, corpus]).permutation(size)
                pieces.append(order[first:last])
            start += last - first
        return np.concatenate(pieces) if pieces else np.arange(0)
