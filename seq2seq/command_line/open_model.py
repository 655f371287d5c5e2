"""Reads the configuration of a verb's model, and loads the model."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from seq2seq.errors import UserError
from seq2seq.sessions.background_loading import load_model

if TYPE_CHECKING:
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.models.language_model import LanguageModel
    from seq2seq.models.source_model import SourceModel
    from seq2seq.plugin.task import Task


def of_verb(name: str, verb: str) -> "tuple[Path, BundleConfig, Task]":
    """Return the folder, the configuration and the task of the model named by the user.

    Raises:
        UserError: If there is no such model, if its task has another verb, or if it is a reverse model.
    """
    from seq2seq.models.bundle import find, read_config
    from seq2seq.plugin import registry
    from seq2seq.plugin.task import require_verb

    folder = find(name)
    config = read_config(folder)
    task = registry.load(config.task)
    if task.verb != verb:
        raise UserError(f"{name} is a model for '{config.task}': use seq2seq {task.verb} instead of {verb}.")
    require_verb(task, config.reader, name)
    return folder, config, task


def load_source_model(
    folder: Path, device: str, threads: int | None = None, along: tuple[Path, float] | None = None
) -> "SourceModel":
    """Load a model with sources; see `seq2seq.models.load.load`."""
    return cast("SourceModel", load_model(folder, device, threads, along))


def load_language_model(folder: Path, device: str, threads: int | None = None) -> "LanguageModel":
    """Load a language model; see `seq2seq.models.load.load`."""
    return cast("LanguageModel", load_model(folder, device, threads))
