"""Model selection and early stopping."""

import math
from typing import Any, ClassVar, cast

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.files.typed_values import Fields, typed
from seq2seq.run_setup.training_options import StoppingOptions
from seq2seq.runs.callbacks.divergence import is_far
from seq2seq.training.module import Seq2SeqModule
from seq2seq.training.optimizer import Schedule

FLOOR = 0.1
"""Scores up to this (on a scale of 0 to 100) count as 0, because smoothed BLEU is above 0 even without a match."""


class BestTracker(Callback):
    """Acts on validation results: keeps the best weights, lowers the learning rate, stops early.

    While the score is still 0 and the loss falls, validations do not count against patience.

    Args:
        options: Monitored score and patience.
        metric: Name of the logged metric, such as 'val_bleu'.
        higher_is_better: Whether larger values of the metric are better.
    """

    KINDS: ClassVar[dict[str, Any]] = {
        "is_best": bool,
        "validations": int,
        "waited": int,
        "best": tuple[float, float],
        "best_step": int,
        "lowest_loss": float,
        "reference": float,
        "is_over": bool,
    }
    """State saved in checkpoints."""

    def __init__(self, options: StoppingOptions, metric: str, higher_is_better: bool) -> None:
        self.options = options
        self.metric = metric
        self.sign = 1.0 if higher_is_better else -1.0
        self.is_best = False
        self.validations = 0
        self.waited = 0
        self.best = (-math.inf, -math.inf)  # (score, -loss), larger is better; the loss breaks ties
        self.best_step = 0
        self.lowest_loss = math.inf
        self.reference = -math.inf  # value that patience compares with
        self.is_over = False

    def state_dict(self) -> dict[str, Any]:
        """Return the state that later decisions depend on."""
        return {name: getattr(self, name) for name in self.KINDS}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`; with more patience, a run that was stopped early may continue."""
        place = "The checkpoint's early stopping"
        stored = {**self.state_dict(), **Fields(state_dict, place).values}  # older checkpoints lack some keys
        for name, value in typed(stored, self.KINDS, place).items():
            setattr(self, name, value)
        self.best = (self.best[0], self.best[1])
        self.is_over = self.is_over and 0 < self.options.patience <= self.waited

    @property
    def state_key(self) -> str:
        """Key in checkpoints, kept from earlier versions."""
        return "Steering"

    @property
    def best_value(self) -> tuple[str, float] | None:
        """Name and value of the best validation so far; None if no validation has counted yet."""
        if self.best[0] == -math.inf:
            return None
        return ("loss", -self.best[0]) if self.options.monitor == "loss" else (self.metric, self.sign * self.best[0])

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Do not continue a run that was stopped early."""
        trainer.should_stop = trainer.should_stop or self.is_over

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Act on the validation that just ended."""
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        loss = float(trainer.callback_metrics["val_loss"])
        module = cast(Seq2SeqModule, pl_module)
        # Lightning keeps the metric of earlier validations: use it only if this validation decoded.
        metric = float(trainer.callback_metrics[self.metric]) if module.is_decoded else None
        if is_far(loss, module.uniform_loss):
            self.is_best = False
        else:
            self.judge(loss, metric)
        if self.is_best:
            self.best_step = trainer.global_step
        for config in trainer.lr_scheduler_configs:
            if isinstance(config.scheduler, Schedule):
                config.scheduler.observe(loss)
        if self.is_over:
            trainer.should_stop = True

    def judge(self, loss: float, metric: float | None) -> None:
        """Set `is_best` and `is_over`.

        Args:
            loss: Validation loss.
            metric: The task's first metric; None if this validation did not decode.
        """
        self.is_best = False
        is_learning = loss < self.lowest_loss
        self.lowest_loss = min(self.lowest_loss, loss)
        if self.options.monitor == "loss":
            value = -loss
        elif metric is None:
            return
        else:
            value = self.sign * metric
        self.validations += 1
        if (value, -loss) > self.best:
            self.best, self.is_best = (value, -loss), True
        if self.validations <= self.options.start_after:
            return
        if value > self.reference + self.options.min_delta:
            self.reference, self.waited = value, 0
        elif not (is_learning and self._is_at_floor()):
            self.waited += 1
        self.is_over = 0 < self.options.patience <= self.waited

    def _is_at_floor(self) -> bool:
        """Return whether no score has been noticeably above 0 yet."""
        return self.options.monitor == "metric" and self.sign > 0 and self.reference <= FLOOR
