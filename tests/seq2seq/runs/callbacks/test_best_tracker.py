"""Model selection and early stopping."""

import math

from seq2seq.run_setup.training_options import StoppingOptions
from seq2seq.runs.callbacks.best_tracker import BestTracker
from tests.seq2seq.trained import here

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
