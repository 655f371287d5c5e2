"""Averages of checkpoints, as numbers and as a model folder."""

from pathlib import Path

import pytest
import torch

from seq2seq.commands import average as average_verb
from seq2seq.commands import fit
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.run_setup.run_folder import RunFolder
from seq2seq.runs.averaging import average
from tests.seq2seq.trained import here

__all__ = ["here"]


def test_averages_of_the_last_weights(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_epochs", "3"]) == 0
    paths = RunFolder(here / "run").kept
    states = [torch.load(path, weights_only=True)["state_dict"] for path in paths[-2:]]
    averaged = average(paths[-2:])
    for name, value in averaged["state_dict"].items():
        assert torch.allclose(value, (states[0][name] + states[1][name]) / 2, atol=1e-7)
    assert averaged["scores"] == {}
    capsys.readouterr()
    assert average_verb.main(["run", "--last", "2"]) == 0
    place = capsys.readouterr().out.strip()
    network = bundle.load(place).torch_network
    assert torch.equal(network.output.bias, averaged["state_dict"]["network.output.bias"])
    with pytest.raises(UserError, match="There are no checkpoints to average"):
        average([])
