"""Loading models of both kinds, alone and with a language model."""

from pathlib import Path

import pytest
import torch

import seq2seq
from seq2seq.errors import UserError
from seq2seq.models.joint.companions import Companions
from seq2seq.models.joint.shallow_fusion import Fused
from seq2seq.models.language_model import LanguageModel
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models


@pytest.fixture
def writer(tmp_path: Path, toy_tokenizers: Tokenizers) -> Path:
    """A language model with the tokenizers of the toy model."""
    return language_models.write(tmp_path / "writer", toy_tokenizers)


def test_the_task_chooses_the_class(model: Path, writer: Path) -> None:
    assert type(load(model)) is SourceModel
    assert type(load(writer)) is LanguageModel


@pytest.mark.parametrize("weight", [0.0, 0.3])
def test_a_language_model_is_loaded_along(model: Path, writer: Path, weight: float) -> None:
    loaded = load(model, companions=Companions(language_model=writer, weight=weight))
    assert isinstance(loaded, SourceModel)
    assert isinstance(loaded.language_model, LanguageModel)
    assert loaded.language_weight == weight
    assert isinstance(loaded.steps, Fused) == (weight > 0)


def test_the_package_lists_what_it_offers() -> None:
    assert "load" in dir(seq2seq)
    assert "__version__" in dir(seq2seq)


def test_threads_are_set(model: Path) -> None:
    before = torch.get_num_threads()
    try:
        seq2seq.load(model, threads=1)
        assert torch.get_num_threads() == 1
    finally:
        torch.set_num_threads(before)


def test_refusals(model: Path, writer: Path) -> None:
    with pytest.raises(UserError, match="reads no source, but a language model is fused with a model that reads one"):
        load(writer, companions=Companions(language_model=writer, weight=0.3))
    with pytest.raises(UserError, match=r"Device 'gpu' cannot be used here. There is: cpu"):
        seq2seq.load(model, device="gpu")
    with pytest.raises(UserError, match="threads is 0, but it must be at least 1"):
        seq2seq.load(model, threads=0)
