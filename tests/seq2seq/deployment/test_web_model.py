"""The files of a model for the page."""

import json
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.deployment.onnx_folder import write_onnx
from seq2seq.deployment.web_model import MODEL, PIECES, write_web_model
from seq2seq.errors import UserError
from seq2seq.models import bundle
from seq2seq.models.bundle import Bundle
from seq2seq_summarization.reader import SummaryReader


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
