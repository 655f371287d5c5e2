"""Training runs for tests, in this process or another one, and comparing two of them."""

import csv
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch
from tests import forked
from tests.seq2seq.reversing import install

# Everything that is random or half done: subword sampling, dropout, scheduled sampling, coverage that begins late,
# accumulation (with validations in the middle of it), moving average, early stopping.
EVERYTHING = [
    *("--trainer.max_epochs", "3"),
    *("--trainer.accumulate_grad_batches", "2"),
    *("--trainer.val_check_interval", "0.5"),
    *("--data.batches.sampling_alpha", "0.1"),
    *("--model.optimizer.ema_decay", "0.9"),
    *("--model.network.dropout", "0.3"),
    *("--model.schedule.name", "plateau"),
    *("--model.scheduled_sampling.probability", "0.3"),
    *("--model.scheduled_sampling.ramp_steps", "8"),
    *("--model.network.copying", "true"),
    *("--model.network.coverage", "true"),
    *("--model.coverage.score_start_step", "3"),
    *("--model.coverage.loss_weight", "0.5"),
    *("--model.coverage.loss_start_step", "2"),
    *("--model.rdrop_weight", "1"),
    *("--stopping.patience", "50"),
]


class Accident(Callback):
    """Sends this process a signal before a training batch or in a validation, or raises an error there.

    Args:
        batch: Number of the training batch over all epochs; -1 never.
        validation: Number of the validation; -1 never.
        validation_batch: The batch of that validation.
        signal: The signal; 0 raises a RuntimeError.
    """

    def __init__(self, batch: int = -1, validation: int = -1, validation_batch: int = 0, signal: int = 9) -> None:
        self.batch, self.validation, self.validation_batch, self.signal = batch, validation, validation_batch, signal
        self.validations = 0

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int) -> None:
        """Perhaps have the accident."""
        if trainer.fit_loop.total_batch_idx == self.batch:
            self._happen()

    def on_validation_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int, dataloader_idx: int = 0
    ) -> None:
        """Perhaps have the accident."""
        if (self.validations, batch_idx) == (self.validation, self.validation_batch):
            self._happen()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Count."""
        self.validations += 1

    def _happen(self) -> None:
        if not self.signal:
            raise RuntimeError("an accident")
        os.kill(os.getpid(), self.signal)


class Gradients(Callback):
    """Writes the weights before the first step, its gradients, and the batches that this process gave to it."""

    def __init__(self) -> None:
        self.batches: list[Batch] = []

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Collect."""
        self.batches.append(batch)

    def on_before_optimizer_step(self, trainer: Trainer, pl_module: LightningModule, optimizer: object) -> None:
        """Write."""
        if trainer.global_step == 0:
            content = {
                "weights": pl_module.state_dict(),
                "gradients": {name: one.grad for name, one in pl_module.named_parameters()},
                "batches": [vars(batch) for batch in self.batches],
            }
            torch.save(content, f"gradients-{trainer.global_rank}.pt")


def accident(**when: int) -> list[str]:
    """Return the options that bring an accident about; `--trainer.callbacks null` takes it away."""
    arguments = ["--trainer.callbacks+=tests.seq2seq.trained.Accident"]
    for name, value in when.items():
        arguments += [f"--trainer.callbacks.{name}", str(value)]
    return arguments


def environment(folder: Path) -> dict[str, str]:
    """Return the environment of a process that has the plugin and a cache of its own."""
    root = Path(__file__).parents[2]
    paths = [str(install(folder / "plugin")), str(root), str(root / "tasks")]
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join(paths),
        "XDG_CACHE_HOME": str(folder / "cache"),
        "OMP_NUM_THREADS": "1",
    }


def launch(
    folder: Path, *arguments: str, tool: tuple[str, ...] = ("-m", "seq2seq.cli")
) -> subprocess.CompletedProcess[str]:
    """Run a program in a process of its own: the command, or another tool."""
    return subprocess.run(
        [sys.executable, *tool, *arguments],
        env=environment(folder),
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=300,
        check=False,
    )


def fork(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run the command in a fork of this process, which has imported Lightning already."""
    return forked.launch(folder, environment(folder), lambda: forked.command(list(arguments)))


def settle(folder: Path, patch: pytest.MonkeyPatch) -> Path:
    """Make a folder the place to work in, with the plugin installed and a cache of its own."""
    patch.syspath_prepend(str(install(folder / "plugin")))
    patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
    patch.delenv("SEQ2SEQ_RUN_DIR", raising=False)
    patch.chdir(folder)
    return folder


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty working folder in which the plugin is installed."""
    return settle(tmp_path, monkeypatch)


def differences(one: Path, two: Path) -> list[str]:
    """Return where the last checkpoints and the learning curves of two runs differ, apart from clocks."""
    found: list[str] = []
    _compare(load(one), load(two), "", found)
    if curves(one) != curves(two):
        found.append("metrics.csv")
    return found


def load(run: Path, name: str = "last") -> dict[str, Any]:
    """Return a checkpoint of a run."""
    checkpoint: dict[str, Any] = torch.load(run / "checkpoints" / f"{name}.ckpt", weights_only=True)
    return checkpoint


def curves(run: Path) -> list[tuple[str, ...]]:
    """Return the learning curves without the columns of time."""
    with (run / "metrics.csv").open(encoding="utf-8") as file:
        return [tuple(row[name] for name in list(row)[:7]) for row in csv.DictReader(file)]


def _compare(one: Any, two: Any, place: str, found: list[str]) -> None:  # noqa: ANN401 - whatever checkpoints hold
    if isinstance(one, dict) and isinstance(two, dict):
        for key in sorted(one.keys() | two.keys(), key=str):
            _compare(one.get(key), two.get(key), f"{place}.{key}", found)
    elif isinstance(one, list | tuple) and isinstance(two, list | tuple) and len(one) == len(two):
        for number, (first, second) in enumerate(zip(one, two, strict=True)):
            _compare(first, second, f"{place}.{number}", found)
    elif isinstance(one, torch.Tensor) and isinstance(two, torch.Tensor):
        if not torch.equal(one, two):
            found.append(place)
    # The file's size and the seconds depend on clocks; the loader's own state is behind at the start of an epoch.
    elif one != two and not place.startswith((".callbacks.MetricsFile", ".loops.fit_loop.state_dict")):
        found.append(f"{place}: {one} {two}")
