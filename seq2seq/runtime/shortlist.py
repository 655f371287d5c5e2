"""Search among the pieces that are likely for a source, instead of among the whole vocabulary.

Each source piece has candidates: the target pieces of which it is most often the translation
(`seq2seq.deployment.shortlist`). The shortlist of a source holds the candidates of its pieces, the most frequent target
pieces, and all special ids. Search then computes the output layer for a tenth of the vocabulary (Jean et al. 2015,
section 3.2; L'Hostis et al. 2016).

Sources of a batch share the columns of all their shortlists, but each chooses only from its own, and its probabilities
sum to one over its own, so an output does not depend on the batch. Log probabilities are therefore slightly larger than
those of the whole vocabulary.

Shapes: ``B`` sources, ``S`` source length, ``K`` pieces of a batch's shortlists, ``V`` vocabulary.
"""

from collections.abc import Mapping, Sequence
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.example import Mark
from seq2seq.tokenization.vocabulary import Vocabulary

Ids = NDArray[np.int64]


class Shortlist:
    """The candidates of all source pieces.

    Args:
        candidates: [source vocabulary, k], the candidates of each source piece.
        frequent: Target pieces that belong to every shortlist.
        size: V, the number of target ids.
    """

    def __init__(self, candidates: NDArray[Any], frequent: Sequence[int], size: int) -> None:
        self._candidates, self._frequent, self._size = candidates, np.asarray(frequent, np.int64), size

    def chosen(self, source: Ids, lengths: Ids, own: Sequence[int]) -> tuple[Ids, NDArray[np.bool_]]:
        """Return the pieces of all shortlists of a batch, [K], in order, and which belong to each source's, [B, K].

        Args:
            source: [B, S], ids of the sources.
            lengths: [B], their lengths.
            own: Special target ids, which belong to every shortlist.
        """
        is_listed = np.zeros((len(source), self._size), np.bool_)
        is_listed[:, self._frequent] = True
        is_listed[:, list(own)] = True
        rows, places = np.nonzero(np.arange(source.shape[1]) < lengths[:, None])
        is_listed[rows[:, None], self._candidates[source[rows, places]]] = True
        pieces = np.flatnonzero(is_listed.any(0))
        return pieces, is_listed[:, pieces]


class ShortVocabulary:
    """The pieces of a shortlist as a vocabulary of its own; an id is a place in the shortlist.

    Args:
        whole: The whole vocabulary.
        pieces: [K], the pieces, in order, special ids among them.
    """

    has_bytes = False

    def __init__(self, whole: Vocabulary, pieces: Ids) -> None:
        self._whole, self.pieces, self.has_prefix = whole, pieces, whole.has_prefix
        self.vocabulary_size = len(pieces)
        special = [whole.padding, whole.start, whole.end, whole.unknown]
        self.padding, self.start, self.end, self.unknown = np.searchsorted(pieces, special).tolist()

    @cached_property
    def marks(self) -> Mapping[Mark, int]:
        """Id of each mark."""
        return {mark: int(np.searchsorted(self.pieces, number)) for mark, number in self._whole.marks.items()}

    @cached_property
    def own_marks(self) -> Sequence[int]:
        """All special ids."""
        places: list[int] = np.searchsorted(self.pieces, np.asarray(self._whole.own_marks)).tolist()
        return places

    @cached_property
    def surfaces(self) -> Sequence[bytes]:
        """The text of each id, in UTF-8."""
        return [self._whole.surfaces[piece] for piece in self.pieces.tolist()]

    def is_byte(self, _token: int) -> bool:
        """Return False: a source that needs bytes is decoded with the whole vocabulary."""
        return False
