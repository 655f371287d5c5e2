"""What search chooses from: all pieces of the vocabulary, or the shortlists of a batch."""

from dataclasses import dataclass, replace
from typing import Any, TypeGuard

import numpy as np
from numpy.typing import NDArray

from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.step_model import Step, StepModel
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.shortlist_network import Shortlisted
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.vocabulary import Vocabulary


@dataclass(frozen=True)
class Choice:
    """What search chooses from.

    Args:
        steps: What scores each step.
        target: The ids that it scores.
        packing: Its packed step.
        pieces: [K], the piece of each id; None if ids are pieces.
    """

    steps: StepModel[Any]
    target: Vocabulary
    packing: Step[Any]
    pieces: NDArray[np.int64] | None = None

    def piece(self, token: int) -> int:
        """Return the piece of an id."""
        return token if self.pieces is None else int(self.pieces[token])

    def spelled(self, hypothesis: Hypothesis) -> Hypothesis:
        """Return a hypothesis whose ids are pieces."""
        if self.pieces is None:
            return hypothesis
        return replace(hypothesis, ids=tuple(self.pieces[np.asarray(hypothesis.ids, np.int64)].tolist()))


def has_shortlist(model: object) -> TypeGuard[OnnxNetwork]:
    """Return whether a model that search asks for scores has a shortlist to choose from."""
    return isinstance(model, OnnxNetwork) and model.separate is not None and model.separate.shortlist is not None


def short_choice(network: OnnxNetwork, whole: Tokenizer, source: NDArray[Any], lengths: NDArray[Any]) -> Choice:
    """Return the choice from the shortlists of a batch.

    Args:
        network: A network that `has_shortlist`.
        whole: The whole vocabulary.
        source: [B, S], ids of the batch's sources.
        lengths: [B], their lengths.
    """
    assert network.separate is not None
    assert network.separate.shortlist is not None
    short = Shortlisted(network, network.separate, network.separate.shortlist, whole, source, lengths)
    return Choice(short, short.vocabulary, short.step, short.pieces)
