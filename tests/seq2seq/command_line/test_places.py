"""No verb overwrites its own input, however the two paths are spelled."""

import os
import sys
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.command_line.places import require_apart
from seq2seq.errors import UserError
from tests.seq2seq.kills import names

TEXT = "the old dog\nbirds\n"


@pytest.fixture
def text(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file of sources, x, under several names: a link, a hard link, other spellings."""
    folder = tmp_path / "texts"
    (folder / "deep").mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "x").write_text(TEXT, encoding="utf-8")
    (folder / "link").symlink_to("x")
    (folder / "hard").hardlink_to(folder / "x")
    (folder / "doc.txt").write_text(TEXT, encoding="utf-8")
    return folder / "x"


@pytest.mark.parametrize("option", ["--output", "--attention"])
@pytest.mark.parametrize(
    ("inputs", "output"),
    [
        (["x"], "x"),
        (["x"], "./deep/../x"),
        (["x"], "link"),
        (["link"], "x"),
        (["x"], "hard"),
        (["doc.txt", "x"], "../texts/x"),
        (["-", "x"], "x"),
    ],
)
def test_an_input_is_not_overwritten(
    model: Path, text: Path, capsys: pytest.CaptureFixture[str], option: str, inputs: list[str], output: str
) -> None:
    before = names(text.parent)
    assert cli.main(["mimic", str(model), *inputs, option, output]) == 2
    assert f"{option} {Path(output)} would overwrite the input " in capsys.readouterr().err
    assert text.read_text(encoding="utf-8") == TEXT
    assert names(text.parent) == before


def test_a_model_and_other_options_are_protected(model: Path, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for place in (model / "config.json", model / "tokenizer", model / "tokenizer" / "more.txt"):
        assert cli.main(["mimic", str(model), "x", "--output", str(place)]) == 2
        assert f"--output {place} would overwrite a part of the model {model}" in capsys.readouterr().err
    assert cli.main(["mimic", str(model), "x", "--output", "y", "--attention", "../texts/y"]) == 2
    assert "--output and --attention both write ../texts/y: name two files." in capsys.readouterr().err
    assert cli.main(["mimic", str(model), "doc.txt", "--banned_file", "x", "--output", "x"]) == 2
    assert "would overwrite the input x" in capsys.readouterr().err
    run = model.parent / "run"
    (run / "checkpoints").mkdir(parents=True)
    with pytest.raises(UserError, match="would overwrite a part of the model"):
        require_apart({"--output": [run / "checkpoints" / "last.ckpt"]}, ["x"], [run / "bundle"])
    # A model folder may contain the user's own files.
    assert cli.main(["mimic", str(model), "x", "--output", str(model / "out.txt")]) == 0


def test_a_document_is_not_overwritten_through_a_link(
    model: Path, text: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (text.parent / "out").mkdir()
    (text.parent / "out" / "doc.txt").symlink_to("../doc.txt")
    assert cli.main(["mimic", str(model), ".", "--output", "out"]) == 2
    assert "--output out/doc.txt would overwrite the input doc.txt" in capsys.readouterr().err
    (text.parent / "out" / "doc.txt").unlink()
    for _ in range(2):  # a folder inside the folder of documents is another folder
        assert cli.main(["mimic", str(model), ".", "--output", "out"]) == 0


def test_a_report_does_not_overwrite_its_data(model: Path, text: Path, capsys: pytest.CaptureFixture[str]) -> None:
    data = text.parent / "report.json"
    data.write_text(TEXT, encoding="utf-8")
    assert cli.main(["evaluate", str(model), "--source", str(data), "--target", "x", "--output", "."]) == 2
    assert "--output report.json would overwrite the input" in capsys.readouterr().err
    assert data.read_text(encoding="utf-8") == TEXT


def test_redirections_are_seen(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with text.open(encoding="utf-8") as given:
        monkeypatch.setattr(sys, "stdin", given)
        with pytest.raises(UserError, match="--output x would overwrite standard input"):
            require_apart({"--output": [Path("x")]}, ["-"], [])
    with text.open("a", encoding="utf-8") as printed:
        monkeypatch.setattr(sys, "stdout", printed)
        with pytest.raises(UserError, match="Standard output is the input x: redirect it to another file"):
            require_apart({}, ["x"], [])
        require_apart({}, ["doc.txt", None], [None])


def test_a_closed_stream_is_no_file(text: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", None)
    monkeypatch.setattr(sys, "stdout", None)
    require_apart({"--output": [Path("new")]}, ["x"], [])


def test_what_a_killed_verb_left_is_removed(model: Path, text: Path) -> None:
    child = os.fork()
    if child == 0:
        os._exit(0)
    os.waitpid(child, 0)
    for name in ("out.txt", "other.txt"):
        Path(f".{name}.{child}.new").touch()
    assert cli.main(["mimic", str(model), "x", "--output", "out.txt"]) == 0
    assert not Path(f".out.txt.{child}.new").exists()
    assert Path(f".other.txt.{child}.new").exists()  # it belongs to another file
