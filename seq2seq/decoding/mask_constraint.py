"""Masks in outputs: only those of the source are allowed, each at most once (`seq2seq.corpus.masks`).

Shapes: ``N`` rows (``K`` beams of each of ``B`` sources), ``T`` pieces so far, ``M`` masks, ``V`` vocabulary.
"""

import math
from collections.abc import Sequence
from typing import Self

import numpy as np

from seq2seq.arrays import Array, Bool, Float, Int, beside, namespace
from seq2seq.decoding.encoded_sources import EncodedSources


class MaskConstraint:
    """Forbids masks.

    Args:
        masks: [M], ids of the masks.
        is_given: [B, M], whether each source has each mask.
    """

    def __init__(self, masks: Int[Array, " masks"], is_given: Bool[Array, "batch masks"]) -> None:
        self._masks, self._is_given = masks, is_given

    @classmethod
    def of(cls, masks: Sequence[int], sources: EncodedSources) -> Self | None:
        """Return the constraint for sources; None if none of them has a mask.

        Args:
            masks: Ids of the target's masks, by number.
            sources: The sources.
        """
        if not any(sources.masks):
            return None
        is_given = np.array([[number in given for number in range(len(masks))] for given in sources.masks])
        return cls(beside(np.array(masks), sources.lengths), beside(is_given, sources.lengths))

    def select(self, rows: Int[Array, " kept"]) -> None:
        """Keep the constraints of some of the sources."""
        self._is_given = self._is_given[rows]

    def apply(self, scores: Float[Array, "rows vocabulary"], history: Int[Array, "rows history"]) -> None:
        """Forbid, in place, the masks that a row's source lacks and those that the row has."""
        xp = namespace(scores)
        is_free = xp.repeat(self._is_given, scores.shape[0] // self._is_given.shape[0], axis=0)  # [N, M]
        if history.shape[1]:
            is_free = is_free & ~xp.any(history[:, :, None] == self._masks, axis=1)
        allowed = scores[:, self._masks]
        allowed[~is_free] = -math.inf
        scores[:, self._masks] = allowed
