"""Checkpoints: what is refused, and that a full disk never costs the previous one."""

import os
import pickle
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
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.carried_state import CarriedState
from seq2seq.runs.callbacks.divergence import DivergenceGuard
from seq2seq.runs.callbacks.metrics_file import MetricsFile
from seq2seq.runs.callbacks.weight_average import TriggeredAverage, WeightAverage
from seq2seq.training.checkpoint_file import AtomicCheckpointIO, read_checkpoint, require_finite
from seq2seq.training.identity import ABOUT, require_same_model, require_weights
from seq2seq.training.optimizer import Schedule
from seq2seq.training.options import ScheduleOptions, StoppingOptions
from tests.seq2seq.trained import EVERYTHING, differences, here, load, settle

__all__ = ["here"]


class Evil:
    """A pickle that runs a command when it is loaded."""

    def __init__(self, command: str) -> None:
        self.command = command

    def __reduce__(self) -> tuple[Any, tuple[str]]:
        return os.system, (self.command,)


def test_a_missing_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"No checkpoint .*last\.ckpt\."):
        read_checkpoint(tmp_path / "last.ckpt")


@pytest.mark.parametrize("content", [b"", b"no checkpoint", pickle.dumps({"state_dict": {}}), b"PK\x03\x04 torn"])
def test_files_that_are_no_checkpoint(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "a.ckpt"
    path.write_bytes(content)
    with pytest.raises(UserError, match=r"a\.ckpt is not a checkpoint of seq2seq: it (is damaged|holds no model)"):
        read_checkpoint(path)


def test_a_pickle_that_runs_code_is_refused_and_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "evil.ckpt"
    torch.save(Evil(f"touch {tmp_path}/ran"), path)
    with pytest.raises(UserError, match="holds more than weights and numbers"):
        read_checkpoint(path)
    assert not (tmp_path / "ran").exists()


def test_weights_of_somebody_else(tmp_path: Path) -> None:
    torch.save({"state_dict": {"weight": torch.zeros(1)}}, tmp_path / "other.ckpt")
    with pytest.raises(UserError, match="it holds no model of ours"):
        read_checkpoint(tmp_path / "other.ckpt")


def test_another_model_is_refused_by_naming_what_differs() -> None:
    wanted = {"task": "a", "tokenizer": "x", "network": {"hidden_size": 8, "dropout": 0.1}}
    require_same_model({**wanted, "network": {"hidden_size": 8, "dropout": 0.5}}, wanted, "last.ckpt")
    with pytest.raises(UserError, match=r"of another model: network\.hidden_size is 4 there, 8 here\."):
        require_same_model({**wanted, "network": {"hidden_size": 4, "dropout": 0.1}}, wanted, "last.ckpt")
    with pytest.raises(UserError, match=r"task is b there, a here; tokenizer is y there, x here\."):
        require_same_model({**wanted, "task": "b", "tokenizer": "y"}, wanted, "last.ckpt")


def checkpoint_of(**changed: Any) -> dict[str, Any]:  # noqa: ANN401 - whatever a checkpoint holds
    """Return the least that a checkpoint holds, with some parts of another kind."""
    about: dict[str, Any] = dict.fromkeys(("task", "tokenizer", "data"), "x")
    about |= {name: {} for name in ("network", "reader", "search", "validation")}
    about |= {"seed": 1, "validations": 0} | changed.pop("about", {})
    values = {"state_dict": {"network.a": torch.zeros(2)}, "global_step": 1, "epoch": 0, ABOUT: about}
    return {**values, **changed}


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"state_dict": []}, "state_dict must hold a mapping of names to values, but it is a list"),
        ({"state_dict": {"a": "b"}}, "state_dict: a must be a tensor, but it is a text"),
        ({"state_dict": {3: torch.zeros(1)}}, "not all its names are strings"),
        ({"global_step": None}, "global_step must be a whole number, but it is null"),
        ({"global_step": -1}, "global_step is -1, but it must lie between 0 and"),
        ({"global_step": 2**70}, "damaged: it holds a whole number beyond 64 bits"),
        ({"scores": {"val_loss": "good"}}, r"scores\.val_loss must be a number, but it is a text"),
        ({"callbacks": {"BestTracker": 3}}, r"callbacks\.BestTracker must be a mapping"),
        ({"optimizer_states": {}}, "optimizer_states must be a list, but it is a mapping"),
        ({"about": {"network": "big"}}, r"seq2seq\.network must be a mapping of names to values, but it is a text"),
        ({"about": {"task": ["x"]}}, r"seq2seq\.task must be a text, but it is a list"),
        ({"about": {"lengths": 5}}, r"seq2seq\.lengths must be a mapping"),
        ({"about": {"seed": 1.5}}, r"seq2seq\.seed must be a whole number, but it is a number"),
        ({"state_dict": {"a": torch.zeros(1).expand(10**12)}}, "holds a tensor that is not stored as a whole"),
    ],
)
def test_parts_of_another_kind_are_refused(tmp_path: Path, changed: dict[str, Any], message: str) -> None:
    path = tmp_path / "a.ckpt"
    torch.save(checkpoint_of(**changed), path)
    with pytest.raises(UserError, match=rf"a\.ckpt.*({message})"):
        read_checkpoint(path)


