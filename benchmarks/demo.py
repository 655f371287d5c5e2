"""Train a model for each task on its sample corpus, score the test splits, and show the results.

    python -m benchmarks.demo [--size SIZE] [--run_dir runs/demo]

`make demo` runs this script. It trains two models at a time with one thread each, because a second thread helps
little. Each process logs to a file next to its run; `benchmarks.demo_screen` shows the results.
"""

import argparse
import errno
import io
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sys
import time
import traceback
from collections.abc import Iterator, Mapping
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager, suppress
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import NamedTuple

from benchmarks.demo_screen import TALKS, TASKS, screen
from seq2seq.errors import SentenceError
from seq2seq.interruption import SIGNALS, Interrupted, Watch, announce
from seq2seq.process_lifetime import serve
from seq2seq.safe_text import sentence

AT_A_TIME = 2
RESULT = "demo.json"
PATIENCE_S = 15.0
"""Time for a stopped training to save its state, before it is killed."""
ELSEWHERE = "name another folder with --run_dir FOLDER (make demo DEMO_RUN=FOLDER)"


class Size(NamedTuple):
    """The amount of training.

    Attributes:
        minutes: Expected time for all tasks on two idle cores of a slow processor, as a phrase.
        options: Training options of each task; all others have the defaults of `fit`.
        shared: Options for all tasks.
    """

    minutes: str
    options: Mapping[str, str]
    shared: str = ""


SIZES = {
    # Less training than the defaults of `fit`; chosen on the validation splits.
    "demo": Size(
        "about 6 minutes",
        {
            "dialogue": "--trainer.max_epochs 1",
            "translation": "--trainer.max_epochs 2 --data.batches.batch_sentences 16",
            "summarization": "--trainer.max_epochs 1",
            "generation": "--trainer.max_epochs 1 --data.tokenizer.vocabulary_size 4000 "
            "--model.network.hidden_size 256 --model.optimizer.learning_rate 1.1e-2",
        },
    ),
    "full": Size("10 to 15 minutes", {}),
    "smallest": Size(
        "a minute or two, but its scores mean nothing",
        {},
        "-c size/tiny --trainer.max_steps 30 --trainer.val_check_interval 30",
    ),
}


class DemoError(Exception):
    """The demo failed.

    Args:
        message: One sentence with the cause and the remedy.
        code: Exit status.
    """

    def __init__(self, message: str, code: int = 2) -> None:
        super().__init__(message, code)
        self.message, self.code = message, code


@dataclass(frozen=True)
class Result:
    """The result of a task.

    Attributes:
        task: Name of the task.
        folder: Its run folder.
        given: Example inputs; for a chat, all messages of the user.
        outputs: The model's output for each input.
        seconds: Wall-clock time of training, evaluation and examples.
        cpu_seconds: Their CPU time.
    """

    task: str
    folder: str
    given: list[str]
    outputs: list[str]
    seconds: float
    cpu_seconds: float


def commands(task: str, folder: Path, size: Size) -> list[list[str]]:
    """Return the `seq2seq` command lines that train and score a task."""
    fit = ["fit", task, "--threads", "1", "--run_dir", str(folder)]
    fit += [*size.options.get(task, "").split(), *size.shared.split()]
    return [fit, ["evaluate", str(folder), "--split", "test", "--threads", "1"]]


def run(task: str, folder: Path, size: Size) -> Result:
    """Train and score a task and run its examples in this process; all output goes to a log.

    Raises:
        DemoError: If a command or a later step fails; the log has the traceback.
    """
    log = folder.with_suffix(".log")
    try:
        _print_into(log)
        return _result(task, folder, size, log)
    except DemoError:
        raise
    except Exception as error:
        with suppress(OSError):  # the log itself may be unwritable
            traceback.print_exc()
        raise DemoError(f"{task}: {as_sentence(error)} Its output is in {log}.") from error


