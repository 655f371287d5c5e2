"""Several processes that serve the same sockets."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path

from seq2seq.errors import WorldError
from seq2seq.interruption import Interrupted, announce
from seq2seq.process_lifetime import serve as end_with_parent

VARIABLE = "SEQ2SEQ_SERVE_WORKER"
"""Environment variable that tells a process that it is a worker."""
LOOK_S = 0.05
MOST_RESTARTS, WITHIN_S = 5, 60.0
"""Number of workers that may die within a time before the server gives up."""


@dataclass(frozen=True)
class Worker:
    """What a worker inherits.

    Args:
        number: Its number, from 1.
        parent: Process id of its parent.
        sockets: File descriptors of the sockets.
        ready: File descriptor to which it writes a byte when it answers.
        folder: Folder that all workers share.
    """

    number: int
    parent: int
    sockets: tuple[int, ...]
    ready: int
    folder: str

    @classmethod
    def here(cls) -> "Worker | None":
        """Return what this process inherits; None if it is no worker. It then ends with its parent."""
        text = os.environ.pop(VARIABLE, "")
        if not text:
            return None
        values = json.loads(text)
        worker = cls(**{**values, "sockets": tuple(values["sockets"])})
        end_with_parent(worker.parent)
        return worker

    def opened(self) -> list[socket.socket]:
        """Return the sockets."""
        return [socket.socket(fileno=number) for number in self.sockets]

    def say_ready(self) -> None:
        """Tell the parent that this worker answers."""
        os.write(self.ready, b"1")


class Workers:
    """Starts workers, restarts those that die, and ends them.

    Args:
        words: The command's arguments.
        sockets: The sockets, which listen.
        folder: Folder that all workers share.
    """

    def __init__(self, words: Sequence[str], sockets: Sequence[socket.socket], folder: Path) -> None:
        self._words, self._sockets, self._folder = list(words), list(sockets), folder
        self._processes: dict[int, subprocess.Popen[bytes]] = {}
        self._deaths: list[float] = []
        self._is_ending = False

    def run(self, count: int, on_ready: Callable[[], None]) -> int:
        """Serve with a number of workers until a signal comes, and return the exit code.

        Raises:
            WorldError: If workers die again and again.
            KeyboardInterrupt: At SIGINT.
        """
        read, write = os.pipe()
        before = signal.signal(signal.SIGTERM, self._end)
        earlier = signal.signal(signal.SIGUSR1, self._pass_on)
        try:
            for number in range(1, count + 1):
                self._start(number, write)
            self._wait_ready(read, count)
            if not self._is_ending:
                on_ready()
            while self._processes:
                self._look(write)
                time.sleep(LOOK_S)
            return 0
        finally:
            signal.signal(signal.SIGTERM, before)
            signal.signal(signal.SIGUSR1, earlier)
            self._stop()
            os.close(read)
            os.close(write)

    def _start(self, number: int, ready: int) -> None:
        files = tuple(one.fileno() for one in self._sockets)
        worker = Worker(number, os.getpid(), files, ready, str(self._folder))
        self._processes[number] = subprocess.Popen(
            [sys.executable, "-P", "-m", "seq2seq", "serve", *self._words],
            env={
                **os.environ,
                "PYTHONPATH": os.pathsep.join(filter(None, sys.path)),  # as here, but not the working folder
                VARIABLE: json.dumps(asdict(worker)),
            },
            pass_fds=(*files, ready),
            stdin=subprocess.DEVNULL,
        )

    def _wait_ready(self, read: int, count: int) -> None:
        os.set_blocking(read, False)
        ready = 0
        while ready < count and not self._is_ending:
            try:
                ready += len(os.read(read, count))
            except BlockingIOError:
                time.sleep(LOOK_S)
            for process in self._processes.values():
                if process.poll() is not None:
                    raise WorldError("A worker could not begin to serve; its message is above.")

    def _look(self, ready: int) -> None:
        """Notice workers that have ended."""
        for number, process in list(self._processes.items()):
            code = process.poll()
            if code is None:
                continue
            del self._processes[number]
            if self._is_ending:
                continue
            now = time.monotonic()
            self._deaths = [moment for moment in self._deaths if now - moment < WITHIN_S] + [now]
            if len(self._deaths) > MOST_RESTARTS:
                raise WorldError(f"{len(self._deaths)} workers died within {WITHIN_S:g} seconds: the server gives up.")
            announce(f"seq2seq serve: worker {number} ended with {code}; another takes its place.")
            self._start(number, ready)

    def _end(self, number: int, _frame: object) -> None:
        """Let the workers drain; at a second signal, stop them."""
        if self._is_ending:
            raise Interrupted(number)
        self._is_ending = True
        for one in self._sockets:  # as long as one process has a socket open, clients can connect
            one.close()
        for process in list(self._processes.values()):
            process.terminate()

    def _pass_on(self, number: int, _frame: object) -> None:
        for process in list(self._processes.values()):
            process.send_signal(number)

    def _stop(self) -> None:
        for process in self._processes.values():
            process.kill()
        for process in self._processes.values():
            process.wait()
        self._processes.clear()
