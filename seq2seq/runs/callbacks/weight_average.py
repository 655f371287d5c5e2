"""Averages of the weights over training steps, used for validation and saved as the model."""

from typing import Any

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from seq2seq.batching.batch import Batch
from seq2seq.files.typed_values import typed
from seq2seq.runs.callbacks.loop_boundary import is_boundary
from seq2seq.training.identity import require_weights, tensors


class WeightAverage(Callback):
    """Keeps an exponential moving average of the weights, and validates with it (Polyak and Juditsky 1992).

    The decay warms up as min(decay, (1 + n) / (10 + n)), so the initial random weights are forgotten quickly.

    Args:
        decay: Fraction of the old average kept at each optimizer step.
    """

    def __init__(self, decay: float) -> None:
        self.decay = decay
        self.updates = 0
        self.average: list[Tensor] = []  # in the order of the module's parameters
        self.names: list[list[str]] = []  # names of each parameter; tied weights have several
        self._trained: list[Tensor] = []  # trained weights, while a validation uses the average
        self._loaded: dict[str, Tensor] = {}

    def state_dict(self) -> dict[str, Any]:
        """Return the number of updates, and the average by name."""
        return {"updates": self.updates, "average": self.averaged()}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
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
        """Update the average with the new weights."""
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
        """Return the averages by name in the module's state; tied weights stay tied."""
        return {name: average for names, average in zip(self.names, self.average, strict=True) for name in names}


class TriggeredAverage(WeightAverage):
    """Averages the weights of all steps after the first validation without improvement (NT-ASGD).

    In the terms of Merity et al. 2018, algorithm 1, n is `after` - 1. Until the trigger the average equals the current
    weights. A tie also triggers it.

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
        """Key in checkpoints, the same for all kinds of average."""
        return WeightAverage.__qualname__

    def state_dict(self) -> dict[str, Any]:
        """Return the average, and the state of the trigger."""
        return {**super().state_dict(), "losses": list(self.losses), "is_triggered": self.is_triggered}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
        super().load_state_dict(state_dict)
        kinds = {"losses": list[float], "is_triggered": bool}
        stored = typed(state_dict, kinds, "The checkpoint's moving average")
        self.losses, self.is_triggered = list(stored["losses"]), stored["is_triggered"]

    def share(self) -> float:
        """Return 1 before the trigger, then the weight of a running mean."""
        return 1 / (self.updates + 1) if self.is_triggered else 1.0

    def on_validation_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Restore the trained weights, and decide whether averaging begins."""
        super().on_validation_end(trainer, pl_module)
        if trainer.state.fn == "fit" and not trainer.sanity_checking:
            self.judge(float(trainer.callback_metrics["val_loss"]))

    def judge(self, loss: float) -> None:
        """Start averaging if the loss is no better than the best loss `after` or more validations ago."""
        earlier = self.losses[: len(self.losses) - self.after + 1] if len(self.losses) >= self.after else []
        if not self.is_triggered and earlier and loss >= min(earlier):
            self.is_triggered, self.updates = True, 0
        self.losses.append(loss)
