"""``seq2seq presets``: every file that ``-c`` finds is listed once, with its comment and sizes."""

from pathlib import Path

import pytest

from seq2seq.cli import main
from seq2seq.commands.presets import about
from seq2seq.errors import UserError
from seq2seq.plugin import config_files, registry
from seq2seq.run_setup.request import Request, plan


def test_everything_that_c_finds_is_listed(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["presets"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    names = [line.split()[0] for line in lines if line.startswith("  ") and not line.startswith("   ")]
    for found in registry.installed():
        known = config_files.available(found.load())
        theirs = [name for name in known if name.split("/")[0] in ("size", found.name) or "/" not in name]
        assert set(theirs) <= set(names)
    assert lines[0] == "For every task:"
    assert "For dialogue:" in lines
    assert lines[-1].endswith("later ones override earlier ones.")


@pytest.mark.parametrize("name", [name for name in config_files.available() if name.startswith("size/")])
def test_a_size_is_for_a_task_without_a_source_too(name: str) -> None:
    generation = registry.load("generation")
    assert (
        plan(generation, Request.parse("fit", ["generation", "-c", name]), None).config.model.network.encoder == "none"
    )


def test_of_one_task(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    assert main(["presets", "translation"]) == 0
    shown = capsys.readouterr().out
    assert "size/tiny" in shown
    assert "translation/multi30k-en-de" in shown
    assert "(embeddings 64, hidden 128" in shown
    assert "dialogue" not in shown
    assert main(["presets", "translaton"]) == 2
    assert "No task named 'translaton'. Did you mean 'translation'? Installed tasks: " in capsys.readouterr().err


def test_what_a_file_says_about_itself(tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_text("# 给小语料。\n# Two lines.\nmodel:\n  network:\n    encoder_layers: 2\n", encoding="utf-8")
    assert about(path) == "给小语料。 Two lines. (layers 2)"
    path.write_text("", encoding="utf-8")
    assert about(path) == ""
    path.write_text("- a\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.yaml must contain a mapping of names to values, but it is a list"):
        about(path)
    path.write_text("model: {network: 3}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.yaml: model\.network must be a mapping of names to values, but it is a "):
        about(path)
    path.write_text("a: " + "[" * 200, encoding="utf-8")
    with pytest.raises(UserError, match=r"a\.yaml is nested more than 64 levels deep"):
        about(path)
