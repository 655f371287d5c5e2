"""Loading a model in the background: waiting for it, and the reason if it fails."""

import threading
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.runtime.placement import Placement
from seq2seq.sessions.background_loading import Loading, in_background
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task


def test_a_model_is_loaded_once_and_waited_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers
) -> None:
    toy_task.install(tmp_path / "site", monkeypatch)
    loading = in_background(toy_models.write(tmp_path / "model", toy_tokenizers), Placement())
    assert not loading.is_over
    loading.start()
    loading.start()
    model = loading.model()
    assert loading.is_over
    assert loading.model() is model
    assert model.mimic(["the dog"])


def test_waiting_is_done_in_steps_so_that_ctrl_c_is_heard() -> None:
    gate = threading.Event()

    def load() -> None:
        gate.wait()
        raise UserError("no such model")

    loading = Loading(load)  # type: ignore[arg-type]
    loading.start()
    assert not loading.is_over
    gate.set()
    for _ in range(2):
        with pytest.raises(UserError, match="no such model"):
            loading.model()
    assert loading.is_over


def test_a_model_that_is_broken_is_told_when_it_is_asked_for(tmp_path: Path) -> None:
    loading = in_background(tmp_path / "gone", Placement(threads=1))
    with pytest.raises(UserError, match="There is no folder"):
        loading.model()


def test_threads_that_cannot_be_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(UserError, match="threads is 0, but it must be at least 1"):
        in_background(tmp_path, Placement(threads=0))
