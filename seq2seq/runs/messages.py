"""Messages of a training run: header, starting model, problems, reason for the end, next commands."""

import math
import shlex
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import cast

from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Timer

from seq2seq.amounts import amount
from seq2seq.batching.mixture import Mixture
from seq2seq.plugin.task import Task
from seq2seq.run_setup.data_defaults import Default
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.progress_line import clock, rounded
from seq2seq.training.module import Seq2SeqModule
from seq2seq.training.pair_data import Seq2SeqData

FEWEST_BATCHES = 2
"""If an epoch has at most this number of batches, they are probably too large."""


class RunHeader(Callback):
    """Prints the run's settings, the defaults derived from the data, and problems before the first step.

    Args:
        folder: The run folder.
        defaults: Defaults derived from the amount of data.
        shows_progress: Whether to print the header; problems are always printed.
    """

    def __init__(self, folder: Path, defaults: Sequence[Default], shows_progress: bool) -> None:
        self.folder = folder
        self.defaults = defaults
        self.shows_progress = shows_progress

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Print to stderr, in the first process."""
        if not trainer.is_global_zero:
            return
        module = cast(Seq2SeqModule, pl_module)
        lines = (
            [*header(trainer, module, self.folder), *reasons(self.defaults, module.initial is not None)]
            if self.shows_progress
            else []
        )
        lines += beginning(module)
        lines += obstacles(trainer, module) if trainer.global_step == 0 else []
        for line in lines:
            print(line, file=sys.stderr, flush=True)


def header(trainer: Trainer, module: Seq2SeqModule, folder: Path) -> list[str]:
    """Return one line each on task, data, vocabulary, model, length and folder."""
    data = module.data
    tokenizers = data.tokenizers
    train, validation = data.size("train"), data.size("validation")
    sizes = [f"{tokenizers.source.vocabulary_size:,}"]
    if not tokenizers.joint:
        sizes = [f"{sizes[0]} (source)", f"{tokenizers.target.vocabulary_size:,} (target)"]
    weights = sum(parameter.numel() for parameter in module.parameters())
    device = "CPU" if module.device.type == "cpu" else f"{trainer.world_size} x {module.device.type.upper()}"
    epochs = trainer.max_epochs or -1
    length = "no last epoch" if epochs < 0 else amount(epochs, "epoch")
    steps = float(trainer.estimated_stepping_batches)
    total = f", {amount(steps, 'step')}" if math.isfinite(steps) else ""
    return [
        f"task        {data.task.name}",
        f"data        {_named(data)}: {amount(train, data.unit)}; validation {validation:,}",
        *mixed(data),
        f"vocabulary  {' and '.join(sizes)} tokens",
        f"model       {weights:,} weights on {device}",
        f"length      {length} of {amount(trainer.num_training_batches, 'batch', 'batches')}{total}",
        f"folder      {folder}",
    ]


def beginning(module: Seq2SeqModule) -> list[str]:
    """Return lines on the model that the run starts from, on pretrained embeddings and on frozen parts."""
    lines = []
    if module.initial is not None and module.carried_over is not None:
        lines.append(f"started from {module.initial.folder}: {module.carried_over.sentence()}")
    lines += [f"vectors     {found.sentence()}" for found in module.vectors_found]
    if module.frozen_parts is not None:
        lines.append(f"frozen      {module.frozen_parts.sentence()}")
    return lines


def mixed(data: Seq2SeqData) -> list[str]:
    """Return a line for each of several corpora: its size, and how many of its pairs an epoch reads."""
    sizes = data.stores["train"].corpora
    if len(sizes) == 1:
        return []
    mixture = Mixture.of(sizes, data.mixture, data.seed)
    names = [" ".join(path.name for path in group) for group in data.given.reader.corpora(data.paths("train"))]
    return [
        f"  {name}: {amount(size, 'pair')}, {count:,} an epoch"
        for name, size, count in zip(names, sizes, mixture.counts, strict=True)
    ]


def _named(data: Seq2SeqData) -> str:
    if data.is_sample:
        return "the task's sample corpus"
    names = [Path(name).name for name in data.files["train"]]
    return ", ".join(names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")


def reasons(defaults: Sequence[Default], is_fine_tuning: bool = False) -> list[str]:
    """Return lines on the defaults derived from the data and the starting model, with reasons."""
    if not defaults:
        return []
    width = max(len(f"{default.option} {default.value}") for default in defaults)
    lines = [f"  {f'{default.option} {default.value}':<{width}}  {default.reason}" for default in defaults]
    what = (
        "for fine-tuning (docs/fine-tuning.md)" if is_fine_tuning else "by the amount of data (docs/how_much_data.md)"
    )
    return [f"Chosen {what}; your own settings take precedence:", *lines]


def obstacles(trainer: Trainer, module: Seq2SeqModule) -> list[str]:
    """Return a warning for each problem that limits what the run can learn."""
    data = module.data
    problems = []
    train, validation = data.size("train"), data.size("validation")
    if train < data.fewest:
        problems.append(
            f"There are only {train:,} training {data.unit}s: with fewer than {data.fewest:,} a model only memorizes "
            "them."
        )
    if validation > train:
        problems.append(
            f"The validation set ({validation:,} {data.unit}s) is larger than the training set ({train:,}): are they "
            "swapped? Otherwise move some of it to data.train."
        )
    batches = int(trainer.num_training_batches)
    if batches <= FEWEST_BATCHES:
        count = amount(batches, "batch", "batches")
        problems.append(f"An epoch has only {count}: lower {data.batch_limit[0]} to take more steps.")
    steps, warmup = float(trainer.estimated_stepping_batches), module.schedule_options.warmup_steps
    if steps <= warmup:
        problems.append(
            f"Training ends inside the warm-up: it has {amount(steps, 'step')}, and the learning rate rises for "
            f"{warmup:,}. Raise trainer.max_epochs or lower model.schedule.warmup_steps."
        )
    if (first := first_validation(trainer)) > steps:
        problems.append(
            f"Training ends before its first validation, after {amount(steps, 'step')}, so the last weights are "
            "kept instead of the best. Lower trainer.check_val_every_n_epoch or trainer.val_check_interval."
            if math.isfinite(first)
            else "trainer.limit_val_batches is 0: nothing is validated, so the last weights are kept."
        )
    return [f"Warning: {sentence}" for sentence in problems]


def first_validation(trainer: Trainer) -> float:
    """Return the number of steps before the first validation: infinite without one, 0 with a time interval."""
    if trainer.limit_val_batches == 0:
        return math.inf
    if trainer.val_check_batch is None or not math.isfinite(trainer.val_check_batch):
        return 0
    epochs = (trainer.check_val_every_n_epoch or 1) - 1
    batches, accumulate = int(trainer.num_training_batches), trainer.accumulate_grad_batches
    # Lightning also steps at the end of an epoch, with the remaining batches.
    return epochs * math.ceil(batches / accumulate) + int(trainer.val_check_batch) // accumulate


def stop_reason(trainer: Trainer, tracker: BestTracker) -> str:
    """Return a message with the reason why training ended and the best validation."""
    best = tracker.best_value
    score = "no validation" if best is None else f"{best[0].removeprefix('val_')} {rounded(best[1])}"
    where = "" if best is None else f" at step {tracker.best_step:,}"
    if tracker.is_over:
        patience = tracker.options.patience
        last = "the last validation was" if patience == 1 else f"the last {patience} validations were"
        return (
            f"Early stopping at step {trainer.global_step:,}: {last} no better than {score}{where} (stopping.patience)."
        )
    timers = [callback for callback in trainer.callbacks if isinstance(callback, Timer)]  # type: ignore[attr-defined]
    steps, epochs = trainer.max_steps, trainer.max_epochs or -1
    if 0 <= steps <= trainer.global_step:
        cause = f"trainer.max_steps ({steps:,}) is reached"
    elif 0 <= epochs <= trainer.current_epoch:
        cause = f"trainer.max_epochs ({epochs:,}) is reached"
    elif any((timer.time_remaining() or 0) <= 0 for timer in timers if timer.time_remaining() is not None):
        cause = "trainer.max_time is over"
    else:
        cause = "a callback asked for it"
    return f"Training ended at step {trainer.global_step:,}: {cause}. Best: {score}{where}."


def next_commands(task: Task, data: Seq2SeqData, folder: Path, seconds: float) -> list[str]:
    """Return lines with the training time and the commands to use the model.

    Without test files, the evaluation command scores the validation split.
    """
    place = shlex.quote(str(folder))
    split = "" if data.is_sample or data.files["test"] else " --split validation"
    commands = [f"seq2seq evaluate {place}{split}"]
    if task.decoding.reversible or not data.reader.reverse:
        commands.append(f"seq2seq {task.verb} {place}")
    return [f"Time: {clock(seconds)}. Next:", *(f"  {command}" for command in commands)]


def forgetting_commands(base: str, folder: Path) -> list[str]:
    """Return lines with the commands that measure what fine-tuning made the model forget."""
    models = [shlex.quote(str(name)) for name in (base, folder)]
    return [
        "To measure what it forgot, on a test set of the old data (--old_test FILES does so in a run):",
        *(f"  seq2seq evaluate {model} --data OLD.tsv" for model in models),
    ]
