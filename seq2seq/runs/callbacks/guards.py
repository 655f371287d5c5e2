"""Training callbacks: reseeding, weight averaging, model selection and early stopping, NaN guard, signals.

Every callback changes its state at boundaries only (see `resume`): after an optimizer step or after a validation.
"""

import hashlib
import json
import math
import random
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar, cast

import numpy as np
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from seq2seq.batching.batch import Batch
from seq2seq.errors import WorldError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.files.typed_values import Fields, typed
from seq2seq.interruption import Watch
from seq2seq.network.state import State
from seq2seq.runs.callbacks.divergence import is_far
from seq2seq.runs.callbacks.loop_boundary import is_boundary
from seq2seq.training.checkpoint_file import require_weights, tensors
from seq2seq.training.optimizer import Schedule
from seq2seq.training.options import StoppingOptions

if TYPE_CHECKING:
    from seq2seq.training.module import Seq2SeqModule


CARRIED = ("hidden", "cell", "feed", "attention", "read", "gate")
"""The tensors of a decoder's state."""
FLOOR = 0.1
"""Scores up to this (of 100) count as 0: smoothed BLEU gives such values to outputs without a match."""


class Reseed(Callback):
    """Reseeds torch, numpy and Python before every batch, from the seed, the batch's number and the rank.

    So dropout is a function of these three, and checkpoints need no generator state: random numbers drawn earlier (by
    validation or a user callback) do not affect the next batch.

    Args:
        seed: The run's seed.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Seed for this batch."""
        name = f"{self.seed} {trainer.fit_loop.total_batch_idx} {trainer.global_rank}"
        seed = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")
        # Not torch.manual_seed: it queues a call, with its traceback, for every device type that is not initialized,
        # which leaks memory.
        torch.default_generator.manual_seed(seed)
        if pl_module.device.type != "cpu":
            getattr(torch, pl_module.device.type).manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed)
        # Lightning's loggers take their x axis from this; its own count is off by one after resuming.
        trainer.fit_loop.epoch_loop._batches_that_stepped = trainer.global_step


