"""The device of these tests: a GPU, or for a rehearsal of the tests themselves, the CPU.

With ``SEQ2SEQ_REHEARSAL=1`` they run without a GPU, apart from those that measure its memory.
"""

import os
from pathlib import Path

import pytest
import torch

IS_REHEARSAL = os.environ.get("SEQ2SEQ_REHEARSAL") == "1"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the tests of this folder on a machine without a GPU."""
    here = Path(__file__).parent
    if not IS_REHEARSAL and not torch.cuda.is_available():
        for item in items:
            if here in item.path.parents:
                item.add_marker(pytest.mark.skip(reason="needs a GPU"))


@pytest.fixture(scope="session")
def device() -> str:
    """The device."""
    return "cpu" if IS_REHEARSAL else "cuda"


@pytest.fixture(scope="session")
def accelerator() -> str:
    """Lightning's name of the device."""
    return "cpu" if IS_REHEARSAL else "gpu"
