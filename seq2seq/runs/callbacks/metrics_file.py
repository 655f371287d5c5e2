"""Writes the learning curves of a run to a CSV file, which a resumed run continues seamlessly."""

import math
import os
import sys
import time
from pathlib import Path
from typing import Any, cast

import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch
from seq2seq.errors import WorldError
from seq2seq.files.atomic_folders import sync
from seq2seq.files.typed_values import typed
from seq2seq.runs.callbacks.loop_boundary import StepLoss
from seq2seq.training.module import Seq2SeqModule


class MetricsFile(Callback):
    """Writes ``metrics.csv``: the training loss every `trainer.log_every_n_steps` steps, and all validation results.

    Losses are means over target tokens in nats, without label smoothing. Training losses cover the steps since the
    previous line, on rank 0. Resuming removes the lines written after the checkpoint; if the file is shorter than the
    checkpoint recorded, all of it is kept. The file is flushed to disk before each checkpoint.

    Args:
        path: Path of the file.
        metric: Name of the logged metric, such as 'val_bleu'.
        every: Number of optimizer steps between two lines.
    """

    def __init__(self, path: Path, metric: str, every: int) -> None:
        self.path = path
        self.metric = metric
        self.every = every
        self.size = 0
        self.loss = 0.0  # nats since the last line
        self.tokens = 0
        self.seconds = 0.0  # duration of earlier parts of a resumed run
        self._losses = StepLoss()
        self._started = time.monotonic()
        self._step_tokens, self._since, self._pause = 0, time.monotonic(), 0.0

    @property
    def columns(self) -> list[str]:
        """Column names."""
        metric = self.metric.removeprefix("val_")
        return ["step", "epoch", "split", "loss", "perplexity", metric, "learning_rate", "tokens_per_second", "seconds"]

    def state_dict(self) -> dict[str, Any]:
        """Return the size of the file and the sums since its last line."""
        return {"size": self.size, "loss": self.loss, "tokens": self.tokens, "seconds": self._elapsed()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
        kinds = {"size": int, "loss": float, "tokens": int, "seconds": float}
        for name, value in typed(state_dict, kinds, "The checkpoint's note of metrics.csv").items():
            setattr(self, name, value)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Truncate the file to the size in the checkpoint, or create it."""
        self._started = self._since = time.monotonic()
        if not trainer.is_global_zero:
            return
        content = self.path.read_bytes()[: self.size] if self.size and self.path.is_file() else b""
        if len(content) < self.size:
            print(
                f"{self.path} is shorter than the checkpoint says: its lines are kept, but some are missing.",
                file=sys.stderr,
            )
        whole = content[: content.rfind(b"\n") + 1]  # the last line may be incomplete
        if whole:
            os.truncate(self.path, len(whole))
        else:
            self.path.unlink(missing_ok=True)
            self._append(self.columns)
            sync(self.path.parent)

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        """Flush the file to disk."""
        if trainer.is_global_zero and self.path.is_file():
            sync(self.path)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Add the batch to the sums, and write a line if it is due."""
        step = self._losses.add(trainer, outputs)
        if step is None:
            return
        self.loss += step[0]
        self.tokens += step[1]
        self._step_tokens += batch.step_tokens
        if trainer.global_step % self.every != 0:
            return
        now = time.monotonic()
        speed = self._step_tokens / max(1e-9, now - self._since - self._pause)
        loss = self.loss / max(1, self.tokens)
        self.loss, self.tokens = 0.0, 0
        self._step_tokens, self._since, self._pause = 0, now, 0.0
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        values = {"train_loss": loss, "learning_rate": rate, "tokens_per_second": speed}
        trainer.callback_metrics.update({name: torch.tensor(value) for name, value in values.items()})
        for logger in trainer.loggers:
            logger.log_metrics(values, step=trainer.global_step)
        self._line(trainer, "train", loss, None, speed)

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Pause the training clock."""
        self._validation_started = time.monotonic()

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write a line for the validation."""
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        self._pause += time.monotonic() - self._validation_started
        is_decoded = cast(Seq2SeqModule, pl_module).is_decoded
        metric = float(trainer.callback_metrics[self.metric]) if is_decoded else None
        self._line(trainer, "validation", float(trainer.callback_metrics["val_loss"]), metric, None)

    def _line(self, trainer: Trainer, split: str, loss: float, metric: float | None, speed: float | None) -> None:
        if not trainer.is_global_zero:
            return
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        perplexity = math.exp(min(loss, 700.0))
        cells = [trainer.global_step, trainer.current_epoch + 1, split, repr(loss), f"{perplexity:.6g}"]
        cells += ["" if metric is None else repr(metric), repr(rate), "" if speed is None else f"{speed:.0f}"]
        self._append([*cells, f"{self._elapsed():.1f}"])

    def _append(self, cells: list[Any]) -> None:
        try:
            with self.path.open("a", encoding="utf-8") as file:
                file.write(",".join(map(str, cells)) + "\n")
            self.size = self.path.stat().st_size
        except OSError as fault:
            raise WorldError(f"{self.path} could not be written: {fault.strerror}.") from fault

    def _elapsed(self) -> float:
        return self.seconds + time.monotonic() - self._started
