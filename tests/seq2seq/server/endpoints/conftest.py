"""A server with a model of each task."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.models.loaded_model import LoadedModel
from tests.recorded import models as recorded
from tests.seq2seq.server.services import Running, loaded, running


@pytest.fixture(scope="session")
def model_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with models of every task."""
    folder = tmp_path_factory.mktemp("served")
    recorded.write(folder)
    return folder


@pytest.fixture(scope="session")
def live(model_folder: Path) -> dict[str, LoadedModel]:
    """Models by name."""
    return loaded(model_folder)


@pytest.fixture(scope="module")
def server(live: dict[str, LoadedModel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with these models."""
    with running(live, tmp_path_factory.mktemp("shared")) as server:
        yield server
