"""Settings and hooks for all tests."""

import os
import signal
import sys
from collections.abc import Iterator

import pytest
from hypothesis import settings

from tests.properties import THOROUGH

SYNC = os.fsync
LONGEST = ("test_readme.py", "test_fuzz.py", "test_kills.py")
"""Files whose slow tests take minutes."""

# A shared machine may stop a test for a while at any time: no time limit for a single example.
settings.register_profile("suite", deadline=None)
settings.register_profile(THOROUGH, deadline=None)
settings.load_profile("suite")


def pytest_configure(config: pytest.Config) -> None:
    """Handle the signals that tests send, because a background process ignores Ctrl-C, and nohup ignores hang-ups."""
    if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
        signal.signal(signal.SIGHUP, signal.SIG_DFL)


@pytest.fixture(scope="session", autouse=True)
def disk_that_does_not_wait() -> Iterator[None]:
    """Do not wait for the disk in tests that only need a trained model: each of hundreds would wait dozens of times."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", lambda _descriptor: None)
        yield


@pytest.fixture(scope="module")
def real_disk() -> Iterator[None]:
    """Wait for the disk as usual, in tests of kills, full disks and atomic files."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("os.fsync", SYNC)
        yield


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with the longest tests: at the end, one process would run them while the others wait."""
    items.sort(key=lambda item: item.path.name not in LONGEST)


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Undo what a training in an earlier test did to the processor: it flushes numbers below the normal range to 0.

    A command lives in a process of its own, where that is wanted; hypothesis refuses to draw numbers under it.
    """
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
