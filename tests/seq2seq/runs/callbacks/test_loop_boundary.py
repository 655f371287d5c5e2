"""A run that was killed and resumed is the run that was never killed, bit for bit."""

import random
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.commands import fit
from tests.seq2seq.trained import EVERYTHING, accident, differences, fork, here, launch, settle

pytestmark = pytest.mark.usefixtures("real_disk")

__all__ = ["here"]


OPTIONS = [*EVERYTHING, "--trainer.max_epochs", "2"]


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run that nothing happened to."""
    with pytest.MonkeyPatch.context() as patch:
        folder = settle(tmp_path_factory.mktemp("whole"), patch)
        assert fit.main(["reversing", *OPTIONS, "--run_dir", "whole"]) == 0
        yield folder / "whole"


@pytest.mark.parametrize(
    "when",
    [
        pytest.param({"batch": 0}, marks=pytest.mark.slow),
        {"batch": 5},  # in the middle of accumulation
        pytest.param({"batch": 8}, marks=pytest.mark.slow),
        {"validation": 0, "validation_batch": 1},
        {"validation": 1, "validation_batch": 0},  # at the end of an epoch
    ],
)
def test_an_error_anywhere_costs_nothing(whole: Path, here: Path, when: dict[str, int]) -> None:
    """Quick twin of the test with SIGKILL: whatever ends training, what is saved is exact."""
    with pytest.raises(RuntimeError, match="an accident"):
        fit.main(["reversing", *OPTIONS, "--run_dir", "broken", *accident(**when, signal=0)])
    assert fit.main(["reversing", "--run_dir", "broken", "--resume", "--trainer.callbacks", "null"]) == 0
    assert differences(whole, here / "broken") == []


@pytest.mark.slow
def test_kills_cost_nothing(tmp_path: Path) -> None:
    """SIGKILL at three random batches and in two validations, with everything on and two loader workers."""
    options = [*OPTIONS, "--data.workers", "2"]
    fork(tmp_path, "fit", "reversing", *options, "--run_dir", "whole").check_returncode()
    draw = random.Random(7)
    accidents = [{"batch": draw.randrange(3, 26)} for _ in range(3)]
    accidents += [{"validation": 1, "validation_batch": 1}, {"validation": 3, "validation_batch": 0}]
    for number, when in enumerate(accidents):
        # Saved at every step or hardly ever: resuming repeats nothing, or much.
        minutes = "1e-9" if number % 2 == 0 else "5"
        folder = f"killed-{number}"
        saving = ["--checkpoint.every_minutes", minutes, "--run_dir", folder]
        killed = fork(tmp_path, "fit", "reversing", *options, *saving, *accident(**when))
        assert killed.returncode == -signal.SIGKILL
        resume = ["--run_dir", folder, "--resume", "--trainer.callbacks", "null"]
        resumed = fork(tmp_path, "fit", "reversing", *resume)
        assert resumed.returncode == 0, resumed.stderr
        assert differences(tmp_path / "whole", tmp_path / folder) == [], when


@pytest.mark.slow
@pytest.mark.parametrize("name", ["SIGTERM", "SIGINT"])
def test_signals_save_and_say_so(whole: Path, tmp_path: Path, name: str) -> None:
    number = int(getattr(signal, name))
    arguments = ["fit", "reversing", *OPTIONS, "--run_dir", "run"]
    stopped = launch(tmp_path, *arguments, *accident(batch=7, signal=number))
    assert stopped.returncode == 128 + number
    assert f"Stopped by {name} at step 4; saved in run/checkpoints/last.ckpt." in stopped.stderr
    assert "Continue with: seq2seq fit reversing --run_dir run --resume" in stopped.stderr
    resume = ["fit", "--run_dir", "run", "--resume", "--trainer.callbacks", "null"]
    fork(tmp_path, *resume).check_returncode()
    assert differences(whole, tmp_path / "run") == []
