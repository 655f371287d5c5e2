"""The demo: train a model for each task on its sample corpus, score the test splits, and show what came of it.

    python -m benchmarks.demo [--size SIZE] [--run_dir runs/demo]

`make demo` runs it. Two models are trained at a time, with one thread each, since a second thread makes one training
little faster. What each of them prints goes into a log beside its run; the screen at the end is made of their reports
by `benchmarks.demo_screen`.
"""

import argparse
import json
import multiprocessing
import os
import resource
import shutil
import sys
import time
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.demo_screen import TALKS, TASKS, screen

AT_A_TIME = 2
RESULT = "demo.json"


class Size(NamedTuple):
    """How much is trained.

    Attributes:
        minutes: How long two idle cores of a slow processor need for all tasks, in words.
        epochs: Epochs of each task; of the others as many as `fit` trains by itself.
        options: Further options of each training.
    """

    minutes: str
    epochs: dict[str, int]
    options: tuple[str, ...] = ()


SIZES = {
    "demo": Size("about 10 minutes", {"dialogue": 3, "translation": 3, "summarization": 2, "generation": 3}),
    "full": Size("15 to 20 minutes", {}),
    "smallest": Size(
        "a minute or two, but its scores mean nothing",
        {},
        ("-c", "size/tiny", "--trainer.max_steps", "30", "--trainer.val_check_interval", "30"),
    ),
}


class DemoError(Exception):
    """A command failed; the message names the log that says why."""


@dataclass(frozen=True)
class Result:
    """What became of a task.

    Attributes:
        task: Its name.
        folder: Its run folder.
        given: What the model was given to show what it can do; of a chat all that was said.
        made: What it made of each.
        tales: Of running text, the nats and the characters of each test document.
        seconds: How long training, evaluation and examples took.
        cpu_seconds: The processor's time for them.
    """

    task: str
    folder: str
    given: list[str]
    made: list[str]
    tales: list[tuple[float, int]]
    seconds: float
    cpu_seconds: float


def commands(task: str, folder: Path, size: Size) -> list[list[str]]:
    """Return what is typed after `seq2seq` to train and to score a task."""
    epochs = size.epochs.get(task)
    fit = ["fit", task, "--threads", "1", "--run_dir", str(folder)]
    fit += ["--trainer.max_epochs", str(epochs)] if epochs else []
    return [[*fit, *size.options], ["evaluate", str(folder), "--split", "test", "--threads", "1"]]


def run(task: str, folder: Path, size: Size) -> Result:
    """Train and score a task and try its model, in this process; what it prints goes into a log.

    Raises:
        DemoError: If a command fails.
    """
    log = folder.with_suffix(".log")
    _print_into(log)
    from seq2seq.cli import main  # here, so that the parent process stays light

    begin, before = time.monotonic(), _cpu_seconds()
    for command in commands(task, folder, size):
        print("$ seq2seq", *command, flush=True)
        if main(command) != 0:
            raise DemoError(f"'seq2seq {' '.join(command[:2])}' failed: see {log}.")
    given, made = examples(task, folder)
    for one, other in zip(given, made, strict=True):
        print(one, other, sep="\n", flush=True)
    tales = scored(folder) if task == "generation" else []
    result = Result(task, str(folder), given, made, tales, time.monotonic() - begin, _cpu_seconds() - before)
    (folder / RESULT).write_text(json.dumps(asdict(result), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return result


def examples(task: str, folder: Path) -> tuple[list[str], list[str]]:
    """Return what a model is given to show what it can do, and what it makes of it."""
    import seq2seq
    from seq2seq.language_model import LanguageModel

    model = seq2seq.load(folder, threads=1)
    if task != "dialogue":
        given = list(TASKS[task].examples)
        if isinstance(model, LanguageModel):
            return given, [model.generate(text) for text in given]
        return given, [best[0].text for best in model.apply(given)]
    said, replies = [], []
    for talk in TALKS:
        chat = model.chat()
        for text in talk:
            said.append(text)
            replies.append(chat.say(text))
    return said, replies


def scored(folder: Path) -> list[tuple[float, int]]:
    """Return the nats and the characters of each document of the test split, read by itself."""
    import seq2seq
    from seq2seq.language_model import LanguageModel

    model = seq2seq.load(folder, threads=1)
    assert isinstance(model, LanguageModel)
    texts = [one.target for one in model.task.sample().test]
    return [(-one.log_probability, one.characters) for one in model.score_texts(texts)]


def train_all(folder: Path, size: Size) -> list[Result]:
    """Train the tasks, `AT_A_TIME` of them together, and say when each is done.

    Raises:
        DemoError: If one fails; the others are stopped.
    """
    begin = time.monotonic()
    results: list[Result] = []
    with ProcessPoolExecutor(AT_A_TIME, multiprocessing.get_context("spawn")) as pool:
        waiting: set[Future[Result]] = {pool.submit(run, task, folder / task, size) for task in TASKS}
        try:
            while waiting:
                done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
                for one in done:
                    results.append(one.result())
                    _say(f"{len(results)} of {len(TASKS)} done: {results[-1].task}, {results[-1].seconds:.0f} s")
                if waiting and sys.stderr.isatty():
                    _show(
                        f"{len(results)} of {len(TASKS)} done, {_clock(time.monotonic() - begin)}; " + under_way(folder)
                    )
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            for process in multiprocessing.active_children():
                process.terminate()
            raise
    return sorted(results, key=lambda one: list(TASKS).index(one.task))


def under_way(folder: Path) -> str:
    """Return which tasks are being trained, and at which step each is, from the metrics that they write."""
    steps = []
    for task in TASKS:
        metrics = folder / task / "metrics.csv"
        if (folder / task / RESULT).is_file() or not (folder / task).is_dir():
            continue
        rows = metrics.read_text(encoding="utf-8").splitlines() if metrics.is_file() else []
        steps.append(f"{task} at step {rows[-1].split(',')[0]}" if len(rows) > 1 else f"{task} begins")
    return ", ".join(steps)


def main(arguments: list[str] | None = None) -> int:
    """Run the demo; return the exit status."""
    parser = argparse.ArgumentParser("python -m benchmarks.demo", description="Train and try a model for each task.")
    parser.add_argument("--size", choices=SIZES, default="demo", help="how long to train; full is as long as fit does")
    parser.add_argument("--run_dir", type=Path, default=Path("runs/demo"), help="where the runs go; emptied first")
    typed = parser.parse_args(arguments)
    size, folder = SIZES[typed.size], typed.run_dir
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _say(f"Training {len(TASKS)} models on this machine, {AT_A_TIME} at a time. On two idle cores: {size.minutes}.")
    _say(f"What they print is in {folder}/*.log.")
    begin = time.monotonic()
    try:
        results = train_all(folder, size)
    except DemoError as error:
        _say(f"demo: {error}")
        return 1
    except KeyboardInterrupt:
        _say("Stopped.")
        return 130
    seconds, cpu_seconds = time.monotonic() - begin, sum(one.cpu_seconds for one in results)
    print(screen([asdict(one) for one in results], seconds, cpu_seconds))
    return 0


def _print_into(log: Path) -> None:
    """Send all output of this process, of its libraries too, into a file."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(file)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _say(text: str) -> None:
    """Write a line to stderr, over the line that shows how far the trainings are."""
    _show("")
    print(text, file=sys.stderr, flush=True)


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}"[: 5 + shutil.get_terminal_size().columns - 1])
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
