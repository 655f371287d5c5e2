"""Small language models, trained for a few steps: stories and one running text, in pieces and in characters."""

from collections.abc import Iterator
from pathlib import Path

import pytest

import seq2seq
from seq2seq.commands import fit
from seq2seq.models import bundle
from seq2seq.models.language_model import LanguageModel
from tests.tasks.seq2seq_generation.texts import LITTLE, TINY, characters, documents_of


@pytest.fixture(scope="session")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A working folder for trainings, with a cache of its own."""
    with pytest.MonkeyPatch.context() as patch:
        folder = tmp_path_factory.mktemp("generation")
        patch.setenv("XDG_CACHE_HOME", str(folder / "cache"))
        yield folder


@pytest.fixture(scope="session")
def documents(place: Path) -> Path:
    """A run on short stories, which are documents."""
    options = [*TINY, *LITTLE, *documents_of(place), "--run_dir", str(place / "documents")]
    assert fit.main(["generation", *options]) == 0
    return place / "documents"


@pytest.fixture(scope="session")
def contiguous(place: Path) -> Path:
    """A run on one running text, of characters."""
    options = [*TINY, *LITTLE, *characters(place), "--run_dir", str(place / "contiguous")]
    assert fit.main(["generation", *options]) == 0
    return place / "contiguous"


@pytest.fixture(scope="session")
def model(documents: Path) -> LanguageModel:
    """The model of documents."""
    loaded = seq2seq.load(documents)
    assert isinstance(loaded, LanguageModel)
    return loaded


@pytest.fixture(scope="session")
def characterwise(contiguous: Path) -> LanguageModel:
    """The model of one running text."""
    return LanguageModel(bundle.load(contiguous))
