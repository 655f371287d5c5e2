"""The interface between decoding and models: encode sources, then score the next pieces step by step.

`Network` implements it with PyTorch, `seq2seq.runtime.engine` with ONNX Runtime, and
`seq2seq.models.joint.shallow_fusion.Fused` with two of them. Arrays are PyTorch tensors or NumPy arrays, see
`seq2seq.arrays`.

Shapes: ``B`` sources, ``S`` source length, ``N`` rows (beams or samples of all sources), ``T`` target length, ``V``
vocabulary.
"""

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager
from typing import Any, Protocol, Self, TypeAlias, TypeVar, runtime_checkable

from numpy.typing import NDArray

from seq2seq.arrays import Array, Bool, Float, Int


@runtime_checkable  # tests check the types of arguments
class StepMemory(Protocol):
    """A batch of encoded sources."""

    @property
    def is_token(self) -> Bool[Array, "batch source"]:
        """True on tokens, false on padding."""

    @property
    def extra(self) -> int:
        """Number of ids above the vocabulary, for unknown words of the sources."""

    @property
    def rows(self) -> int:
        """Number of sources, B."""

    def select(self, rows: Int[Array, " kept"]) -> Self:
        """Return the memory of the given sources, in this order."""


@runtime_checkable
class StepState(Protocol):
    """The immutable state between two steps."""

    @property
    def attention(self) -> Float[Array, "rows source"]:
        """The attention weights of the last step."""

    def select(self, rows: Int[Array, " kept"]) -> Self:
        """Return the state of some of the rows, in the order given."""

    def followed_by(self, others: Sequence[Self]) -> Self:
        """Return the state with the rows of other states, of sources of the same length, behind its own."""


S = TypeVar("S", bound=StepState)
Memory: TypeAlias = Any
"""The `StepMemory` of a model; each model reads only its own."""

Step = Callable[[Array, S, Memory], tuple[Array, S]]
"""Maps each row's last piece [N], the state and the sources to a pair: the next piece's scores [N, V], and the next
state. If unknown words can be copied, their ids follow the vocabulary."""


@runtime_checkable
class StepModel(Protocol[S]):
    """Scores outputs piece by piece."""

    @property
    def scorer(self) -> "Scorer[Any]":
        """The model that computes the log probabilities reported with outputs; may be the model itself."""

    def inference(self) -> AbstractContextManager[Any]:
        """Return a context in which the model computes for decoding, without gradients."""

    def encode(
        self,
        source: Int[Array, "batch source"],
        lengths: Int[Array, " batch"],
        copies: Int[Array, "batch source"] | None = None,
    ) -> Memory:
        """Encode sources; see `Network.encode`."""

    def start(self, memory: Memory, beams: int = 1) -> S:
        """Return the state before the first piece; row ``b * beams + k`` belongs to source ``b``."""

    def step(self, token: Int[Array, " rows"], state: S, memory: Memory) -> tuple[Array, S]:
        """Run one step; see `Step`."""

    def pack(self) -> Step[S]:
        """Return `step` with packed weights: faster for many steps, but outdated once the weights change."""


@runtime_checkable
class Scorer(StepModel[S], Protocol[S]):
    """A network, which also scores given targets."""

    @property
    def target_vocabulary(self) -> int:
        """Number of target ids, V."""

    def forced(
        self,
        memory: Memory,
        inputs: Int[Array, "rows target"],
        wanted: Int[Array, "rows target"],
        state: S | None = None,
    ) -> tuple[Float[Array, " tokens"], Float[Array, " tokens"] | None, Float[Array, "rows target source"], S]:
        """Score given targets (teacher forcing).

        Args:
            memory: [N] sources.
            inputs: The piece before each piece of the targets.
            wanted: The targets, padded; ids above the vocabulary are unknown words of the sources.
            state: State to continue from; None for the initial state.

        Returns:
            The natural logarithm of the probability of each piece that is not padding, row by row; the fraction of each
            of these probabilities that is due to copying, or None without copying; the attention weights; and the state
            after the last position (after any padding).
        """


@runtime_checkable
class PromptReader(Scorer[S], Protocol[S]):
    """A network that may have no source; it is then a language model, which reads prompts."""

    @property
    def has_source(self) -> bool:
        """Whether the network reads a source; if not, it is a language model."""

    def array(self, values: NDArray[Any]) -> Array:
        """Return values as an array that the network can read."""

    def without_source(self, rows: int) -> Memory:
        """Return the empty memory of N texts, for a language model."""

    def read(self, ids: Int[Array, "rows pieces"], state: S) -> S:
        """Return the state of a language model after reading more pieces of each text."""


def has_own_scores(model: StepModel[Any]) -> bool:
    """Return whether a model's step scores are also the log probabilities reported with outputs."""
    return model.scorer is model
