"""Resumed runs: where they continue, and with other batches or other data than before."""

import math
import shlex
import shutil
from pathlib import Path

import pytest
import torch
import yaml
from lightning.pytorch import Callback, LightningModule, Trainer

from seq2seq import cli
from seq2seq.commands import fit
from seq2seq.errors import UserError
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import curves, differences, here, load

__all__ = ["here"]

RESUME = ["--resume", "--trainer.max_steps", "-1", "--trainer.max_epochs", "3", "--run_dir"]


FEW = ["--trainer.limit_train_batches", "6", "--trainer.limit_val_batches", "1"]


def start(name: str, *options: str) -> None:
    """Train the first half of the first epoch, which has six steps."""
    half = ["--trainer.max_steps", "3", "--trainer.val_check_interval", "3", "--model.validation.decode_every", "0"]
    assert fit.main(["reversing", "--run_dir", name, *FEW, *half, *options]) == 0


def resumed(capsys: pytest.CaptureFixture[str]) -> str:
    """Return the line that says where training continues."""
    (line,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Resuming")]
    return line


def steps(run: Path, epoch: int) -> list[int]:
    """Return the steps of an epoch."""
    return [int(row[0]) for row in curves(run) if (row[1], row[2]) == (str(epoch), "train")]


def test_the_same_batches_continue_in_the_middle(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("run")
    best = min(float(row[3]) for row in curves(here / "run") if row[2] == "validation")
    assert fit.main([*RESUME, "run", "--trainer.max_epochs", "1"]) == 0
    found = resumed(capsys)
    assert found.startswith("Resuming at step 3, epoch 1; best loss so far ")
    assert math.isclose(float(found.split()[-1].rstrip(".")), best, rel_tol=1e-3)
    assert steps(here / "run", 1) == [1, 2, 3, 4, 5, 6]


def test_other_batches_begin_with_the_next_epoch(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("run")
    shutil.copytree("run", "copy")
    before = yaml.safe_load((here / "run" / "config.yaml").read_text(encoding="utf-8"))["data"]["batches"]
    size = before["max_tokens"] // 2
    other = ["--data.batches.max_tokens", str(size), "--data.batches.batch_sentences", "0"]
    capsys.readouterr()
    assert fit.main([*RESUME, "run", *other]) == 0
    assert resumed(capsys).startswith(
        "Resuming at step 3, the start of epoch 2, leaving out the rest of epoch 1, because data.batches.max_tokens is "
        f"{size} (was {2 * size}); best loss so far "
    )
    assert [steps(here / "run", epoch) for epoch in (1, 2, 3)] == [[1, 2, 3], [*range(4, 10)], [*range(10, 16)]]
    assert load(here / "run")["global_step"] == 15
    # From there on the promise holds again: stopped in the new epoch and resumed, it is the same run, bit for bit.
    assert fit.main([*RESUME, "copy", *other, "--trainer.max_steps", "6"]) == 0
    assert "leaving out" in resumed(capsys)
    assert fit.main([*RESUME, "copy"]) == 0
    assert resumed(capsys).startswith("Resuming at step 6, epoch 2; best")
    assert differences(here / "run", here / "copy") == []


def test_other_batches_at_an_epochs_start_leave_nothing_out(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("run", "--trainer.max_steps", "-1")
    assert fit.main([*RESUME, "run", "--trainer.accumulate_grad_batches", "2", "--trainer.max_epochs", "2"]) == 0
    assert "the start of epoch 2, because trainer.accumulate_grad_batches is 2 (was 1);" in resumed(capsys)
    assert load(here / "run")["global_step"] == 6 + 3


def test_other_data_begins_with_the_next_epoch(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    start("run")
    train, validation = write_corpus(here, 140)
    assert fit.main([*RESUME, "run", "--data.train", train, "--data.validation", validation]) == 0
    assert "leaving out the rest of epoch 1, because the training data or data.seed is not that" in resumed(capsys)
    assert steps(here / "run", 2) == [*range(4, 10)]


def test_in_the_last_epoch_there_is_no_next(here: Path) -> None:
    start("run")
    before = (here / "run" / "config.yaml").read_bytes()
    with pytest.raises(UserError, match=r"in epoch 1, its last, .* \(data\.batches\.batch_sentences is 7 .*max_epochs"):
        fit.main([*RESUME, "run", "--data.batches.batch_sentences", "7", "--trainer.max_epochs", "1"])
    assert (here / "run" / "config.yaml").read_bytes() == before


class FullMemory(Callback):
    """Raises what a full GPU raises, at a training batch.

    Args:
        batch: Number of the batch.
    """

    def __init__(self, batch: int) -> None:
        self.batch = batch

    def on_train_batch_start(self, trainer: Trainer, pl_module: LightningModule, batch: object, batch_idx: int) -> None:
        """Fill the memory."""
        if batch_idx == self.batch:
            raise torch.OutOfMemoryError("CUDA out of memory")


def test_the_advice_for_a_full_gpu_works(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    full = [f"--trainer.callbacks+={__name__}.FullMemory", "--trainer.callbacks.batch", "4"]
    assert cli.main(["fit", "reversing", "--run_dir", "run", "--trainer.max_epochs", "2", *FEW, *full]) == 1
    message = capsys.readouterr().err
    assert "seq2seq: The GPU's memory is full at step 4. Continue with smaller batches: seq2seq fit" in message
    command = shlex.split(message.strip().rpartition("smaller batches: ")[2])[1:]
    assert command[-2:] == ["--trainer.accumulate_grad_batches", "2"]
    assert cli.main([*command, "--trainer.callbacks", "null"]) == 0
    assert "the start of epoch 2, leaving out the rest of epoch 1, because data.batches." in resumed(capsys)
    assert load(here / "run")["epoch"] == 2
