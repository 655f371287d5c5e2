"""The beginning of a file as text."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.files.text_head import HEAD_BYTES, head_bytes, text_head
from tests.seq2seq.text_files import written


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le"])
@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz"])
def test_it_is_decoded_without_its_mark(tmp_path: Path, encoding: str, name: str) -> None:
    text = "Is there tea? 有茶吗？\n" * 5
    assert text_head(written(tmp_path / name, text.encode(encoding))) == text


def test_only_the_beginning_is_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "茶" * HEAD_BYTES)
    assert len(head_bytes(path)) == HEAD_BYTES
    assert set(text_head(path)[:-1]) == {"茶"}


def test_what_is_no_text_is_replaced(tmp_path: Path) -> None:
    assert text_head(written(tmp_path / "a.txt", b"caf\xe9!")) == "caf\ufffd!"


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.gz").write_bytes(b"no gzip")
    for name, sentence in (
        ("a.gz", "a.gz is damaged or not a gzip file"),
        ("b", r"No file .*b\."),
        ("", "is a folder"),
    ):
        with pytest.raises(UserError, match=sentence):
            head_bytes(tmp_path / name)
