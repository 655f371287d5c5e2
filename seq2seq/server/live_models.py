"""The models of a server by name, which are read again when their files change, but only when it is asked for.

Everything that a model needs is read when it is loaded, so a folder that is replaced meanwhile changes nothing.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from seq2seq.errors import SentenceError, UserError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.placement import Placement
from seq2seq.server.model_files import Files, state_of
from seq2seq.server.opening import opened

LOG = logging.getLogger(__name__)


class Opener(Protocol):
    """Loads models, and reads everything that they need."""

    def begin(self, folder: Path) -> None:
        """Begin to load a model; optional, so that several load at the same time."""

    def open(self, folder: Path) -> LoadedModel:
        """Return the model of a folder.

        Raises:
            UserError: If it cannot be loaded.
        """


@dataclass(frozen=True)
class OpenedHere:
    """Opens models in this process.

    Args:
        placement: Where they compute.
    """

    placement: Placement

    def begin(self, folder: Path) -> None:
        """Do nothing: models are loaded one after the other."""

    def open(self, folder: Path) -> LoadedModel:
        """Return the model of a folder; see `Opener`."""
        return opened(folder, self.placement)


@dataclass(frozen=True)
class _Live:
    """A model, and the state of its files before it was loaded."""

    model: LoadedModel
    files: Files


class LiveModels(Mapping[str, LoadedModel]):
    """Models by name.

    Args:
        folders: The run folder or model folder of each model, by name.
        opener: Loads the models.

    Raises:
        UserError: If one cannot be loaded.
    """

    def __init__(self, folders: Mapping[str, Path], opener: Opener) -> None:
        self._folders, self._opener = dict(folders), opener
        for folder in folders.values():
            opener.begin(folder)
        self._live = {name: self._loaded(folder) for name, folder in folders.items()}

    def __getitem__(self, name: str) -> LoadedModel:
        return self._live[name].model

    def __iter__(self) -> Iterator[str]:
        return iter(self._folders)

    def __len__(self) -> int:
        return len(self._folders)

    def reload(self) -> list[str]:
        """Load the models whose files have changed; running jobs keep the model with which they began.

        A model that cannot be loaded any more, or that has become one for another task, is not replaced.

        Returns:
            What was done, one sentence for each model whose files have changed; also logged.
        """
        sentences = []
        for name, folder in self._folders.items():
            old = self._live[name]
            try:
                if state_of(folder) == old.files:
                    continue
                new = self._loaded(folder)
                task, before = new.model.task, old.model.task
                if task.name != before.name:
                    raise UserError(f"{folder} is now a model for '{task.name}', but was one for '{before.name}'.")
            except SentenceError as fault:
                sentences.append(f"The model '{name}' stays as it was: {fault}")
                LOG.warning(sentences[-1])
                continue
            self._live = {**self._live, name: new}
            sentences.append(f"The model '{name}' was loaded again from {folder}.")
            LOG.info(sentences[-1])
        return sentences

    def _loaded(self, folder: Path) -> _Live:
        files = state_of(folder)
        return _Live(self._opener.open(folder), files)
