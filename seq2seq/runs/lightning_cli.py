"""Builds the model, data and trainer of a run from parsed options."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Any

from lightning.fabric.utilities.exceptions import MisconfigurationException
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Callback

from seq2seq.errors import UserError
from seq2seq.interruption import Watch
from seq2seq.network.precision import supported
from seq2seq.plugin.task import Task, TextTask
from seq2seq.run_setup.data_defaults import Default
from seq2seq.run_setup.option_parser import option_parser
from seq2seq.run_setup.preflight import check_combinations, check_machine
from seq2seq.run_setup.run_folder import RunFolder, rank
from seq2seq.run_setup.trainer_options import TrainerOptions, refusal
from seq2seq.run_setup.training_options import StoppingOptions
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.carried_state import CarriedState
from seq2seq.runs.callbacks.continuation import Continuation
from seq2seq.runs.callbacks.divergence import DivergenceGuard
from seq2seq.runs.callbacks.metrics_file import MetricsFile
from seq2seq.runs.callbacks.nan_guard import NaNGuard
from seq2seq.runs.callbacks.progress_line import ProgressLine
from seq2seq.runs.callbacks.reseed import Reseed
from seq2seq.runs.callbacks.run_checkpoints import RunCheckpoints
from seq2seq.runs.callbacks.signals import Signals
from seq2seq.runs.callbacks.weight_average import TriggeredAverage, WeightAverage
from seq2seq.runs.callbacks.written_samples import TrainingSamples
from seq2seq.runs.messages import RunHeader
from seq2seq.training.checkpoint_file import AtomicCheckpointIO
from seq2seq.training.initial_weights import InitialWeights
from seq2seq.training.module import Seq2SeqModule
from seq2seq.training.pair_data import Seq2SeqData
from seq2seq.training.text_data import TextData

TORCHRUN = "LOCAL_WORLD_SIZE"
"""Environment variable with the number of processes on this machine; only torchrun sets it."""


class Application:
    """Parses and checks options; writes nothing to disk before `start`.

    Args:
        task: Task of the run.
        arguments: Command-line options, including ``--config FILE``.
        defaults: Defaults derived from the amount of data, for the header.
        stored: Plain values of a stored run, by option name; files and options override them.
    """

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
        self.parser = option_parser(task, Trainer)
        self.parser.set_defaults(dict(stored or {}))
        self.config = self.parser.parsed(arguments)
        TrainerOptions(**vars(self.config.trainer))
        check_machine(self.config)
        self.config_init = self.parser.objects(self.config)
        check_combinations(task, self.config_init)

    def start(self, folder: RunFolder, watch: Watch, *, is_continued: bool = False) -> None:
        """Build data, model and trainer for training in a run folder.

        Args:
            folder: The run folder.
            watch: Receives signals.
            is_continued: Whether the weights will be those of a checkpoint, so that no others are read.
        """
        self.datamodule = self.data(folder.tokenizer, shows_progress=self.shows_progress)
        self.model = self.module(is_continued=is_continued)
        metric, higher_is_better = self.datamodule.monitored
        name = f"val_{metric}"
        stopping: StoppingOptions = self.config_init.stopping
        self.tracker = BestTracker(stopping, name, higher_is_better)
        optimizer = self.model.optimizer_options
        average = WeightAverage(optimizer.ema_decay) if optimizer.ema_decay > 0 else None
        if optimizer.average_after > 0:
            average = TriggeredAverage(optimizer.average_after)
        ours: list[Callback] = [
            Signals(watch),  # first, so a signal before the first step leaves no run behind
            SavedOptions(self, folder),
            Reseed(self.datamodule.seed),
            NaNGuard(folder.path),
        ]
        ours += [average] if average else []
        if isinstance(self.task, TextTask):
            ours += [CarriedState(self.model.carried), TrainingSamples(folder.samples)]
        settings = self._trainer_settings()
        self.continuation = Continuation(self.tracker)
        ours += [self.continuation]
        ours += [self.tracker, MetricsFile(folder.metrics, name, settings["log_every_n_steps"] or 50)]
        if self.shows_progress:
            settings["enable_progress_bar"] = True
            ours.append(ProgressLine(self.tracker))
        ours.append(RunHeader(folder.path, self.defaults, self.shows_progress))
        # After the callbacks that record the validation, and before the callback that saves its weights.
        ours.append(DivergenceGuard())
        ours.append(RunCheckpoints(folder, self.config_init.checkpoint, self.tracker, average))
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

    def module(self, *, is_continued: bool = False) -> Seq2SeqModule:
        """Return the module to train; for ``is_continued`` see `start`."""
        name = "" if is_continued else self.config.init_from
        initial = InitialWeights(name) if name else None
        return Seq2SeqModule(self.config_init.model, initial, self.config.freeze, is_continued=is_continued)

    @property
    def shows_progress(self) -> bool:
        """Whether the run shows its progress."""
        return self.config.trainer.enable_progress_bar in (None, True)

    def prepare(self, folder: RunFolder) -> None:
        """Build a trainer for evaluation only: one process, no checkpoints, no metrics file."""
        self.datamodule, self.model = self.data(folder.tokenizer), self.module(is_continued=True)
        settings = self._trainer_settings() | {"logger": False, "callbacks": None, "devices": 1, "num_nodes": 1}
        settings |= {"strategy": "auto", "enable_checkpointing": False, "enable_progress_bar": False}
        self.trainer = _trainer({**settings, "default_root_dir": str(folder.path)})

    def rehearse(self, place: Path, callback: Callback) -> None:
        """Build data, model and trainer for a few steps of training in one process, which leave no files.

        Args:
            place: A temporary folder.
            callback: The trainer's only callback, which ends training.
        """
        shows = self.shows_progress
        self.datamodule = self.data(place / "tokenizer", shows_progress=shows, rehearsal=place / "cache")
        self.model = self.module()
        settings = self._trainer_settings() | {"logger": False, "callbacks": [callback], "devices": 1, "num_nodes": 1}
        settings |= {"strategy": "auto", "enable_checkpointing": False, "enable_progress_bar": False}
        self.trainer = _trainer({**settings, "default_root_dir": str(place)})

    def data(
        self, tokenizer_dir: Path | None = None, *, shows_progress: bool = False, rehearsal: Path | None = None
    ) -> Seq2SeqData:
        """Build the data module.

        Args:
            tokenizer_dir: Folder of the tokenizers; None keeps them in memory.
            shows_progress: Whether to report preparation steps.
            rehearsal: Folder of the token stores for a rehearsal, in which the largest batch is the first.
        """
        options = self.config_init
        data = replace(options.data, cache_dir=str(rehearsal)) if rehearsal else options.data
        return (TextData if isinstance(self.task, TextTask) else Seq2SeqData)(
            data,
            decoding=(options.search, options.sampling if options.sample else None),
            tokenizer_dir=tokenizer_dir,
            is_copying=options.model.network.copying,
            shows_progress=shows_progress,
            largest_first=rehearsal is not None,
        )

    def _trainer_settings(self) -> dict[str, Any]:
        """Return the trainer options, with a precision supported by this machine."""
        settings: dict[str, Any] = dict(self.config_init.trainer)
        settings["precision"], note = supported(settings["precision"], settings["accelerator"])
        if note and rank() == 0:
            print(note, file=sys.stderr)
        return settings


class SavedOptions(Callback):
    """Writes ``config.yaml`` when training is ready to start.

    A start that fails therefore leaves no run behind, and a resumption that fails changes nothing.
    """

    def __init__(self, application: Application, folder: RunFolder) -> None:
        self.application = application
        self.folder = folder

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the file, on the first process."""
        if trainer.is_global_zero:
            self.folder.begin(self.application.parser.dump(self.application.config, skip_unset=False))


def _shares(settings: dict[str, Any]) -> dict[str, Any]:
    """Return trainer settings for processes started by torchrun, unless the user set them.

    Without these settings, every process would train alone, all in the same run folder.
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
    except (MisconfigurationException, ModuleNotFoundError, TypeError, ValueError) as fault:
        raise UserError(refusal(str(fault))) from fault


def _tensorboard(folder: RunFolder) -> object:
    try:
        import_module("tensorboard")
    except ImportError as fault:
        raise UserError(
            "TensorBoard is not installed: pip install 'lstm-seq2seq[tensorboard]', or leave out --tensorboard."
        ) from fault
    from lightning.pytorch.loggers import TensorBoardLogger

    return TensorBoardLogger(folder.path, name="tensorboard", version="")
