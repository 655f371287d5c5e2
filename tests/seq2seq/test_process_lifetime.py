"""Loader workers end with their parent, even if it is killed before reading what they have prepared."""

import os
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest
import torch

from seq2seq import process_lifetime
from seq2seq.batching.loader import Processes, training_loader
from seq2seq.batching.options import BatchOptions
from seq2seq.batching.token_store import TokenStore
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq.process_state import children, is_running

WAIT_S = 60.0


def forked(action: Callable[[int], None]) -> list[int]:
    """Run an action in a forked process that is killed afterwards; return the processes that it wrote into a pipe."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            action(writing)
        finally:
            os.kill(os.getpid(), signal.SIGKILL)
    os.close(writing)
    os.waitpid(child, 0)
    with open(reading, encoding="utf-8") as pipe:  # noqa: PTH123 - a descriptor
        # The workers hold the pipe too: read one line, not to its end.
        return [int(word) for word in pipe.readline().split()]


def require_end(processes: list[int]) -> None:
    assert processes
    end = time.monotonic() + WAIT_S
    while any(map(is_running, processes)) and time.monotonic() < end:
        time.sleep(0.05)
    assert not any(map(is_running, processes))


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="reads the state of processes from /proc")
@pytest.mark.parametrize("has_kernel", [True, False])
def test_workers_end_with_a_killed_parent(
    toy_store: TokenStore, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch, has_kernel: bool
) -> None:
    if not has_kernel:
        monkeypatch.setattr(process_lifetime, "_kernel_kills", lambda: False)

    def load(pipe: int) -> None:
        torch.set_num_threads(1)
        options = BatchOptions(max_tokens=300)
        iterator = iter(training_loader(toy_store, toy_tokenizers, options, seed=1, processes=Processes(workers=2)))
        next(iterator)
        os.write(pipe, (" ".join(map(str, children(os.getpid()))) + "\n").encode())

    require_end(forked(load))


def test_a_parent_that_is_gone_already_ends_the_helper() -> None:
    child = os.fork()
    if child == 0:
        process_lifetime.serve(os.getpid())  # not the parent's number
        os._exit(0)
    assert os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) == 1
