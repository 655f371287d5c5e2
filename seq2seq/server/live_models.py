"""The models of a server by name, which are read again when their files change, but only when it is asked for.

Everything that a model needs is read when it is loaded, so a folder that is replaced meanwhile changes nothing.
"""

import logging
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from seq2seq.corpus.example import Example
from seq2seq.decoding.method import Decoding
from seq2seq.errors import SentenceError, UserError
from seq2seq.models.bundle import find
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.runtime.placement import Placement
from seq2seq.sessions.background_loading import load_model

LOG = logging.getLogger(__name__)
Files = tuple[tuple[str, int, int, int], ...]


@dataclass(frozen=True)
class _Live:
    """A model, and the state of its files before it was loaded."""

    model: LoadedModel
    files: Files


class LiveModels(Mapping[str, LoadedModel]):
    """Models by name.

    Args:
        folders: The run folder or model folder of each model, by name.
        placement: Where the models compute.

    Raises:
        UserError: If one cannot be loaded.
    """

    def __init__(self, folders: Mapping[str, Path], placement: Placement) -> None:
        self._folders, self._placement = dict(folders), placement
        self._live = {name: _loaded(folder, placement) for name, folder in self._folders.items()}

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
                if _files(folder) == old.files:
                    continue
                new = _loaded(folder, self._placement)
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


def _loaded(folder: Path, placement: Placement) -> _Live:
    """Load a model, and everything that it would otherwise read when it first decodes."""
    files = _files(folder)
    model = load_model(folder, placement)
    model.network.open()
    # The first output takes longer than others.
    if isinstance(model, LanguageModel):
        model.decode([""], Decoding(replace(model.search, max_length=1)))
    else:
        model.decode([Example("1", "")], Decoding(replace(model.search, min_length=0, max_length=1)))
    return _Live(model, files)


def _files(folder: Path) -> Files:
    """Return name, size, time of change and inode of each file of a model.

    Raises:
        UserError: If there is no model.
    """
    found = find(folder)
    try:
        stats = [(path, path.stat()) for path in sorted(found.rglob("*")) if path.is_file()]
    except OSError as fault:
        raise UserError(f"{found} cannot be read: {fault.strerror}.") from fault
    return tuple((str(path.relative_to(found)), stat.st_size, stat.st_mtime_ns, stat.st_ino) for path, stat in stats)
