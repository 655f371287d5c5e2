"""A network that scores only the shortlists of a batch; see `seq2seq.runtime.shortlist`.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``K`` pieces of the batch's shortlists.
"""

from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.memory import Floats, OnnxMemory, OnnxState
from seq2seq.runtime.shortlist import Ids, ShortVocabulary
from seq2seq.tokenization.vocabulary import Vocabulary


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

    def __init__(self, network: OnnxNetwork, whole: Vocabulary, source: Ids, lengths: Ids) -> None:
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
