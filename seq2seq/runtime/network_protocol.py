"""What a loaded model needs of the network, whatever computes it: PyTorch or ONNX Runtime."""

from collections.abc import Hashable
from typing import TYPE_CHECKING, Any, Protocol, Self

from seq2seq.decoding.step_model import PromptReader
from seq2seq.errors import UserError
from seq2seq.network.options import NetworkOptions

if TYPE_CHECKING:
    from seq2seq.network.encoder_decoder import Network


class Engine(PromptReader[Any], Protocol):
    """A network in evaluation mode, ready to compute.

    Attributes:
        options: The architecture.
        engine: What computes it: 'torch' or 'onnx'.
        batches_at_a_time: Number of batches that callers should compute at a time, each in a thread of its own.
        rows_at_a_time: Maximum number of rows (beams or samples) of a step with which it is fast; None is any number.
    """

    options: NetworkOptions
    engine: str
    batches_at_a_time: int
    rows_at_a_time: int | None

    @property
    def target_padding(self) -> int:
        """Target id of padding."""

    @property
    def threads(self) -> int:
        """Number of processor threads that it computes with."""

    def placed(self, device: str) -> Self:
        """Return the network on a device.

        Raises:
            UserError: If the device does not exist.
        """

    def open(self) -> None:
        """Read all files that have not been read yet.

        Raises:
            UserError: If one is damaged.
        """

    def version(self) -> Hashable:
        """Return a value that changes whenever the weights do, so that packed weights are outdated."""

    def weight_count(self) -> int:
        """Return the number of weights; tied weights count once."""


def torch_network(engine: Engine, folder: object) -> "Network":
    """Return the network of an engine that is PyTorch's.

    Raises:
        UserError: If it is not; the message names the folder of the model.
    """
    from seq2seq.network.encoder_decoder import Network

    if isinstance(engine, Network):
        return engine
    raise UserError(
        f"{folder} is a model for use without PyTorch: give the run or the model folder that it was exported from."
    )
