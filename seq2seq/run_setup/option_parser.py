"""Parser of ``fit``, ``validate``, ``test`` and ``predict``: YAML files and command-line options.

Every default is declared once, in its option class; help, YAML and command line are derived from it. `TrainerOptions`
replaces Lightning's Trainer, so parsing needs neither Lightning nor PyTorch.
"""

import copy
import math
import os
import re
from argparse import SUPPRESS
from collections.abc import Hashable
from dataclasses import dataclass
from functools import cache
from typing import Any, NoReturn, Union, cast, get_args

from jsonargparse import ArgumentParser, Namespace, set_parsing_settings

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import SamplingOptions, SearchOptions, WritingOptions, unused
from seq2seq.errors import UserError, nearest
from seq2seq.hub.dataset_rows import local
from seq2seq.options import Options, choice, require
from seq2seq.plugin.task import Task, TextTask, training_defaults
from seq2seq.run_setup.data_options import SPLITS, CorpusOptions, DataOptions, TextDataOptions, files_of
from seq2seq.run_setup.trainer_options import TRAINER_DEFAULTS, TrainerOptions
from seq2seq.run_setup.training_options import FREEZABLE, CheckpointOptions, ModelOptions, StoppingOptions

REPLACED = {
    "optimizer": "the optimizer is set by --model.optimizer.name, --model.optimizer.learning_rate and others: see "
    "--model.optimizer.help",
    "lr_scheduler": "the learning-rate schedule is set by --model.schedule.name and others: see --model.schedule.help",
    "seed_everything": "the seed of the whole run is --data.seed",
    "ckpt_path": "a run continues by --run_dir FOLDER --resume",
    "epochs": "it is called --trainer.max_epochs",
    "max_epochs": "it is called --trainer.max_epochs",
    "batch_size": "batches are limited by tokens (--data.batches.max_tokens) or pairs (--data.batches.batch_sentences)",
    "lr": "it is called --model.optimizer.learning_rate",
    "learning_rate": "it is called --model.optimizer.learning_rate",
    "seed": "it is called --data.seed",
    "output": "the folder of the run is --run_dir FOLDER",
    "output_dir": "the folder of the run is --run_dir FOLDER",
    "device": "devices are set by --trainer.accelerator and --trainer.devices",
    **dict.fromkeys(("train", "train_file", "train_data", "train_src"), "name training files with --data.train"),
    **dict.fromkeys(("valid", "validation", "dev", "val"), "name validation files with --data.validation"),
    "gpus": "devices are set by --trainer.accelerator gpu and --trainer.devices",
}
"""Option names of Lightning and other programs, with what to type instead."""
EARLIER_DEFAULTS = {"beam_size": 1, "patience": 20}
"""Search options that runs of language models of earlier versions stored, although they have none."""

# YAML contains option blocks as plain mappings, without the class paths that jsonargparse offers for subclasses.
set_parsing_settings(subclasses_disabled=[Options, Reader])

OF_REQUEST = ("dry_run", "resume", "run_dir")
"""Options that are read before the parser; see `seq2seq.run_setup.request`."""


