"""The Lightning CLI behind ``fit``, ``validate``, ``test`` and ``predict``: options from YAML and the command line.

Every default stands once, in the signature of the class that uses it; help, YAML and command line are made from those.
"""

import os
import re
import sys
import types
from collections.abc import Mapping, Sequence
from importlib import import_module
from typing import Any, NoReturn

from jsonargparse import set_parsing_settings
from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback
from lightning.pytorch.cli import LightningArgumentParser, LightningCLI

from seq2seq.callbacks import CarriedState, NumberGuard, Reseed, Signals, Steering, TriggeredAverage, WeightAverage
from seq2seq.checkpointing import AtomicCheckpointIO, RunCheckpoints
from seq2seq.continuation import Continuation
from seq2seq.corpus import Reader
from seq2seq.curves import MetricsFile
from seq2seq.data_defaults import Default
from seq2seq.datamodule import Seq2SeqData
from seq2seq.divergence import DivergenceGuard
from seq2seq.errors import UserError, nearest
from seq2seq.interruption import Watch
from seq2seq.module import Seq2SeqModule
from seq2seq.options import Options, SamplingOptions, SearchOptions, require
from seq2seq.precision import PRECISIONS, supported
from seq2seq.progress import ProgressLine
from seq2seq.run_messages import RunHeader
from seq2seq.runs import RunFolder, rank
from seq2seq.task import Task
from seq2seq.text_data import TextData
from seq2seq.training_options import CheckpointOptions, StoppingOptions
from seq2seq.training_samples import TrainingSamples

TRAINER_DEFAULTS: dict[str, Any] = {
    "max_epochs": 30,
    "gradient_clip_val": 1.0,
    "logger": False,
    "num_sanity_val_steps": 0,
    "enable_model_summary": False,
    # Our batch sampler shares the corpus between processes itself.
    "use_distributed_sampler": False,
}
TORCHRUN = "LOCAL_WORLD_SIZE"
"""Set by torchrun alone: how many processes it started on this machine."""
GROUPS = {
    "data": "files, tokenizers, filters, batches",
    "model": "network, optimizer, schedule, validation, label smoothing",
    "search": "how the trained model searches, unless told otherwise in use",
    "sampling": "how it draws instead (--sample true)",
    "stopping": "which weights are best, early stopping",
    "checkpoint": "how often to save",
    "trainer": "Lightning's own: epochs, devices, precision, accumulation, clipping ...",
}

# Option blocks are written as plain mappings, without the class paths that jsonargparse offers for subclasses.
set_parsing_settings(subclasses_disabled=[Options, Reader])


class Parser(LightningArgumentParser):
    """A parser whose errors are a sentence instead of a page of usage."""

    def error(self, message: str, ex: Exception | None = None) -> NoReturn:
        """Raise the sentence.

        Raises:
            UserError: Always; names the nearest option when one is unknown.
        """
        raise UserError(self._sentence(message)) from ex

    def option_names(self) -> list[str]:
        """Return every option that has a value, as ``model.network.hidden_size``."""
        return sorted(action.dest for action in self._actions if action.option_strings and action.dest != "help")

    def _sentence(self, message: str) -> str:
        unknown = ""
        if found := re.search(r"unrecognized arguments: --([^\s=]+)", message, re.IGNORECASE):
            unknown = found[1]
        elif found := re.search(r"Group '(.+?)' does not accept option '(.+?)'", message):
            unknown = f"{found[1]}.{found[2]}"
        elif found := re.search(r"Option '(.+?)' is not accepted", message):
            unknown = found[1]
        if unknown:
            group = unknown.split(".")[0]
            more = f"--{group}.help" if group in GROUPS else "--help"
            return f"There is no option '{unknown}'. {nearest(unknown, self.option_names())}See {more}."
        if found := re.search(r'Parser key "(.+?)":', message):
            wanted = re.findall(r"Expected an? (?:<class '(.+?)'>|(\S+?))(?:\.|$|\s)", message)
            kinds = " or ".join(dict.fromkeys(one or other for one, other in wanted)).replace("NoneType", "null")
            kinds = kinds.replace("list", "a list like [a,b]")
            given = re.search(r"(?:Got|Given) value: (.*)", message)
            if kinds and given:
                return f"Option '{found[1]}' must be {kinds}, but '{given[1].strip()}' was given."
        return " ".join(message.split())


