"""The demo: the commands it runs, its output, and that the texts it shows are new to the models."""

import errno
import json
import multiprocessing
import os
import re
import resource
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import asdict
from pathlib import Path
from typing import Any

import pytest
import yaml

from benchmarks.demo import RESULT, SIZES, DemoError, as_sentence, commands, emptied, main, run, under_way
from benchmarks.demo_screen import TALKS, TASKS, WIDTH, screen
from seq2seq.corpus.example import plain
from seq2seq.errors import UserError
from seq2seq.plugin.config_files import sample_settings
from seq2seq.plugin.registry import installed, load
from seq2seq.plugin.report_blocks import BITS, Figure
from seq2seq.plugin.task import SampleCorpus
from seq2seq.safe_text import width
from seq2seq_samples.dialogue.remembered_facts import FIGURE
from tests.environments import REPOSITORY
from tests.seq2seq.process_state import children, is_running


def report() -> dict[str, Any]:
    """Return the fields of a report that the screen shows."""
    figures = [
        Figure("chrF", 92.51, 91.0, 94.04, "points of 100"),
        Figure("BLEU", 92.51, 91.0, 94.04, "points of 100"),
        Figure("ROUGE-L", 97.96, 97.5, 98.31, "points of 100"),
        Figure(FIGURE, 94.74, 92.0, 96.6, "% of 380 facts"),
        Figure(BITS, 0.7105, 0.689, 0.732, "bits", higher_is_better=False, most=None),
    ]
    return {"figures": [asdict(figure) for figure in figures], "likelihood": {"sentences": 1500}}


def test_every_task_is_shown_with_a_command_that_exists() -> None:
    verbs = {plugin.name: load(plugin.name).verb for plugin in installed()}
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
        results.append(
            {
                "task": task,
                "folder": str(tmp_path / task),
                "given": given,
                "outputs": ["made up " * 30, *["编的" * 60] * (len(given) - 1)],
            }
        )
    text = screen(results, seconds=251.9, cpu_seconds=480.2)
    lines = text.split("\n")
    assert lines[0] == "4 models trained from scratch in 4 min 11 s (480 CPU seconds)"
    assert len(lines) <= 40
    for said in (
        "Dialogue: facts remembered 94.7 % (95% interval 92.0 to 96.6), on 1,500 test examples",
        "Text generation: bits per character 0.711 (95% interval 0.689 to 0.732), on 1,500 test examples",
        "Summarization: ROUGE-L 98.0 of 100 (95% interval 97.5 to 98.3), on 1,500 test examples",
        "Translation: BLEU 92.5 of 100 (95% interval 91.0 to 94.0), on 1,500 test examples",
    ):
        assert said in lines
    for task, shown in TASKS.items():
        assert f"  report  {tmp_path / task / 'evaluation-test' / 'report.html'}" in lines
        verb, *options = shown.command.split()
        assert f"  try     .venv/bin/seq2seq {' '.join([verb, str(tmp_path / task), *options])}" in lines
    assert max(width(line) for line in lines if "  report" not in line and "  try" not in line) <= WIDTH


def test_full_trains_as_long_as_fit_does() -> None:
    for task in TASKS:
        fit, evaluate = commands(task, Path("runs/demo") / task, SIZES["full"])
        assert fit == ["fit", task, "--threads", "1", "--run_dir", f"runs/demo/{task}"]
        assert evaluate == ["evaluate", f"runs/demo/{task}", "--split", "test", "--threads", "1"]


def test_the_demo_trains_less_than_fit_does() -> None:
    for task in TASKS:
        fit, evaluate = commands(task, Path("runs/demo") / task, SIZES["demo"])
        assert fit[:6] == ["fit", task, "--threads", "1", "--run_dir", f"runs/demo/{task}"]
        options = dict(zip(fit[6::2], fit[7::2], strict=True))
        settings = sample_settings(load(task))
        assert settings is not None
        sample = yaml.safe_load(settings.read_text(encoding="utf-8"))
        assert int(options["--trainer.max_epochs"]) < sample["trainer"]["max_epochs"]
        assert evaluate[0] == "evaluate"


