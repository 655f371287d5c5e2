"""Writing a report in all formats."""

from pathlib import Path

import pytest

from seq2seq.errors import WorldError
from seq2seq.evaluation.report_folder import write
from seq2seq.report.report_file import digest, read
from tests.seq2seq.report.sample_reports import report


def test_json_has_everything_and_is_read_back(tmp_path: Path) -> None:
    page = write(report("我们"), tmp_path / "new" / "folder")
    assert page == tmp_path / "new" / "folder" / "report.html"
    assert {file.name for file in page.parent.iterdir()} == {"report.html", "report.json", "report.md"}
    values = read(page.with_name("report.json"))
    assert values["scores"][0]["signature"] == "BLEU|nrefs:1|tok:13a"
    assert values["likelihood"]["per_token"]["nats"] == 2.0
    assert values["likelihood"]["per_character"]["nats"] == 0.5
    assert values["predictions"][0]["hypothesis"] == "我们 output"
    assert values["predictions"][0]["references"] == ["我们 reference", "another"]
    assert values["test_set"]["sources_sha256"] == digest(["我们", "fine"])
    assert values["sections"][0]["blocks"][1]["rows"] == [["我们", 1234]]
    assert values["recipe"]["model"]["steps"] == 7


def test_a_place_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "report.json").mkdir()
    with pytest.raises(WorldError, match=r"report\.json could not be written: Is a directory"):
        write(report(), tmp_path)
