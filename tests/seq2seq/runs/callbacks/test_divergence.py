"""Divergence: what counts, what does not, and what the run leaves behind."""

import math
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.commands import fit
from seq2seq.errors import WorldError
from seq2seq.runs.callbacks.divergence import DivergenceGuard, is_far
from tests.seq2seq.trained import here, load

__all__ = ["here"]

UNIFORM = math.log(8000)


def counts(losses: list[tuple[float, float]]) -> list[int]:
    """Return the count after each (validation loss, training loss)."""
    guard = DivergenceGuard()
    found = []
    for validation, training in losses:
        guard.judge(validation, training, UNIFORM)
        found.append(guard.count)
    return found


def test_a_loss_far_above_the_uniform_one_counts() -> None:
    assert counts([(3e7, 1e7), (3e7, 2e7), (4e7, 3e7)]) == [1, 2, 3]
    assert counts([(math.inf, 9.0), (math.nan, 9.0)]) == [1, 2]
    assert counts([(20.0, 9.0), (15.0, 9.0), (8.0, 9.0)]) == [1, 1, 0]  # it recovers
    assert counts([(3e7, 1e7), (2e7, 1e7), (1e7, 1e7)]) == [1, 2, 3]  # too slowly to call it that
    assert is_far(math.nan, UNIFORM)
    assert not is_far(UNIFORM + 1, UNIFORM)


def test_falling_back_counts_if_both_losses_rise() -> None:
    learned = [(4.0, 4.5), (3.0, 3.5)]
    assert counts([*learned, (7.0, 7.5), (7.0, 7.5), (7.1, 7.5)])[2:] == [1, 2, 3]
    assert counts([*learned, (7.0, 7.5), (6.0, 6.5), (3.0, 4.0)])[2:] == [1, 1, 0]


@pytest.mark.parametrize(
    "losses",
    [
        [(9.2, 9.3), (9.1, 9.1), (8.9, 9.0), (7.0, 7.5)],  # a slow start
        [(9.6, 9.4), (9.7, 9.5), (9.6, 9.5), (9.6, 9.5)],  # random weights are a little above log V
        [(5.0, 5.0), (4.0, 3.0), (6.6, 1.0), (8.0, 0.3), (9.0, 0.1)],  # overfitting
        [(4.0, 4.0), (3.0, 3.0), (2.9, 6.5), (2.9, 7.5), (2.9, 8.0)],  # scheduled sampling sets in
    ],
)
def test_no_false_alarm(losses: list[tuple[float, float]]) -> None:
    assert not any(counts(losses))


DIVERGING = ["--model.optimizer.name", "sgd", "--model.optimizer.learning_rate", "1e5"]
DIVERGING += ["--trainer.gradient_clip_val", "null", "--trainer.val_check_interval", "1"]


@pytest.mark.usefixtures("here")
def test_a_diverging_run_ends_with_advice_and_exit_code_1(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["fit", "reversing", "--run_dir", "run", *DIVERGING]) == 1
    error = capsys.readouterr().err
    assert "seq2seq: Training has diverged: val_loss is " in error
    assert "a lower learning rate (model.optimizer.learning_rate is 100000, try 2e+04)" in error
    assert "gradient clipping (trainer.gradient_clip_val 1.0) or a longer warm-up" in error
    assert "Traceback" not in error


def test_the_weights_from_before_a_divergence_are_kept(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    step = load(here / "run", "best")["global_step"]
    options = [*DIVERGING, "--trainer.max_epochs", "3", "--model.schedule.warmup_steps", "0"]
    with pytest.raises(WorldError, match=rf"The best weights, of step {step}, are kept in run/bundle\."):
        fit.main(["--run_dir", "run", "--resume", *options])
    assert load(here / "run", "best")["global_step"] == step
    assert (here / "run" / "bundle").is_dir()


def test_a_run_that_ends_far_above_the_uniform_loss_is_a_fault(here: Path) -> None:
    options = [*DIVERGING[:-2], "--trainer.max_epochs", "1", "--trainer.enable_progress_bar", "true"]
    with pytest.raises(WorldError, match=r"has diverged: .*No validation was good enough to keep its weights\."):
        fit.main(["reversing", "--run_dir", "run", *options])
    assert not (here / "run" / "checkpoints" / "best.ckpt").exists()