def test_what_is_under_way_is_read_from_the_metrics(tmp_path: Path) -> None:
    for task in ("dialogue", "translation", "summarization"):
        (tmp_path / task).mkdir()
    (tmp_path / "dialogue" / "metrics.csv").write_text("step,epoch\n50,1\n100,1\n", encoding="utf-8")
    (tmp_path / "translation" / RESULT).write_text("{}", encoding="utf-8")
    assert under_way(tmp_path) == "dialogue at step 100, summarization begins"


def sample_of(name: str) -> SampleCorpus:
    task = load(name)
    sample = task.sample(task.reader())
    assert sample is not None
    return sample


@pytest.mark.slow  # generates a whole corpus
def test_the_demo_translates_what_training_lacks() -> None:
    sample = sample_of("translation")
    learned = {example.source for example in (*sample.train, *sample.validation)}
    assert not learned & set(TASKS["translation"].examples)


@pytest.mark.slow  # generates a whole corpus
def test_the_demo_summarizes_names_and_numbers_that_training_lacks() -> None:
    sample = sample_of("summarization")
    learned = "\n".join(
        str(text) for example in (*sample.train, *sample.validation) for text in (example.source, example.target)
    )
    (text,) = TASKS["summarization"].examples
    for fact in ("Kelmark", "Triolio", "729", "Kelwick", "June 30", "May 21", "May 29"):
        assert fact in text
        assert not re.search(rf"(?<!\d){fact}(?!\d)", learned)


@pytest.mark.slow  # generates a whole corpus
def test_the_demo_talks_to_somebody_whom_training_does_not_know() -> None:
    sample = sample_of("dialogue")
    learned = "\n".join(
        plain(text) for example in (*sample.train, *sample.validation) for text in (example.source, example.target)
    )
    for talk, name in zip(TALKS, ("Willa", "陈文静"), strict=True):
        assert name in talk[0]
        assert name not in learned


def started(folder: Path, before: Callable[[], None] | None = None) -> subprocess.Popen[str]:
    """The smallest demo, in a new process and process group."""
    return subprocess.Popen(
        [sys.executable, "-m", "benchmarks.demo", "--size", "smallest", "--run_dir", str(folder)],
        cwd=REPOSITORY,
        env={**os.environ, "XDG_CACHE_HOME": str(folder.parent / "cache")},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        preexec_fn=before,
    )


def test_a_file_in_the_place_of_the_folder_is_kept(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "runs").write_text("dear", encoding="utf-8")
    assert main(["--run_dir", str(tmp_path / "runs")]) == 2
    assert (tmp_path / "runs").read_text(encoding="utf-8") == "dear"
    error = capsys.readouterr().err
    assert error == (
        f"demo: {tmp_path}/runs is a file, but the runs need a folder: name another folder with --run_dir FOLDER "
        "(make demo DEMO_RUN=FOLDER).\n"
    )


def test_a_folder_of_other_things_is_not_emptied(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "translation").mkdir()
    (tmp_path / "thesis.tex").write_text("dear", encoding="utf-8")
    assert main(["--run_dir", str(tmp_path)]) == 2
    assert sorted(file.name for file in tmp_path.iterdir()) == ["thesis.tex", "translation"]
    assert "would be emptied, but thesis.tex in it does not belong to a demo: name another" in capsys.readouterr().err


def test_the_runs_of_a_demo_before_are_removed(tmp_path: Path) -> None:
    other = tmp_path / "other"
    (other / "deep").mkdir(parents=True)
    folder = tmp_path / "runs"
    (folder / "translation" / "bundle").mkdir(parents=True)
    (folder / "translation.log").touch()
    (folder / "dialogue").symlink_to(other)
    emptied(folder)
    assert list(folder.iterdir()) == []
    assert (other / "deep").is_dir()


