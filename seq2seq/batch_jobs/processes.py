"""Worker processes on one machine: each decodes one shard at a time; the shard of a killed worker is decoded again."""

import json
import os
import selectors
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import IO, Any

from seq2seq.batch_jobs.frames import receive, send
from seq2seq.batch_jobs.shard_queue import MOST_FAILED_STARTS, ShardQueue
from seq2seq.batch_jobs.shard_worker import ShardWorker
from seq2seq.batch_jobs.shards import Result, Shard
from seq2seq.errors import SentenceError, UserError, WorldError
from seq2seq.interruption import announce
from seq2seq.process_lifetime import serve as end_with_parent

VARIABLE = "SEQ2SEQ_BATCH_WORKER"
"""Environment variable that tells a process that it is a worker, and of which parent."""
END_S = 5.0
"""How long a process may take to end after its output has ended."""
GPUS = Path("/proc/driver/nvidia/gpus")


def parent_here() -> int | None:
    """Return the parent's process id if this process is a worker."""
    text = os.environ.pop(VARIABLE, "")
    return int(text) if text else None


def serve(parent: int, load: Callable[[], ShardWorker]) -> int:
    """Decode the shards that come on standard input, until it ends; return the exit code.

    Args:
        parent: Process id of the parent; this process ends with it.
        load: Loads the model.
    """
    end_with_parent(parent)
    with open(os.dup(1), "wb") as answers, open(os.dup(0), "rb") as orders:  # noqa: PTH123 - file descriptors
        os.dup2(2, 1)  # what a library prints must not get into the answers
        try:
            worker = load()
            send(answers, {"ready": True})
            while message := receive(orders):
                shard = Shard(**message[0], content=message[1])
                result = worker.apply(shard)
                send(answers, result.head, result.payload)
        except SentenceError as fault:
            code = 2 if isinstance(fault, UserError) else 1
            send(answers, {"error": str(fault), "code": code})
            return code
        except BrokenPipeError:
            return 1  # the parent has ended
    return 0


class Processes:
    """Worker processes on this machine.

    Args:
        words: Arguments of seq2seq that start a worker.
        count: Number of workers.
        is_gpu: Whether workers compute on the GPUs, which they then share evenly.
    """

    def __init__(self, words: Sequence[str], count: int, *, is_gpu: bool = False) -> None:
        self._words, self._count, self._is_gpu = list(words), count, is_gpu
        self._workers: dict[int, _Process] = {}
        self._selector = selectors.DefaultSelector()
        self._queue = ShardQueue(iter(()))
        self._failed_starts = 0  # in succession

    @property
    def lost(self) -> list[Shard]:
        """Shards that were left out because their workers were killed again and again."""
        return self._queue.lost

    def results(self, shards: Iterator[Shard]) -> Iterator[tuple[Shard, Result]]:
        """Decode shards and yield their results in the order in which they are finished.

        Raises:
            UserError: If a worker cannot load the model or meets a mistake in the input.
            WorldError: If workers end before they decode anything.
        """
        self._queue = ShardQueue(shards)
        try:
            for number in range(self._count):
                self._start(number)
            while True:
                for worker in [one for one in self._workers.values() if one.is_idle]:
                    shard = self._queue.take()
                    if shard is None:
                        break
                    worker.give(shard)
                if all(worker.shard is None for worker in self._workers.values()) and self._queue.is_over:
                    return
                for key, _ in self._selector.select():
                    yield from self._heard(key.data)
        finally:
            self._stop()

    def _heard(self, worker: "_Process") -> Iterator[tuple[Shard, Result]]:
        message = receive(worker.answers)
        if message is None:
            self._replace(worker)
            return
        head, payload = message
        if "error" in head:
            raise UserError(head["error"]) if head["code"] == 2 else WorldError(head["error"])
        if "ready" in head:
            worker.is_ready, self._failed_starts = True, 0
            return
        shard, worker.shard = worker.shard, None
        if shard is not None:
            yield shard, Result.of(head, payload)

    def _replace(self, worker: "_Process") -> None:
        """Start another worker for one that has ended, and give its shard back.

        Raises:
            WorldError: If it ended with an error, or repeatedly, before it was ready.
        """
        self._selector.unregister(worker.answers)
        del self._workers[worker.number]
        how = worker.ended()
        if not worker.is_ready:
            self._failed_starts += 1
            # A worker can be killed while it loads, but not again and again; an error is one of the command.
            if self._failed_starts == MOST_FAILED_STARTS or not how.startswith("SIG"):
                raise WorldError(f"A worker ended with {how} before its model was loaded.")
        shard = worker.shard
        if shard is None:
            announce(f"Worker {worker.number + 1} ended with {how}; another one is started.")
        else:
            self._queue.take_back(shard, f"Worker {worker.number + 1}", f"ended with {how}")
        self._start(worker.number)

    def _start(self, number: int) -> None:
        worker = _Process(number, self._words, self._is_gpu)
        self._workers[number] = worker
        self._selector.register(worker.answers, selectors.EVENT_READ, worker)

    def _stop(self) -> None:
        for worker in self._workers.values():
            worker.kill()
        self._workers.clear()
        self._selector.close()


class _Process:
    """A worker process.

    Args:
        number: Its index.
        words: Arguments of seq2seq that start it.
        is_gpu: Whether it computes on a GPU.

    Attributes:
        is_ready: Whether its model is loaded.
        shard: What it decodes; None while it waits.
    """

    def __init__(self, number: int, words: Sequence[str], is_gpu: bool) -> None:
        self.number = number
        self.is_ready = False
        self.shard: Shard | None = None
        environment = {"OMP_NUM_THREADS": "1", **os.environ, VARIABLE: json.dumps(os.getpid())}
        if is_gpu and (gpus := visible_gpus()):
            environment["CUDA_VISIBLE_DEVICES"] = gpus[number % len(gpus)]
        self._process = subprocess.Popen(
            [sys.executable, "-m", "seq2seq", *words], stdin=subprocess.PIPE, stdout=subprocess.PIPE, env=environment
        )

    @property
    def answers(self) -> IO[bytes]:
        """Where its messages come from."""
        assert self._process.stdout is not None
        return self._process.stdout

    @property
    def is_idle(self) -> bool:
        """Whether it can be given a shard."""
        return self.is_ready and self.shard is None

    def give(self, shard: Shard) -> None:
        """Let it decode a shard; if it has ended, this is noticed by its answers."""
        self.shard = shard
        assert self._process.stdin is not None
        try:
            send(self._process.stdin, shard.head, shard.content)
        except BrokenPipeError:
            return

    def ended(self) -> str:
        """Wait until it has ended, and return how."""
        try:
            code = self._process.wait(END_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            code = self._process.wait()
        self._close()
        return signal.Signals(-code).name if code < 0 else f"exit code {code}"

    def kill(self) -> None:
        """End it."""
        self._process.kill()
        self._process.wait()
        self._close()

    def _close(self) -> None:
        self.answers.close()
        if self._process.stdin is not None:
            # What it has not read of a shard is lost.
            with suppress(BrokenPipeError):
                self._process.stdin.close()


def visible_gpus(environment: dict[str, str] | None = None, gpus: Path = GPUS) -> list[str]:
    """Return the names of this process's GPUs for ``CUDA_VISIBLE_DEVICES``."""
    given: dict[str, Any] = dict(os.environ) if environment is None else environment
    if "CUDA_VISIBLE_DEVICES" in given:
        return [name for name in str(given["CUDA_VISIBLE_DEVICES"]).split(",") if name]
    return [str(number) for number in range(len(list(gpus.iterdir())))] if gpus.is_dir() else []
