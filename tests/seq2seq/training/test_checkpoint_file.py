"""Checkpoint files: read without running code, and never replaced by broken weights."""

import os
import pickle
from pathlib import Path
from typing import Any

import pytest
import torch

from seq2seq.errors import UserError, WorldError
from seq2seq.training.checkpoint_file import AtomicCheckpointIO, read_checkpoint, require_finite
from seq2seq.training.identity import ABOUT
from tests.seq2seq.trained import here

pytestmark = pytest.mark.usefixtures("real_disk")

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
    with pytest.raises(UserError, match=r"a\.ckpt is not a checkpoint of seq2seq: it (is damaged|contains no model)"):
        read_checkpoint(path)


def test_a_pickle_that_runs_code_is_refused_and_does_not_run(tmp_path: Path) -> None:
    path = tmp_path / "evil.ckpt"
    torch.save(Evil(f"touch {tmp_path}/ran"), path)
    with pytest.raises(UserError, match="contains more than weights and numbers"):
        read_checkpoint(path)
    assert not (tmp_path / "ran").exists()


def test_weights_of_somebody_else(tmp_path: Path) -> None:
    torch.save({"state_dict": {"weight": torch.zeros(1)}}, tmp_path / "other.ckpt")
    with pytest.raises(UserError, match="it contains no model of ours"):
        read_checkpoint(tmp_path / "other.ckpt")


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
        ({"state_dict": []}, "state_dict must contain a mapping of names to values, but it is a list"),
        ({"state_dict": {"a": "b"}}, "state_dict: a must be a tensor, but it is a text"),
        ({"state_dict": {3: torch.zeros(1)}}, "not all its names are strings"),
        ({"global_step": None}, "global_step must be a whole number, but it is null"),
        ({"global_step": -1}, "global_step is -1, but it must lie between 0 and"),
        ({"global_step": 2**70}, "damaged: it contains an integer outside the 64-bit range"),
        ({"scores": {"val_loss": "good"}}, r"scores\.val_loss must be a number, but it is a text"),
        ({"callbacks": {"BestTracker": 3}}, r"callbacks\.BestTracker must be a mapping"),
        ({"optimizer_states": {}}, "optimizer_states must be a list, but it is a mapping"),
        ({"about": {"network": "big"}}, r"seq2seq\.network must be a mapping of names to values, but it is a text"),
        ({"about": {"task": ["x"]}}, r"seq2seq\.task must be a text, but it is a list"),
        ({"about": {"lengths": 5}}, r"seq2seq\.lengths must be a mapping"),
        ({"about": {"seed": 1.5}}, r"seq2seq\.seed must be a whole number, but it is a number"),
        ({"state_dict": {"a": torch.zeros(1).expand(10**12)}}, "contains a tensor whose data is not all stored"),
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
    with pytest.raises(UserError, match=r"a\.ckpt is damaged: it contains an integer outside the 64-bit range"):
        read_checkpoint(tmp_path / "a.ckpt")


def test_a_sound_checkpoint_is_read_by_lightning_too(tmp_path: Path) -> None:
    torch.save(checkpoint_of(), tmp_path / "a.ckpt")
    assert AtomicCheckpointIO().load_checkpoint(tmp_path / "a.ckpt")["global_step"] == 1
    (tmp_path / "a.ckpt").write_bytes(b"no checkpoint")
    with pytest.raises(UserError, match="is not a checkpoint of seq2seq"):
        AtomicCheckpointIO().load_checkpoint(tmp_path / "a.ckpt", weights_only=False)


def test_broken_weights_do_not_replace_good_ones(tmp_path: Path) -> None:
    require_finite({"a": torch.ones(3), "count": torch.tensor(3)}, tmp_path)
    with pytest.raises(WorldError, match=r"Weight a is no longer finite; .*last\.ckpt was not replaced\."):
        require_finite({"a": torch.tensor([1.0, float("nan")])}, tmp_path / "last.ckpt")
