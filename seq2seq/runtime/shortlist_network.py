"""A network that scores only the shortlists of a batch; see `seq2seq.runtime.shortlist`.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows, ``K`` pieces of the batch's shortlists.
"""

from contextlib import AbstractContextManager
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.memory import Floats, OnnxMemory, OnnxState
from seq2seq.runtime.separate_output import SeparateOutput
from seq2seq.runtime.shortlist import Ids, Shortlist, ShortVocabulary
from seq2seq.tokenization.tokenizer import Tokenizer


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
        separate: Its output layer.
        shortlist: Its shortlist.
        whole: The whole vocabulary.
        source: [B, S], ids of the batch's sources.
        lengths: [B], their lengths.

    Attributes:
        pieces: [K], the pieces of the batch's shortlists, in order.
        vocabulary: The special ids among them.
    """

    def __init__(
        self,
        network: OnnxNetwork,
        separate: SeparateOutput,
        shortlist: Shortlist,
        whole: Tokenizer,
        source: Ids,
        lengths: Ids,
    ) -> None:
        self._network = network
        self.pieces, is_own = shortlist.chosen(source, lengths, (*whole.own_marks, whole.unknown))
        self.vocabulary, self.target_vocabulary = ShortVocabulary(whole, self.pieces), len(self.pieces)
        self._weights = separate.table.vectors(self.pieces)
        self._embedding = None if separate.embedding is separate.table else separate.embedding
        self._bias = np.where(is_own, separate.table.biases(self.pieces), np.float32(-np.inf))

    @property
    def scorer(self) -> "Shortlisted":
        """This model."""
        return self

    def inference(self) -> AbstractContextManager[Any]:
        """Return a context without effect."""
        return self._network.inference()

    def encode(self, source: Ids, lengths: Ids, copies: Ids | None = None) -> ShortMemory:
        """Encode the sources of the batch."""
        return ShortMemory(self._network.encode(source, lengths, copies), self._bias)

    def start(self, memory: ShortMemory, beams: int = 1) -> OnnxState:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""
        return self._network.start(memory.sources, beams)

    def step(self, token: Ids, state: OnnxState, memory: ShortMemory) -> tuple[Floats, OnnxState]:
        """Run one step; return log probabilities of the next piece, [N, K], and the next state."""
        embedding = self._embedding
        embedded = self._weights[token] if embedding is None else embedding.vectors(self.pieces[token])
        given = {"embedded": embedded, "weights": self._weights, "bias": memory.bias}
        outputs, after = self._network.run_step(given, state, memory.sources)
        return outputs["scores"], after

    def pack(self) -> Any:  # noqa: ANN401 - a step
        """Return `step`: a session lays its weights out once."""
        return self.step

    def forced(
        self, memory: ShortMemory, inputs: Ids, wanted: Ids, state: OnnxState | None = None
    ) -> tuple[Floats, Floats | None, Floats, OnnxState]:
        """Score given targets among the whole vocabulary; see `seq2seq.decoding.step_model.Scorer.forced`."""
        return self._network.forced(memory.sources, self.pieces[inputs], self.pieces[wanted], state)
