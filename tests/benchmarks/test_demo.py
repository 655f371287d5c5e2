"""The demo: what it runs, what it shows, and that what it shows is new to the models."""

import json
import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from benchmarks.demo import RESULT, SIZES, commands, under_way
from benchmarks.demo_screen import FACTS, TALKS, TASKS, WIDTH, bits, facts, score, screen, wilson
from seq2seq.corpus import plain
from seq2seq.task import installed, load
from seq2seq_dialogue.remembered_facts import TITLE
from tests.environments import REPOSITORY


def report(**changes: object) -> dict[str, Any]:
    """A report's fields that the screen reads."""
    table = {"columns": ["Facts", "Right", "Of", "Share (%)"], "rows": [["a", 1, 2, 50.0], ["all", 360, 380, 94.7]]}
    return {
        "scores": [{"name": name, "value": 92.51, "low": 91.0, "high": 94.04} for name in ("BLEU", "chrF", "ROUGE-L")],
        "sections": [
            {"title": "Other", "blocks": []},
            {"title": FACTS, "blocks": [{"text": "Names and so on."}, table]},
        ],
        "likelihood": {"per_character": {"bits": 0.7105}},
        "test_set": {"sentences": 1500},
        **changes,
    }


def test_figures_come_from_the_report() -> None:
    assert str(score("BLEU")(report(), ())) == "BLEU 92.5 (91.0 to 94.0)"
    assert str(facts(report())) == "facts remembered 94.7 % (92.0 to 96.6)"
    # 220 nats for 430 characters, and each tale 2.33 nats from its share: 1.96 sqrt(2) 2.33 / 430 nats are 0.022 bits.
    assert str(bits(report(), [(100.0, 200), (120.0, 230)])) == "bits a character 0.711 (0.689 to 0.732)"


def test_equal_tales_leave_no_doubt_about_their_bits() -> None:
    found = bits(report(), [(50.0, 100)] * 3)
    assert found.low == found.value == found.high


@pytest.mark.parametrize(
    ("right", "total", "low", "high"), [(0, 10, 0.0, 0.2775), (5, 10, 0.2366, 0.7634), (10, 10, 0.7225, 1.0)]
)
def test_the_interval_of_a_share_is_wilsons(right: int, total: int, low: float, high: float) -> None:
    assert wilson(right, total) == pytest.approx((low, high), abs=1e-4)
    assert wilson(0, 0) == (0.0, 1.0)


def test_the_facts_are_sought_under_the_title_that_they_are_reported_under() -> None:
    assert FACTS == TITLE


def test_every_task_is_shown_with_a_command_that_exists() -> None:
    verbs = {found.name: load(found.name).verb for found in installed()}
    assert verbs.keys() >= TASKS.keys()
    for task, shown in TASKS.items():
        assert shown.command.split()[0] == verbs[task]
        assert bool(shown.examples) == (task != "dialogue")


def test_one_screen_tells_score_example_report_and_command_of_each_task(tmp_path: Path) -> None:
    results = []
    for task, shown in TASKS.items():
        place = tmp_path / task / "evaluation-test"
        place.mkdir(parents=True)
        (place / "report.json").write_text(json.dumps(report()), encoding="utf-8")
        given = [text for talk in TALKS for text in talk] if task == "dialogue" else list(shown.examples)
        tales = [(50.0, 100)] * 140 if task == "generation" else []
        results.append(
            {
                "tales": tales,
                "task": task,
                "folder": str(tmp_path / task),
                "given": given,
                "made": ["made up " * 30] * len(given),
            }
        )
    text = screen(results, seconds=251.9, cpu_seconds=480.2)
    lines = text.split("\n")
    assert lines[0] == "4 models trained from scratch in 4 min 11 s (480 CPU seconds)"
    assert len(lines) <= 40
    for task, shown in TASKS.items():
        assert any(line.startswith(f"{shown.title}: ") and line.endswith(" test examples") for line in lines)
        assert f"  report  {tmp_path / task / 'evaluation-test' / 'report.html'}" in lines
        verb, *options = shown.command.split()
        assert f"  try     .venv/bin/seq2seq {' '.join([verb, str(tmp_path / task), *options])}" in lines
    assert max(len(line) for line in lines if "  report" not in line and "  try" not in line) <= WIDTH


@pytest.mark.parametrize(("size", "epochs"), [("demo", True), ("full", False)])
def test_full_trains_as_long_as_fit_does(size: str, epochs: bool) -> None:
    for task in TASKS:
        fit, evaluate = commands(task, Path("runs/demo") / task, SIZES[size])
        assert fit[:6] == ["fit", task, "--threads", "1", "--run_dir", f"runs/demo/{task}"]
        assert ("--trainer.max_epochs" in fit) == epochs
        assert len(fit) == (8 if epochs else 6)
        assert evaluate == ["evaluate", f"runs/demo/{task}", "--split", "test", "--threads", "1"]


def test_what_is_under_way_is_read_from_the_metrics(tmp_path: Path) -> None:
    for task in ("dialogue", "translation", "summarization"):
        (tmp_path / task).mkdir()
    (tmp_path / "dialogue" / "metrics.csv").write_text("step,epoch\n50,1\n100,1\n", encoding="utf-8")
    (tmp_path / "translation" / RESULT).write_text("{}", encoding="utf-8")
    assert under_way(tmp_path) == "dialogue at step 100, summarization begins"


def test_the_demo_translates_what_training_lacks() -> None:
    sample = load("translation").sample()
    learned = {example.source for example in (*sample.train, *sample.validation)}
    assert not learned & set(TASKS["translation"].examples)


def test_the_demo_summarizes_names_and_numbers_that_training_lacks() -> None:
    sample = load("summarization").sample()
    learned = "\n".join(str(text) for one in (*sample.train, *sample.validation) for text in (one.source, one.target))
    (text,) = TASKS["summarization"].examples
    for fact in ("Kelmark", "Triolio", "729", "Kelwick", "June 30", "May 21", "May 29"):
        assert fact in text
        assert not re.search(rf"(?<!\d){fact}(?!\d)", learned)


def test_the_demo_talks_to_somebody_whom_training_does_not_know() -> None:
    sample = load("dialogue").sample()
    learned = "\n".join(plain(text) for one in (*sample.train, *sample.validation) for text in (one.source, one.target))
    for talk, name in zip(TALKS, ("Willa", "陈文静"), strict=True):
        assert name in talk[0]
        assert name not in learned


@pytest.mark.slow
def test_a_failing_command_names_its_log(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "demo").write_text("a file where the runs belong", encoding="utf-8")
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.demo", "--size", "smallest", "--run_dir", str(tmp_path / "runs")],
        cwd=REPOSITORY,
        env={"PATH": "/usr/bin:/bin", "XDG_CACHE_HOME": str(tmp_path / "data" / "demo"), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=300,
    )
    assert done.returncode == 1
    assert re.search(rf"demo: 'seq2seq fit [a-z]+' failed: see {tmp_path}/runs/[a-z]+\.log\.", done.stderr)
    assert "Traceback" not in done.stderr
