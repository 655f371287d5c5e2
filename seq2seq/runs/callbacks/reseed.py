"""Reseeds random generators, so random numbers depend only on the seed, the batch and the rank."""

import hashlib
import random

import numpy as np
import torch
from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq.batching.batch import Batch


class Reseed(Callback):
    """Reseeds torch, numpy and Python before every batch, from the seed, the batch index and the rank.

    Dropout depends only on these three, so checkpoints need no generator state, and random numbers drawn earlier (by a
    validation or a user callback) do not affect the next batch.
    """

    def __init__(self, seed: int) -> None:
        self.seed = seed

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Seed for this batch."""
        name = f"{self.seed} {trainer.fit_loop.total_batch_idx} {trainer.global_rank}"
        seed = int.from_bytes(hashlib.blake2b(name.encode(), digest_size=4).digest(), "little")
        # Not torch.manual_seed: for each uninitialized device type it queues a call with its traceback, which leaks
        # memory.
        torch.default_generator.manual_seed(seed)
        if pl_module.device.type != "cpu":
            getattr(torch, pl_module.device.type).manual_seed(seed)
        random.seed(seed)
        np.random.seed(seed)
        # Lightning's loggers use this as x axis; Lightning's own count is off by one after resuming.
        trainer.fit_loop.epoch_loop._batches_that_stepped = trainer.global_step
