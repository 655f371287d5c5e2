"""The messages of a training run."""

import re
from datetime import timedelta
from pathlib import Path

import pytest
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Timer

from seq2seq.commands import fit
from tests.seq2seq.reversing import write_corpus
from tests.seq2seq.trained import here

__all__ = ["here"]

PROGRESS = ["--trainer.enable_progress_bar", "true", "--trainer.max_epochs", "2"]


class Enough(Callback):
    """A user's callback that asks for the end after an epoch."""

    def on_train_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Ask."""
        trainer.should_stop = True


class Short(Timer):
    """A time limit that is over when the first epoch ends."""

    def __init__(self) -> None:
        super().__init__(duration=timedelta(milliseconds=1), interval="epoch")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        ([], "Training ended at step {step}: trainer.max_epochs (2) is reached. Best: loss "),
        (["--trainer.max_steps", "3"], "Training ended at step 3: trainer.max_steps (3) is reached. Best: "),
        (
            ["--trainer.callbacks", "tests.seq2seq.runs.test_messages.Short"],
            "Training ended at step {step}: trainer.max_time is over. Best: loss ",
        ),
        (
            ["--trainer.callbacks", "tests.seq2seq.runs.test_messages.Enough"],
            "Training ended at step {step}: a callback asked for it. Best: loss ",
        ),
    ],
    ids=["epochs", "steps", "time", "callback"],
)
def test_every_stop_says_why(capsys: pytest.CaptureFixture[str], options: list[str], sentence: str) -> None:
    assert fit.main(["reversing", "--run_dir", "run", *PROGRESS, *options]) == 0
    steps = {line.split(",")[0] for line in Path("run/metrics.csv").read_text(encoding="utf-8").splitlines()[1:]}
    error = capsys.readouterr().err
    assert sentence.format(step=max(map(int, steps))) in error


@pytest.mark.usefixtures("here")
def test_early_stopping_says_so_even_without_progress(capsys: pytest.CaptureFixture[str]) -> None:
    # With a learning rate of 1e-9 no loss is better by 1 than the first.
    options = ["--stopping.patience", "2", "--stopping.min_delta", "1", "--trainer.max_epochs", "9"]
    assert fit.main(["reversing", "--run_dir", "run", *options, "--model.optimizer.learning_rate", "1e-9"]) == 0
    error = capsys.readouterr().err
    assert error.startswith("Early stopping at step ")
    assert "the last 2 validations were no better than loss " in error
    assert error.endswith("(stopping.patience).\n")


@pytest.mark.usefixtures("here")
def test_a_run_says_what_it_trains_and_what_to_type_next(capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run 1", *PROGRESS]) == 0
    captured = capsys.readouterr()
    lines = captured.err.splitlines()
    assert lines[:4] == [
        "Loading PyTorch ...",
        "Reading the training text and building the vocabulary ...",
        "Tokenizing data.train ...",
        "Tokenizing data.validation ...",
    ]
    header = dict(line.split(maxsplit=1) for line in lines[4:10])
    assert header["task"] == "reversing"
    assert header["data"] == "the task's sample corpus: 200 pairs; validation 30"
    assert header["vocabulary"] == "286 tokens"
    assert re.fullmatch(r"[\d,]+ weights on CPU", header["model"])
    assert re.fullmatch(r"2 epochs of \d+ batches, \d+ steps", header["length"])
    assert header["folder"] == "run 1"
    assert not any("Warning" in line for line in lines)
    assert lines[-3].startswith("Time: 0:0")
    assert lines[-2:] == ["  seq2seq evaluate 'run 1'", "  seq2seq reverse 'run 1'"]
    assert captured.out == "run 1\n"


def test_what_cannot_work_is_said_before_it_starts(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    train, validation = write_corpus(here, 12)
    options = ["-c", str(Path(__file__).parents[1] / "reversing" / "configs" / "sample.yaml")]
    options += ["--data.train", train, "--data.validation", validation, "--data.batches.max_tokens", "4096"]
    assert fit.main(["reversing", "--run_dir", "run", *options, "--model.schedule.warmup_steps", "400"]) == 0
    warnings = [line for line in capsys.readouterr().err.splitlines() if line.startswith("Warning: ")]
    assert len(warnings) == 4
    for warning, start in zip(
        warnings,
        (
            "There are only 12 training pairs: ",
            "The validation set (30 pairs) is larger than the training set (12): ",
            "An epoch has only 2 batches: lower data.batches.max_tokens",
            "Training ends inside the warm-up: it has 2 steps, and the learning rate rises for 400. ",
        ),
        strict=True,
    ):
        assert warning.startswith(f"Warning: {start}")


@pytest.mark.usefixtures("here")
@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (["--trainer.max_steps", "3", "--trainer.val_check_interval", "2"], ""),
        (
            ["--trainer.max_steps", "3"],
            "Warning: Training ends before its first validation, after 3 steps, so the last weights are kept",
        ),
        (
            ["--trainer.max_steps", "3", "--trainer.limit_val_batches", "0"],
            "Warning: trainer.limit_val_batches is 0: nothing is validated, so the last weights are kept.",
        ),
    ],
    ids=["within", "late", "never"],
)
def test_a_run_without_a_validation_says_so(
    capsys: pytest.CaptureFixture[str], options: list[str], sentence: str
) -> None:
    """The corpus has more than three batches an epoch, after which a validation comes."""
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    said = capsys.readouterr().err
    validations = Path("run/metrics.csv").read_text(encoding="utf-8").count("validation")
    assert (sentence in said) if sentence else "its first validation" not in said
    assert bool(validations) == (not sentence)
