"""Reads the configuration of a verb's model, and loads the model."""

from pathlib import Path
from typing import TYPE_CHECKING, cast

from seq2seq.command_line.arguments import counted
from seq2seq.errors import UserError
from seq2seq.models.joint.companions import Companions
from seq2seq.options import MOST_THREADS
from seq2seq.runtime.placement import ENGINES, Placement
from seq2seq.sessions.background_loading import load_model

if TYPE_CHECKING:
    import argparse

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


def add_placement(parser: "argparse.ArgumentParser") -> None:
    """Add the options that say where a model computes."""
    parser.add_argument(
        "--threads",
        metavar="N",
        type=int,
        help="processor threads of PyTorch (default: its choice), or batches that ONNX Runtime computes at a time (1)",
    )
    parser.add_argument("--device", default="cpu", help="cpu (the default) or cuda")
    parser.add_argument("--engine", choices=ENGINES, help="what computes the model (default: what its folder is for)")
    parser.add_argument(
        "--shortlist",
        choices=("auto", "off"),
        default="auto",
        help="off: search all pieces, even if the model has a shortlist of likely ones for each source",
    )


def placement_of(options: "argparse.Namespace") -> Placement:
    """Return where a model computes.

    Raises:
        UserError: If the number of threads is impossible.
    """
    counted("--threads", options.threads, MOST_THREADS)
    return Placement(options.device, options.threads, options.engine or "", options.shortlist == "auto")


def load_source_model(
    folder: Path,
    placement: Placement,
    companions: Companions = Companions(),  # noqa: B008 - frozen
) -> "SourceModel":
    """Load a model with sources; see `seq2seq.models.load.load`."""
    return cast("SourceModel", load_model(folder, placement, companions))


def load_language_model(
    folder: Path,
    placement: Placement,
    companions: Companions = Companions(),  # noqa: B008 - frozen
) -> "LanguageModel":
    """Load a language model; see `seq2seq.models.load.load`."""
    return cast("LanguageModel", load_model(folder, placement, companions))
