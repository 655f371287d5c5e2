"""Facts about a verb's model that are needed before it is loaded."""

from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from seq2seq.models.bundle_config import BundleConfig
    from seq2seq.plugin.task import Task


def of_verb(name: str, verb: str) -> "tuple[Path, BundleConfig, Task]":
    """Return a model's folder, what its bundle says, and its task, whose verb was typed.

    Args:
        name: The model, as typed.
        verb: The verb.

    Raises:
        UserError: If there is no such model, another verb is its task's, or it does the reverse of its task.
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
