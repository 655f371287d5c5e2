"""Writes the checkpoints of a run; a full disk or a kill never destroys the previous one.

``last.ckpt`` holds everything needed to resume. ``best.ckpt`` and the kept ``step=*.ckpt`` hold validated weights (the
moving average, if enabled). Each file is written under a temporary name, synced, and renamed over the old one.
"""

import time
from typing import Any, cast

import lightning
from lightning.pytorch import LightningModule, Trainer
from lightning.pytorch.callbacks import Checkpoint

from seq2seq.errors import WorldError
from seq2seq.files.typed_values import typed
from seq2seq.run_setup.run_folder import RunFolder
from seq2seq.run_setup.training_options import CheckpointOptions
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.loop_boundary import boundary, is_boundary
from seq2seq.runs.callbacks.weight_average import WeightAverage
from seq2seq.training.checkpoint_file import require_finite
from seq2seq.training.module import Seq2SeqModule


class RunCheckpoints(Checkpoint):
    """Writes ``last.ckpt``, ``best.ckpt`` and the weights kept for averaging.

    Args:
        folder: Folder of the run.
        options: When to write checkpoints, and how many to keep.
        tracker: Decides which weights are best.
        average: Holds the validated weights; None if averaging is off.

    It subclasses Lightning's `Checkpoint` to run after all other callbacks and see their final state.
    """

    def __init__(
        self, folder: RunFolder, options: CheckpointOptions, tracker: BestTracker, average: WeightAverage | None
    ) -> None:
        self.folder = folder
        self.options = options
        self.tracker = tracker
        self.average = average
        self.kept: list[str] = []
        self._loops: dict[str, Any] | None = None  # loop state at the last boundary
        self._is_steady = True  # False while an optimizer step or the end of a validation changes state
        self._is_saved = True
        self._saved_at = time.monotonic()

    def state_dict(self) -> dict[str, Any]:
        """Return the names of the kept weights."""
        return {"kept": list(self.kept)}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
        self.kept = typed(state_dict, {"kept": list[str]}, "The checkpoint's list of kept weights")["kept"]

    def on_save_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        """Replace the current state of Lightning's loops with the last boundary."""
        if self._loops is not None:
            checkpoint["loops"]["fit_loop"] = self._loops
            # Lightning's own count lags until the end of the epoch.
            checkpoint["epoch"] = self._loops["epoch_progress"]["current"]["completed"]

    def on_load_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        """Use the loaded boundary until the next step."""
        if trainer.state.fn == "fit":
            self._loops = checkpoint["loops"]["fit_loop"]

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Start the clock."""
        self._saved_at = time.monotonic()

    def on_before_optimizer_step(self, trainer: Trainer, pl_module: LightningModule, optimizer: object) -> None:
        """Block saving until the end of the batch, because weights and counters are out of step."""
        self._is_steady = False

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: object, batch_idx: int
    ) -> None:
        """Record the boundary, and save if a checkpoint is due."""
        if not is_boundary(trainer):
            return
        self._take(trainer, is_validated=False)
        if time.monotonic() - self._saved_at >= 60 * self.options.every_minutes:
            self.save_last(trainer)

    def on_validation_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Block saving until the end of the validation, while other callbacks update their state."""
        self._is_steady = False

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save after each validation, when early stopping and the other callbacks have processed it."""
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        self._keep(trainer, pl_module)
        if not is_boundary(trainer):
            # A checkpoint cannot hold partially accumulated gradients. The previous checkpoint remains until the next
            # boundary; resuming from it repeats this validation.
            return
        self._take(trainer, is_validated=True)
        self.save_last(trainer)

    def on_train_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Save the final state, unless a validation just did."""
        self.save_last(trainer)

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Save the last good state, unless a step is under way or the disk caused the failure."""
        if not (isinstance(exception, WorldError) and isinstance(exception.__cause__, OSError)):
            self.save_last(trainer)

    def save_last(self, trainer: Trainer) -> None:
        """Write ``last.ckpt`` in the first process if the state has changed; no process waits for another."""
        if self._is_saved or not self._is_steady or self._loops is None:
            return
        self._saved_at = time.monotonic()
        if trainer.is_global_zero:
            checkpoint = trainer._checkpoint_connector.dump_checkpoint(weights_only=False)
            require_finite(checkpoint["state_dict"], self.folder.last)
            trainer.strategy.checkpoint_io.save_checkpoint(checkpoint, self.folder.last)
        self._is_saved = True  # set last: if a signal interrupts writing, saving is tried again

    def _take(self, trainer: Trainer, is_validated: bool) -> None:
        self._loops = boundary(trainer, is_validated)
        self._is_steady, self._is_saved = True, False

    def _keep(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Write the validated weights: to ``best.ckpt`` if they are the best, and to a file kept for averaging."""
        if not trainer.is_global_zero:
            return
        checkpoint = {
            "state_dict": {**pl_module.state_dict(), **(self.average.averaged() if self.average else {})},
            "epoch": trainer.current_epoch,
            "global_step": trainer.global_step,
            "pytorch-lightning_version": lightning.__version__,
            "scores": new_scores(trainer, cast(Seq2SeqModule, pl_module), self.tracker.metric),
        }
        pl_module.on_save_checkpoint(checkpoint)
        writer = trainer.strategy.checkpoint_io
        if self.tracker.is_best:
            writer.save_checkpoint(checkpoint, self.folder.best)
        if self.options.keep:
            name = f"step={trainer.global_step:09d}.ckpt"
            writer.save_checkpoint(checkpoint, self.folder.checkpoints / name)
            self.kept = [*(old for old in self.kept if old != name), name]
            while len(self.kept) > self.options.keep:
                (self.folder.checkpoints / self.kept.pop(0)).unlink(missing_ok=True)


def new_scores(trainer: Trainer, module: Seq2SeqModule, metric: str) -> dict[str, float]:
    """Return the scores logged by the validation that just ended.

    Args:
        trainer: Its logged values may include the metric of an earlier validation.
        module: Records whether this validation decoded.
        metric: Logged name of the metric of decoded outputs.
    """
    logged = {name: float(value) for name, value in trainer.callback_metrics.items() if name.startswith("val_")}
    return {name: value for name, value in logged.items() if module.is_decoded or name != metric}
