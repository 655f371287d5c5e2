"""The interface between decoding and models: encode sources, then score the next pieces step by step.

`Network` implements it, and so does `seq2seq.decoding.shallow_fusion.Fused`.

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
    """The immutable state between two steps."""

    @property
    def attention(self) -> Float[Tensor, "rows source"]:
        """The attention weights of the last step."""

    def select(self, rows: Int[Tensor, " kept"]) -> Self:
        """Return the state of some of the rows, in the order given."""


S = TypeVar("S", bound=StepState)

Step = Callable[[Tensor, S, Memory], tuple[Tensor, S]]
"""Maps each row's last piece [N], the state and the sources to a pair: the next piece's scores [N, V], and the next
state. If unknown words can be copied, their ids follow the vocabulary."""


@runtime_checkable
class StepModel(Protocol[S]):
    """Scores outputs piece by piece."""

    @property
    def scorer(self) -> Network:
        """The network that computes the log probabilities reported with outputs; may be the model itself."""

    def encode(
        self,
        source: Int[Tensor, "batch source"],
        lengths: Int[Tensor, " batch"],
        copies: Int[Tensor, "batch source"] | None = None,
    ) -> Memory:
        """Encode sources; see `Network.encode`."""

    def start(self, memory: Memory, beams: int = 1) -> S:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""

    def step(self, token: Int[Tensor, " rows"], state: S, memory: Memory) -> tuple[Tensor, S]:
        """Run one step; see `Step`."""

    def pack(self) -> Step[S]:
        """Return `step` with packed weights: faster for many steps, but outdated once the weights change."""


def has_own_scores(model: StepModel[Any]) -> bool:
    """Return whether a model's step scores are also the log probabilities reported with outputs."""
    return model.scorer is model
