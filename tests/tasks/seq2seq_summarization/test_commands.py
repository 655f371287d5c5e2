"""``seq2seq summarize`` and ``seq2seq evaluate`` with a summarizer: chats in every input format."""

import io
import json
import re
import shlex
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq
from seq2seq import cli
from seq2seq.command_line.outputs import one_line
from seq2seq.decoding.options import SearchOptions
from seq2seq_summarization import Summarization
from tests.environments import REPOSITORY
from tests.seq2seq.decoded import searched

Captured = pytest.CaptureFixture[str]
CHAT = ["dog: the cat sees", "cat: no", "today"]
OTHER = "bird: 三本书"

SEARCH = Summarization.decoding.search


@pytest.fixture
def type_in(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put text on standard input."""
    return lambda text: monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text.encode())))


def test_a_chat_is_the_same_from_everywhere(
    model: Path, tmp_path: Path, type_in: Callable[[str], None], capsys: Captured
) -> None:
    text = "\n".join(CHAT)
    folder = tmp_path / "chats"
    folder.mkdir()
    for name, content in (("a.txt", text), ("b.txt", ""), ("c.txt", OTHER)):
        (folder / name).write_text(content, encoding="utf-8")
    records = [{"source": CHAT, "id": 1}, {"source": ""}, {"source": OTHER}]
    (tmp_path / "chats.jsonl").write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    loaded = seq2seq.load(model)
    wanted = [one_line(summary) for summary in loaded.summarize([text, "", OTHER])]
    assert wanted[1] == ""
    pieces = searched(loaded, [text])[0][0].source_pieces
    assert (pieces.count("<turn>"), pieces.count("<speaker>"), pieces.count("<line>")) == (2, 2, 0)
    for source in (folder, tmp_path / "chats.jsonl"):
        assert cli.main(["summarize", str(model), str(source)]) == 0
        shown = capsys.readouterr()
        assert shown.out.split("\n") == [*wanted, ""]
        assert shown.err == ""
    type_in(text + "\n")
    assert cli.main(["summarize", str(model), "--document"]) == 0
    assert capsys.readouterr().out == wanted[0] + "\n"


def test_documents_over_the_limit_are_told(model: Path, tmp_path: Path, capsys: Captured) -> None:
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, words in (("a", 3), ("b", 100), ("c", 200)):
        (folder / f"{name}.txt").write_text("the cat\n" * words, encoding="utf-8")
    assert cli.main(["summarize", str(model), str(folder)]) == 0
    shown = capsys.readouterr()
    assert shown.err.startswith(f"2 of 3 sources were cut to 40 pieces (first at {folder}/b.txt); ")
    assert shown.err.count("\n") == 1
    assert len(shown.out.splitlines()) == 3


def test_length_and_repetition_are_options(model: Path, type_in: Callable[[str], None], capsys: Captured) -> None:
    assert SEARCH.no_repeat_ngram == 3
    loaded = seq2seq.load(model)
    for typed, search in (
        (
            ["--min_length", "6", "--max_length", "8"],
            replace(SEARCH, min_length=6, max_length=8),
        ),
        (
            ["--no_repeat_ngram", "1", "--max_length", "9"],
            replace(SEARCH, no_repeat_ngram=1, max_length=9),
        ),
    ):
        type_in(OTHER + "\n")
        assert cli.main(["summarize", str(model), *typed]) == 0
        output = searched(loaded, [OTHER], search)[0][0]
        assert search.min_length <= len(output.pieces) <= search.max_length
        assert capsys.readouterr().out == one_line(output.text) + "\n"
    assert len(set(output.pieces)) == len(output.pieces)
    repeating = searched(loaded, [OTHER], SearchOptions(min_length=30, max_length=40))[0][0].pieces
    blocked = searched(loaded, [OTHER], replace(SEARCH, min_length=30, max_length=40))[0][0].pieces
    trigrams = [list(zip(one, one[1:], one[2:], strict=False)) for one in (repeating, blocked)]
    assert [len(set(one)) < len(one) for one in trigrams] == [True, False]
    with pytest.raises(SystemExit):
        cli.main(["summarize", "--help"])
    shown = capsys.readouterr().out
    assert all(option in shown for option in ("--min_length N", "--max_length N", "--no_repeat_ngram N"))


def test_a_list_that_holds_no_texts_is_told_after_what_came_before(
    model: Path, tmp_path: Path, capsys: Captured
) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"source": "the cat"}\n{"source": [{"speaker": "Ann"}]}\n', encoding="utf-8")
    assert cli.main(["summarize", str(model), str(path)]) == 2
    shown = capsys.readouterr()
    assert len(shown.out.splitlines()) == 1
    assert "a.jsonl:2: 'source' must be a text or a list of texts, but the list contains {\"speaker\"" in shown.err


def test_summaries_are_evaluated_from_jsonl_and_from_folders(model: Path, tmp_path: Path, capsys: Captured) -> None:
    folders = tmp_path / "documents", tmp_path / "summaries"
    records = []
    for number in range(6):
        for folder, text in zip(folders, ("\n".join(CHAT * (number + 1)), f"三本书。\n{number}"), strict=True):
            folder.mkdir(exist_ok=True)
            (folder / f"{number}.txt").write_text(text, encoding="utf-8")
        records.append({"source": CHAT * (number + 1), "target": ["三本书。", str(number)]})
    path = tmp_path / "chats.jsonl"
    path.write_text("\n".join(map(json.dumps, records)) + "\n", encoding="utf-8")
    reports = []
    for name, data in (
        ("jsonl", ["--data", str(path)]),
        ("folders", ["--source", str(folders[0]), "--target", str(folders[1])]),
    ):
        typed = ["evaluate", str(model), *data, "--samples", "0", "--output", str(tmp_path / name)]
        assert cli.main(typed) == 0
        assert "of 6 sources were cut to 40 pieces (first at" in capsys.readouterr().out
        reports.append(json.loads((tmp_path / name / "report.json").read_text(encoding="utf-8")))
    jsonl, both = reports
    assert jsonl["scores"] == both["scores"]
    assert jsonl["predictions"][0]["source"] == "\n".join(CHAT)
    assert jsonl["test_set"] == both["test_set"]
    assert "<dd>dog: the cat sees\ncat: no\ntoday</dd>" in (tmp_path / "jsonl" / "report.html").read_text("utf-8")
    (folders[1] / "5.txt").unlink()
    assert cli.main([*typed]) == 2
    assert f"{folders[0]}/5.txt has no counterpart {folders[1]}/5.txt: the two" in capsys.readouterr().err


def commands(verb: str) -> list[str]:
    """Return the commands in the plugin's documentation that begin with a verb."""
    text = (REPOSITORY / "docs" / "summarization.md").read_text(encoding="utf-8")
    blocks = re.findall(r"^```sh\n(.*?)^```$", text, re.DOTALL | re.MULTILINE)
    return [line for line in "".join(blocks).splitlines() if line.startswith(f"seq2seq {verb} ")]


@pytest.mark.parametrize("command", [*commands("summarize"), *commands("evaluate")])
def test_the_commands_of_the_document_work(
    command: str, model: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, type_in: Callable[[str], None]
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("documents", "summaries"):
        Path(name).mkdir()
        for number in range(2):
            Path(name, f"{number}.txt").write_text(OTHER, encoding="utf-8")
    for name in ("articles.jsonl", "test.jsonl"):
        Path(name).write_text(json.dumps({"source": CHAT, "target": OTHER}) + "\n", encoding="utf-8")
    Path("report.txt").write_text(OTHER, encoding="utf-8")
    type_in(OTHER)
    words = shlex.split(command.replace("MODEL", str(model)), comments=True)
    assert cli.main(words[1 : words.index("<") if "<" in words else None]) == 0
