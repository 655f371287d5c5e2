"""Search among the pieces that are likely for a source, instead of among the whole vocabulary.

Each source piece has candidates: the target pieces of which it is most often the translation
(`seq2seq.deployment.shortlist`). The shortlist of a source holds the candidates of its pieces, the most frequent target
pieces, and all special ids. Search then computes the output layer for a tenth of the vocabulary (Jean et al. 2015,
section 3.2; L'Hostis et al. 2016).

Sources of a batch share the columns of all their shortlists, but each chooses only from its own, and its probabilities
sum to one over its own, so an output does not depend on the batch. Log probabilities are therefore slightly larger than
those of the whole vocabulary.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``K`` pieces of a batch's shortlists, ``V`` vocabulary, ``R``
readout width.
"""

from collections.abc import Mapping, Sequence
from contextlib import AbstractContextManager
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.corpus.example import Mark
from seq2seq.runtime.memory import Floats, OnnxMemory, OnnxState
from seq2seq.tokenization.vocabulary import Vocabulary

if TYPE_CHECKING:
    from seq2seq.runtime.engine import OnnxNetwork

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


class ShortMemory(NamedTuple):
    """A batch of encoded sources with their shortlists.

    Attributes:
        sources: The encoded sources.
        bias: [B, K], the bias of each piece; minus infinity where it is not in the source's own shortlist.
    """

    sources: OnnxMemory
    bias: Floats

    @property
    def is_token(self) -> NDArray[np.bool_]:
        """[B, S], true on tokens, false on padding."""
        return self.sources.is_token

    @property
    def extra(self) -> int:
        """Number of ids above the vocabulary: none, because models that copy have no shortlist."""
        return 0

    @property
    def rows(self) -> int:
        """Number of sources, B."""
        return len(self.bias)

    def select(self, rows: Ids) -> "ShortMemory":
        """Return the memory of the given sources, in this order."""
        return ShortMemory(self.sources.select(rows), self.bias[rows])


class Shortlisted:
    """A network that scores only the shortlists of one batch; see `seq2seq.decoding.step_model.Scorer`.

    Args:
        network: The network.
        whole: The whole vocabulary.
        source: [B, S], ids of the batch's sources.
        lengths: [B], their lengths.
    """

    has_source = True

    def __init__(self, network: "OnnxNetwork", whole: Vocabulary, source: Ids, lengths: Ids) -> None:
        own = (*whole.own_marks, whole.unknown)
        self._network, shortlist, table = network, network.shortlist, network.table
        assert shortlist is not None
        assert table is not None
        pieces, is_own = shortlist.chosen(source, lengths, own)
        self.vocabulary, self.target_vocabulary = ShortVocabulary(whole, pieces), len(pieces)
        self._weights = table.vectors(pieces)
        self._bias = np.where(is_own, table.biases(pieces), np.float32(-np.inf))

    @property
    def scorer(self) -> "Shortlisted":
        """This model."""
        return self

    def inference(self) -> AbstractContextManager[Any]:
        """Return a context without effect."""
        return self._network.inference()

    def array(self, values: NDArray[Any]) -> NDArray[Any]:
        """Return the values."""
        return values

    def encode(self, source: Ids, lengths: Ids, copies: Ids | None = None) -> ShortMemory:
        """Encode the sources of the batch."""
        return ShortMemory(self._network.encode(source, lengths, copies), self._bias)

    def start(self, memory: ShortMemory, beams: int = 1) -> OnnxState:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""
        return self._network.start(memory.sources, beams)

    def step(self, token: Ids, state: OnnxState, memory: ShortMemory) -> tuple[Floats, OnnxState]:
        """Run one step; return log probabilities of the next piece, [N, K], and the next state."""
        readout, after = self._network.read_out(self.vocabulary.pieces[token], state, memory.sources)
        return self._network.scores_among(readout, self._weights, memory.bias), after

    def pack(self) -> Any:  # noqa: ANN401 - a step
        """Return `step`: a session lays its weights out once."""
        return self.step

    def without_source(self, rows: int) -> ShortMemory:
        """Return the empty memory, with which only a language model computes."""
        return ShortMemory(self._network.without_source(rows), self._bias)

    def read(self, ids: Ids, state: OnnxState) -> OnnxState:
        """Read more pieces, which only a language model does."""
        return self._network.read(self.vocabulary.pieces[ids], state)

    def forced(
        self, memory: ShortMemory, inputs: Ids, wanted: Ids, state: OnnxState | None = None
    ) -> tuple[Floats, Floats | None, Floats, OnnxState]:
        """Score given targets among the whole vocabulary; see `seq2seq.decoding.step_model.Scorer.forced`."""
        pieces = self.vocabulary.pieces
        return self._network.forced(memory.sources, pieces[inputs], pieces[wanted], state)
