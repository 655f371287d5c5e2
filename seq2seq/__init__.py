"""A small, fast LSTM encoder-decoder with attention, and tasks that use it."""

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    from seq2seq.models.loaded_model import LoadedModel

__version__ = "0.1.0"
__all__ = ["__version__", "load"]


def load(
    path: "Path | str",
    *,
    threads: int | None = None,
    device: str = "cpu",
    engine: str = "",
    shortlist: bool = True,
) -> "LoadedModel":
    """Load a model; its task's verb is a method: ``seq2seq.load("runs/first").translate("Hello")``.

    Args:
        path: A run folder or an exported model folder.
        threads: Number of processor threads: of PyTorch in this process (None leaves it unchanged), or of batches that
            ONNX Runtime computes at a time for this model (None is one).
        device: A PyTorch device: 'cpu', 'cuda', ...
        engine: What computes the model: 'torch' or 'onnx'; by default what the folder was exported for.
        shortlist: Whether search chooses from the exported model's shortlist of likely pieces, if it has one.

    Raises:
        UserError: If there is no loadable model, or if the device is not available.
    """
    # Imported on first use, so `import seq2seq` does not import torch.
    from seq2seq.models.load import load
    from seq2seq.runtime.placement import Placement
    from seq2seq.sessions.session import session_of

    return load(path, Placement(device, threads, engine, shortlist), begin=session_of)
