"""What the tests of verbs share: a model of the toy task, and a way to type input."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task


@pytest.fixture
def model(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> Path:
    """A bundle of the toy task with random weights; ``en`` to ``zh``."""
    toy_task.install(tmp_path / "site", monkeypatch)
    return toy_models.write(tmp_path / "model", toy_tokenizers)


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[bytes | str], None]:
    """Put text on standard input."""

    def put(text: bytes | str) -> None:
        raw = text if isinstance(text, bytes) else text.encode("utf-8")
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(raw), encoding="utf-8"))

    return put
