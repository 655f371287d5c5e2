"""The model that decoding works with: it encodes sources, and scores the next piece of each text step by step.

A network is one, and so is a network fused with a language model (`seq2seq.decoding.shallow_fusion`). Search and
sampling use nothing else of either.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows (beams or samples of all sources), ``V`` vocabulary.
"""

from collections.abc import Callable
from typing import Any, Protocol, Self, TypeVar, runtime_checkable

from jaxtyping import Float, Int
from torch import Tensor

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.state import Memory


@runtime_checkable  # tests check the types of arguments
class StepState(Protocol):
    """The state between two steps; passed and returned, never modified."""

    @property
    def attention(self) -> Float[Tensor, "rows source"]:
        """The attention weights of the last step."""

    def select(self, rows: Int[Tensor, " kept"]) -> Self:
        """Return the state of some of the rows, in the order given."""


S = TypeVar("S", bound=StepState)

Step = Callable[[Tensor, S, Memory], tuple[Tensor, S]]
"""Takes the last piece [N] of each row, the state and the sources; returns the scores [N, V] of the next piece, and the
next state. If unknown words can be copied, their ids follow those of the vocabulary."""


@runtime_checkable
class StepModel(Protocol[S]):
    """Scores outputs piece by piece."""

    @property
    def scorer(self) -> Network:
        """The network whose log probabilities outputs report; the model itself if these are its scores."""

    def encode(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        copies: Int[Tensor, "batch source"] | None = None,
    ) -> Memory:
        """Read sources; see `Network.encode`."""

    def start(self, memory: Memory, beams: int = 1) -> S:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""

    def step(self, token: Int[Tensor, " rows"], state: S, memory: Memory) -> tuple[Tensor, S]:
        """Run one step; see `Step`."""

    def pack(self) -> Step[S]:
        """Return `step` with packed weights: faster over many steps, but stale once the weights change."""


def has_own_scores(model: StepModel[Any]) -> bool:
    """Return whether the scores of a model's steps are the log probabilities that outputs report."""
    return model.scorer is model
