"""Options that a run takes from the model that it starts from."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.data_options import DataOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.training.starting_model import StartingModel
from tests.seq2seq import toy_models


def options(model: Path, data: DataOptions, *given: str) -> dict[str, str]:
    """Return the options taken from a model, by name."""
    task = registry.load("toy")
    words = StartingModel.read(str(model), task).words(given, data, task)
    return dict(word.removeprefix("--").split("=", 1) for word in words)


def test_network_reader_and_tokenizer_are_the_models(model: Path) -> None:
    found = options(model, DataOptions())
    assert found["model.network.hidden_size"] == "24"
    assert found["data.tokenizer.joint"] == "true"
    assert found["data.tokenizer.source_model"] == str(model / "tokenizer" / "joint.model")
    assert (found["data.reader.shout"], found["data.reader.normalization"]) == ("false", "nfc")
    assert "data.reader.source_field" not in found


def test_any_option_of_the_tokenizer_replaces_it(model: Path) -> None:
    found = options(model, DataOptions(), "data.tokenizer.vocabulary_size")
    assert not any(name.startswith("data.tokenizer.") for name in found)


def test_languages_are_those_of_the_files_or_else_the_models(tmp_path: Path, model: Path) -> None:
    for name in ("new.de", "new.zh", "new.tsv"):
        (tmp_path / name).write_text("source\ttarget\n", encoding="utf-8")
    told = options(model, DataOptions(train=[str(tmp_path / "new.de"), str(tmp_path / "new.zh")]))
    assert "data.reader.source_language" not in told
    silent = options(model, DataOptions(train=[str(tmp_path / "new.tsv")]))
    assert (silent["data.reader.source_language"], silent["data.reader.target_language"]) == ("en", "zh")


def test_the_languages_of_a_turned_model_describe_the_files(
    tmp_path: Path, model: Path, toy_tokenizers: Tokenizers
) -> None:
    assert model.is_dir()  # its fixture installs the task
    toy_models.write(tmp_path / "turned", toy_tokenizers, reverse=True)
    found = options(tmp_path / "turned", DataOptions())
    assert found["data.reverse"] == "true"
    assert (found["data.reader.source_language"], found["data.reader.target_language"]) == ("en", "zh")


def test_a_model_without_weights_for_pytorch_is_refused(model: Path) -> None:
    (model / "model.safetensors").unlink()
    with pytest.raises(UserError, match="has no weights for PyTorch"):
        options(model, DataOptions())
