"""Where a model computes."""

from dataclasses import dataclass

from seq2seq.options import MOST_THREADS, choice, within

ENGINES = ("torch", "onnx")


@dataclass(frozen=True)
class Placement:
    """Where a model computes.

    Args:
        device: PyTorch device: 'cpu', 'cuda', ...
        threads: Number of PyTorch CPU threads in this process (None leaves it unchanged), or of batches that ONNX
            Runtime computes at a time, each on one thread (None is one).
        engine: What computes the network: 'torch', 'onnx', or '' for what the folder is for.
        shortlist: Whether search chooses from the model's shortlist (`seq2seq.runtime.shortlist`), if it has one.

    Raises:
        UserError: If a value is impossible.
    """

    device: str = "cpu"
    threads: int | None = None
    engine: str = ""
    shortlist: bool = True

    def __post_init__(self) -> None:
        """Refuse impossible values."""
        if self.threads is not None:
            within("threads", self.threads, 1, MOST_THREADS, whole=True)
        choice("engine", self.engine, ("", *ENGINES))

    @property
    def of_others(self) -> "Placement":
        """Where a model computes that helps this one: on the same device, with the engine that its folder is for."""
        return Placement(self.device)
