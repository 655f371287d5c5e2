"""The list of a folder of runs: complete, unfinished and broken ones, none of which hides the others."""

import json
import os
import platform
import shutil
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.evaluation.report_folder import write
from seq2seq.report.run_list import by_task, runs_in
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.report.sample_reports import report

OPTIONS = "data:\n  task: toy\n  train: [a.en, a.zh]\n"
METRICS = "step,epoch,split,loss,seconds\n50,1,train,2.5,21.3\n100,1,validation,2.0,61.5\n"


@pytest.fixture
def runs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A run with a model and a report, an interrupted one, one that never began, and a report without a run."""
    toy_task.install(tmp_path / "site", monkeypatch)
    done = tmp_path / "runs" / "toy" / "done"
    toy_models.write(done / "bundle", toy_tokenizers)
    (done / "config.yaml").write_text(OPTIONS, encoding="utf-8")
    (done / "metrics.csv").write_text(METRICS, encoding="utf-8")
    write(report(), done / "evaluation-test")
    stopped = tmp_path / "runs" / "toy" / "stopped"
    (stopped / "checkpoints").mkdir(parents=True)
    (stopped / "checkpoints" / "last.ckpt").touch()
    (stopped / "config.yaml").write_text(OPTIONS, encoding="utf-8")
    (stopped / "metrics.csv").write_text(METRICS + "150,2,tra", encoding="utf-8")
    begun = tmp_path / "runs" / "begun"
    begun.mkdir()
    (begun / "config.yaml").write_text(OPTIONS, encoding="utf-8")
    write(report(), tmp_path / "runs" / "alone")
    return tmp_path / "runs"


def test_each_run_is_described_by_what_it_left(runs: Path) -> None:
    described = {run.name: run for run in runs_in(runs)}
    assert set(described) == {"toy/done", "toy/stopped", "begun", "alone"}
    done = described["toy/done"]
    assert (done.task, done.data, done.steps, done.seconds) == ("toy", "toy corpus", 1234, 61.5)
    assert done.weights is not None
    assert done.weights > 1_000
    assert [figure.name for figure in done.figures] == ["BLEU", "TER"]  # the report has no key figures: its metrics
    assert (done.figures[0].value, done.figures[0].low) == (37.5, 36.0)
    assert (done.is_validated, done.state, done.faults) == (False, "", [])
    assert done.date == "2026-01-02T03:04:05+00:00"
    assert done.languages == ("en", "zh")
    (evaluation,) = done.evaluations
    assert (evaluation.name, evaluation.size) == ("test", 2)
    assert evaluation.page == done.path / "evaluation-test" / "report.html"
    stopped = described["toy/stopped"]
    assert (stopped.task, stopped.data, stopped.steps, stopped.weights) == ("toy", "a.en, a.zh", 100, None)
    assert stopped.faults == ["no model yet: the run was interrupted; continue it with --resume"]
    assert described["begun"].faults == ["no model: the run ended before anything was saved"]
    assert (described["alone"].task, described["alone"].steps, described["alone"].faults) == ("toy", 7, [])
    assert list(by_task(list(described.values()))) == ["toy"]


def test_before_an_evaluation_the_figures_are_those_of_the_validation(runs: Path) -> None:
    shutil.rmtree(runs / "toy" / "done" / "evaluation-test")
    done = next(run for run in runs_in(runs) if run.name == "toy/done")
    assert [(figure.name, round(figure.value, 3), figure.low) for figure in done.figures] == [("BLEU", 12.345, None)]
    assert (done.is_validated, done.state, done.faults) == (True, "not evaluated yet", [])


def test_a_run_that_is_in_use_is_in_training(runs: Path) -> None:
    (runs / "toy" / "stopped" / ".lock-owner").write_text(f"{os.getpid()} {platform.node()}\n", encoding="utf-8")
    stopped = next(run for run in runs_in(runs) if run.name == "toy/stopped")
    assert (stopped.state, stopped.faults) == ("in training", [])


@pytest.mark.parametrize(
    ("file", "content", "fault"),
    [
        ("bundle/config.json", "{", "config.json of the model is damaged or has another version"),
        (
            "bundle/config.json",
            '{"format": 1, "task": 3}',
            "config.json of the model is damaged or has another version",
        ),
        ("bundle/model.safetensors", None, "the model is incomplete: model.safetensors is missing"),
        ("bundle/tokenizer", None, "the model is incomplete: tokenizer is missing"),
        ("config.yaml", "data: [", "config.yaml is damaged"),
        ("config.yaml", "data: {task: [1]}", "config.yaml is damaged"),
        ("config.yaml", None, "config.yaml is missing"),
        ("metrics.csv", "\x00", "metrics.csv is damaged or empty"),
        (
            "evaluation-test/report.json",
            '{"format": 1, "recipe": {}, "predictions": 5}',
            "evaluation-test/report.json is damaged or has another version: evaluate again",
        ),
        (
            "evaluation-test/report.json",
            '{"format": 9, "recipe": {}, "predictions": []}',
            "evaluation-test/report.json is damaged or has another version: evaluate again",
        ),
        ("evaluation-test/report.html", None, "report.html of test is missing: evaluate again"),
    ],
)
def test_what_is_broken_is_said_and_the_rest_is_read(runs: Path, file: str, content: str | None, fault: str) -> None:
    place = runs / "toy" / "done" / file
    if content is not None:
        place.write_text(content, encoding="utf-8")
    elif place.is_dir():
        shutil.rmtree(place)
    else:
        place.unlink()
    done = next(run for run in runs_in(runs) if run.name == "toy/done")
    assert fault in done.faults
    assert done.task == "toy"
    assert len(runs_in(runs)) == 4


def test_a_report_of_an_older_version_gives_its_scores(runs: Path) -> None:
    place = runs / "alone" / "report.json"
    values = json.loads(place.read_text(encoding="utf-8"))
    for name in ("figures", "verdict", "examples", "errors"):
        del values[name]
    place.write_text(json.dumps(values), encoding="utf-8")
    alone = next(run for run in runs_in(runs) if run.name == "alone")
    assert [figure.name for figure in alone.figures] == ["BLEU", "TER"]


def test_circles_of_links_and_hidden_folders_are_not_walked(runs: Path) -> None:
    (runs / "circle").symlink_to(runs)
    shutil.copytree(runs / "alone", runs / ".trash")
    assert len(runs_in(runs)) == 4


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("gone", "gone does not exist, but seq2seq report needs a folder of runs"),
        ("file", "file is a file, but seq2seq report needs a folder of runs"),
        ("empty", "empty contains no run, model or report: give the folder in which"),
    ],
)
def test_what_is_no_folder_of_runs_is_refused(tmp_path: Path, name: str, message: str) -> None:
    (tmp_path / "file").touch()
    (tmp_path / "empty").mkdir()
    with pytest.raises(UserError, match=message):
        runs_in(tmp_path / name)
