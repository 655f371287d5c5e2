"""Inputs of a batch job: files are found, and sources that cannot be read do not end the reading."""

import gzip
from pathlib import Path

import pytest

from seq2seq.batch_jobs.inputs import InputFile, Record, input_files
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files import bounded_lines
from tests.seq2seq.batch_jobs.conftest import write_inputs


def read(path: Path) -> list[Record]:
    return list(InputFile(path, path.name).records(Reader()))


def test_a_folder_is_read_with_its_folders_and_in_order(tmp_path: Path) -> None:
    files = input_files([str(write_inputs(tmp_path / "in"))])
    assert [(file.name, file.kind) for file in files] == [
        ("a.txt", "lines"),
        ("c.jsonl", "objects"),
        ("d.parquet", "rows"),
        ("empty.txt", "lines"),
        ("sub/b.txt", "lines"),
    ]
    assert [file.count() for file in files] == [23, 12, 11, 0, 7]
    assert [len(list(file.records(Reader()))) for file in files] == [23, 12, 11, 0, 7]


def test_a_line_that_is_not_utf8_or_too_long_is_a_fault_of_its_own(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seq2seq.batch_jobs.inputs.LONGEST_LINE", 20)
    (tmp_path / "a.txt").write_bytes("\ufeff狗\r\n".encode() + b"b\xff\n" + b"c" * 99 + b"\n" + b"d")
    first, second, third, fourth = read(tmp_path / "a.txt")
    assert (first, fourth) == (Record(1, "狗"), Record(4, "d"))
    assert second.value is third.value is None
    assert "a.txt, line 2: not UTF-8 (byte 0xff at position 2). Convert it" in second.fault
    assert "a.txt, line 3 is 100 bytes long" in third.fault
    assert bounded_lines.LONGEST_LINE > 20


def test_utf16_is_read(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text("大狗\nb\n", encoding="utf-16")
    assert read(tmp_path / "a.txt") == [Record(1, "大狗"), Record(2, "b")]


def test_objects_keep_the_numbers_of_their_lines(tmp_path: Path) -> None:
    (tmp_path / "a.jsonl").write_text('{"source": "狗", "id": 1}\n\n{"source"\n3\n', encoding="utf-8")
    first, second, third = read(tmp_path / "a.jsonl")
    assert first == Record(1, {"source": "狗", "id": 1})
    assert (second.number, third.number) == (3, 4)
    assert "a.jsonl:3: not JSON (" in second.fault
    assert third.fault.endswith("a.jsonl:4: a JSON object like {...} is needed; the line begins with: 3")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("a.json", b"[\n1]\n", r"a.json, item 1: a JSON object like \{...\} is needed, but it is 1"),
        ("a.txt.gz", gzip.compress(b"a\n" * 999, mtime=0)[:20], r"a.txt.gz is damaged or not a gzip file"),
        ("a.parquet", b"PAR1", r"a.parquet is damaged or not a Parquet file"),
    ],
)
def test_a_damaged_file_is_refused(name: str, content: bytes, message: str, tmp_path: Path) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UserError, match=message):
        read(tmp_path / name)


def test_what_cannot_be_cut_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"Standard input cannot be cut into shards"):
        input_files(["-"])
    with pytest.raises(UserError, match=r"No file .*none\.txt"):
        input_files([str(tmp_path / "none.txt")])
    (tmp_path / ".hidden").write_text("a", encoding="utf-8")
    with pytest.raises(UserError, match=r"The folder .* contains no files"):
        input_files([str(tmp_path)])
    for name in ("a.txt", "a.txt.gz"):
        (tmp_path / name).write_bytes(b"a")
    with pytest.raises(UserError, match=r"a\.txt and .*a\.txt\.gz would both write a\.txt: rename one"):
        input_files([str(tmp_path)])
    (tmp_path / "b.srt").write_text("a", encoding="utf-8")
    with pytest.raises(UserError, match=r"b\.srt is a file of subtitles, so not every line is text"):
        input_files([str(tmp_path / "b.srt")])
    with pytest.raises(UserError, match=r"a\.txt/x could not be read: Not a directory\."):
        InputFile(tmp_path / "a.txt" / "x", "x").count()
