"""The files of a model for the page."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.decoding.options import of_sources
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.shortlist import shortlist_of
from seq2seq.deployment.web_model import MODEL, PIECES, write_web_model
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq.runtime.engine import OnnxNetwork
from seq2seq_summarization.reader import SummaryReader
from tests.seq2seq.reversing import sentences


@pytest.fixture
def exported(model: Path, tmp_path: Path) -> Bundle:
    """A model folder for ONNX Runtime, whose reader changes nothing."""
    write_onnx(tmp_path / "exported", bundle.load(model), "int8", ())
    loaded = bundle.load(tmp_path / "exported")
    return replace(loaded, config=replace(loaded.config, reader=Reader()))


def test_the_files_are_described(exported: Bundle, tmp_path: Path) -> None:
    (tmp_path / "web").mkdir()
    files = write_web_model(tmp_path / "web", exported)
    assert sorted(path.name for path in files) == ["encode.onnx", MODEL, PIECES, "step.onnx"]
    description = json.loads((tmp_path / "web" / MODEL).read_text(encoding="utf-8"))
    assert description["kind"] == "source"
    assert description["files"] == {path.name: path.stat().st_size for path in files if path.name != MODEL}
    assert description["info"]["size"] == sum(description["files"].values())
    assert description["info"]["weights"] == exported.network.weight_count()
    assert description["search"]["beamSize"] == exported.config.search.to_json()["beam_size"]
    assert description["shortlist"] is None


@pytest.mark.parametrize("precision", ["int8", "float32"])
@pytest.mark.parametrize("tied", ["output", "none"])
def test_tables_of_a_shortlist_are_written_by_column(model: Path, tmp_path: Path, precision: str, tied: str) -> None:
    loaded = bundle.load(model)
    tokenizers, options = loaded.tokenizers, replace(loaded.config.network, tied_embeddings=tied)
    config = replace(loaded.config, network=options)
    bundle.save(tmp_path / "torch", bundle.network_for(options, tokenizers), config, tokenizers)
    table = shortlist_of(sentences(30, seed=1), tokenizers, each=3, frequent=5)
    write_onnx(tmp_path / "exported", bundle.load(tmp_path / "torch"), precision, (), table)
    exported = bundle.load(tmp_path / "exported")
    files = write_web_model(tmp_path, replace(exported, config=replace(config, reader=Reader())))
    assert isinstance(exported.network, OnnxNetwork)
    separate = exported.network.separate
    assert separate is not None
    tables = {"output.bin": separate.table} | ({"embedding.bin": separate.embedding} if tied == "none" else {})
    assert {path.name for path in files} == {
        *("encode.onnx", "step.onnx", "output.onnx", "candidates.bin", MODEL, PIECES),
        *tables,
    }
    size = tokenizers.target.vocabulary_size
    kind = np.dtype("i1" if precision == "int8" else "<f4")
    for name, rows in ((name, table.rows) for name, table in tables.items()):
        content = (tmp_path / name).read_bytes()
        for place, column in enumerate(("scale", "bias")):
            assert np.frombuffer(content, "<f4", size, place * 4 * size).tolist() == rows[column].tolist()
        assert np.array_equal(np.frombuffer(content, kind, offset=8 * size).reshape(size, -1), rows["vector"])
    candidates = np.frombuffer((tmp_path / "candidates.bin").read_bytes(), "<u2")
    assert np.array_equal(candidates.reshape(-1, 3), table.candidates)
    described = json.loads((tmp_path / MODEL).read_text(encoding="utf-8"))
    assert described["shortlist"] == {"frequent": list(table.frequent), "candidates": 3, "precision": precision}


class FinishedElsewhere(Reader):
    """Changes outputs, in a way that no page knows."""

    def finish(self, text: str) -> str:
        """Return the text in capital letters."""
        return text.upper()


class Known(FinishedElsewhere):
    """Says how a page reads its sources."""

    SOURCE_FORM = "text"


class Unchanged(SummaryReader):
    """Changes nothing that a page computes."""


@pytest.mark.parametrize("reader", [Known(), Unchanged()])
def test_a_reader_that_the_page_knows_is_written(exported: Bundle, tmp_path: Path, reader: Reader) -> None:
    write_web_model(tmp_path, replace(exported, config=replace(exported.config, reader=reader)))
    description = json.loads((tmp_path / MODEL).read_text(encoding="utf-8"))
    assert description["reader"]["form"] == reader.SOURCE_FORM


def test_a_model_that_the_page_cannot_compute_is_refused(exported: Bundle, tmp_path: Path) -> None:
    config = exported.config
    (tmp_path / "web").mkdir()
    for refused, message in (
        (replace(config, reader=FinishedElsewhere()), "reads its texts with its own code, which a page in a browser"),
        (replace(config, search=replace(config.search, banned=("dog",))), "The model's search bans words"),
        (
            replace(config, search=replace(of_sources(config.search), required=("dog",))),
            "The model's search requires words",
        ),
        (replace(config, reader=Reader(reverse=True)), "was trained with --data.reverse true"),
    ):
        with pytest.raises(UserError, match=message):
            write_web_model(tmp_path / "web", replace(exported, config=refused))
    shutil.copyfile(exported.folder / "step.onnx", exported.folder / "other.onnx")
    with pytest.raises(
        UserError, match=r"has a graph that a page in a browser cannot use, other\.onnx: export the run"
    ):
        write_web_model(tmp_path / "web", exported)
    assert not list((tmp_path / "web").iterdir())
