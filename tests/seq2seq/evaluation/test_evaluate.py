"""What an evaluation adds to the measurements of a test set, and what it refuses."""

from pathlib import Path

import pytest

from seq2seq.corpus.example import Example
from seq2seq.errors import UserError
from seq2seq.evaluation.evaluate import evaluate
from seq2seq.evaluation.pairs import Pairs
from seq2seq.evaluation.test_set import TestSet
from seq2seq.plugin import Evaluated, TaskReport
from seq2seq.plugin.report_blocks import Section, Table
from tests.seq2seq import toy_task
from tests.seq2seq.decoded import source_model


def test_a_task_asks_the_model_for_its_part_of_the_report_and_shows_its_own_examples(
    model: Path, toy_examples: list[Example], monkeypatch: pytest.MonkeyPatch
) -> None:
    loaded = source_model(model)
    asked: list[tuple[int, int, int]] = []

    class Curious(toy_task.Toy):
        def report(self, evaluated: Evaluated) -> TaskReport:
            asked.append((evaluated.seed, evaluated.samples, evaluated.shown))
            example = evaluated.examples[1]
            likely = evaluated.model.score([example], [example])[0].log_probability
            (shown,) = evaluated.attended([8])
            assert shown.attention
            assert evaluated.predictions[8] == shown
            return TaskReport([Section("Counted"), Section("Asked", [Table(["nats"], [[-likely]])])], ("chrF", "BLEU"))

    monkeypatch.setattr(loaded, "task", Curious())
    tested = TestSet("test", "toy", tuple(toy_examples[:20]), ())
    report = evaluate(loaded, Pairs(tested, samples=0), seed=3, shown=1)
    assert [section.title for section in report.sections] == ["Counted", "Asked"]
    table = report.sections[1].blocks[0]
    assert isinstance(table, Table)
    assert table.rows[0][0] == pytest.approx(-report.predictions[1].reference_log_probability, abs=1e-4)
    assert asked == [(3, 0, 1)]
    with_attention = {prediction.index for prediction in report.predictions if prediction.attention}
    assert report.examples is not None
    three = {number for _, number in report.examples.rows()}
    assert with_attention == {*report.worst, *report.typical, *report.best, *three, 8}
    ends = [pair.end_log_probability for pair in loaded.score(tested.examples, tested.examples)]
    assert [prediction.reference_end_log_probability for prediction in report.predictions] == pytest.approx(
        ends, abs=1e-4
    )
    assert [figure.name for figure in report.figures] == ["BLEU"]  # no chrF was measured


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"samples": -1}, "samples is -1, but it must not be negative"),
        ({"seed": -1}, "seed is -1, but it must not be negative"),
        ({"shown": -1}, "examples is -1, but it must not be negative"),
    ],
)
def test_impossible_numbers_are_refused(model: Path, options: dict[str, int], message: str) -> None:
    tested = TestSet("test", "toy", (Example("a", "b"),), ())
    with pytest.raises(UserError, match=message):
        evaluate(source_model(model), Pairs(tested, samples=options.pop("samples", 0)), **options)  # type: ignore[arg-type]
