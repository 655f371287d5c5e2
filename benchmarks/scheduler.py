"""Measure how fast the scheduler of `seq2seq serve` decodes for many clients, beside one call of `model.decode`.

    python -m benchmarks.scheduler MODEL SOURCE [--clients 64] [--threads 1] [--rounds 3] [--json FILE]

Each client has one text decoded after the other, without waiting in between, by greedy search and with 5 beams. The
clients are tasks of one event loop in the same process, so HTTP is not included. Sentences per second of the wall clock
and per CPU second are the best of the rounds, in which both take turns; `equal` is the share of equal outputs (8-bit
products scale the numbers of a whole batch, so that outputs may depend on it a little).
"""

import argparse
import asyncio
import sys
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from time import perf_counter

from benchmarks.measurement import cpu_seconds, finish, matrix_rate
from seq2seq.decoding.method import Decoding
from seq2seq.decoding.options import of_sources
from seq2seq.malloc import keep_freed_memory
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.source_model import SourceModel
from seq2seq.runtime.placement import Placement
from seq2seq.server.http.process import SWITCH_S
from seq2seq.server.measurements import Measurements
from seq2seq.server.options import Limits
from seq2seq.server.scheduler import Job, Scheduler

BEAMS = (1, 5)


@dataclass
class Figures:
    """What was measured with one beam size.

    Args:
        beams: Beam size.
        together: Sentences per second of one call of `model.decode`.
        together_cpu: The same per CPU second.
        served: Sentences per second of the scheduler.
        served_cpu: The same per CPU second.
        latency_ms: Median milliseconds of a served sentence.
        slowest_ms: Milliseconds of the slowest of a hundred.
        batch: Mean number of texts in a batch, over the steps.
        equal: Share of equal outputs.
    """

    beams: int
    together: float = 0.0
    together_cpu: float = 0.0
    served: float = 0.0
    served_cpu: float = 0.0
    latency_ms: float = 0.0
    slowest_ms: float = 0.0
    batch: float = 0.0
    equal: float = 0.0


def main(arguments: list[str] | None = None) -> None:
    """Run the benchmark."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path, help="a model that reads sources")
    parser.add_argument("source", type=Path, help="a text file with one sentence a line")
    parser.add_argument("--clients", type=int, default=64, help="texts at a time (64)")
    parser.add_argument("--threads", type=int, default=1, help="batches at a time (1)")
    parser.add_argument("--rounds", type=int, default=3, help="how often both decode the file (3)")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    keep_freed_memory()
    sys.setswitchinterval(SWITCH_S)
    before = matrix_rate()
    model = load(given.model, Placement(threads=given.threads))
    if not isinstance(model, SourceModel):
        parser.error("MODEL must read sources")
    lines = given.source.read_text(encoding="utf-8").splitlines()
    figures = [measured(model, lines, beams, given.clients, given.rounds) for beams in BEAMS]
    for each in figures:
        print("  ".join(f"{name} {value:.5g}" for name, value in asdict(each).items()), flush=True)
    finish("benchmarks/scheduler.py", figures, before, given.json)


def measured(model: SourceModel, lines: Sequence[str], beams: int, clients: int, rounds: int) -> Figures:
    """Return the figures of one beam size."""
    decoding = Decoding(replace(of_sources(model.search), beam_size=beams))
    figures = Figures(beams)
    wanted, given = list[str](), list[str]()
    model.decode(lines[:clients], decoding)  # opens the graphs

    def whole() -> None:
        wanted[:] = [outputs[0].text for outputs in model.decode(lines, decoding)]

    def served() -> None:
        measurements = Measurements()
        given[:], seconds = asyncio.run(_served(model, lines, decoding, clients, measurements))
        seconds.sort()
        figures.latency_ms, figures.slowest_ms = (1000 * seconds[int(len(seconds) * part)] for part in (0.5, 0.99))
        steps = measurements.batch_jobs
        figures.batch = steps.value("model") / steps.count("model")

    for _ in range(rounds):
        rate, cpu_rate = _rates(whole, len(lines))
        figures.together, figures.together_cpu = max(figures.together, rate), max(figures.together_cpu, cpu_rate)
        rate, cpu_rate = _rates(served, len(lines))
        figures.served, figures.served_cpu = max(figures.served, rate), max(figures.served_cpu, cpu_rate)
    figures.equal = sum(one == other for one, other in zip(wanted, given, strict=True)) / len(lines)
    return figures


def _rates(work: Callable[[], None], count: int) -> tuple[float, float]:
    """Return how many sentences per second of the wall clock and per CPU second a work of `count` sentences has."""
    wall, cpu = perf_counter(), cpu_seconds()
    work()
    return count / (perf_counter() - wall), count / (cpu_seconds() - cpu)


async def _served(
    model: LoadedModel, lines: Sequence[str], decoding: Decoding, clients: int, measurements: Measurements
) -> tuple[list[str], list[float]]:
    """Return the output of each line and the seconds that it took."""
    scheduler = Scheduler({"model": model}, Limits(queue=clients), measurements)
    texts, seconds = [""] * len(lines), [0.0] * len(lines)
    numbers = iter(range(len(lines)))

    async def client() -> None:
        for number in numbers:
            begin = perf_counter()
            texts[number] = (await scheduler.decode("model", Job(lines[number], decoding)))[0].text
            seconds[number] = perf_counter() - begin

    await asyncio.gather(*(client() for _ in range(clients)))
    await scheduler.close()
    return texts, seconds


if __name__ == "__main__":
    main()