def as_sentence(error: Exception) -> str:
    """Return an error as a sentence, with a remedy."""
    if isinstance(error, SentenceError):
        return str(error)
    if isinstance(error, OSError):
        what = sentence(f"{error.filename or 'the output'}: {error.strerror or error}")
        if error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
            return f"There is no room for {what}. Make room on the disk, or {ELSEWHERE}."
        return f"{what}. If it cannot be written, {ELSEWHERE}."
    if isinstance(error, MemoryError | BrokenProcessPool):
        return "A training was killed, perhaps because memory is full: end other programs, and start the demo again."
    return sentence(f"An error of the program ({type(error).__name__}: {error}).")


def _result(task: str, folder: Path, size: Size, log: Path) -> Result:
    from seq2seq.cli import main  # not at the top, to keep the parent process light

    begin, before = time.monotonic(), _cpu_seconds()
    for command in commands(task, folder, size):
        print("$ seq2seq", *command, flush=True)
        if (code := main(command)) != 0:
            last = (log.read_text(encoding="utf-8", errors="replace").splitlines() or [""])[-1]
            raise DemoError(sentence(f"'seq2seq {' '.join(command[:2])}' failed ({last}): see {log}."), code)
    given, outputs = examples(task, folder)
    for source, output in zip(given, outputs, strict=True):
        print(source, output, sep="\n", flush=True)
    result = Result(task, str(folder), given, outputs, time.monotonic() - begin, _cpu_seconds() - before)
    (folder / RESULT).write_text(json.dumps(asdict(result), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return result


def examples(task: str, folder: Path) -> tuple[list[str], list[str]]:
    """Return example inputs and the model's outputs."""
    import seq2seq

    model = seq2seq.load(folder, threads=1)
    if task != "dialogue":
        given = list(TASKS[task].examples)
        return given, getattr(model, model.task.verb)(given)
    messages, replies = [], []
    for talk in TALKS:
        chat = model.chat()
        for text in talk:
            messages.append(text)
            replies.append(chat.say(text))
    return messages, replies


def train_all(folder: Path, size: Size) -> list[Result]:
    """Train the tasks, `AT_A_TIME` at once, and report the end of each.

    Raises:
        DemoError: If a task fails; the others are stopped.
    """
    begin = time.monotonic()
    results: list[Result] = []
    spawn = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(AT_A_TIME, spawn, _begin, (os.getpid(),)) as pool:
        try:
            with _held_signals():
                waiting: set[Future[Result]] = {pool.submit(run, task, folder / task, size) for task in TASKS}
            while waiting:
                done, waiting = wait(waiting, timeout=1, return_when=FIRST_COMPLETED)
                for future in done:
                    results.append(future.result())
                    _say(f"{len(results)} of {len(TASKS)} done: {results[-1].task}, {results[-1].seconds:.0f} s")
                if waiting and sys.stderr.isatty():
                    _show(
                        f"{len(results)} of {len(TASKS)} done, {_clock(time.monotonic() - begin)}; " + under_way(folder)
                    )
        except BaseException:
            pool.shutdown(wait=False, cancel_futures=True)
            _end_children()
            raise
    return sorted(results, key=lambda result: list(TASKS).index(result.task))


@contextmanager
def _held_signals() -> Iterator[None]:
    """Block signals, because a process stopped while starting a child would leave the child half started.

    The children block signals too, until `_begin`.
    """
    before = signal.pthread_sigmask(signal.SIG_BLOCK, SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _begin(parent: int) -> None:
    """Make this training process end when its parent ends, and leave Ctrl-C to the parent."""
    serve(parent)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, SIGNALS)


def _end_children() -> None:
    """Stop the training processes, giving them time to save their state."""
    with _held_signals():
        children = multiprocessing.active_children()
        for process in children:
            process.terminate()
        end = time.monotonic() + PATIENCE_S
        for process in children:
            process.join(max(0.0, end - time.monotonic()))
            if process.is_alive():
                process.kill()


def emptied(folder: Path) -> None:
    """Create the folder for the runs, and remove the runs of an earlier demo from it.

    Raises:
        DemoError: If the folder contains anything else.
        OSError: If it cannot be created or emptied.
    """
    own = {*TASKS, *(f"{task}.log" for task in TASKS)}
    if folder.exists() and not folder.is_dir():
        raise DemoError(sentence(f"{folder} is a file, but the runs need a folder: {ELSEWHERE}."))
    entries = sorted(folder.iterdir()) if folder.exists() else []
    if foreign := [entry.name for entry in entries if entry.name not in own]:
        raise DemoError(
            sentence(
                f"{folder} would be emptied, but {foreign[0]} in it does not belong to a demo: {ELSEWHERE}, or move it."
            )
        )
    for entry in entries:
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        else:
            entry.unlink()
    folder.mkdir(parents=True, exist_ok=True)


def under_way(folder: Path) -> str:
    """Return the current step of each task in training, from its metrics file."""
    steps = []
    for task in TASKS:
        metrics = folder / task / "metrics.csv"
        if (folder / task / RESULT).is_file() or not (folder / task).is_dir():
            continue
        rows = metrics.read_text(encoding="utf-8").splitlines() if metrics.is_file() else []
        steps.append(f"{task} at step {rows[-1].split(',')[0]}" if len(rows) > 1 else f"{task} begins")
    return ", ".join(steps)


def main(argv: list[str] | None = None) -> int:
    """Run the demo; return the exit status.

    The status is 0 for success, 2 for a usage error or an unwritable disk or folder, and 130 after Ctrl-C. If a command
    fails, its own exit status is returned.
    """
    parser = argparse.ArgumentParser("python -m benchmarks.demo", description="Train and try a model for each task.")
    parser.add_argument("--size", choices=SIZES, default="demo", help="how long to train; full: as long as fit does")
    parser.add_argument("--run_dir", type=Path, default=Path("runs/demo"), help="where the runs go; emptied first")
    arguments = parser.parse_args(argv)
    if isinstance(sys.stdout, io.TextIOWrapper):  # some examples are Chinese
        sys.stdout.reconfigure(encoding="utf-8", errors="replace")
    try:
        with Watch((signal.SIGTERM, signal.SIGHUP)):
            show(arguments.run_dir, SIZES[arguments.size])
    except DemoError as error:
        _say(f"demo: {error.message}")
        return error.code
    except KeyboardInterrupt:
        announce("demo: Stopped by SIGINT.")
        return 130
    except Interrupted as interrupted:
        announce(f"demo: Stopped by {interrupted.name}.")
        return interrupted.exit_code
    except (SentenceError, OSError, BrokenProcessPool) as error:
        _say(f"demo: {as_sentence(error)}")
        return 2
    return 0


def show(folder: Path, size: Size) -> None:
    """Run all tasks and print the last screen.

    Raises:
        DemoError: If a command fails, or the folder contains files that are not from a demo.
        OSError: If something cannot be written.
    """
    emptied(folder)
    _say(f"Training {len(TASKS)} models on this machine, {AT_A_TIME} at a time. On two idle cores: {size.minutes}.")
    _say(f"Their output is in {folder}/*.log.")
    begin = time.monotonic()
    results = train_all(folder, size)
    seconds, cpu_seconds = time.monotonic() - begin, sum(result.cpu_seconds for result in results)
    print(screen([asdict(result) for result in results], seconds, cpu_seconds), flush=True)


def _print_into(log: Path) -> None:
    """Redirect all output of this process, including its libraries, to a file."""
    file = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
    for stream in (1, 2):
        os.dup2(file, stream)
    os.close(file)


def _cpu_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _clock(seconds: float) -> str:
    return f"{int(seconds) // 60}:{int(seconds) % 60:02}"


def _say(text: str) -> None:
    """Write a line to stderr, overwriting the progress line."""
    _show("")
    print(text, file=sys.stderr, flush=True)


def _show(text: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[K{text}"[: 5 + shutil.get_terminal_size().columns - 1])
        sys.stderr.flush()


if __name__ == "__main__":
    sys.exit(main())