def test_a_folder_that_cannot_be_made_is_said_in_a_sentence(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "file").touch()
    assert main(["--run_dir", str(tmp_path / "file" / "runs")]) == 2
    assert capsys.readouterr().err == (
        f"demo: {tmp_path}/file/runs: Not a directory. If it cannot be written, name another folder with --run_dir "
        "FOLDER (make demo DEMO_RUN=FOLDER).\n"
    )


@pytest.mark.parametrize(
    ("error", "message"),
    [
        (
            OSError(errno.ENOSPC, "No space left on device", "runs/demo/a"),
            "There is no room for runs/demo/a: No space left on device. Make room on the disk, or name another folder "
            "with --run_dir FOLDER (make demo DEMO_RUN=FOLDER).",
        ),
        (UserError("Nothing to read."), "Nothing to read."),
        (
            MemoryError(),
            "A training was killed, perhaps because memory is full: end other programs, and start the demo again.",
        ),
        (KeyError("likelihood"), "An error of the program (KeyError: 'likelihood')."),
    ],
)
def test_every_error_is_a_sentence(error: Exception, message: str) -> None:
    assert as_sentence(error) == message


FULL = (resource.RLIMIT_FSIZE, (0, 0))
"""No file may grow, as on a full disk."""


def test_a_full_disk_is_said_in_a_sentence(tmp_path: Path) -> None:
    process = started(tmp_path / "runs", lambda: resource.setrlimit(*FULL))
    _, error = process.communicate(timeout=60)
    assert process.returncode == 2
    assert error.splitlines()[-1].startswith("demo: There is no room for the output: File too large. Make room")
    assert "Traceback" not in error


def test_a_disk_that_fills_under_a_training_is_said_in_a_sentence(tmp_path: Path) -> None:
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, spawn, resource.setrlimit, FULL) as pool:
        training = pool.submit(run, "dialogue", tmp_path / "dialogue", SIZES["smallest"])
        with pytest.raises(DemoError) as caught:
            training.result()
    assert caught.value.code == 2
    assert caught.value.message.startswith("dialogue: There is no room for the output: File too large. Make room")
    assert caught.value.message.endswith(f" Its output is in {tmp_path}/dialogue.log.")


@pytest.mark.parametrize(("number", "status"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_a_signal_ends_the_demo_in_a_sentence(tmp_path: Path, number: signal.Signals, status: int) -> None:
    process = started(tmp_path / "runs")
    assert process.stderr is not None
    first = [process.stderr.readline() for _ in range(2)]
    end = time.monotonic() + 60
    while len(list((tmp_path / "runs").glob("*.log"))) < 2 and time.monotonic() < end:
        time.sleep(0.05)
    trainings = children(process.pid)
    assert first[0].startswith("Training 4 models on this machine, 2 at a time. On two idle cores: ")
    if number is signal.SIGINT:
        os.killpg(process.pid, number)  # as a terminal does
    else:
        process.send_signal(number)
    _, error = process.communicate(timeout=60)
    assert process.returncode == status
    assert error.strip() == f"demo: Stopped by {number.name}."
    end = time.monotonic() + 20
    while (left := [training for training in trainings if is_running(training)]) and time.monotonic() < end:
        time.sleep(0.05)
    assert trainings
    assert left == []


@pytest.mark.slow
def test_a_failing_command_names_its_log(tmp_path: Path) -> None:
    (tmp_path / "cache").write_text("a file where the cache belongs", encoding="utf-8")
    process = started(tmp_path / "runs")
    _, error = process.communicate(timeout=300)
    assert process.returncode in (1, 2)
    assert re.search(rf"demo: 'seq2seq fit [a-z]+' failed \(.+\): see {tmp_path}/runs/[a-z]+\.log\.", error)
    assert "Traceback" not in error
