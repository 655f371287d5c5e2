"""Averages of the weights."""

import itertools
from pathlib import Path

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from seq2seq.commands import fit
from seq2seq.runs.callbacks.weight_average import TriggeredAverage
from tests.seq2seq.trained import here, load

__all__ = ["here"]


class Recorder(Callback):
    """A user's own callback: keeps the weights after each step, and those that are validated."""

    weights: list[list[Tensor]]
    validated: list[list[Tensor]]

    def on_train_start(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep the first weights."""
        Recorder.weights, Recorder.validated = [], []
        self._keep(pl_module, Recorder.weights)

    def on_train_batch_end(
        self, trainer: Trainer, pl_module: LightningModule, outputs: object, batch: object, batch_idx: int
    ) -> None:
        """Keep the weights after a step."""
        self._keep(pl_module, Recorder.weights)

    def on_validation_epoch_end(self, trainer: Trainer, pl_module: LightningModule) -> None:
        """Keep the weights that are validated."""
        self._keep(pl_module, Recorder.validated)

    def _keep(self, pl_module: LightningModule, where: list[list[Tensor]]) -> None:
        where.append([parameter.detach().clone() for parameter in pl_module.parameters()])


def test_the_moving_average_is_validated_kept_and_bundled(here: Path) -> None:
    """Also: a user's own list of callbacks leaves ours in their place."""
    recorder = ["--trainer.callbacks", f"{__name__}.Recorder"]
    options = ["--model.optimizer.ema_decay", "0.5", "--model.network.tied_embeddings", "all"]
    assert fit.main(["reversing", "--run_dir", "run", *options, *recorder]) == 0
    average = Recorder.weights[0]
    for number, weights in enumerate(Recorder.weights[1:]):
        share = 1 - min(0.5, (1 + number) / (10 + number))
        average = [torch.lerp(old, new, share) for old, new in zip(average, weights, strict=True)]
    for expected, found in zip(average, Recorder.validated[-1], strict=True):
        assert torch.allclose(expected, found, atol=1e-7)
    last, best = load(here / "run"), load(here / "run", "best")
    table = "network.source_embedding.weight"
    assert torch.equal(last["state_dict"][table], Recorder.weights[-1][0])
    assert torch.equal(best["state_dict"][table], Recorder.validated[-1][0])
    assert torch.equal(best["state_dict"]["network.output.weight"], Recorder.validated[-1][0])

    from seq2seq.models import bundle

    assert torch.equal(bundle.load(here / "run").torch_network.output.weight, Recorder.validated[-1][0])


def test_the_triggered_average_begins_when_the_loss_stops_falling() -> None:
    average = TriggeredAverage(2)
    for loss, is_triggered in ((5.0, False), (4.0, False), (4.5, False), (3.9, False), (4.0, True), (1.0, True)):
        average.judge(loss)
        assert average.is_triggered == is_triggered, loss
    resumed = TriggeredAverage(2)
    resumed.load_state_dict(average.state_dict())
    assert resumed.losses == average.losses
    assert resumed.is_triggered
    average.updates = 3
    assert average.share() == 0.25
    assert TriggeredAverage(2).share() == 1.0


def test_the_mean_since_the_trigger_is_validated_and_kept(here: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    judge, losses = TriggeredAverage.judge, itertools.count()
    # Each validation is worse than the one before, so that averaging begins at the second.
    monkeypatch.setattr(TriggeredAverage, "judge", lambda self, loss: judge(self, float(next(losses))))
    options = ["--model.optimizer.average_after", "1", "--model.optimizer.name", "sgd"]
    options += ["--model.optimizer.learning_rate", "0.5", "--model.schedule.name", "constant"]
    options += [
        "--trainer.callbacks",
        f"{__name__}.Recorder",
        "--trainer.val_check_interval",
        "0.5",
    ]
    assert fit.main(["reversing", "--run_dir", "run", *options, "--trainer.max_epochs", "2"]) == 0
    plain = Recorder.validated[1]  # not averaged yet
    begun = 1 + next(number for number, one in enumerate(Recorder.weights) if all(map(torch.equal, one, plain)))
    mean = [torch.stack(one).mean(0) for one in zip(*Recorder.weights[begun:], strict=True)]
    for expected, found in zip(mean, Recorder.validated[-1], strict=True):
        torch.testing.assert_close(found, expected, rtol=0, atol=1e-5)
    kept = load(here / "run")["callbacks"]["WeightAverage"]
    assert kept["is_triggered"]
    assert kept["updates"] == len(Recorder.weights) - begun > 2
