"""Servers in a process of their own, started by the command."""

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from types import TracebackType
from typing import Self

from tests.environments import REPOSITORY

NAMES = ("translator", "summarizer", "partner", "author")


class ServerProcess:
    """A server, which is stopped at the end of a `with` block.

    Args:
        words: Arguments of the command.
        folder: Where it runs.

    Attributes:
        address: Its address.
        greeting: The lines that it printed.
        errors: What it wrote to standard error, when it has ended.
    """

    def __init__(self, *words: str, folder: Path) -> None:
        paths = os.pathsep.join([str(REPOSITORY), str(REPOSITORY / "tasks")])
        self.process = subprocess.Popen(
            [sys.executable, "-m", "seq2seq", "serve", *words],
            cwd=folder,
            env={**os.environ, "PYTHONPATH": paths, "OMP_NUM_THREADS": "1"},
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )
        self.greeting: list[str] = []
        self._errors: list[str] = []
        self._reading = threading.Thread(target=self._read)
        self._reading.start()
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.greeting.append(line.rstrip("\n"))
            if "/docs" in line:
                break
        assert self.greeting, self.end()
        self.address = self.greeting[0].removeprefix("Serving at ")

    @property
    def port(self) -> int:
        """Its port."""
        return int(self.address.rpartition(":")[2])

    @property
    def errors(self) -> str:
        """What it has written to standard error."""
        return "".join(self._errors)

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal, wait for the end, and return the exit code."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.wait()

    def wait(self) -> int:
        """Wait for the end, and return the exit code."""
        code = self.process.wait(60)
        self._reading.join(60)
        return code

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self.wait()
        for stream in (self.process.stdout, self.process.stderr):
            if stream is not None:
                stream.close()

    def _read(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            self._errors.append(line)
