"""A command under observation: its messages with their times, and the memory and CPU time of all processes."""

import os
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO

from benchmarks.batch_jobs.local_nodes import WORKER
from benchmarks.process_table import Process, family

LOOK_S = 0.25


@dataclass
class Usage:
    """What a command has used.

    Attributes:
        seconds: Wall-clock time.
        cpu_s: User and system time of the command, its workers and Ray.
        driver_cpu_s: Of that, the command's alone.
        driver_mb: Memory of the command, at each look.
        worker_mb: Memory of the largest worker, at each look at which there is one.
        messages: What it wrote on stderr, with the seconds since its start.
    """

    seconds: float = 0.0
    cpu_s: float = 0.0
    driver_cpu_s: float = 0.0
    driver_mb: list[float] = field(default_factory=list)
    worker_mb: list[float] = field(default_factory=list)
    messages: list[tuple[float, str]] = field(default_factory=list)


class WatchedCommand:
    """A seq2seq command that is running.

    Args:
        words: Its arguments.
        log: File for its messages, which are appended.
        core: The processor on which it runs.
        others: Returns further processes that work for it, those of Ray.
        variables: Environment variables.
    """

    def __init__(
        self,
        words: Sequence[str],
        log: Path,
        core: int,
        others: Callable[[], list[Process]] = list,
        variables: dict[str, str] | None = None,
    ) -> None:
        self.usage = Usage()
        self._others = others
        self._before = {_identity(process): process.cpu_s for process in others()}
        self._cpu: dict[tuple[int, int], float] = {}
        self._start = time.monotonic()
        self._process = subprocess.Popen(
            ["taskset", "--cpu-list", str(core), sys.executable, "-P", "-m", "seq2seq", *words],
            env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path)), **(variables or {})},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        assert self._process.stdout is not None
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout, log))
        self._reader.start()

    def looks(self) -> Iterator[float]:
        """Look at the processes again and again until the command ends, and yield the seconds since its start."""
        while self._process.poll() is None:
            self._look()
            yield time.monotonic() - self._start
            time.sleep(LOOK_S)
        self._look()
        self._reader.join()
        self.usage.seconds = time.monotonic() - self._start

    @property
    def code(self) -> int:
        """Exit code of the command, which has ended."""
        return self._process.wait()

    def kill(self) -> None:
        """Kill the command."""
        self._process.kill()

    def _look(self) -> None:
        own = family([self._process.pid])
        processes = {_identity(process): process for process in [*own, *self._others()]}
        for identity, process in processes.items():
            self._cpu[identity] = process.cpu_s - self._before.get(identity, 0.0)
        self.usage.cpu_s = sum(self._cpu.values())
        driver = next((process for process in own if process.pid == self._process.pid), None)
        if driver is not None and driver.megabytes:
            self.usage.driver_mb.append(driver.megabytes)
            self.usage.driver_cpu_s = driver.cpu_s
        workers = [process.megabytes for process in processes.values() if _is_worker(process, self._process.pid)]
        if workers:
            self.usage.worker_mb.append(max(workers))

    def _read(self, stream: IO[str], log: Path) -> None:
        with log.open("a", encoding="utf-8") as file:
            for line in stream:
                self.usage.messages.append((time.monotonic() - self._start, line.rstrip("\n")))
                file.write(f"{self.usage.messages[-1][0]:8.2f}  {line}")
                file.flush()


def _identity(process: Process) -> tuple[int, int]:
    return process.pid, process.began


def _is_worker(process: Process, driver: int) -> bool:
    return process.command.startswith(WORKER) or process.parent == driver
