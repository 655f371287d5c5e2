"""Reading lines: chunks, prompt answers, and errors that name their place."""

import gzip
import io
import os
from itertools import chain
from pathlib import Path

import pytest

from seq2seq.command_line import lines
from seq2seq.command_line.lines import Chunks, available_lines, decoded
from seq2seq.errors import UserError


def typed(monkeypatch: pytest.MonkeyPatch, text: bytes) -> list[list[str]]:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(text)))
    return list(Chunks([]))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (b"", []),
        (b"\n", [[""]]),
        (b"a\n\nb", [["a", ""], ["b"]]),
        (b"a\r\nb\r\n", [["a", "b"]]),
        ("\ufeff一\u2028二\x85三\n".encode(), [["一\u2028二\x85三"]]),
        (b"\n\n\n", [["", "", ""]]),
    ],
)
def test_only_line_feeds_end_a_line(monkeypatch: pytest.MonkeyPatch, text: bytes, expected: list[list[str]]) -> None:
    assert typed(monkeypatch, text) == expected


def test_a_pipe_is_answered_line_by_line() -> None:
    reader, writer = os.pipe()
    with open(reader, "rb") as stream:  # noqa: PTH123 - a descriptor
        chunks = available_lines(stream)
        for text in (b"one\n", b"two\nthree\n"):
            os.write(writer, text)
            assert next(chunks) == text.splitlines()  # reading more would block forever
        os.write(writer, b"fo")
        os.write(writer, b"ur\nfi")
        assert next(chunks) == [b"four"]
        os.close(writer)
        assert list(chunks) == [[b"fi"]]


def test_chunks_are_bounded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(lines, "CHUNK_LINES", 4)
    monkeypatch.setattr(lines, "CHUNK_BYTES", 6)
    text = [str(number) for number in range(10)]
    assert list(chain.from_iterable(typed(monkeypatch, "\n".join(text).encode()))) == text
    assert typed(monkeypatch, b"123456789\n") == [["123456789"]]
    path = tmp_path / "a.txt"
    path.write_text("\n".join(text) + "\n", encoding="utf-8")
    assert list(Chunks([str(path)])) == [text[:4], text[4:8], text[8:]]


def test_files_come_one_after_the_other_and_a_hyphen_is_standard_input(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "a.txt").write_text("a\n", encoding="utf-8")
    (tmp_path / "b.gz").write_bytes(gzip.compress(b"b\n"))
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"-\n")))
    assert list(Chunks([str(tmp_path / "a.txt"), "-", str(tmp_path / "b.gz")])) == [["a"], ["-"], ["b"]]


def test_a_fault_comes_after_the_lines_before_it(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    chunks = decoded(iter([[b"a"], [b"b", b"\xff"]]))
    assert [next(chunks), next(chunks)] == [["a"], ["b"]]
    with pytest.raises(UserError, match=r"standard input, line 3: not UTF-8 \(byte 0xff at position 1\)"):
        next(chunks)
    path = tmp_path / "a.txt"
    path.write_bytes(b"a\nb\n\xff\n")
    from_file = iter(Chunks([str(path)]))
    assert next(from_file) == ["a", "b"]
    with pytest.raises(UserError, match=r"a.txt, line 3: not UTF-8"):
        next(from_file)


def test_utf_16_on_standard_input_is_told_its_conversion() -> None:
    stream = io.BytesIO("A good day.\n".encode("utf-16"))
    with pytest.raises(UserError, match="input is UTF-16, not UTF-8: convert it with iconv -f UTF-16 -t UTF-8"):
        list(decoded(available_lines(io.BufferedReader(stream))))
