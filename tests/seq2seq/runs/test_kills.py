"""Trainings killed by SIGKILL, also during saves: nothing is lost or left behind, and the result is the same."""

import random
from pathlib import Path

import pytest
import torch

from seq2seq.models import bundle
from tests import forked
from tests.seq2seq import killed_training
from tests.seq2seq.kills import names
from tests.seq2seq.process_state import is_running
from tests.seq2seq.trained import differences, environment

pytestmark = pytest.mark.usefixtures("real_disk")


def killed(folder: Path, seed: int, kills: int) -> list[list[int]]:
    """Train once in peace and once with kills, each in a fork; return the helpers that each kill orphaned."""
    done = forked.launch(folder, environment(folder), lambda: killed_training.main(seed, kills))
    assert done.returncode == 0, done.stderr
    lines = (folder / killed_training.KILLS).read_text(encoding="utf-8").splitlines()
    return [[int(word) for word in line.split()] for line in lines]


def require_same(folder: Path) -> None:
    """Check that the killed run is the run that nothing happened to, and that it left nothing half done."""
    assert differences(folder / "whole", folder / "killed") == []
    one, other = (bundle.load(folder / name).torch_network.state_dict() for name in ("whole", "killed"))
    assert all(torch.equal(one[name], other[name]) for name in one)
    for place in (folder / "killed", folder / "killed" / "checkpoints"):
        assert names(place) == names(folder / "whole" / place.relative_to(folder / "killed"))


def test_a_few_kills_in_saves_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(environment(tmp_path)["PYTHONPATH"].split(":")[0])
    assert len(killed(tmp_path, seed=1, kills=3)) == 3
    require_same(tmp_path)


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(4))
def test_many_kills_cost_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, seed: int) -> None:
    monkeypatch.syspath_prepend(environment(tmp_path)["PYTHONPATH"].split(":")[0])
    orphans = killed(tmp_path, seed=random.Random(seed).randrange(2, 10**6), kills=25)
    assert len(orphans) == 25
    assert any(orphans)
    assert not any(is_running(process) for one in orphans for process in one)
    require_same(tmp_path)
