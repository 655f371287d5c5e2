"""The page about data files: it lists every form, and its example prints what it shows."""

import re
import shlex
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.corpus.conversations.near_misses import near_miss
from seq2seq.corpus.formats.form import Head
from seq2seq.corpus.recognition import NAMES
from seq2seq_dialogue.reader import DialogueReader

PAGE = (Path(__file__).parents[1] / "docs" / "data.md").read_text(encoding="utf-8")
TEXTS = re.findall(r"^```text\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
COMMANDS = re.findall(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)


def test_every_form_is_in_the_table_once() -> None:
    rows = [line.split("|")[1] for line in PAGE.splitlines() if line.startswith("| `")]
    named = [name for row in rows for name in re.findall("`(.*?)`", row)]
    assert sorted(named) == sorted(NAMES)


def test_the_example_prints_what_is_shown(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    said, refused, export, printed = TEXTS
    monkeypatch.chdir(tmp_path)
    Path("chat.txt").write_text(export, encoding="utf-8")
    assert cli.main(shlex.split(COMMANDS[0])[1:]) == 0
    assert capsys.readouterr().out == printed
    assert said == f"data.train: {DialogueReader().understood([Path('chat.txt')])}\n"
    Path("novel.txt").write_text(
        "The kettle stood on the fire and nobody in the house\nhad thought of it, because everyone was looking\n" * 12,
        encoding="utf-8",
    )
    assert near_miss(Head(Path("novel.txt"))) in refused
    assert cli.main(["inspect", "novel.txt", "--task", "dialogue"]) == 2
    assert capsys.readouterr().err == refused


def test_the_other_commands_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("train", "valid", "test"):
        Path(f"{name}.jsonl").write_text('{"turns": ["Tea?", "Yes.", "好。"]}\n' * 2, encoding="utf-8")
        for language in ("en", "zh"):
            Path(f"{name}.{language}").write_text("Tea?\n", encoding="utf-8")
    for line in COMMANDS[1].splitlines():
        words = shlex.split(line, comments=True)[1:]
        if "--model" not in words:  # needs a trained model
            assert cli.main(words) == 0, line
    assert "in train.jsonl too" in capsys.readouterr().out


def test_the_warnings_of_the_table_exist() -> None:
    code = "".join(
        (Path(__file__).parents[1] / "seq2seq" / "inspection" / name).read_text(encoding="utf-8")
        for name in ("inspection.py", "language_check.py")
    )
    for part in (
        "before in the same",
        "with another",
        "no reply",
        "equal sides",
        "an unusual ratio of",
        "wrong encoding",
    ):
        assert part in PAGE
        assert part in code