class Parser(ArgumentParser):
    """Parser that reports errors in one sentence instead of printing its usage.

    Args:
        search: Class of the search options; any other search option is accepted only with its default value.
        more: Arguments of jsonargparse's parser.
    """

    def __init__(self, *, search: type[WritingOptions] = SearchOptions, **more: Any) -> None:  # noqa: ANN401 - passed on
        super().__init__(**more)
        self._unused = unused(search)
        for name, value in self._unused.items():
            # Runs of older versions store these options for language models too.
            self.add_argument(f"--search.{name}", type=type(value), default=value, help=SUPPRESS)

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Raise an error with a one-sentence message.

        Raises:
            UserError: Always; the message names the nearest option if one is unknown.
        """
        raise UserError(self._sentence(message)) from ex

    def parsed(self, arguments: list[str]) -> Namespace:
        """Parse files and options; later ones win.

        Returns:
            Value of every option, with files as lists.
        """
        config = self.parse_args(arguments)
        for name, value in config.items():
            _check_number(name, value)
        for name, value in self._unused.items():
            given = config.pop(f"search.{name}")
            require(
                given in (value, EARLIER_DEFAULTS.get(name)),
                f"There is no option 'search.{name}' for a language model: it writes each text from left to right.",
            )
        for split in SPLITS:
            config.data[split] = [local(name) for name in files_of(config.data[split])]
        for name in ("freeze", "old_test"):
            config[name] = files_of(config[name])
        for part in config.freeze:
            choice("freeze", part, FREEZABLE)
        return config

    def objects(self, config: Namespace) -> Namespace:
        """Instantiate parsed options.

        Raises:
            UserError: If a class named by an option cannot be used.
        """
        try:
            objects: Namespace = self.instantiate(config)
            return objects
        except (ImportError, TypeError, ValueError) as fault:
            raise UserError(_class_sentence("trainer", str(fault))) from fault

    def read_whole_numbers_first(self) -> None:
        """Try ``int`` before ``float`` if an option takes both, so 2 means 2 batches and not the fraction 2.0.

        ``Union[float, int]`` and ``Union[int, float]`` are equal, so Python's cache of ``Optional[Union[...]]`` returns
        whichever was created first in the process. The order in Lightning's signature can therefore be lost.
        """
        for action in self._actions:
            kinds = get_args(getattr(action, "_typehint", None))
            if int in kinds and float in kinds:
                action._typehint = Union[int, *(kind for kind in kinds if kind is not int)]  # type: ignore[attr-defined]

    def option_names(self) -> list[str]:
        """Return the names of all options, such as ``model.network.hidden_size``."""
        return sorted(action.dest for action in self._actions if action.option_strings and action.dest != "help")

    def _sentence(self, message: str) -> str:
        unknown = ""
        if match := re.search(r"unrecognized arguments: --([^\s=]+)", message, re.IGNORECASE):
            unknown = match[1]
        elif match := re.search(r"unrecognized arguments: (\S+)", message, re.IGNORECASE):
            return f"'{match[1]}' belongs to no option: {_stray(match[1])} See --help."
        elif match := re.search(r"Group '(.+?)' does not accept option '(.+?)'", message):
            unknown = f"{match[1]}.{match[2]}"
        elif match := re.search(r"Option '(.+?)' is not accepted", message):
            unknown = match[1]
        if unknown:
            return self.unknown(unknown)
        if match := re.search(r'Parser key "(.+?)":', message):
            if match[1] in REPLACED:
                return self.unknown(match[1])
            if match[1].removeprefix("trainer.") in TrainerOptions.CLASSES:
                return _class_sentence(match[1], message)
            wanted = re.findall(r"Expected an? (?:<class '(.+?)'>|(\S+?))(?:\.|$|\s)", message)
            kinds = list(dict.fromkeys(KINDS.get(kind or name, kind or name) for kind, name in wanted))
            given = re.search(r"(?:Got|Given) value: (.*)", message)
            if kinds and given:
                return f"Option '{match[1]}' must be {' or '.join(kinds)}, but '{given[1].strip()}' was given."
        return " ".join(message.split())

    def unknown(self, name: str) -> str:
        """Return the message for an option that does not exist."""
        root = name.split(".")[0]
        if root in REPLACED and (name == root or root not in GROUPS):
            return f"There is no option '{name}': {REPLACED[root]}."
        more = f"--{root}.help" if root in GROUPS else "--help"
        return f"There is no option '{name}'. {nearest(name, [*self.option_names(), *OF_REQUEST])}See {more}."


LARGEST = 10**18
"""Maximum integer; it fits 64 bits even when multiplied by small factors."""
KINDS = {
    "bool": "true or false",
    "int": "a whole number",
    "float": "a number",
    "str": "a text",
    "list": "a list like [a,b]",
    "dict": "a mapping",
    "NoneType": "null",
}
"""Descriptions of Python types in messages."""

ROOTS: dict[str, type[Options]] = {
    "model": ModelOptions,
    "search": SearchOptions,
    "sampling": SamplingOptions,
    "stopping": StoppingOptions,
    "checkpoint": CheckpointOptions,
    "trainer": TrainerOptions,
}
"""Option blocks that do not depend on the task."""
GROUPS = ("data", *ROOTS)
"""First parts of grouped option names."""


def _stray(word: str) -> str:
    """Return advice for a word without an option."""
    if os.path.isfile(word):  # noqa: PTH113 - a Path would raise an error for words that cannot be file names
        return "name training files with --data.train FILE, other files with their own options."
    return "an option is written --NAME VALUE."


def _class_sentence(option: str, message: str) -> str:
    """Return the message for an option that names an unusable class."""
    text = " ".join(message.split())
    if match := re.search(r"Problem with given class_path '(.+?)': (.+?)(?: - |$)", text):
        return f"Option '{option}' names the class {match[1]}, which cannot be used: {match[2].rstrip('.')}."
    if match := re.search(r"the following arguments are required: ([\w, ]+?)(?: - |$)", text):
        names = " and ".join(f"--{option}.{name.strip()} VALUE" for name in match[1].split(","))
        return f"The class that '{option}' names needs options of its own: add {names}."
    if match := re.search(r"There is no option '([^']+?)'", text):
        return (
            f"There is no option '{option}.{match[1]}': name the class first, as in --{option} package.Class, and then "
            "options that it has."
        )
    given = re.search(r"Given value: (.*)", text)
    if not given:
        return f"A class that an option of the trainer names cannot be used: {text.rstrip('.')}."
    base = re.search(r"subclass of (\w+)", text)
    what = f"no {base[1]} of Lightning's or of your own" if base else "nothing that this option can be"
    return (
        f"Option '{option}' is '{given[1]}', which is {what}: give the dotted path of a class, such as package.Class."
    )


def _check_number(name: str, value: object) -> None:
    """Refuse numbers that no option accepts: NaN, infinity, and integers beyond `LARGEST`."""
    require(
        not isinstance(value, float) or math.isfinite(value),
        f"Option '{name}' is {value}, but it must be a finite number.",
    )
    if isinstance(value, int):
        require(
            abs(value) < LARGEST,
            f"Option '{name}' must be less than {LARGEST:.0e} in size, but a larger number was given.",
        )


def data_options(task: Task) -> type[CorpusOptions]:
    """Return the data options of a task, whose `reader` has the task's own reader class."""
    base = TextDataOptions if isinstance(task, TextTask) else DataOptions
    body = {
        "__annotations__": {"reader": task.reader},
        "reader": task.reader(),
        "__doc__": base.__doc__,
        "__module__": __name__,
    }
    return dataclass(frozen=True)(type(base.__name__, (base,), body))


