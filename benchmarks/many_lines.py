"""Measure a batch job over local Ray nodes: nothing lost or doubled, speed-up, memory, and recovery from kills (Linux).

    python -m benchmarks.many_lines MODEL [--lines 1000000] [--nodes 2] [--kill] [--folder NEW] [--json FILE]

MODEL translates from English and is exported for ONNX Runtime in float32. Sentences of the sample corpus, drawn with
`--seed`, are written to files of text, JSONL and Parquet, some of them gzipped, and decoded greedily

- by one process (`--workers 1`), whose first file is compared with that of the plain command;
- over one Ray node, and over `--nodes` nodes on this machine: each has one processor, and the command runs on that of
  the first node;
- with `--kill`, over `--nodes` nodes again, of which a worker is killed (SIGKILL) after 30 % of the lines and a whole
  node after 60 %. Ten seconds later another node joins. If the command fails, it is run again.

Each folder must have as many outputs as sources, in order, with their ids, and all its files must be byte for byte
those of one process; otherwise the exit status is 1. Times are never a reason.
"""

import argparse
import json
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, nullcontext
from dataclasses import dataclass, field
from pathlib import Path

from benchmarks.batch_jobs.checks import WrongOutputError, different, output_of, require_all
from benchmarks.batch_jobs.input_folder import FILE_LINES, write_inputs
from benchmarks.batch_jobs.local_nodes import LocalNodes
from benchmarks.batch_jobs.watched_command import Usage, WatchedCommand
from benchmarks.measurement import finish, matrix_rate

WORKER_AT, NODE_AT = 0.3, 0.6
"""Shares of the lines after which a worker and a node are killed."""
ABSENT_S = 10.0
"""Seconds until another node joins."""
MOST_RUNS = 5
READY = "is ready in the place of the one that ended"
LOST = "was killed, or its machine failed"


@dataclass
class Figures:
    """What a run over all lines measured.

    Attributes:
        name: What ran.
        nodes: Number of Ray nodes; 0 without Ray.
        seconds: Wall-clock time of the command.
        cpu_s: User and system time of the command, its workers and Ray.
        driver_cpu_s: Of that, the command's alone.
        driver_mb: Memory of the command after a quarter, half, three quarters and all of the time.
        worker_mb: Memory of the largest worker at these moments.
        runs: How often the command was run until it succeeded.
        noticed_s: Seconds from each kill until the command reported it.
        recovered_s: Seconds from each kill until another worker was ready.
    """

    name: str
    nodes: int
    seconds: float = 0.0
    cpu_s: float = 0.0
    driver_cpu_s: float = 0.0
    driver_mb: list[float] = field(default_factory=list)
    worker_mb: list[float] = field(default_factory=list)
    runs: int = 0
    noticed_s: list[float] = field(default_factory=list)
    recovered_s: list[float] = field(default_factory=list)


class Kills:
    """Kills a worker and later a node, and starts another node.

    Args:
        nodes: The cluster.
        output: Output folder of the job.
        lines: Number of sources.
    """

    def __init__(self, nodes: LocalNodes, output: Path, lines: int) -> None:
        self._nodes, self._output, self._lines = nodes, output, lines
        self.at: list[float] = []
        self._absent = False

    def look(self, seconds: float) -> None:
        """Do what is due."""
        done = finished(self._output) / self._lines
        if not self.at and done >= WORKER_AT and (workers := self._nodes.workers()):
            os.kill(max(workers, key=lambda worker: worker.cpu_s).pid, signal.SIGKILL)
            self.at.append(seconds)
        elif len(self.at) == 1 and done >= NODE_AT:
            self._nodes.kill_node()
            self.at.append(seconds)
            self._absent = True
        elif self._absent and seconds - self.at[1] >= ABSENT_S:
            self._nodes.add()
            self._absent = False


def finished(output: Path) -> int:
    """Return the number of sources in the finished files and shards of a job."""
    log = output / "_job" / "files.jsonl"
    files = log.read_text(encoding="utf-8").split("\n")[:-1] if log.is_file() else []
    count = sum(int(json.loads(line)["sources"]) for line in files)
    for part in (output / "_job" / "parts").glob("**/[0-9]*[0-9]"):
        try:
            if part.is_file():
                with part.open("rb") as file:
                    count += int(json.loads(file.readline())["count"])
        except FileNotFoundError:  # its file was finished meanwhile
            continue
    return count


def run(name: str, words: Sequence[str], output: Path, nodes: int, lines: int, log: Path, kill: bool) -> Figures:
    """Run the command until it succeeds.

    Raises:
        SystemExit: If it fails again and again.
    """
    figures = Figures(name, nodes)
    core = min(os.sched_getaffinity(0))
    with LocalNodes(nodes) if nodes else nullcontext() as cluster:
        cluster_words = ["--cluster", "ray", "--workers", str(nodes)] if cluster else ["--workers", "1"]
        variables = {"RAY_ADDRESS": cluster.address} if cluster else {}
        kills = Kills(cluster, output, lines) if cluster and kill else None
        while figures.runs < MOST_RUNS:
            figures.runs += 1
            full = [*words, "--output", str(output), *cluster_words]
            command = WatchedCommand(full, log, core, cluster.processes if cluster else list, variables)
            for seconds in command.looks():
                if kills:
                    kills.look(seconds)
            add(figures, command.usage, kills.at if kills else [])
            if command.code == 0:
                return figures
    raise SystemExit(f"{name} failed {MOST_RUNS} times: see {log}.")


