"""Load the model of a command, in the background if the user can start typing."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seq2seq.options import MOST_THREADS, within

if TYPE_CHECKING:
    from seq2seq.models.loaded_model import LoadedModel

STEP_S = 0.2
"""Maximum delay before Ctrl-C is handled."""


class Loading:
    """A model loaded by a thread.

    Args:
        load: Loads the model.
        reverse: Returns the reverse model, if any; waits if it is still loading.

    Attributes:
        fault: Exception raised by `load`, if any.
    """

    def __init__(self, load: "Callable[[], LoadedModel]", reverse: "Callable[[], LoadedModel] | None" = None) -> None:
        self._load = load
        self._thread = threading.Thread(target=self._run, name="loading")
        self._model: LoadedModel | None = None
        self.reverse = reverse
        self.fault: BaseException | None = None

    def start(self) -> None:
        """Start loading, unless already started."""
        if not self._thread.ident:
            self._thread.start()

    @property
    def is_over(self) -> bool:
        """Whether loading has finished or failed."""
        return self._model is not None or self.fault is not None

    def model(self) -> "LoadedModel":
        """Wait for the model and return it.

        Raises:
            UserError: If loading failed, see `seq2seq.models.load.load`.
        """
        self.start()
        while self._thread.is_alive():
            self._thread.join(STEP_S)
        if self.fault:
            raise self.fault
        return cast("LoadedModel", self._model)

    def _run(self) -> None:
        try:
            self._model = self._load()
        except BaseException as fault:  # the `model` method raises it again
            self.fault = fault


def in_background(
    folder: Path,
    threads: int | None,
    device: str,
    reverse: Path | None = None,
    along: tuple[Path, float] | None = None,
) -> Loading:
    """Return a `Loading` for a model; once started, it also imports torch.

    Args:
        folder: The bundle.
        threads: Number of CPU threads; None leaves it to PyTorch.
        device: PyTorch device.
        reverse: Bundle of a reverse model, which is loaded after the model.
        along: Bundle and weight of a language model to fuse.

    Raises:
        UserError: If `threads` is out of range.
    """
    if threads is not None:
        within("threads", threads, 1, MOST_THREADS, whole=True)
    other = Loading(lambda: load_model(reverse, device)) if reverse else None

    def load() -> "LoadedModel":
        model = load_model(folder, device, threads, along)
        if other:
            other.start()
        return model

    return Loading(load, other.model if other else None)


def load_model(
    folder: Path, device: str, threads: int | None = None, along: tuple[Path, float] | None = None
) -> "LoadedModel":
    """Load a model, and let the process keep freed memory; see `seq2seq.models.load.load`."""
    from seq2seq.malloc import keep_freed_memory
    from seq2seq.models.load import load

    keep_freed_memory()
    return load(folder, threads=threads, device=device, along=along)
