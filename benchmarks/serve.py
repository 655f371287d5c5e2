"""Measure `seq2seq serve`: replies under load, throughput, clients that vanish, and restarts (Linux).

    python -m benchmarks.serve MODEL [MODEL ...] [--parts load throughput kills restarts] [--file TEXT] [--json FILE]

MODEL is a run or model folder, or an export for ONNX Runtime; runs are exported in float32 first. Give one model of
each task. Each part begins a real server on 127.0.0.1; the clients are in this process and use the same cores.

- load: clients send requests of all kinds (our own endpoints, LibreTranslate's and OpenAI's; streams and not; search,
  greedy search and seeded samples) one after the other, and compare each reply with the text that the model itself
  gives. With 8-bit exports, texts may depend on their batch a little (`benchmarks/serving/questions.py`).
- throughput: all lines of a file through /translate, beside `seq2seq translate` on the same file with as many threads,
  in turn; then the latency at half of that load, with requests at random moments.
- kills: clients vanish in the middle of requests and streams; jobs must end, and memory, threads and files not grow.
- restarts: SIGTERM while clients are at work; every accepted request must be answered.

The exit status is 1 if a reply was lost, doubled or wrong, or if a server did not end as it should. Times are never a
reason. Latencies are those of clients; CPU times are those of the server's processes (user + system).
"""

import argparse
import asyncio
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any

import torch

import seq2seq
from benchmarks.measurement import finish, matrix_rate
from benchmarks.serving.kills import KillFigures, kills
from benchmarks.serving.load import SHOWN, LoadFigures, load
from benchmarks.serving.questions import Question, questions_for, sample_texts
from benchmarks.serving.restarts import DRAIN_S, RestartFigures, restarts
from benchmarks.serving.server_process import ServerProcess
from benchmarks.serving.throughput import ThroughputFigures, throughput
from seq2seq.commands.export import main as export
from seq2seq.malloc import keep_freed_memory
from seq2seq.models.loaded_model import LoadedModel

PARTS = ("load", "throughput", "kills", "restarts")
Figures = LoadFigures | ThroughputFigures | KillFigures | RestartFigures


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return 1 if a reply was lost or wrong, or if a server did not end as it should."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("models", type=Path, nargs="+", metavar="MODEL")
    parser.add_argument("--parts", nargs="+", choices=PARTS, default=list(PARTS))
    parser.add_argument("--clients", type=int, default=64, help="clients at a time (64)")
    parser.add_argument("--minutes", type=float, default=10.0, help="duration of the load (10)")
    parser.add_argument("--texts", type=int, default=40, help="texts per model, of its task's sample corpus (40)")
    parser.add_argument("--kills", type=int, default=1000, help="clients that vanish (1000)")
    parser.add_argument("--restarts", type=int, default=100, help="restarts (100)")
    parser.add_argument("--restart_clients", type=int, default=16, help="clients during restarts (16)")
    parser.add_argument("--file", type=Path, help="text for throughput, one line each; by default of the sample corpus")
    parser.add_argument(
        "--lines", type=int, default=1000, help="lines for throughput; a shorter file is repeated (1000)"
    )
    parser.add_argument("--rounds", type=int, default=3, help="rounds of throughput (3)")
    parser.add_argument("--lines_per_request", type=int, default=1, help="lines of a request for throughput (1)")
    parser.add_argument("--half", type=float, default=60.0, help="seconds at half of the load (60)")
    parser.add_argument("--threads", type=int, default=1, help="--threads of the server and of the command (1)")
    parser.add_argument("--serve", default="", help="further options of seq2seq serve, in one word: '--workers 2'")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    torch.set_num_threads(1)
    keep_freed_memory()
    before = matrix_rate()
    options = ["--threads", str(given.threads), *given.serve.split()]
    figures: list[Figures] = []
    with tempfile.TemporaryDirectory() as place, opened(given.models, Path(place)) as (folders, models):
        questions, left_out = list[Question](), 0
        if {*given.parts} - {"throughput"}:
            for name, model in models.items():
                more, dropped = questions_for(name, model, sample_texts(model, given.texts))
                questions, left_out = [*questions, *more], left_out + dropped
        if "load" in given.parts:
            with ServerProcess(folders, options) as server:
                seconds = given.minutes * 60
                figures.append(asyncio.run(load(server, questions, left_out, given.clients, seconds)))
            show(figures[-1])
        if "throughput" in given.parts:
            translators = [name for name, model in models.items() if model.task.verb == "translate"]
            if not translators:
                parser.error("throughput needs a model that translates")
            name = translators[0]
            lines = lines_of(given.file, models[name], given.lines)
            figures.append(
                throughput(
                    *(folders[name], lines, given.clients, given.threads, given.rounds, given.half, options[2:]),
                    given.lines_per_request,
                )
            )
            show(figures[-1])
        if "kills" in given.parts:
            with ServerProcess(folders, options) as server:
                figures.append(asyncio.run(kills(server, questions, given.kills)))
            show(figures[-1])
        if "restarts" in given.parts:
            figures.append(restarts(folders, options, questions, given.restart_clients, given.restarts))
            show(figures[-1])
    finish("benchmarks/serve.py", figures, before, given.json, options=vars_of(given))
    return int(any(faults(each) for each in figures))