def option_parser(task: Task, trainer: type = TrainerOptions) -> Parser:
    """Return the parser of all training options.

    Args:
        task: The task; its class determines additional reader options and different defaults.
        trainer: Class that defines the options ``--trainer...``: either Lightning's Trainer, whose signature gives the
            classes that options may name, or `TrainerOptions`.

    Returns:
        A new parser, so the caller may change its defaults.
    """
    return copy.deepcopy(_option_parser(cast(Hashable, type(task)), trainer))


@cache
def _option_parser(kind: type[Task], trainer: type) -> Parser:
    """Create a parser from signatures, which takes fifteen times as long as copying it."""
    task = kind()
    parser = Parser(search=type(task.decoding.search), allow_abbrev=False)
    parser.add_argument("-c", "--config", action="config", help="A YAML file of options.")
    parser.add_class_arguments(trainer, "trainer", fail_untyped=False, instantiate=False)
    parser.set_defaults({f"trainer.{name}": value for name, value in TRAINER_DEFAULTS.items()})
    parser.add_class_arguments(ModelOptions, "model")
    parser.add_class_arguments(data_options(task), "data")
    parser.set_defaults({"data.task": task.name, **training_defaults(task)})
    if not isinstance(task, TextTask):
        # `data.reverse` sets the reader's field for all splits.
        parser.link_arguments("data.reverse", "data.reader.reverse")
    parser.add_class_arguments(type(task.decoding.search), "search")
    parser.set_defaults({f"search.{name}": value for name, value in task.decoding.search.to_json().items()})
    parser.add_argument(
        "--sample",
        type=bool,
        default=task.decoding.sampling is not None,
        help="Whether the trained model samples by default, instead of searching.",
    )
    parser.add_class_arguments(SamplingOptions, "sampling")
    drawing = task.decoding.sampling or SamplingOptions()
    parser.set_defaults({f"sampling.{name}": value for name, value in drawing.to_json().items()})
    parser.add_class_arguments(StoppingOptions, "stopping")
    parser.add_class_arguments(CheckpointOptions, "checkpoint")
    parser.add_argument("--threads", type=int, default=0, help="Processor threads; 0 leaves the number to PyTorch.")
    parser.add_argument(
        "--size_defaults",
        type=bool,
        default=True,
        help="Whether unset options follow the amount of training text (docs/how_much_data.md).",
    )
    parser.add_argument(
        "--init_from",
        type=str,
        default="",
        help="A run folder or model folder whose weights, architecture and tokenizers the run starts from.",
    )
    names: Any = list[str] | str
    parser.add_argument("--freeze", type=names, default=[], help=f"Parts that are not trained: {', '.join(FREEZABLE)}.")
    parser.add_argument(
        "--old_test",
        type=names,
        default=[],
        help="Test files on which both the model of --init_from and the trained model are evaluated.",
    )
    parser.add_argument("--tensorboard", type=bool, default=False, help="Whether to log for TensorBoard too.")
    parser.read_whole_numbers_first()
    return parser
