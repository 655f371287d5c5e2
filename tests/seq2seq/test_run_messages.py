"""The sentences around a training run."""

from datetime import timedelta
from pathlib import Path

import pytest
from lightning.pytorch import Callback, LightningModule, Trainer
from lightning.pytorch.callbacks import Timer

from seq2seq.commands import fit
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
            ["--trainer.callbacks", "tests.seq2seq.test_run_messages.Short"],
            "Training ended at step {step}: trainer.max_time is over. Best: loss ",
        ),
        (
            ["--trainer.callbacks", "tests.seq2seq.test_run_messages.Enough"],
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
