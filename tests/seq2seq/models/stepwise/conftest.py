"""Models of all tasks with random weights, and their exports."""

from collections.abc import Callable

import pytest

from seq2seq.models.loaded_model import LoadedModel
from tests.seq2seq.models.stepwise import together


@pytest.fixture(scope="session")
def load(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], LoadedModel]:
    """Loads a model by name and engine, 'torch' or 'onnx'."""
    return together.write(tmp_path_factory.mktemp("served"))
