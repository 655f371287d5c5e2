"""Search among the pieces that are likely for a source, instead of among the whole vocabulary.

Each source piece has candidates: the target pieces of which it is most often the translation
(`seq2seq.deployment.shortlist`). The shortlist of a source holds the candidates of its pieces, the most frequent target
pieces, and all special ids. Search then computes the output layer for these pieces only (Jean et al. 2015, section 3.2;
L'Hostis et al. 2016).

Sources of a batch share the columns of all their shortlists, but each chooses only from its own, and its probabilities
sum to one over its own, so an output does not depend on the batch. Log probabilities are therefore slightly larger than
those of the whole vocabulary.

Shapes: ``B`` sources, ``S`` source length, ``K`` pieces of a batch's shortlists, ``V`` vocabulary.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.tokenization.tokenizer import Tokenizer

Ids = NDArray[np.int64]


class Shortlist:
    """The candidates of all source pieces.

    Args:
        candidates: [source vocabulary, k], the candidates of each source piece.
        frequent: Target pieces that belong to every shortlist.
        size: V, the number of target ids.
    """

    def __init__(self, candidates: NDArray[Any], frequent: Sequence[int], size: int) -> None:
        self.candidates, self.frequent, self._size = candidates, np.asarray(frequent, np.int64), size

    def chosen(self, source: Ids, lengths: Ids, own: Sequence[int]) -> tuple[Ids, NDArray[np.bool_]]:
        """Return the pieces of all shortlists of a batch, [K], in order, and which belong to each source's, [B, K].

        Args:
            source: [B, S], ids of the sources.
            lengths: [B], their lengths.
            own: Special target ids, which belong to every shortlist.
        """
        is_listed = np.zeros((len(source), self._size), np.bool_)
        is_listed[:, self.frequent] = True
        is_listed[:, list(own)] = True
        rows, places = np.nonzero(np.arange(source.shape[1]) < lengths[:, None])
        is_listed[rows[:, None], self.candidates[source[rows, places]]] = True
        pieces = np.flatnonzero(is_listed.any(0))
        return pieces, is_listed[:, pieces]


class ShortVocabulary:
    """The special ids of a shortlist, whose ids are places in the list.

    Args:
        whole: The whole vocabulary.
        pieces: [K], the pieces, in order, special ids among them.
    """

    def __init__(self, whole: Tokenizer, pieces: Ids) -> None:
        special = [whole.padding, whole.start, whole.end, whole.unknown, *whole.marks.values()]
        self.padding, self.start, self.end, self.unknown, *marks = np.searchsorted(pieces, special).tolist()
        self.marks = dict(zip(whole.marks, marks, strict=True))
        self.masks = tuple(np.searchsorted(pieces, whole.masks).tolist())
