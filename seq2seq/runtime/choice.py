"""What search chooses from: all pieces of the vocabulary, or the shortlists of a batch."""

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
from numpy.typing import NDArray

from seq2seq.decoding.output import Hypothesis
from seq2seq.decoding.step_model import Step, StepModel
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq.runtime.shortlist_network import Shortlisted
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


def short_choice(engine: object, whole: Vocabulary, source: NDArray[Any], lengths: NDArray[Any]) -> Choice | None:
    """Return the choice from the shortlists of a batch; None if what computes the network uses none.

    Args:
        engine: What computes the network.
        whole: The whole vocabulary.
        source: [B, S], ids of the batch's sources.
        lengths: [B], their lengths.
    """
    if not isinstance(engine, OnnxNetwork) or engine.shortlist is None:
        return None
    short = Shortlisted(engine, whole, source, lengths)
    return Choice(short, short.vocabulary, short.step, short.vocabulary.pieces)