@contextmanager
def opened(paths: Sequence[Path], place: Path) -> Iterator[tuple[dict[str, Path], dict[str, LoadedModel]]]:
    """Give the folders and the models by the names of their tasks; runs are exported to `place` in float32."""
    folders, models = dict[str, Path](), dict[str, LoadedModel]()
    for path in paths:
        folder = path
        if not any(path.glob("*.onnx")):
            folder = place / f"{len(folders)}"
            export([str(path), str(folder), "--format", "onnx", "--precision", "float32", "--shortlist", "off"])
        model = seq2seq.load(folder)
        name = model.task.name if model.task.name not in models else f"{model.task.name}-{len(models)}"
        folders[name], models[name] = folder, model
    yield folders, models


def lines_of(file: Path | None, model: LoadedModel, count: int) -> list[str]:
    """Return lines to translate."""
    lines = file.read_text(encoding="utf-8").splitlines() if file else sample_texts(model, count)
    return (lines * (count // len(lines) + 1))[:count]


def faults(figures: Figures) -> list[str]:
    """Return what is not as it should be, in words."""
    found: list[str] = []
    if isinstance(figures, ThroughputFigures):
        return found
    wrong = figures.faults
    if isinstance(figures, KillFigures) and figures.still_running:
        found.append(f"{figures.still_running} jobs still run")
    if isinstance(figures, RestartFigures):
        wrong += figures.lost + figures.broken
        if set(figures.exit_codes) != {"0"}:
            found.append(f"exit codes are {figures.exit_codes}")
        if figures.slowest_s > DRAIN_S:
            found.append(f"a process took {figures.slowest_s} s to end")
    if wrong:
        found.append(f"{wrong} replies were lost, doubled, wrong, or counted differently")
    return [*found, *figures.wrong[:SHOWN], *dict.fromkeys(figures.mistakes)]


def show(figures: Figures) -> None:
    """Print the figures of a part."""
    rows: list[tuple[str, Any]] = []
    for name, value in asdict(figures).items():
        if name in ("part", "kinds", "memory", "wrong", "mistakes"):
            continue
        if isinstance(value, dict) and name != "rounds":
            rows += [(f"{name}: {key}", each) for key, each in value.items()]
        else:
            rows.append((name, value))
    if isinstance(figures, LoadFigures):
        growth = figures.memory_last / figures.memory_first - 1
        rows.append(("memory growth", f"{growth:+.1%}"))
    print(f"\n## {figures.part}\n\n| | |\n| --- | --- |")
    print("\n".join(f"| {name.replace('_', ' ')} | {value} |" for name, value in rows))
    if isinstance(figures, LoadFigures):
        print("\n| request | replies | p50, ms | p95 | p99 | first byte, p50 |\n| --- | --- | --- | --- | --- | --- |")
        for each in figures.kinds:
            print(f"| {each.kind} | {each.count} | {each.p50} | {each.p95} | {each.p99} | {each.first} |")
    for line in faults(figures):
        print(f"! {line}")
    sys.stdout.flush()


def vars_of(given: argparse.Namespace) -> dict[str, Any]:
    """Return the arguments as values of JSON."""
    return {
        name: value if isinstance(value, int | float | list) else str(value)
        for name, value in vars(given).items()
        if name != "models"
    }


if __name__ == "__main__":
    sys.exit(main())
