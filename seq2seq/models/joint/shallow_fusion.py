"""Shallow fusion: add a language model's scores in search or sampling (Gulcehre et al. 2015).

A piece scores ``log p(piece | source) + weight * log p_lm(piece)``. The language model needs only target-language text,
which is more plentiful than parallel text. :class:`Fused` is a `StepModel`, whose state contains the states of both
models.

The vocabularies must be the same: train the language model with the other model's tokenizer
(``--data.tokenizer.source_model RUN/tokenizer/joint.model``). Outputs report the log probabilities of the network
alone.
"""

from collections.abc import Sequence
from contextlib import AbstractContextManager
from functools import partial
from typing import Any, NamedTuple

from seq2seq.arrays import Array, Float, Int, namespace
from seq2seq.decoding.step_model import Memory, PromptReader, Scorer, Step
from seq2seq.options import require


class FusedState(NamedTuple):
    """The states of the network and of the language model."""

    network: Any
    language_model: Any

    @property
    def attention(self) -> Float[Array, "rows source"]:
        """The network's attention weights of the last step."""
        weights: Array = self.network.attention
        return weights

    def select(self, rows: Int[Array, " kept"]) -> "FusedState":
        """Return the state of some of the rows, in the order given."""
        return FusedState(self.network.select(rows), self.language_model.select(rows))

    def followed_by(self, others: "Sequence[FusedState]") -> "FusedState":
        """Return the state with the rows of other states behind its own."""
        return FusedState(*(parts[0].followed_by(parts[1:]) for parts in zip(self, *others, strict=True)))


class Fused:
    """A network and a language model with the same vocabulary.

    Args:
        network: The network.
        model: The language model, without encoder.
        weight: Factor for the language model's log probabilities.
        unknown: Target id that the language model uses for unknown source words.

    Raises:
        UserError: If the vocabulary sizes differ, or if the language model has a source.
    """

    def __init__(self, network: Scorer[Any], model: PromptReader[Any], weight: float, unknown: int = 0) -> None:
        require(
            network.target_vocabulary == model.target_vocabulary,
            f"The language model has {model.target_vocabulary:,} pieces, but the model that it is fused with writes "
            f"{network.target_vocabulary:,}: train it with the same tokenizer (data.tokenizer.source_model).",
        )
        require(not model.has_source, "A model that reads a source cannot be fused as a language model.")
        self.scorer, self.model, self.weight, self.unknown = network, model, weight, unknown

    def encode(
        self,
        source: Int[Array, "batch source"],
        lengths: Int[Array, " batch"],
        copies: Int[Array, "batch source"] | None = None,
    ) -> Memory:
        """Encode sources; the language model reads none."""
        return self.scorer.encode(source, lengths, copies)

    def inference(self) -> AbstractContextManager[Any]:
        """Return the network's context for decoding."""
        return self.scorer.inference()

    def start(self, memory: Memory, beams: int = 1) -> FusedState:
        """Return the states before the first piece."""
        other = self.model.without_source(memory.rows * beams)
        return FusedState(self.scorer.start(memory, beams), self.model.start(other))

    def step(
        self,
        token: Int[Array, " rows"],
        state: FusedState,
        memory: Memory,
    ) -> tuple[Float[Array, "rows extended"], FusedState]:
        """Run one step; return the (unnormalised) weighted sum of log probabilities and the next state."""
        return self._sum(self.scorer.step, self.model.step, token, state, memory)

    def pack(self) -> Step[FusedState]:
        """Return `step` with packed weights."""
        return partial(self._sum, self.scorer.pack(), self.model.pack())

    def _sum(
        self,
        own: Step[Any],
        other: Step[Any],
        token: Array,
        state: FusedState,
        memory: Memory,
    ) -> tuple[Array, FusedState]:
        xp = namespace(token)
        scores, after = own(token, state.network, memory)
        known = xp.where(token >= self.scorer.target_vocabulary, xp.full_like(token, self.unknown), token)
        expected, following = other(known, state.language_model, self.model.without_source(len(token)))  # [N, V]
        more = scores.shape[1] - expected.shape[1]
        if more:  # the language model scores unknown source words as the unknown piece
            unknown = xp.repeat(expected[:, self.unknown : self.unknown + 1], more, axis=1)
            expected = xp.concat([expected, unknown], axis=1)
        return scores + self.weight * expected, FusedState(after, following)
