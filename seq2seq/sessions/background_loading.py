"""Load the model of a command, in the background if the user can start typing."""

import threading
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, cast

from seq2seq.models.joint.companions import Companions

if TYPE_CHECKING:
    from seq2seq.models.loaded_model import LoadedModel
    from seq2seq.runtime.placement import Placement

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
    placement: "Placement",
    reverse: Path | None = None,
    companions: Companions = Companions(),  # noqa: B008 - frozen
) -> Loading:
    """Return a `Loading` for a model; once started, it also imports torch.

    Args:
        folder: The bundle.
        placement: Where the model computes.
        reverse: Bundle of a reverse model, which is loaded after the model.
        companions: Models that decode together with the model.
    """
    other = Loading(lambda: load_model(reverse, placement.of_others)) if reverse else None

    def load() -> "LoadedModel":
        model = load_model(folder, placement, companions)
        if other:
            other.start()
        return model

    return Loading(load, other.model if other else None)


def load_model(
    folder: Path,
    placement: "Placement",
    companions: Companions = Companions(),  # noqa: B008 - frozen
) -> "LoadedModel":
    """Load a model, and let the process keep freed memory; see `seq2seq.models.load.load`."""
    from seq2seq.malloc import keep_freed_memory
    from seq2seq.models.load import load

    keep_freed_memory()
    return load(folder, placement, companions=companions)
