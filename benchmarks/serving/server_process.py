"""A real `seq2seq serve` process: its start and end, its memory, threads, open files and CPU time (Linux)."""

import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from time import perf_counter
from types import TracebackType

from benchmarks.process_table import family

START_S, END_S = 120, 90
_ADDRESS = re.compile(r"Serving at http://[^:]+:(\d+)")
_LOGGED = re.compile(r" (?:GET|POST) (\S+) (\d{3}) \d+ ms$", re.MULTILINE)
_SAMPLE = re.compile(r"^(\w+)(?:\{(.*)\})? (\S+)$", re.MULTILINE)


@dataclass(frozen=True)
class Usage:
    """What a server and its workers use.

    Args:
        megabytes: Resident memory.
        threads: Threads.
        files: Open files, sockets among them.
        cpu_s: User and system time of the processes that still live.
    """

    megabytes: float
    threads: int
    files: int
    cpu_s: float


class ServerProcess:
    """A server that serves until the end of the `with` block.

    Args:
        models: Folders of models by name.
        options: Further arguments of the command.

    Attributes:
        port: Its port.
        ready_s: Seconds from the start of the process until it answered.
    """

    def __init__(self, models: Mapping[str, Path], options: Sequence[str] = ()) -> None:
        self._log = tempfile.NamedTemporaryFile("r", encoding="utf-8")  # noqa: SIM115 - closed in __exit__
        named = [f"{name}={folder}" for name, folder in models.items()]
        start = perf_counter()
        with Path(self._log.name).open("w", encoding="utf-8") as log:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-m", "seq2seq", "serve", *named, "--port", "0", *options],
                env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
            )
        assert self._process.stdout is not None
        match = _ADDRESS.match(self._process.stdout.readline())
        self.ready_s = perf_counter() - start
        if match is None:
            self._process.wait(END_S)
            raise SystemExit(f"seq2seq serve did not begin to serve: {self.log()}")
        self.port = int(match[1])

    def __enter__(self) -> "ServerProcess":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait()
        assert self._process.stdout is not None
        self._process.stdout.close()
        self._log.close()

    def terminate(self) -> None:
        """Send SIGTERM."""
        self._process.send_signal(signal.SIGTERM)

    def is_running(self) -> bool:
        """Return whether it has not ended."""
        return self._process.poll() is None

    @property
    def exit_code(self) -> int | None:
        """Its exit code; None while it runs."""
        return self._process.poll()

    def usage(self) -> Usage:
        """Return what it uses now."""
        megabytes, threads, files, cpu_s = 0.0, 0, 0, 0.0
        for process in family([self._process.pid]):
            status = (process.folder / "status").read_text()
            megabytes += _number(status, "VmRSS") / 1024
            threads += _number(status, "Threads")
            files += sum(1 for _ in (process.folder / "fd").iterdir())
            cpu_s += process.cpu_s
        return Usage(megabytes, threads, files, cpu_s)

    def log(self) -> str:
        """Return what it has written to standard error."""
        return Path(self._log.name).read_text(encoding="utf-8")

    def logged(self) -> list[tuple[str, int]]:
        """Return path and status of each request in the access log."""
        return [(path, int(status)) for path, status in _LOGGED.findall(self.log())]

    def mistakes(self) -> list[str]:
        """Return the lines of its log that are no requests."""
        return [line for line in self.log().splitlines() if line and not _LOGGED.search(line)]


def _number(status: str, name: str) -> int:
    match = re.search(rf"^{name}:\s+(\d+)", status, re.MULTILINE)
    return int(match[1]) if match else 0


def total(metrics: str, name: str, label: str = "") -> float:
    """Return the sum of the samples of a metric, of those with a label if one is given, such as 'end="done"'."""
    return sum(
        float(value) for found, labels, value in _SAMPLE.findall(metrics) if found == name and label in (labels or "")
    )
