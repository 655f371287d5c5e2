"""Resumes a run, even with different batches."""

import sys
from typing import Any, cast

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.loader import BatchLoader
from seq2seq.errors import UserError
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.carried_state import CarriedState
from seq2seq.runs.callbacks.loop_boundary import batches_done, next_epoch
from seq2seq.runs.callbacks.progress_line import rounded
from seq2seq.training.module import Seq2SeqModule


class Continuation(Callback):
    """Decides where a resumed run continues.

    If the batches are the same, it continues exactly, even in the middle of an epoch. If the batches or the data
    differ, it continues at the next epoch.
    """

    def __init__(self, tracker: BestTracker) -> None:
        self.tracker = tracker
        self.is_begun = False  # whether a batch has been trained since the checkpoint was loaded

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: object, batch_idx: int
    ) -> None:
        """Record that training continued from the checkpoint."""
        self.is_begun = True

    def on_load_checkpoint(self, trainer: Trainer, pl_module: LightningModule, checkpoint: dict[str, Any]) -> None:
        """Move the checkpoint to the start of an epoch if its batches cannot be continued; print the position.

        Raises:
            UserError: If the run is in its last epoch and would have to move to the next.
        """
        if trainer.state.fn != "fit":
            return
        loops = checkpoint["loops"]["fit_loop"]
        states = loops["state_dict"].get("combined_loader", [])
        loader: BatchLoader = cast(Seq2SeqModule, pl_module).data.train_dataloader()
        differences = loader.differences(states[0]) if states else []
        epoch = loops["epoch_progress"]["current"]["completed"] + 1
        place = f"epoch {epoch}"
        if differences:
            reason = "; ".join(differences)
            place = f"the start of epoch {epoch}, because {reason}"
            if batches_done(loops):
                if 0 < (trainer.max_epochs or -1) <= epoch:
                    raise UserError(
                        f"The run is in epoch {epoch}, its last, and the next epoch is the first that can have other "
                        f"batches ({reason}): raise --trainer.max_epochs too, or leave the batches as they were."
                    )
                place = f"the start of epoch {epoch + 1}, leaving out the rest of epoch {epoch}, because {reason}"
            checkpoint["loops"]["fit_loop"] = next_epoch(loops)
            checkpoint["callbacks"].pop(CarriedState.__qualname__, None)
        if trainer.is_global_zero:
            print(f"Resuming at step {checkpoint['global_step']:,}, {place}{self._best(checkpoint)}.", file=sys.stderr)

    def _best(self, checkpoint: dict[str, Any]) -> str:
        """Return the best value so far, as the end of a sentence."""
        state = checkpoint["callbacks"].get(self.tracker.state_key)
        if state is None:
            return ""
        self.tracker.load_state_dict(state)  # as Lightning does after this
        best = self.tracker.best_value
        return "" if best is None else f"; best {best[0].removeprefix('val_')} so far {rounded(best[1])}"
