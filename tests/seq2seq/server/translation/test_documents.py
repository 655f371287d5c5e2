"""Translated files are kept for a limited time, in limited numbers, and under names that cannot be guessed."""

import os
import time
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.server.translation import documents
from seq2seq.server.translation.documents import Documents, lines_of


def test_a_file_is_kept_for_all_processes_that_share_the_folder(tmp_path: Path) -> None:
    name = Documents(tmp_path).put(".txt", "ä\r\n".encode())
    assert Documents(tmp_path).get(name) == "ä\r\n".encode()
    assert Documents(tmp_path).put(".txt", "ä\r\n".encode()) != name


@pytest.mark.parametrize("name", ["", "a.txt", "../secret.txt", "/etc/passwd", "0" * 32 + ".txt", "0" * 32 + ".txt\n"])
def test_other_names_are_unknown(tmp_path: Path, name: str) -> None:
    (tmp_path / "a.txt").write_text("secret", encoding="utf-8")
    assert Documents(tmp_path).get(name) is None


def test_old_files_are_removed(tmp_path: Path) -> None:
    kept = Documents(tmp_path)
    name = kept.put(".txt", b"old")
    past = time.time() - documents.KEPT_S - 1
    os.utime(tmp_path / name, (past, past))
    assert kept.get(name) is None
    new = kept.put(".jsonl", b"new")
    assert [path.name for path in tmp_path.iterdir()] == [new]


def test_the_oldest_files_make_room(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(documents, "KEPT_BYTES", 25)
    kept = Documents(tmp_path)
    names = []
    for number in range(4):
        names.append(kept.put(".txt", b"0123456789"))
        os.utime(tmp_path / names[-1], (time.time() - 100 + number,) * 2)
    assert [kept.get(name) is not None for name in names] == [False, True, True, True]


def test_lines_and_their_breaks_are_kept() -> None:
    document = lines_of(".txt", b"\xef\xbb\xbfa\r\n\nb\rc", "source", "target")
    assert document.texts == ["a", "", "b", "c"]
    assert document.write(["A", "", "B\nB", "C"]) == "A\r\n\nB B\rC"


def test_objects_keep_their_fields() -> None:
    document = lines_of(".jsonl", '{"source": "a", "n": 1}\n\n{"source": "大"}'.encode(), "source", "target")
    assert document.texts == ["a", "大"]
    assert document.write(["A", "狗"]) == '{"source": "a", "n": 1, "target": "A"}\n{"source": "大", "target": "狗"}\n'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"{", "Line 1 of the file is not JSON: "),
        (b'\n{"source": 3}', "Line 2 of the file: 'source' must be a text, but it is 3."),
        (b'{"text": "a"}', "Line 1 of the file: no key 'source'. There are: text."),
    ],
)
def test_a_refusal_names_the_line(content: bytes, sentence: str) -> None:
    with pytest.raises(UserError) as fault:
        lines_of(".jsonl", content, "source", "target")
    assert str(fault.value).startswith(sentence)