class WeightAverage(Callback):
    """Keeps an exponential moving average of the weights, and validates with it (Polyak and Juditsky 1992).

    The decay warms up as min(decay, (1 + n) / (10 + n)), so that the first, random weights are forgotten.

    Args:
        decay: Share of the old average that stays at each optimizer step.
    """

    def __init__(self, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.average: list[Tensor] = []  # in the order of the module's parameters
        self.names: list[list[str]] = []  # of each; tied weights have several
        self._trained: list[Tensor] = []  # the trained weights, while a validation uses the average
        self._loaded: dict[str, Tensor] = {}

    def state_dict(self) -> dict[str, Any]:
        """Return the average by the names of the module's state."""
        return {"updates": self.updates, "average": self.averaged()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        place = "The checkpoint's moving average"
        self.updates = typed(state_dict, {"updates": int}, place)["updates"]
        self._loaded = tensors(state_dict.get("average"), place)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Start from the current weights, or from the checkpoint's average."""
        state = pl_module.state_dict(keep_vars=True)
        parameters = list(pl_module.parameters())
        self.names = [[name for name, value in state.items() if value is parameter] for parameter in parameters]
        self.average = [parameter.detach().clone() for parameter in parameters]
        for names, average in zip(self.names, self.average, strict=True):
            if names[0] in self._loaded:
                require_weights({names[0]: self._loaded[names[0]]}, {names[0]: average}, "The checkpoint's average")
                average.copy_(self._loaded[names[0]])
        self._loaded = {}

    @torch.no_grad()
    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Move the average towards the new weights."""
        if is_boundary(trainer):
            torch._foreach_lerp_(self.average, list(pl_module.parameters()), self.share())
            self.updates += 1

    def share(self) -> float:
        """Return the weight of the current step's weights in the average."""
        return 1 - min(self.decay, (1 + self.updates) / (10 + self.updates))

    @torch.no_grad()
    def on_validation_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Swap in the averaged weights."""
        if trainer.state.fn == "fit" and self.average:
            parameters: list[Tensor] = list(pl_module.parameters())
            self._trained = [parameter.clone() for parameter in parameters]
            torch._foreach_copy_(parameters, self.average)

    @torch.no_grad()
    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Put the trained weights back."""
        if self._trained:
            torch._foreach_copy_(list(pl_module.parameters()), self._trained)
            self._trained = []

    def on_exception(self, trainer: Trainer, pl_module: LightningModule, exception: BaseException) -> None:
        """Restore the trained weights if a validation was interrupted, before anything is saved."""
        WeightAverage.on_validation_end(self, trainer, pl_module)

    def averaged(self) -> dict[str, Tensor]:
        """Return the averages by the names of the module's state; tied weights stay tied."""
        return {name: one for names, one in zip(self.names, self.average, strict=True) for name in names}


class TriggeredAverage(WeightAverage):
    """Averages the weights of all steps after the first validation without improvement (NT-ASGD).

    Merity et al. 2018, algorithm 1, whose n is `after` - 1: until then the average equals the current weights. A tie
    also triggers it.

    Args:
        after: A validation is compared with the best loss from at least this many validations earlier.
    """

    def __init__(self, after: int) -> None:
        super().__init__(0.0)
        self.after = after
        self.losses: list[float] = []
        self.is_triggered = False

    @property
    def state_key(self) -> str:
        """The average's name in a checkpoint, whatever its kind."""
        return WeightAverage.__qualname__

    def state_dict(self) -> dict[str, Any]:
        """Return the average, and the state that decides when it begins."""
        return {**super().state_dict(), "losses": list(self.losses), "is_triggered": self.is_triggered}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        super().load_state_dict(state_dict)
        kinds = {"losses": list[float], "is_triggered": bool}
        found = typed(state_dict, kinds, "The checkpoint's moving average")
        self.losses, self.is_triggered = list(found["losses"]), found["is_triggered"]

    def share(self) -> float:
        """Return 1 before the trigger, then the weight of a running mean."""
        return 1 / (self.updates + 1) if self.is_triggered else 1.0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Put the trained weights back, and see whether averaging begins."""
        super().on_validation_end(trainer, pl_module)
        if trainer.state.fn == "fit" and not trainer.sanity_checking:
            self.judge(float(trainer.callback_metrics["val_loss"]))

    def judge(self, loss: float) -> None:
        """Start averaging if the loss is no better than the best loss `after` or more validations ago."""
        earlier = self.losses[: len(self.losses) - self.after + 1] if len(self.losses) >= self.after else []
        if not self.is_triggered and earlier and loss >= min(earlier):
            self.is_triggered, self.updates = True, 0
        self.losses.append(loss)


class CarriedState(Callback):
    """Keeps the state that the decoder carries from one window of running text to the next, for resuming.

    A checkpoint needs the state after the last optimizer step; it cannot be recomputed, because the weights have
    changed since. Only rank 0's state is kept; after resuming, the other ranks finish the epoch from an empty state.
    """

    def __init__(self) -> None:
        self._kept: State | None = None
        self._loaded: State | None = None

    def state_dict(self) -> dict[str, Any]:
        """Return the state's tensors by name."""
        return {} if self._kept is None else {name: getattr(self._kept, name) for name in CARRIED}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned."""
        found = tensors(state_dict, "The checkpoint's carried state")
        self._kept = self._loaded = None
        if found.keys() >= set(CARRIED):
            hidden, cell, feed, attention, read, gate = (found[name] for name in CARRIED)
            self._kept = self._loaded = State(hidden, cell, feed, attention, read, gate)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Hand the state of a checkpoint to the module."""
        if self._loaded is not None and trainer.is_global_zero:
            loaded = self._loaded.mapped(lambda tensor: tensor.to(pl_module.device))
            cast("Seq2SeqModule", pl_module).carried["train"] = loaded
        self._loaded = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Record the state at a boundary."""
        if is_boundary(trainer):
            self._kept = cast("Seq2SeqModule", pl_module).carried["train"]


class Steering(Callback):
    """Acts on validation results: keeps the best weights, lowers the learning rate, stops early.

    A score that is still 0 means little while the loss falls, so such validations do not count against patience.

    Args:
        options: The monitored score, and the patience.
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
    """State kept in checkpoints."""

    def __init__(self, options: StoppingOptions, metric: str, higher_is_better: bool) -> None:
        self.options = options
        self.metric = metric
        self.sign = 1.0 if higher_is_better else -1.0
        self.is_best = False
        self.validations = 0
        self.waited = 0
        self.best = (-math.inf, -math.inf)  # as judged: larger is better; the second breaks ties
        self.best_step = 0
        self.lowest_loss = math.inf
        self.reference = -math.inf  # the value that patience compares with
        self.is_over = False

    def state_dict(self) -> dict[str, Any]:
        """Return the state that later decisions depend on."""
        return {name: getattr(self, name) for name in self.KINDS}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore what `state_dict` returned; with more patience, a run that was stopped early may continue."""
        place = "The checkpoint's early stopping"
        stored = {**self.state_dict(), **Fields(state_dict, place).values}  # older checkpoints lack some of these
        for name, value in typed(stored, self.KINDS, place).items():
            setattr(self, name, value)
        self.best = (self.best[0], self.best[1])
        self.is_over = self.is_over and 0 < self.options.patience <= self.waited

    @property
    def best_value(self) -> tuple[str, float] | None:
        """Name and value of the best validation so far; None if no validation counted yet."""
        if self.best[0] == -math.inf:
            return None
        return ("loss", -self.best[0]) if self.options.monitor == "loss" else (self.metric, self.sign * self.best[0])

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Do not restart a run that was stopped early."""
        trainer.should_stop = trainer.should_stop or self.is_over

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Judge the validation that just ended."""
        if trainer.state.fn != "fit" or trainer.sanity_checking:
            return
        loss = float(trainer.callback_metrics["val_loss"])
        module = cast("Seq2SeqModule", pl_module)
        # Lightning keeps the metric of an earlier validation: use it only if this validation decoded.
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
            loss: The validation's loss.
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
        """Return whether no score has risen noticeably above 0 yet."""
        return self.options.monitor == "metric" and self.sign > 0 and self.reference <= FLOOR


class NaNGuard(Callback):
    """Stops training on a NaN or infinite loss, before it reaches the weights, and saves the batch.

    Args:
        folder: Where to save the batch.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._batch: Batch | None = None

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Remember the batch."""
        self._batch = batch

    def on_before_backward(self, trainer: Trainer, pl_module: LightningModule, loss: Tensor) -> None:
        """Check the loss.

        Raises:
            WorldError: If it is NaN or infinite; names the files with the batch.
        """
        if math.isfinite(loss.item()):
            return
        batch = self._batch
        assert batch is not None
        stem = self.folder / f"bad-batch-step-{trainer.global_step}-rank-{trainer.global_rank}"
        tensors = {name: value.cpu() for name, value in vars(batch).items() if isinstance(value, Tensor)}
        texts = cast("Seq2SeqModule", pl_module).data.described(batch)
        content = (json.dumps(texts, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        write_atomically(stem.with_suffix(".pt"), lambda file: torch.save(tensors, file))
        write_atomically(stem.with_suffix(".json"), lambda file: file.write(content))
        raise WorldError(
            f"The loss became {loss.item()} in step {trainer.global_step + 1}. The batch is saved as {stem}.pt and "
            f"{stem}.json. Lower model.optimizer.learning_rate or trainer.gradient_clip_val, and continue with "
            "--resume."
        )


class Signals(Callback):
    """Turns SIGTERM, SIGHUP and Ctrl-C into an orderly end: at the next batch training stops, and is saved.

    A second signal stops immediately and saves the previous step. (Lightning restores the handlers.)

    Args:
        watch: Receives the signals.
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Stop before training begins if a signal was lost on the way here."""
        self.watch.check()

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Start waiting for the end of a batch; take back the handlers that Lightning has replaced."""
        self.watch.check()
        self.watch.install()
        self.watch.is_deferred = True

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Stop between batches."""
        self.watch.check()

    def on_validation_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int, dataloader_idx: int = 0
    ) -> None:
        """Stop between the batches of a validation."""
        self.watch.check()