def add(figures: Figures, usage: Usage, kills: Sequence[float]) -> None:
    """Add what a run of the command used, with the moments of the kills in it."""
    figures.seconds += usage.seconds
    figures.cpu_s += usage.cpu_s
    figures.driver_cpu_s += usage.driver_cpu_s
    figures.driver_mb += _quarters(usage.driver_mb)
    figures.worker_mb += _quarters(usage.worker_mb)
    for place, killed in enumerate(kills):
        end = kills[place + 1] if place + 1 < len(kills) else usage.seconds
        for text, seconds in ((LOST, figures.noticed_s), (READY, figures.recovered_s)):
            seconds += [at - killed for at, message in usage.messages if text in message and killed <= at < end][:1]


def _quarters(values: Sequence[float]) -> list[float]:
    return [values[max(0, len(values) * part // 4 - 2)] for part in (1, 2, 3, 4)] if values else []


def show(figures: Sequence[Figures], lines: int) -> None:
    """Print the figures, with the speed-up over one node."""
    one = next((each for each in figures if each.nodes == 1), None)
    for each in figures:
        print(f"{each.name}: {each.seconds:.1f} s, {lines / each.seconds:,.0f} sources/s", end="")
        if one and each.nodes > 1:
            gain = one.seconds / each.seconds
            print(f", {gain:.2f} times one node (efficiency {gain / each.nodes:.0%})", end="")
        print(
            f"\n  CPU seconds: {each.cpu_s:.1f} ({lines / each.cpu_s:,.0f} sources each; "
            f"{each.cpu_s / each.seconds:.2f} at a time), of the command {each.driver_cpu_s:.1f}"
        )
        for who, values in (("command", each.driver_mb), ("largest worker", each.worker_mb)):
            print(f"  MB of the {who} after each quarter: {', '.join(f'{value:.0f}' for value in values)}")
        for what, noticed, ready in zip(("worker", "node"), each.noticed_s, each.recovered_s, strict=False):
            print(f"  killed {what}: noticed after {noticed:.1f} s, another worker ready after {ready:.1f} s")
        if each.runs > 1:
            print(f"  the command was run {each.runs} times")


def main(arguments: list[str] | None = None) -> int:
    """Run the benchmark; return 1 if an output was lost, doubled, wrong or different."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("--lines", type=int, default=1_000_000)
    parser.add_argument("--nodes", type=int, default=2, help="Ray nodes on this machine (2)")
    parser.add_argument("--kill", action="store_true", help="another run in which a worker and a node are killed")
    parser.add_argument("--seed", type=int, default=1, help="seed of the sentences (1)")
    parser.add_argument("--file_lines", type=int, default=FILE_LINES, help=f"sources in a file ({FILE_LINES:,})")
    parser.add_argument("--shard_lines", type=int, default=10_000, help="sources in a shard (10,000)")
    parser.add_argument("--folder", type=Path, help="new folder for inputs and outputs, which is kept")
    parser.add_argument("--json", type=Path, help="write the figures there too")
    given = parser.parse_args(arguments)
    before = matrix_rate()
    with _folder(given.folder) as folder:
        inputs = folder / "inputs"
        paths = write_inputs(inputs, given.lines, given.seed, given.file_lines)
        print(f"{given.lines:,} sources in {len(paths)} files, seed {given.seed}")
        words = ["translate", str(given.model), str(inputs), "--greedy", "--shard_lines", str(given.shard_lines)]
        planned = [("one process", 0, False), ("one node", 1, False), (f"{given.nodes} nodes", given.nodes, False)]
        if given.kill:
            planned.append((f"{given.nodes} nodes, kills", given.nodes, True))
        figures: list[Figures] = []
        faults: list[str] = []
        reference = folder / "output-0"
        for number, (name, nodes, kill) in enumerate(planned):
            output = folder / f"output-{number}"
            figures.append(run(name, words, output, nodes, given.lines, folder / f"log-{number}.txt", kill))
            show(figures[-1:], given.lines)
            faults += check(name, paths, inputs, output, reference, given.lines)
        first = output_of(paths[0], inputs, reference)
        if plain(given.model, paths[0], folder) != first.read_bytes():
            faults.append(f"the plain command does not write {first.name} as one process does")
        print()
        show(figures, given.lines)
        for fault in faults:
            print(f"WRONG: {fault}")
        if not faults:
            print(f"all runs: {given.lines:,} outputs, in order, and byte for byte those of one process")
        finish("many_lines", figures, before, given.json, lines=given.lines, seed=given.seed, faults=faults)
    return 1 if faults else 0


def check(name: str, paths: Sequence[Path], inputs: Path, output: Path, reference: Path, lines: int) -> list[str]:
    """Return what is wrong with the outputs of a run."""
    try:
        done = require_all(paths, inputs, output)
    except WrongOutputError as fault:
        return [f"{name}: {fault}"]
    if done != lines:
        return [f"{name}: {done:,} outputs for {lines:,} sources"]
    return [f"{name}: {file} differs from one process" for file in different(paths, inputs, reference, output)]


def plain(model: Path, path: Path, folder: Path) -> bytes:
    """Return the outputs of the command without workers."""
    output = folder / "plain.txt"
    words = ["translate", str(model), str(path), "--greedy", "--output", str(output)]
    command = WatchedCommand(words, folder / "log-plain.txt", min(os.sched_getaffinity(0)))
    for _ in command.looks():
        pass
    return output.read_bytes()


@contextmanager
def _folder(given: Path | None) -> Iterator[Path]:
    if given is None:
        with tempfile.TemporaryDirectory() as folder:
            yield Path(folder)
        return
    if given.exists():
        raise SystemExit(f"{given} exists already: name a new folder with --folder.")
    given.mkdir(parents=True)
    if shutil.disk_usage(given).free < 2_000_000_000:
        raise SystemExit(f"{given} has less than 2 GB of free space.")
    yield given.resolve()


if __name__ == "__main__":
    sys.exit(main())
