"""Ends training between two batches on a signal."""

from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch
from seq2seq.interruption import Watch


class Signals(Callback):
    """On SIGTERM, SIGHUP or Ctrl-C, stops training at the next batch and saves the run.

    A second signal stops immediately and saves the previous step. (Lightning restores the handlers.)
    """

    def __init__(self, watch: Watch) -> None:
        self.watch = watch

    def on_fit_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Stop before training begins if a signal arrived during the setup."""
        self.watch.check()

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Defer signals to the end of a batch; restore the handlers replaced by Lightning."""
        self.watch.check()
        self.watch.install()
        self.watch.defer(True)

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Stop between batches."""
        self.watch.check()

    def on_validation_batch_start(
        self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int, dataloader_idx: int = 0
    ) -> None:
        """Stop between the batches of a validation."""
        self.watch.check()
