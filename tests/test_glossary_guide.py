"""The examples of ``docs/glossary.md`` work, with a small model."""

import re
import shlex
from pathlib import Path

import pytest

from seq2seq import cli
from tests.environments import REPOSITORY
from tests.recorded import models

PAGE = (REPOSITORY / "docs" / "glossary.md").read_text(encoding="utf-8")
SOURCES = "the dog\na small cat sees a book\nBeijing\n"


def block(kind: str) -> str:
    """Return the page's only block of a kind."""
    (body,) = re.findall(rf"^```{kind}\n(.*?)^```$", PAGE, re.DOTALL | re.MULTILINE)
    return str(body)


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The current folder, with the model and the files that the page names."""
    models.write(tmp_path)
    (tmp_path / "translator").rename(tmp_path / "model")
    (tmp_path / "terms.tsv").write_text(block("text"), encoding="utf-8")
    (tmp_path / "sources.txt").write_text(SOURCES, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_the_command_reports_the_terms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    command, note = block("console").split("\n", 1)
    assert cli.main(shlex.split(command)[2:]) == 0
    assert capsys.readouterr().err == note
    dog, cat, city = (folder / "outputs.txt").read_text(encoding="utf-8").splitlines()
    assert "大狗" in dog or "老狗" in dog
    assert "小猫" in cat
    assert "北京" in city


def test_the_program_prints_outputs_with_their_terms(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    exec(compile(block("python"), "glossary.md", "exec"), {})
    first, second = capsys.readouterr().out.splitlines()
    assert "大狗" in first or "老狗" in first
    assert "小猫" in first
    assert "北京" in second
    assert second.endswith(" ('北京',) ()")
