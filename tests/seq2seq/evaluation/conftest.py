"""A model for the tests of evaluations."""

from pathlib import Path

import pytest

from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A bundle of the toy task with random weights."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)
