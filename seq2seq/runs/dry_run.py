"""``fit --dry_run``: reads all data, trains on the largest batch and a few others, and estimates memory and time.

Everything happens in a temporary folder, which is removed: no run folder, no tokenizer and no cached data remain.
"""

import math
import resource
import signal
import sys
import tempfile
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.utilities.exceptions import SIGTERMException

from seq2seq.amounts import amount
from seq2seq.batching.batch import Batch
from seq2seq.interruption import Interrupted
from seq2seq.models.model_card import readable
from seq2seq.run_setup.request import Plan
from seq2seq.runs.callbacks.progress_line import clock
from seq2seq.runs.fit import built, out_of_memory, quiet, set_up_process
from seq2seq.runs.messages import beginning, header, obstacles, reasons
from seq2seq.training.module import Seq2SeqModule

MOST_BATCHES, MOST_S = 30, 20.0
"""Limits on the batches that are timed after the first optimizer step, and on the time for them."""


class Done(Exception):  # noqa: N818 - not an error
    """Raised by the callback to end training."""


@dataclass
class Measured:
    """What the batches took.

    Args:
        largest: Rows, source length and target length of the largest batch.
        seconds: Time of each timed batch.
        lines: Description of the run.
    """

    largest: tuple[int, int, int] = (0, 0, 0)
    seconds: list[float] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)


class Stopwatch(Callback):
    """Takes the times of the batches after the first optimizer step, and ends training.

    Args:
        plan: The run.
        folder: Name of the run folder that the run would have.
    """

    def __init__(self, plan: Plan, folder: Path) -> None:
        self.plan, self.folder = plan, folder
        self.measured = Measured()
        self._begun = self._first = 0.0
        self._batches = 0

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Describe the run."""
        module = cast(Seq2SeqModule, pl_module)
        lines = [
            *header(trainer, module, self.folder),
            *beginning(module),
            *reasons(self.plan.defaults, module.initial is not None),
        ]
        self.measured.lines = [*lines, *obstacles(trainer, module)]

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: Batch, batch_idx: int) -> None:
        """Start the clock."""
        if not self._batches:
            self.measured.largest = (len(batch), batch.source.shape[1], batch.target.shape[1])
        self._begun = time.monotonic()

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: Batch, batch_idx: int
    ) -> None:
        """Stop the clock.

        Raises:
            Done: After enough batches, or at the end of the epoch.
        """
        if pl_module.device.type == "cuda":
            torch.cuda.synchronize()
        now = time.monotonic()
        self._batches += 1
        is_last = self._batches >= trainer.num_training_batches
        # The first step is slower, because memory is allocated, and its batch is the largest.
        if self._batches <= trainer.accumulate_grad_batches and not is_last:
            self._first = now
            return
        self.measured.seconds.append(now - self._begun)
        if is_last or len(self.measured.seconds) >= MOST_BATCHES or now - self._first > MOST_S:
            raise Done


def dry_run(plan: Plan, run_dir: str) -> int:
    """Try a run out, and print its plan with estimates of memory and time.

    Args:
        plan: The checked options of the run.
        run_dir: Value of ``--run_dir``.

    Returns:
        Exit code 0.

    Raises:
        UserError: If the data cannot be read.
        WorldError: If memory is full.
        Interrupted: After a signal.
    """
    quiet()
    with tempfile.TemporaryDirectory(prefix="seq2seq-dry-run-") as place:
        application = built(plan)
        set_up_process(application.config.threads)
        stopwatch = Stopwatch(plan, Path(run_dir or f"runs/{plan.task.name}/TIME"))
        application.rehearse(Path(place), stopwatch)
        tested = _read_test(plan)
        try:
            application.trainer.fit(application.model, datamodule=application.datamodule)
        except Done:
            pass
        except (KeyboardInterrupt, SIGTERMException, SystemExit) as cause:
            number = signal.SIGTERM if isinstance(cause, SIGTERMException) else signal.SIGINT
            raise Interrupted(number) from cause
        except torch.OutOfMemoryError as fault:
            raise out_of_memory(application, f"seq2seq fit {plan.task.name} ...") from fault
        trainer, measured = application.trainer, stopwatch.measured
        lines = [*measured.lines, *tested, memory(measured), duration(trainer, measured)]
    print("\n".join([*lines, "Dry run: nothing was written."]))
    return 0


def _read_test(plan: Plan) -> list[str]:
    """Read the test files, which training does not need, and return a line about them."""
    if plan.is_sample or not plan.data.test:
        return []
    count = sum(1 for _ in plan.data.reader.read(plan.data.paths("test")))
    return [f"test        {amount(count, 'example')}"]


def memory(measured: Measured) -> str:
    """Return a line on the peak memory of this process and the GPU."""
    rows, source, target = measured.largest
    # Linux counts in kibibytes, macOS in bytes.
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * (1 if sys.platform == "darwin" else 1024)
    gpu = f", {readable(torch.cuda.max_memory_reserved())} on the GPU" if torch.cuda.is_available() else ""
    sizes = f"{rows:,} targets of {target:,} tokens"
    sizes = f"{rows:,} sources of {source:,} tokens and {sizes}" if source else sizes
    return f"memory      {readable(peak)} at the peak{gpu}; the largest batch has {sizes}"


def duration(trainer: Trainer, measured: Measured) -> str:
    """Return a line on the estimated time of the whole training."""
    mean = sum(measured.seconds) / len(measured.seconds)
    timed = f"{mean:.3g} s a batch, measured on {amount(len(measured.seconds), 'batch', 'batches')}"
    steps = float(trainer.estimated_stepping_batches)
    epoch = clock(mean * trainer.num_training_batches)
    if not math.isfinite(steps):
        return f"time        about {epoch} an epoch, without validations ({timed})"
    total = clock(mean * steps * trainer.accumulate_grad_batches)
    return f"time        about {total} in all and {epoch} an epoch, without validations ({timed})"
