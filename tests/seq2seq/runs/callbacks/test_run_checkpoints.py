"""When checkpoints are written, and what continues from them."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from lightning.pytorch import Callback

from seq2seq.commands import fit
from seq2seq.errors import UserError, WorldError
from seq2seq.run_setup.training_options import ScheduleOptions, StoppingOptions
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.carried_state import CarriedState
from seq2seq.runs.callbacks.divergence import DivergenceGuard
from seq2seq.runs.callbacks.metrics_file import MetricsFile
from seq2seq.runs.callbacks.weight_average import TriggeredAverage, WeightAverage
from seq2seq.training.checkpoint_file import AtomicCheckpointIO
from seq2seq.training.identity import ABOUT
from seq2seq.training.optimizer import Schedule
from tests.seq2seq.trained import EVERYTHING, differences, here, load, settle

pytestmark = pytest.mark.usefixtures("real_disk")

__all__ = ["here"]


@pytest.fixture(scope="module")
def sound_run(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run of two epochs, of which one is done."""
    with pytest.MonkeyPatch.context() as patch:
        folder = settle(tmp_path_factory.mktemp("sound"), patch)
        options = ["--trainer.max_epochs", "1", "--trainer.limit_train_batches", "4"]
        assert fit.main(["reversing", *options, "--run_dir", "run"]) == 0
        yield folder / "run"


@pytest.mark.parametrize(
    ("where", "value", "message"),
    [
        (("callbacks", "Steering", "waited"), "x", "The checkpoint's early stopping: waited must be a whole number"),
        (("loops", "fit_loop"), {}, "last.ckpt is damaged, or belongs to another run: training cannot continue"),
        (("optimizer_states",), [{"state": {}, "param_groups": 3}], "training cannot continue from it"),
        (("seq2seq", "network", "hidden_size"), "x", "The checkpoint: network.hidden_size must be a whole number"),
        (("state_dict", "network.a"), torch.zeros(1), "the network lacks weight network.a"),
    ],
)
def test_a_run_does_not_continue_from_a_damaged_checkpoint(
    sound_run: Path, tmp_path: Path, where: tuple[str, ...], value: object, message: str
) -> None:
    run = tmp_path / "run"
    shutil.copytree(sound_run, run)
    checkpoint = load(run)
    part: Any = checkpoint
    for name in where[:-1]:
        part = part[name]
    part[where[-1]] = value
    torch.save(checkpoint, run / "checkpoints" / "last.ckpt")
    before = (run / "checkpoints" / "last.ckpt").read_bytes()
    with pytest.raises(UserError, match=message):
        fit.main(["--run_dir", str(run), "--resume", "--trainer.max_epochs", "2"])
    assert (run / "checkpoints" / "last.ckpt").read_bytes() == before


@pytest.mark.parametrize(
    ("callback", "changed", "message"),
    [
        (BestTracker(StoppingOptions(), "val_bleu", True), {"best": [1.0]}, "early stopping: best must be a list"),
        (MetricsFile(Path("a"), "val_bleu", 1), {"size": None}, r"note of metrics\.csv: size must be a whole number"),
        (DivergenceGuard(), {"bests": {}}, "guard against divergence: bests must be a list"),
        (WeightAverage(0.9), {"average": {"x": 1}}, "moving average: x must be a tensor, but it is a whole number"),
        (TriggeredAverage(5), {"losses": ["x"]}, "moving average: losses must be a list"),
        (CarriedState({}), {"hidden": 3}, "carried state: hidden must be a tensor"),
    ],
)
def test_states_of_another_kind_are_refused(callback: Callback, changed: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=f"^The checkpoint's {message}"):
        callback.load_state_dict({**callback.state_dict(), **changed})


def test_a_schedule_of_another_kind_is_refused() -> None:
    schedule = Schedule(torch.optim.SGD([torch.zeros(1)], 0.1), ScheduleOptions())
    with pytest.raises(UserError, match="learning rate schedule: last_epoch must be a whole number, but it is a text"):
        schedule.load_state_dict({**schedule.state_dict(), "last_epoch": "x"})


def test_a_state_sets_nothing_but_what_it_is_for() -> None:
    tracker = BestTracker(StoppingOptions(), "val_bleu", higher_is_better=True)
    tracker.load_state_dict({**tracker.state_dict(), "judge": "nothing", "options": None})
    assert callable(tracker.judge)
    assert tracker.options == StoppingOptions()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 1 MiB."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode != 0:
        pytest.skip("mounting a small disk needs a privilege")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_full_disk_costs_nothing_but_the_new_checkpoint(small_disk: Path) -> None:
    writer, path = AtomicCheckpointIO(), small_disk / "last.ckpt"
    writer.save_checkpoint({"state_dict": {"a": torch.zeros(1000)}}, path)
    with pytest.raises(WorldError, match=r"last\.ckpt could not be written: No space left .* one is untouched\."):
        writer.save_checkpoint({"state_dict": {"a": torch.zeros(500_000)}}, path)
    assert torch.equal(torch.load(path, weights_only=True)["state_dict"]["a"], torch.zeros(1000))
    assert [child.name for child in small_disk.iterdir()] == ["last.ckpt"]
    with pytest.raises(WorldError, match=r"best\.ckpt could not be written: No space left .* none before\."):
        writer.save_checkpoint({"state_dict": {"a": torch.zeros(500_000)}}, small_disk / "best.ckpt")


@pytest.mark.slow
def test_a_run_on_a_full_disk_goes_on_when_there_is_room(small_disk: Path, here: Path) -> None:
    options = [*EVERYTHING, "--trainer.max_epochs", "2", "--checkpoint.every_minutes", "1e-9"]
    assert fit.main(["reversing", *options, "--run_dir", "whole"]) == 0
    size = (here / "whole" / "checkpoints" / "last.ckpt").stat().st_size
    # Room for the checkpoint and its successor, and not for the weights that are kept beside them.
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2**20 - int(2.6 * size) - 40_000))
    with pytest.raises(WorldError, match="No space left on device"):
        fit.main(["reversing", *options, "--run_dir", str(small_disk / "run")])
    assert ABOUT in load(small_disk / "run")
    ballast.unlink()
    assert fit.main(["--run_dir", str(small_disk / "run"), "--resume"]) == 0
    assert differences(here / "whole", small_disk / "run") == []
