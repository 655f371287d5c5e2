"""Model folders for ONNX Runtime: what they hold, and what they cannot be combined with."""

from pathlib import Path

import pytest

from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.errors import UserError, WorldError
from seq2seq.models import bundle
from seq2seq.models.load import load
from seq2seq.models.source_model import SourceModel
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import language_models


def test_an_exported_model_replaces_a_model_and_nothing_else(model: Path, tmp_path: Path) -> None:
    loaded = bundle.load(model)
    place = tmp_path / "exported"
    for precision in ("float32", "int8"):
        assert write_onnx(place, loaded, precision, ()).examples == 0
        assert bundle.read_json(place)["precision"] == precision
        assert bundle.read_config(place) == loaded.config
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "letter.txt").write_text("dear reader")
    with pytest.raises(UserError, match="is not empty and contains no model: choose another folder"):
        write_onnx(tmp_path / "full", loaded, "int8", ())
    with pytest.raises(UserError, match="precision is 'int4'"):
        write_onnx(tmp_path / "new", loaded, "int4", ())


def test_a_failed_export_leaves_the_old_model(model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    loaded, place = bundle.load(model), tmp_path / "exported"
    write_onnx(place, loaded, "float32", ())
    before = {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()}
    write = bundle.write_description

    def full(folder: Path, *others: object, **named: object) -> None:
        if folder.parent == tmp_path:
            raise OSError(28, "No space left on device")
        write(folder, *others, **named)  # type: ignore[arg-type]

    monkeypatch.setattr(bundle, "write_description", full)
    with pytest.raises(WorldError, match="could not be written: No space left on device"):
        write_onnx(place, loaded, "int8", ())
    assert {path.name: path.read_bytes() for path in place.iterdir() if path.is_file()} == before


def test_models_of_two_engines_cannot_be_fused(model: Path, tmp_path: Path, toy_tokenizers: Tokenizers) -> None:
    writer = language_models.write(tmp_path / "writer", toy_tokenizers)
    write_onnx(tmp_path / "exported", bundle.load(writer), "float32", ())
    own, exported = load(model), load(tmp_path / "exported")
    assert isinstance(own, SourceModel)
    with pytest.raises(UserError, match="are computed by different engines, so they cannot be fused: export both"):
        own.along(exported, 0.5)
    assert own.along(exported, 0.0).language_model is exported  # ranking needs only the text