def test_what_is_nested_without_end_is_refused(tmp_path: Path) -> None:
    nested: list[Any] = []
    for _ in range(100):
        nested = [nested]
    torch.save(checkpoint_of(callbacks={"Own": {"a": nested}}), tmp_path / "a.ckpt")
    with pytest.raises(UserError, match=r"a\.ckpt is nested more than 64 levels deep"):
        read_checkpoint(tmp_path / "a.ckpt")


def test_lists_that_hold_one_another_many_times_take_no_time(tmp_path: Path) -> None:
    """As in a "billion laughs" file: 6 ** 40 parts, if each list were looked at as often as it is held."""
    held: list[Any] = [1 << 64]
    for _ in range(40):
        held = [held] * 6
    torch.save(checkpoint_of(callbacks={"Own": {"a": held}}), tmp_path / "a.ckpt")
    with pytest.raises(UserError, match=r"a\.ckpt is damaged: it holds a whole number beyond 64 bits"):
        read_checkpoint(tmp_path / "a.ckpt")


def test_a_sound_checkpoint_is_read_by_lightning_too(tmp_path: Path) -> None:
    torch.save(checkpoint_of(), tmp_path / "a.ckpt")
    assert AtomicCheckpointIO().load_checkpoint(tmp_path / "a.ckpt")["global_step"] == 1
    (tmp_path / "a.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="is not a checkpoint of seq2seq"):
        AtomicCheckpointIO().load_checkpoint(tmp_path / "a.ckpt", weights_only=False)


def test_weights_must_be_those_of_the_network() -> None:
    wanted = {"a": torch.zeros(2, 3), "b": torch.zeros(1)}
    require_weights(wanted, wanted, "It")
    with pytest.raises(UserError, match=r"^It does not fit its network: it lacks weight b"):
        require_weights({"a": torch.zeros(2, 3)}, wanted, "It")
    with pytest.raises(UserError, match="it has, but its network has not, weight c"):
        require_weights({**wanted, "c": torch.zeros(1)}, wanted, "It")
    with pytest.raises(UserError, match=r"weight a has the shape \[3, 2\], but the network makes it \[2, 3\]"):
        require_weights({**wanted, "a": torch.zeros(3, 2)}, wanted, "It")


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
        (("loops", "fit_loop"), {}, "last.ckpt is damaged, or is not of this run: training cannot continue"),
        (("optimizer_states",), [{"state": {}, "param_groups": 3}], "training cannot continue from it"),
        (("seq2seq", "network", "hidden_size"), "x", "The checkpoint: network.hidden_size must be a whole number"),
        (("state_dict", "network.a"), torch.zeros(1), "it has, but its network has not, weight network.a"),
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


def test_broken_weights_do_not_replace_good_ones(tmp_path: Path) -> None:
    require_finite({"a": torch.ones(3), "count": torch.tensor(3)}, tmp_path)
    with pytest.raises(WorldError, match=r"Weight a is not finite any more; .*last\.ckpt was not replaced\."):
        require_finite({"a": torch.tensor([1.0, float("nan")])}, tmp_path / "last.ckpt")


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
