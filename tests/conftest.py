"""What every test starts from."""

import sys

import pytest


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Undo what a training in an earlier test did to the processor: it flushes numbers below the normal range to 0.

    A command lives in a process of its own, where that is wanted; hypothesis refuses to draw numbers under it.
    """
    if "torch" in sys.modules:
        sys.modules["torch"].set_flush_denormal(False)
