"""Tests of ``seq2seq report`` through the command."""

from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.evaluation.report_folder import write
from tests.seq2seq.report.sample_reports import report

Captured = pytest.CaptureFixture[str]


def test_the_page_is_written_and_written_again(model: Path, capsys: Captured) -> None:
    write(report(), model / "evaluation-test")
    folder = model.parent
    for _ in range(2):
        assert cli.main(["report", str(folder)]) == 0
        assert capsys.readouterr().out.splitlines() == [str(folder / "index.html")]
    page = (folder / "index.html").read_text(encoding="utf-8")
    assert '<html lang="en">' in page
    assert 'href="./model/evaluation-test/report.html"' in page
    assert cli.main(["report", str(folder), "--language", "zh", "--output", str(folder / "zh.html")]) == 0
    assert "已评测" in (folder / "zh.html").read_text(encoding="utf-8")


def test_the_default_folder_is_runs(
    model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: Captured
) -> None:
    monkeypatch.chdir(tmp_path)
    assert cli.main(["report"]) == 2
    assert "runs does not exist, but seq2seq report needs a folder of runs" in capsys.readouterr().err
    model.rename(tmp_path / "runs")
    assert cli.main(["report"]) == 0
    assert capsys.readouterr().out == "runs/index.html\n"


@pytest.mark.parametrize(
    ("typed", "message"),
    [
        ([], "index.html exists and was not written by seq2seq report: name another file with --output"),
        (["--output", "."], "is a folder, but --output is a file: give --output index.html"),
        (["--language", "fr"], "--language is 'fr'. Choose from: en, zh."),
    ],
)
def test_mistakes(
    model: Path, monkeypatch: pytest.MonkeyPatch, typed: list[str], message: str, capsys: Captured
) -> None:
    monkeypatch.chdir(model.parent)
    Path("index.html").write_text("my own page", encoding="utf-8")
    assert cli.main(["report", str(model.parent), *typed]) == 2
    shown = capsys.readouterr()
    assert message in shown.err
    assert shown.out == ""
    assert Path("index.html").read_text(encoding="utf-8") == "my own page"
