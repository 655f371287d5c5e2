"""Small models of every task, from which folders are exported."""

from pathlib import Path

import pytest

from tests.recorded.models import write


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the models of `tests.recorded.models`."""
    folder = tmp_path_factory.mktemp("models")
    write(folder)
    return folder
