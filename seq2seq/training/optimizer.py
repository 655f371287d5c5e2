"""Optimizer with weight decay, and learning-rate schedule."""

import math
from collections.abc import Callable
from typing import Any

from torch import Tensor, nn
from torch.optim import SGD, Adam, AdamW, Optimizer
from torch.optim.lr_scheduler import LRScheduler

from seq2seq.files.typed_values import typed
from seq2seq.run_setup.training_options import OptimizerOptions, ScheduleOptions

Groups = list[dict[str, Any]]


def _adam(kind: type[Adam]) -> Callable[[Groups, OptimizerOptions, bool], Optimizer]:
    def create(groups: Groups, options: OptimizerOptions, fused: bool) -> Optimizer:
        betas = (options.beta1, options.beta2)
        return kind(groups, lr=options.learning_rate, betas=betas, eps=options.epsilon, fused=fused)

    return create


def _sgd(groups: Groups, options: OptimizerOptions, fused: bool) -> Optimizer:
    return SGD(groups, lr=options.learning_rate, fused=fused)


OPTIMIZERS: dict[str, Callable[[Groups, OptimizerOptions, bool], Optimizer]] = {
    "adam": _adam(Adam),
    "adamw": _adam(AdamW),
    "sgd": _sgd,
}


def optimizer_for(network: nn.Module, options: OptimizerOptions, fused: bool) -> Optimizer:
    """Create the optimizer; weight decay applies to matrices other than embeddings.

    Args:
        network: Network to train.
        options: Optimizer, learning rate and decay.
        fused: Whether to use the fused kernel, which fp16 with gradient clipping does not support.
    """
    embeddings = {
        id(parameter)
        for module in network.modules()
        if isinstance(module, nn.Embedding) or "Embedding" in type(module).__name__
        for parameter in module.parameters(recurse=False)
    }
    decayed: list[nn.Parameter] = []
    plain: list[nn.Parameter] = []
    for parameter in network.parameters():
        if parameter.requires_grad:
            (plain if parameter.ndim < 2 or id(parameter) in embeddings else decayed).append(parameter)
    groups = [
        {"params": decayed, "weight_decay": options.weight_decay},
        {"params": plain, "weight_decay": 0.0},
    ]
    return OPTIMIZERS[options.name]([group for group in groups if group["params"]], options, fused)


class Schedule(LRScheduler):
    """Learning-rate schedule: linear warm-up, then the chosen curve."""

    def __init__(self, optimizer: Optimizer, options: ScheduleOptions) -> None:
        self.options = options
        self.total_steps: float = options.total_steps or math.inf
        self.drop = 1.0  # factor applied by 'plateau' so far
        self.best = math.inf
        self.waited = 0
        super().__init__(optimizer)
        self._settings = [{key: group[key] for key in group if key != "params"} for group in optimizer.param_groups]

    def share(self, step: int) -> float:
        """Return the factor of the learning rate at an optimizer step (counted from 0), before drops by 'plateau'."""
        warmup = self.options.warmup_steps
        if step < warmup:
            return (step + 1) / warmup
        if self.options.name == "inverse_sqrt" and warmup > 0:
            return math.sqrt(warmup / (step + 1))
        if self.options.name == "inverse_sqrt":
            return 1 / math.sqrt(step + 1)
        if self.options.name == "cosine" and math.isfinite(self.total_steps):
            progress = min(1.0, (step - warmup) / max(1.0, self.total_steps - warmup))
            minimum = self.options.minimum
            return minimum + (1 - minimum) * 0.5 * (1 + math.cos(math.pi * progress))
        return 1.0

    def get_lr(self) -> list[float | Tensor]:
        """Return the learning rate of each parameter group."""
        share = self.share(self.last_epoch) * self.drop
        return [float(base) * share for base in self.base_lrs]

    def begin(self, total_steps: float) -> None:
        """Set the length of the run for a 'cosine' schedule without `total_steps`. Call this before the first step.

        Args:
            total_steps: Optimizer steps of the whole run, including those before resuming.
        """
        self.total_steps = self.options.total_steps or total_steps
        self._apply()

    def observe(self, loss: float) -> None:
        """Pass a validation loss to 'plateau', which lowers the rate when patience is exhausted."""
        if self.options.name != "plateau":
            return
        if loss < self.best:
            self.best, self.waited = loss, 0
            return
        self.waited += 1
        if self.waited > self.options.patience:
            self.waited = 0
            self.drop = max(self.options.minimum, self.drop * self.options.factor)
            self._apply()

    def state_dict(self) -> dict[str, Any]:
        """Return plain numbers, so checkpoints load with ``weights_only=True``."""
        return {
            "last_epoch": self.last_epoch,
            "drop": self.drop,
            "best": self.best,
            "waited": self.waited,
        }

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`.

        Rates, betas and decays are reset to this run's options, because a checkpoint must not silently override the
        command line. (The optimizer's own state, loaded before, contains the old values.)
        """
        kinds = {"last_epoch": int, "drop": float, "best": float, "waited": int}
        for name, value in typed(state_dict, kinds, "The checkpoint's learning rate schedule").items():
            setattr(self, name, value)
        for group, settings in zip(self.optimizer.param_groups, self._settings, strict=True):
            group.update(settings)
        self._apply()

    def _apply(self) -> None:
        for group, rate in zip(self.optimizer.param_groups, self.get_lr(), strict=True):
            group["lr"] = rate
