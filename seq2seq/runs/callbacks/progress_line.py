"""Progress line: step, smoothed loss, speed, elapsed and remaining time."""

import math
import time
from collections.abc import Mapping
from datetime import timedelta
from typing import Any, cast

from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import ProgressBar

from seq2seq.batching.batch import Batch
from seq2seq.progress import StatusLine
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.loop_boundary import is_boundary
from seq2seq.runs.callbacks.run_checkpoints import new_scores
from seq2seq.training.module import Seq2SeqModule

SMOOTHING = 0.95
"""Weight of earlier steps in the smoothed loss."""
LOG_GROWTH = 1.5
"""In a log, the time between two lines grows by this factor, which limits a long run to a few dozen lines."""


class ProgressLine(ProgressBar):
    """A line on stderr, updated in place on a terminal and repeated in a log. Each validation gets a line of its own.

    Args:
        tracker: Records whether the last validation was the best.
        terminal_seconds: Time between two updates on a terminal.
        log_seconds: Initial time between two lines in a log.
    """

    def __init__(self, tracker: BestTracker, terminal_seconds: float = 0.5, log_seconds: float = 30.0) -> None:
        super().__init__()
        self.tracker = tracker
        self.line = StatusLine()
        self.seconds = terminal_seconds if self.line.is_terminal else log_seconds
        self.tokens = 0
        self._loss = self._weight = 0.0  # moving average and the sum of its weights
        self._begin = self._written = self._since = 0.0
        self._first_step = 0
        self._pause = 0.0

    def disable(self) -> None:
        """Disable the line; Lightning calls this on all ranks but the first."""
        self.line.is_enabled = False

    def enable(self) -> None:
        """Enable the line again."""
        self.line.is_enabled = True

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Start the clocks."""
        self._begin = self._written = self._since = time.monotonic()
        self._first_step = trainer.global_step

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Write the line if it is due."""
        losses = cast(Mapping[str, Any], outputs)
        loss = float(losses["nll"]) / max(1, int(losses["tokens"]))
        self._loss = SMOOTHING * self._loss + (1 - SMOOTHING) * loss
        self._weight = SMOOTHING * self._weight + (1 - SMOOTHING)
        if not is_boundary(trainer):
            return
        self.tokens += batch.step_tokens
        now = time.monotonic()
        if not self.line.is_enabled or now - self._written < self.seconds:
            return
        speed = self.tokens / max(1e-9, now - self._since - self._pause)
        rate = trainer.optimizers[0].param_groups[0]["lr"]
        elapsed = now - self._begin
        left = remaining(trainer, elapsed, self._first_step)
        self.line.write(
            self._place(trainer),
            f"loss {self._loss / self._weight:.3f}",
            f"{clock(elapsed)} elapsed",
            f"{clock(left)} left" if math.isfinite(left) else "",
            f"{speed:,.0f} tokens/s",
            f"rate {rate:.2e}",
        )
        self.tokens, self._since, self._pause, self._written = 0, now, 0.0, now
        if not self.line.is_terminal:
            self.seconds *= LOG_GROWTH

    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Pause the training clock."""
        self._validation_begin = time.monotonic()

    def on_validation_batch_end(
        self,
        trainer: Trainer,
        pl_module: LightningModule,
        outputs: object,
        batch: Batch,
        batch_idx: int,
        dataloader_idx: int = 0,
    ) -> None:
        """Show the progress of the validation, on a terminal."""
        if self.line.is_enabled and self.line.is_terminal and time.monotonic() - self._written >= self.seconds:
            self._written = time.monotonic()
            self.line.write(self._place(trainer), f"validating {batch_idx + 1}/{int(self.total_val_batches)}")

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the validation scores on a line of their own."""
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        seconds = time.monotonic() - self._validation_begin
        self._pause += seconds
        if not self.line.is_enabled:
            return
        values = new_scores(trainer, cast(Seq2SeqModule, pl_module), self.tracker.metric)
        scores = [f"{name.removeprefix('val_')} {rounded(value)}" for name, value in values.items()]
        best = "best so far" if self.tracker.is_best else ""
        self.line.write(self._place(trainer), f"validation ({seconds:.1f} s): {'  '.join(scores)}", best, stays=True)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """End the line, so later output starts on a new one."""
        self.line.end()

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """End the line, because the terminal's ``^C`` may follow it."""
        self.line.end()

    def _place(self, trainer: Trainer) -> str:
        epochs = f"/{trainer.max_epochs}" if trainer.max_epochs and trainer.max_epochs > 0 else ""
        steps = float(trainer.estimated_stepping_batches)
        of = f"/{steps:,.0f}" if math.isfinite(steps) else ""
        return f"epoch {trainer.current_epoch + 1}{epochs}  step {trainer.global_step:,}{of}"


def clock(seconds: float) -> str:
    """Return a time as hours, minutes and seconds."""
    return str(timedelta(seconds=round(seconds)))


def rounded(value: float) -> str:
    """Format a loss or a score with four significant digits and at most four decimals."""
    return f"{value:.4g}" if abs(value) >= 0.1 else f"{value:.4f}"


def remaining(trainer: Trainer, seconds: float, first_step: int) -> float:
    """Return the estimated seconds to the run's last step; infinite if there is no last step.

    Args:
        trainer: Holds the current and the total number of steps.
        seconds: Time since training began in this process, including validations.
        first_step: Number of steps done before this process.
    """
    done = trainer.global_step - first_step
    left = float(trainer.estimated_stepping_batches) - trainer.global_step
    return math.inf if done == 0 or not math.isfinite(left) else max(0.0, left) * seconds / done
