"""Saves the decoder's state between windows of running text, for resuming."""

from typing import Any

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch
from seq2seq.network.state import State
from seq2seq.runs.callbacks.loop_boundary import is_boundary
from seq2seq.training.identity import tensors

CARRIED = ("hidden", "cell", "feed", "attention", "read", "gate")
"""Tensors of a decoder state."""


class CarriedState(Callback):
    """Saves the state that the decoder carries from one window of running text to the next.

    A checkpoint needs the state after the last optimizer step, which cannot be recomputed because the weights have
    changed since. Only rank 0's state is saved; after resuming, the other ranks finish the epoch from an empty state.

    Args:
        carried: The module's carried states by purpose; the module updates them at every batch.
    """

    def __init__(self, carried: dict[str, State]) -> None:
        self._carried = carried
        self._kept: State | None = None
        self._loaded: State | None = None

    def state_dict(self) -> dict[str, Any]:
        """Return the state's tensors by name."""
        return {} if self._kept is None else {name: getattr(self._kept, name) for name in CARRIED}

    def load_state_dict(self, state_dict: dict[str, Any]) -> None:
        """Restore the result of `state_dict`."""
        stored = tensors(state_dict, "The checkpoint's carried state")
        self._kept = self._loaded = None
        if stored.keys() >= set(CARRIED):
            hidden, cell, feed, attention, read, gate = (stored[name] for name in CARRIED)
            self._kept = self._loaded = State(hidden, cell, feed, attention, read, gate)

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Restore the state of a checkpoint."""
        if self._loaded is not None and trainer.is_global_zero:
            self._carried["train"] = self._loaded.mapped(lambda tensor: tensor.to(pl_module.device))
        self._loaded = None

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Record the state at a boundary."""
        if is_boundary(trainer):
            self._kept = self._carried["train"]
