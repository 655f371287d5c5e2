"""Estimates word alignments from a corpus: both directions of IBM model 1, symmetrized.

A target piece is linked to the source piece with the largest t(target | source) d(j, i), where t comes from
`seq2seq.alignment.translation_probabilities` and d prefers the diagonal (Dyer et al. 2013, "A Simple, Fast, and
Effective Reparameterization of IBM Model 2", equation 2). The same is done from target to source. Links that both
directions have are kept, and neighboring links of one direction are added (grow-diag, Koehn et al. 2003, "Statistical
Phrase-Based Translation", section 4.5).
"""

from collections.abc import Callable, Iterable, Sequence, Set
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray

from seq2seq.alignment.translation_probabilities import Pair, Translations, translations

VERSION = 1
"""Increased whenever other links are found, so stores with older ones are rebuilt."""
TENSION = 4.0
"""Preference for the diagonal; the initial value of fast_align."""
UNSEEN = 1e-7
"""Probability of a translation that the corpus does not have."""
NEIGHBORS = ((-1, 0), (0, -1), (1, 0), (0, 1), (-1, -1), (-1, 1), (1, -1), (1, 1))


@dataclass(frozen=True)
class Probabilities:
    """Translation probabilities for lookup by pairs of pieces.

    Args:
        keys: [C], given piece * size + wanted piece, ascending.
        values: [C], t(wanted | given).
        size: Number of ids of wanted pieces.
    """

    keys: NDArray[np.int64]
    values: NDArray[np.float64]
    size: int

    @classmethod
    def of(cls, table: Translations, size: int) -> Self:
        """Return the probabilities of a table."""
        return cls(table.sources * size + table.targets, table.probabilities, size)

    def between(self, given: NDArray[Any], wanted: NDArray[Any]) -> NDArray[np.float64]:
        """Return the probability of each wanted piece for each given one, [given, wanted]."""
        if not len(self.keys):
            return np.full((len(given), len(wanted)), UNSEEN)
        sought = given[:, None] * self.size + wanted[None]
        at = np.searchsorted(self.keys, sought).clip(max=len(self.keys) - 1)
        return np.where(self.keys[at] == sought, self.values[at], UNSEEN)


@dataclass(frozen=True)
class WordAligner:
    """Finds the links of pairs with probabilities that were estimated from a corpus.

    Args:
        forward: t(target | source).
        backward: t(source | target).
    """

    forward: Probabilities
    backward: Probabilities

    @classmethod
    def of(cls, pairs: Callable[[], Iterable[Pair]], source_size: int, target_size: int) -> Self:
        """Estimate the probabilities.

        Args:
            pairs: Returns the ids of source and target pieces of each pair; it is called twice. Of a large corpus only
                the first pairs are read (`translation_probabilities.MOST_CELLS`).
            source_size: Number of source ids.
            target_size: Number of target ids.
        """
        forward = translations(pairs(), source_size, target_size)
        backward = translations(((target, source) for source, target in pairs()), target_size, source_size)
        return cls(Probabilities.of(forward, target_size), Probabilities.of(backward, source_size))

    def links(self, source: Sequence[int], target: Sequence[int]) -> list[tuple[int, int]]:
        """Return the links of a pair as positions of a source and a target piece, in order of the source."""
        if not len(source) or not len(target):
            return []
        own, wanted = np.asarray(source, np.int64), np.asarray(target, np.int64)
        nearness = np.exp(-TENSION * np.abs(_places(len(own))[:, None] - _places(len(wanted))[None]))  # [S, T]
        forward = self.forward.between(own, wanted) * nearness
        backward = self.backward.between(wanted, own).T * nearness
        return symmetrized(
            set(zip(forward.argmax(0).tolist(), range(len(wanted)), strict=True)),
            set(enumerate(backward.argmax(1).tolist())),
        )


def symmetrized(forward: Set[tuple[int, int]], backward: Set[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return the links of both directions, grown by neighbors of one direction whose source or target has no link.

    Args:
        forward: Source and target positions that are linked from source to target.
        backward: Those that are linked from target to source.
    """
    found = sorted(forward & backward)
    candidates = forward | backward
    sources, targets = {source for source, _ in found}, {target for _, target in found}
    for source, target in found:  # grows meanwhile
        for down, right in NEIGHBORS:
            link = source + down, target + right
            if link in candidates and not (link[0] in sources and link[1] in targets):
                sources.add(link[0])
                targets.add(link[1])
                found.append(link)
    return sorted(found)


def _places(length: int) -> NDArray[np.float64]:
    """Return the relative position of each piece, between 0 and 1."""
    return (np.arange(length) + 0.5) / length
