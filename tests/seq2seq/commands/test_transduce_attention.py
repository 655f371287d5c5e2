"""Attention of the verbs that apply a model: written next to outputs, and drawn."""

import json
import resource
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.command_line import attention_file
from seq2seq.network.options import NetworkOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models
from tests.seq2seq.commands.typed import TEXT, Captured, TypeIn, expected

__all__ = ["expected"]


def test_attention_is_written_beside(model: Path, tmp_path: Path, type_in: TypeIn, capsys: Captured) -> None:
    type_in("a cat\n\n")
    path = tmp_path / "attention.jsonl"
    assert cli.main(["mimic", str(model), "--attention", str(path)]) == 0
    first, second = map(json.loads, path.read_text(encoding="utf-8").splitlines())
    assert first["index"] == 0
    assert "".join(first["source"]).replace("▁", " ").strip() == "a cat"
    assert [len(first["attention"]), len(first["attention"][0])] == [len(first["output"]), len(first["source"])]
    assert second == {"index": 1, "source": [], "output": [], "attention": []}
    assert len(capsys.readouterr().out.splitlines()) == 2


def test_attention_is_drawn(
    model: Path, tmp_path: Path, type_in: TypeIn, capsys: Captured, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, start in (("a.html", "<!DOCTYPE html>"), ("a.svg", "<svg ")):
        type_in("a cat\n\n" + "three books " * 30 + "\n")
        assert cli.main(["mimic", str(model), "--attention", str(tmp_path / name)]) == 0
        drawn = (tmp_path / name).read_text(encoding="utf-8")
        assert drawn.startswith(start)
        assert all(title in drawn for title in ("1 · standard input:1", "2 · standard input:2", "3 · standard input:3"))
        assert capsys.readouterr().err == ""
    monkeypatch.setattr(attention_file, "MOST", 2)
    type_in("a cat\n\nbirds\n")
    assert cli.main(["mimic", str(model), "--attention", str(tmp_path / "a.html")]) == 0
    assert "a.html shows the first 2 of 3 outputs; a .jsonl file would hold all.\n" in capsys.readouterr().err
    assert "Only the first 2 of 3 outputs are drawn." in (tmp_path / "a.html").read_text(encoding="utf-8")


def test_what_cannot_be_drawn_is_told_at_once(
    model: Path, tmp_path: Path, toy_tokenizers: Tokenizers, capsys: Captured
) -> None:
    assert cli.main(["mimic", str(model), "--attention", "a.png"]) == 2
    assert "--attention draws .html and .svg and writes JSON lines otherwise, but no '.png'." in capsys.readouterr().err
    options = NetworkOptions(embedding_size=16, hidden_size=24, attention="none")
    blind = toy_models.write(tmp_path / "blind", toy_tokenizers, options)
    assert cli.main(["mimic", str(blind), "--attention", "a.svg"]) == 2
    assert "The model has no attention, so there is nothing to draw: leave out --attention a.svg." in (
        capsys.readouterr().err
    )


def test_a_file_is_written_whole_or_not_at_all(
    model: Path, tmp_path: Path, type_in: TypeIn, capsys: Captured, expected: list[str]
) -> None:
    output = tmp_path / "out.txt"
    type_in(TEXT)
    assert cli.main(["mimic", str(model), "--output", str(output)]) == 0
    assert output.read_text(encoding="utf-8").splitlines() == expected
    assert capsys.readouterr().out == ""
    before = output.read_bytes()
    type_in(b"a cat\n\xff\n")
    assert cli.main(["mimic", str(model), "--output", str(output)]) == 2
    assert "standard input, line 2: not UTF-8" in capsys.readouterr().err
    assert output.read_bytes() == before
    (tmp_path / "damaged.gz").write_bytes(b"no gzip at all")
    assert cli.main(["mimic", str(model), str(tmp_path / "damaged.gz"), "--output", str(output)]) == 2
    assert "damaged.gz is damaged or not a gzip file" in capsys.readouterr().err
    assert output.read_bytes() == before
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    type_in("a cat\n" * 3000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 10, hard))
    try:
        assert cli.main(["mimic", str(model), "--beam_size", "1", "--output", str(output)]) == 1
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert "out.txt could not be written: File too large; the previous one is untouched" in capsys.readouterr().err
    assert output.read_bytes() == before
