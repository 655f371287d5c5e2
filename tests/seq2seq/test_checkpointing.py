"""Checkpoints: what is refused, and that a full disk never costs the previous one."""

import os
import pickle
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch

from seq2seq.checkpointing import ABOUT, AtomicCheckpointIO, read_checkpoint, require_finite, require_same_model
from seq2seq.commands import fit
from seq2seq.errors import UserError, WorldError
from tests.seq2seq.trained import EVERYTHING, differences, here, load

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
    with pytest.raises(UserError, match=r"a\.ckpt is no checkpoint of seq2seq: it (is damaged|holds no model)"):
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
