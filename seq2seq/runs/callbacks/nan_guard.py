"""Stops training on a NaN or infinite loss."""

import json
import math
from pathlib import Path
from typing import cast

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from seq2seq.batching.batch import Batch
from seq2seq.errors import WorldError
from seq2seq.files.atomic_files import write_atomically
from seq2seq.training.module import Seq2SeqModule


class NaNGuard(Callback):
    """Stops training on a NaN or infinite loss, before it reaches the weights, and saves the batch in a folder."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._batch: Batch | None = None

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Keep the batch."""
        self._batch = batch

    def on_before_backward(self, trainer: Trainer, pl_module: LightningModule, loss: Tensor) -> None:
        """Check the loss.

        Raises:
            WorldError: If it is NaN or infinite; the message names the files of the batch.
        """
        if math.isfinite(loss.item()):
            return
        batch = self._batch
        assert batch is not None
        stem = self.folder / f"bad-batch-step-{trainer.global_step}-rank-{trainer.global_rank}"
        tensors = {name: value.cpu() for name, value in vars(batch).items() if isinstance(value, Tensor)}
        texts = cast(Seq2SeqModule, pl_module).data.described(batch)
        content = (json.dumps(texts, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
        write_atomically(stem.with_suffix(".pt"), lambda file: torch.save(tensors, file))
        write_atomically(stem.with_suffix(".json"), lambda file: file.write(content))
        raise WorldError(
            f"The loss became {loss.item()} in step {trainer.global_step + 1}. The batch is saved as {stem}.pt and "
            f"{stem}.json. Lower model.optimizer.learning_rate or trainer.gradient_clip_val, and continue with "
            "--resume."
        )