def data_class(task: Task) -> type[Seq2SeqData]:
    """Return the data module whose `reader` is the task's own class, so that its options exist."""
    base = TextData if task.sourceless else Seq2SeqData
    given = base.__init__
    defaults = [task.reader() if isinstance(one, Reader) else one for one in given.__defaults__ or ()]
    init = types.FunctionType(given.__code__, given.__globals__, "__init__", tuple(defaults), given.__closure__)
    init.__annotations__ = {**given.__annotations__, "reader": task.reader}
    return type(base.__name__, (base,), {"__init__": init, "__doc__": base.__doc__, "__module__": __name__})


class Application(LightningCLI):
    """Options parsed and checked; nothing on the disk until `start`.

    Args:
        task: The task.
        arguments: Options as on a command line, ``--config FILE`` included.
        defaults: Those that follow the data, for the header.
        stored: Plain values by the names of their options, which files and options beat.
    """

    parser: Parser
    model: Seq2SeqModule
    datamodule: Seq2SeqData

    def __init__(
        self,
        task: Task,
        arguments: list[str],
        defaults: Sequence[Default] = (),
        *,
        stored: Mapping[str, Any] | None = None,
    ) -> None:
        self.task = task
        self.defaults = defaults
        self.stored = stored or {}
        super().__init__(
            Seq2SeqModule,
            data_class(task),
            save_config_callback=None,
            trainer_defaults=TRAINER_DEFAULTS,
            seed_everything_default=False,
            parser_class=Parser,
            parser_kwargs={"allow_abbrev": False},
            auto_configure_optimizers=False,
            args=arguments,
            run=False,
        )

    def add_default_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Leave out Lightning's ``--seed_everything``: ``--data.seed`` is the seed of the whole run."""

    def add_arguments_to_parser(self, parser: LightningArgumentParser) -> None:
        """Add what belongs to a run and to neither model nor data."""
        parser.set_defaults({"data.task": self.task.name, **self.task.defaults})
        if not self.task.sourceless:
            # One option for one thing: the reader's own field holds what is said here once, for the files of all
            # splits.
            parser.link_arguments("data.reverse", "data.reader.reverse")
        parser.add_class_arguments(SearchOptions, "search")
        parser.set_defaults({f"search.{name}": value for name, value in self.task.search.to_json().items()})
        parser.add_argument(
            "--sample",
            type=bool,
            default=self.task.sampling is not None,
            help="Whether the trained model draws its outputs instead of searching, unless told otherwise in use.",
        )
        parser.add_class_arguments(SamplingOptions, "sampling")
        drawing = self.task.sampling or SamplingOptions()
        parser.set_defaults({f"sampling.{name}": value for name, value in drawing.to_json().items()})
        parser.add_class_arguments(StoppingOptions, "stopping")
        parser.add_class_arguments(CheckpointOptions, "checkpoint")
        parser.add_argument("--threads", type=int, default=0, help="Threads of the processor; 0 leaves it to PyTorch.")
        parser.add_argument("--tensorboard", type=bool, default=False, help="Whether to log for TensorBoard too.")
        parser.set_defaults(dict(self.stored))

    def parse_arguments(self, parser: LightningArgumentParser, args: Any) -> None:  # noqa: ANN401
        """Parse; a call from Python has a command line of its own, which is nobody's business here."""
        self.config = parser.parse_args(args)

    def _set_seed(self) -> None:
        """Nothing: the model seeds itself, and so does every batch."""

    def instantiate_classes(self) -> None:
        """Build data module and model; the trainer follows in `start`, when there is a run folder."""
        self._refuse_nonsense()
        self.config_init = self.parser.instantiate(self.config)
        self.datamodule = self.config_init.data
        self.datamodule.search = self.config_init.search
        self.datamodule.sampling = self.config_init.sampling if self.config_init.sample else None
        self.model = self.config_init.model

    def _refuse_nonsense(self) -> None:
        """Refuse numbers that torch and Lightning would take, and then fail on or do nothing with."""
        trainer = self.config.trainer
        require(self.config.threads >= 0, f"threads is {self.config.threads}, but it must not be negative.")
        steps = trainer.accumulate_grad_batches
        require(steps >= 1, f"trainer.accumulate_grad_batches is {steps}, but a step needs at least 1 batch.")
        for name in ("max_epochs", "max_steps", "limit_train_batches"):
            require(trainer[name] != 0, f"trainer.{name} is 0: nothing would be trained.")

    def start(self, folder: RunFolder, watch: Watch) -> None:
        """Build the trainer around a run folder.

        Args:
            folder: Where the run keeps its files.
            watch: Receives the signals that end training.
        """
        self.datamodule.tokenizer_dir = folder.tokenizer
        self.datamodule.is_talking = self.is_talking
        metric, higher_is_better = self.datamodule.steered_by
        name = f"val_{metric}"
        stopping: StoppingOptions = self.config_init.stopping
        is_decoded = not self.datamodule.is_running  # a running text is measured at each validation
        if is_decoded and self.model.validation_options.decode_every == 0 and stopping.monitor == "metric":
            raise UserError(
                "stopping.monitor is 'metric', but model.validation.decode_every is 0, so that there is none: "
                "set stopping.monitor to 'loss'."
            )
        self.steering = Steering(stopping, name, higher_is_better)
        optimizer = self.model.optimizer_options
        average = WeightAverage(optimizer.ema_decay) if optimizer.ema_decay > 0 else None
        if optimizer.average_after > 0:
            average = TriggeredAverage(optimizer.average_after)
        ours: list[Callback] = [
            Signals(watch),  # first: a signal before the first step leaves no run behind
            SavedOptions(self, folder),
            Reseed(self.datamodule.seed),
            NumberGuard(folder.path),
        ]
        ours += [average] if average else []
        if self.datamodule.is_running:
            ours += [CarriedState(), TrainingSamples(folder.samples)]
        settings = self._trainer_settings()
        ours += [Continuation(self.steering)]
        ours += [self.steering, MetricsFile(folder.metrics, name, settings["log_every_n_steps"] or 50)]
        if self.is_talking:
            settings["enable_progress_bar"] = True
            ours.append(ProgressLine(self.steering))
        ours.append(RunHeader(folder.path, self.defaults, self.is_talking))
        # After those that record the validation, and before its weights are kept.
        ours.append(DivergenceGuard())
        ours.append(RunCheckpoints(folder.checkpoints, self.config_init.checkpoint, self.steering, average))
        theirs = settings["callbacks"] or []
        settings["callbacks"] = [*ours, *(theirs if isinstance(theirs, list) else [theirs])]
        plugins = settings["plugins"] or []
        settings["plugins"] = [AtomicCheckpointIO(), *(plugins if isinstance(plugins, list) else [plugins])]
        settings["default_root_dir"] = settings["default_root_dir"] or str(folder.path)
        if self.config_init.tensorboard:
            settings["logger"] = _tensorboard(folder)
        settings["enable_checkpointing"] = None
        settings |= _shares(settings)
        self.trainer = _trainer(settings)
        started = int(os.environ.get("WORLD_SIZE", "1")) if TORCHRUN in os.environ else 1
        if started > 1 and self.trainer.world_size != started:
            raise UserError(
                f"torchrun started {started} processes, but trainer.devices and trainer.num_nodes make "
                f"{self.trainer.world_size}: leave both out, or give the numbers that torchrun was given."
            )

    @property
    def is_talking(self) -> bool:
        """Whether the run shows its progress."""
        return self.config.trainer.enable_progress_bar in (None, True)

    def prepare(self, folder: RunFolder) -> None:
        """Build a trainer that only looks: one process, no checkpoints, no metrics file.

        Args:
            folder: The run whose tokenizers are used.
        """
        self.datamodule.tokenizer_dir = folder.tokenizer
        settings = self._trainer_settings() | {"logger": False, "callbacks": None, "devices": 1, "num_nodes": 1}
        settings |= {"strategy": "auto", "enable_checkpointing": False, "enable_progress_bar": False}
        self.trainer = _trainer({**settings, "default_root_dir": str(folder.path)})

    def _trainer_settings(self) -> dict[str, Any]:
        """Return the trainer's options, with a precision that this machine computes in.

        Raises:
            UserError: If the network does not support the precision.
        """
        settings: dict[str, Any] = dict(self.config_init.trainer)
        if settings["precision"] not in PRECISIONS:
            raise UserError(
                f"trainer.precision is {settings['precision']}, which this network does not support. "
                "Choose from: 32-true, bf16-mixed, 16-mixed."
            )
        settings["precision"], note = supported(settings["precision"], settings["accelerator"])
        if note and rank() == 0:
            print(note, file=sys.stderr)
        return settings

    def help(self, prefix: str) -> str:
        """Return the options below a prefix such as ``model`` or ``model.network``, one paragraph each.

        Raises:
            UserError: If there is no such group.
        """
        text = self.parser.format_help()
        entries = re.findall(rf"^  --{re.escape(prefix)}\.(?:.*\n)(?:    .*\n)*", text, re.MULTILINE)
        if not entries:
            groups = {name.rpartition(".")[0] for name in self.parser.option_names()} - {""}
            raise UserError(
                f"There are no options '{prefix}'. {nearest(prefix, groups)}Groups: {', '.join(sorted(groups))}."
            )
        return "".join(entry for entry in entries if "CONFIG" not in entry.split("\n")[0])


