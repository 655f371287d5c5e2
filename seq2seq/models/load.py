"""Loading a model of any kind from its folder."""

from pathlib import Path

import torch

from seq2seq.models import bundle
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.source_model import Begin, Model
from seq2seq.options import MOST_THREADS, within
from seq2seq.plugin.task import TextTask


def load(
    path: Path | str,
    *,
    threads: int | None = None,
    device: str = "cpu",
    along: tuple[Path, float] | None = None,
    begin: Begin | None = None,
) -> Model:
    """Load a model.

    Args:
        path: A run folder or an exported model folder.
        threads: Processor threads for PyTorch in this process; None leaves the number unchanged.
        device: Where to compute, in PyTorch's notation: 'cpu', 'cuda', ...
        along: Folder of a language model to fuse with it, and its weight; see `Model.along`.
        begin: Begins sessions with the model.

    Returns:
        The model; of a task without a source a `seq2seq.models.language_model.LanguageModel`.

    Raises:
        UserError: If there is no loadable model, or no such device; see also `Model.along`.
    """
    if threads is not None:
        within("threads", threads, 1, MOST_THREADS, whole=True)
        torch.set_num_threads(threads)
    loaded = bundle.load(path)
    model = (LanguageModel if isinstance(loaded.task, TextTask) else Model)(loaded, device, begin)
    return model.along(load(along[0], device=device), along[1]) if along else model
