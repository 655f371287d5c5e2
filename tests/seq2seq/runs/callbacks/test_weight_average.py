"""What happens around the steps: tracker, averages, guards, metrics."""

import csv
import itertools
import json
import math
from pathlib import Path

import pytest
import torch
from lightning.pytorch import Callback, LightningModule, Trainer
from torch import Tensor

from seq2seq.commands import fit
from seq2seq.errors import WorldError
from seq2seq.runs.callbacks.best_tracker import BestTracker
from seq2seq.runs.callbacks.weight_average import TriggeredAverage
from seq2seq.training.options import StoppingOptions
from tests.seq2seq.trained import here, load

__all__ = ["here"]


def judged(options: StoppingOptions, values: list[tuple[float, float | None]], is_higher: bool = True) -> list[str]:
    """Return the verdict on each (loss, metric): 'best', 'over', both or ''."""
    tracker = BestTracker(options, "val_bleu", is_higher)
    verdicts = []
    for loss, metric in values:
        tracker.judge(loss, metric)
        verdicts.append(" ".join(["best"] * tracker.is_best + ["over"] * tracker.is_over))
    return verdicts


def test_a_metric_of_zero_does_not_stop_training_while_the_loss_falls() -> None:
    values: list[tuple[float, float | None]] = [(9, 0.0), (8, 0.0), (7, 0.05), (6, 0.04), (5, 3.0), (4, 2.0), (3, 1.0)]
    assert judged(StoppingOptions(patience=1), values) == ["best"] * 3 + ["", "best", "over", "over"]
    assert judged(StoppingOptions(patience=2), values)[-2:] == ["", "over"]


def test_a_metric_of_zero_counts_once_the_loss_no_longer_falls() -> None:
    assert judged(StoppingOptions(patience=2), [(9, 0.0), (8, 0.0), (8, 0.0), (8.5, 0.0)])[-1] == "over"


def test_a_checkpoint_of_an_older_version_is_continued() -> None:
    tracker = BestTracker(StoppingOptions(), "val_bleu", True)
    tracker.judge(3.0, 9.0)
    state = {name: value for name, value in tracker.state_dict().items() if name not in ("best_step", "lowest_loss")}
    resumed = BestTracker(StoppingOptions(), "val_bleu", True)
    resumed.load_state_dict(state)
    assert (resumed.best_value, resumed.best_step, resumed.lowest_loss) == (("val_bleu", 9.0), 0, math.inf)


def test_a_metric_that_falls_back_to_zero_counts() -> None:
    assert judged(StoppingOptions(patience=1), [(9, 5.0), (8, 0.0)]) == ["best", "over"]


def test_start_after_ignores_the_first_validations() -> None:
    values: list[tuple[float, float | None]] = [(5, 3.0), (4, 2.0), (3, 1.0), (2, 0.5)]
    assert judged(StoppingOptions(patience=1, start_after=2), values) == ["best", "", "", "over"]


def test_equal_metrics_are_told_apart_by_the_loss() -> None:
    assert judged(StoppingOptions(), [(3, 0.0), (4, 0.0), (2, 0.0), (1, 0.0)]) == ["best", "", "best", "best"]


def test_the_loss_can_be_watched_instead() -> None:
    watched = judged(StoppingOptions(monitor="loss", patience=1), [(3, 9.0), (2, 1.0), (2.5, 99.0)])
    assert watched == ["best", "best", "over"]


def test_a_metric_of_errors_falls() -> None:
    assert judged(StoppingOptions(), [(1, 50.0), (1, 60.0), (1, 40.0)], is_higher=False) == ["best", "", "best"]


def test_a_validation_that_did_not_decode_does_not_count() -> None:
    assert judged(StoppingOptions(patience=1), [(1, 5.0), (1, None), (1, None), (1, 6.0)]) == ["best", "", "", "best"]


def test_improvements_below_min_delta_use_up_patience_but_are_kept() -> None:
    found = judged(StoppingOptions(patience=2, min_delta=1.0), [(1, 5.0), (1, 5.5), (1, 5.9)])
    assert found == ["best", "best", "best over"]


def test_tracking_resumes_and_more_patience_restarts_it() -> None:
    options = StoppingOptions(patience=2)
    first = BestTracker(options, "val_bleu", True)
    for metric in (5.0, 4.0, 3.0):
        first.judge(1.0, metric)
    assert first.is_over
    same, longer = (BestTracker(StoppingOptions(patience=n), "val_bleu", True) for n in (2, 3))
    for resumed in (same, longer):
        resumed.load_state_dict(first.state_dict())
    assert same.is_over
    assert not longer.is_over
    longer.judge(1.0, 2.0)
    assert longer.is_over


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

    assert torch.equal(bundle.load(here / "run").network.output.weight, Recorder.validated[-1][0])


@pytest.mark.usefixtures("here")
def test_a_loss_that_is_no_number_stops_training_and_saves_the_batch(here: Path) -> None:
    diverging = ["--model.optimizer.learning_rate", "1e36", "--trainer.gradient_clip_val", "null"]
    with pytest.raises(
        WorldError, match=r"The loss became (nan|inf) in step \d+\. The batch is saved as run/bad-batch"
    ):
        fit.main(["reversing", "--run_dir", "run", *diverging])
    tensors = torch.load(next((here / "run").glob("bad-batch-*.pt")), weights_only=True)
    texts = json.loads(next((here / "run").glob("bad-batch-*.json")).read_text(encoding="utf-8"))
    assert len(texts) == len(tensors["source"])
    assert set(texts[0]) == {"source", "target"}
    assert texts[0]["target"] == " ".join(reversed(texts[0]["source"].split()))


def test_the_learning_curve(here: Path) -> None:
    options = ["--trainer.log_every_n_steps", "3", "--trainer.max_epochs", "2", "--model.validation.decode_every", "2"]
    assert fit.main(["reversing", "--run_dir", "run", *options]) == 0
    with (here / "run" / "metrics.csv").open(encoding="utf-8") as file:
        rows = list(csv.DictReader(file))
    train = [row for row in rows if row["split"] == "train"]
    validations = [row for row in rows if row["split"] == "validation"]
    assert [int(row["step"]) for row in train] == list(range(3, int(rows[-1]["step"]) + 1, 3))
    assert [row["bleu"] == "" for row in validations] == [False, True]
    assert [row["epoch"] for row in validations] == ["1", "2"]
    for row in rows:
        assert float(row["perplexity"]) == pytest.approx(math.exp(float(row["loss"])), rel=1e-4)
    assert all(float(row["tokens_per_second"]) > 0 for row in train)
    # The score of an earlier validation is not the score of later weights.
    kept = sorted((here / "run" / "checkpoints").glob("step=*.ckpt"))
    scores = [load(here / "run", path.stem)["scores"] for path in kept]
    assert ["val_bleu" in one for one in scores] == [True, False]
    assert all({"val_loss", "val_perplexity"} <= one.keys() for one in scores)


def test_seeding_every_batch_leaves_nothing_behind(here: Path) -> None:
    """torch.manual_seed would queue a note for every absent device at each step, and its memory would grow."""
    before = len(torch.cuda._queued_calls)
    assert fit.main(["reversing", "--run_dir", "run"]) == 0
    assert len(load(here / "run")["callbacks"]) > 2
    assert len(torch.cuda._queued_calls) - before <= 3


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