class SavedOptions(Callback):
    """Writes ``config.yaml`` when everything stands, the place in the data included.

    So a start that fails leaves no run behind, and a continuation that is refused changes nothing.

    Args:
        made: The parsed options.
        folder: Where they go.
    """

    def __init__(self, made: Application, folder: RunFolder) -> None:
        self.made = made
        self.folder = folder

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the file, on the first process."""
        if trainer.is_global_zero:
            self.folder.begin(self.made.parser.dump(self.made.config, skip_none=False))


def _shares(settings: dict[str, Any]) -> dict[str, Any]:
    """Return the trainer's settings for the processes that torchrun started, where the user left them open.

    Without them each process would train on its own, all in one run folder.
    """
    local = int(os.environ.get(TORCHRUN, "1"))
    started = int(os.environ.get("WORLD_SIZE", "1"))
    if TORCHRUN not in os.environ or started == 1 or settings["devices"] != "auto":
        return {}
    strategy = "ddp" if settings["strategy"] == "auto" else settings["strategy"]
    return {"devices": local, "num_nodes": started // local, "strategy": strategy}


def _trainer(settings: dict[str, Any]) -> Trainer:
    try:
        return Trainer(**settings)
    except (MisconfigurationException, ModuleNotFoundError, ValueError) as fault:
        raise UserError(f"The trainer refuses its options: {' '.join(str(fault).split())}") from fault


def _tensorboard(folder: RunFolder) -> object:
    try:
        import_module("tensorboard")
    except ImportError as fault:
        raise UserError(
            "TensorBoard is not installed: pip install 'lstm-seq2seq[tensorboard]', or leave out --tensorboard."
        ) from fault
    from lightning.pytorch.loggers import TensorBoardLogger

    return TensorBoardLogger(folder.path, name="tensorboard", version="")
