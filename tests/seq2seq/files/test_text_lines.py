"""Text files: lines, encodings, and errors that name file and line."""

import os
import resource
from pathlib import Path

import pytest

from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.files.text_encoding import conversion
from seq2seq.files.text_lines import existing, lines
from tests.seq2seq.text_files import pairs, written


def test_only_newlines_end_a_line(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "a\u2028b\x85c\x0bd\x1ce\rf\nnext\n")
    assert list(lines(path)) == ["a\u2028b\x85c\x0bd\x1ce\rf", "next"]
    path = written(tmp_path / "a.jsonl", '{"source": "a\u2028b", "target": "c"}\n')
    assert pairs(path) == [("a b", "c")]
    path = written(tmp_path / "a.tsv", "source\ttarget\na\u2028b\tc\x85d\n")
    assert pairs(path) == [("a b", "c d")]


def test_reading_streams(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv.gz", "".join(f"{number}\tx\n" for number in range(1000)) + "broken")
    examples = Reader("1", "2").read([path])
    assert next(examples).source == "0"


def test_a_missing_file_names_its_nearest_sibling(tmp_path: Path) -> None:
    written(tmp_path / "train.en", "x\n")
    with pytest.raises(UserError, match=r"No file .*trian.en. Did you mean 'train.en'"):
        pairs(tmp_path / "trian.en", tmp_path / "train.de")
    with pytest.raises(UserError, match=r"its folder .*nowhere does not exist"):
        pairs(tmp_path / "nowhere" / "train.en", tmp_path / "train.de")


def test_a_name_of_several_words_is_quoted(tmp_path: Path) -> None:
    written(tmp_path / "my text.en", "x\n")
    with pytest.raises(UserError, match=r"^No file '.*/my txt\.en'\. Did you mean 'my text\.en'\?$"):
        existing(tmp_path / "my txt.en")
    with pytest.raises(UserError, match=r"^No file '.*/books\.'\.$"):
        existing(tmp_path / "books.")


def test_a_pipe_is_not_called_empty(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.en")
    with pytest.raises(UserError, match=r"a\.en is a pipe or a device, but a file that can be read several times is"):
        pairs(tmp_path / "a.en", written(tmp_path / "a.de", "x\n"))


def test_an_empty_file_or_a_folder_is_named(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"a.en is empty"):
        pairs(written(tmp_path / "a.en", ""), written(tmp_path / "a.de", "x\n"))
    with pytest.raises(UserError, match=r"a.en.gz is empty"):
        pairs(written(tmp_path / "a.en.gz", ""), written(tmp_path / "a.de", "x\n"))
    with pytest.raises(UserError, match=r"is a folder, but a file is needed"):
        pairs(tmp_path, tmp_path / "a.de")
    with pytest.raises(UserError, match=r"contains a header but no rows"):
        pairs(written(tmp_path / "a.tsv", "source\ttarget\n"))
    with pytest.raises(UserError, match=r"contains blank lines only"):
        pairs(written(tmp_path / "a.jsonl", "\n\n"))


def test_invalid_utf8_tells_file_and_line(tmp_path: Path) -> None:
    one = written(tmp_path / "a.en", b"fine\nbad \xe9 here\n")
    with pytest.raises(UserError, match=r"a.en, line 2: not UTF-8 \(byte 0xe9 at position 5\)"):
        pairs(one, written(tmp_path / "a.de", "x\ny\n"))


def test_a_damaged_gzip_file_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv.gz", "source\ttarget\n" + "a\tb\n" * 10_000)
    path.write_bytes(path.read_bytes()[:60])
    with pytest.raises(UserError, match=r"a.tsv.gz is damaged or not a gzip file"):
        pairs(path)
    path.write_bytes(b"plain text")
    with pytest.raises(UserError, match=r"a.tsv.gz is damaged or not a gzip file"):
        pairs(path)


def test_a_file_that_the_system_does_not_open_is_named(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "source\ttarget\na\tb\n")
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    # No file may be opened any more.
    resource.setrlimit(resource.RLIMIT_NOFILE, (0, hard))
    try:
        with pytest.raises(UserError, match=r"a.tsv could not be read: Too many open files"):
            next(lines(path))
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("今天我去了动物园。\n", "gb18030", "GB18030"),
        ("他说 hello，然后走了 42 步。", "gb18030", "GB18030"),
        ("Le général a été très gêné à l'hôtel.", "latin-1", "LATIN1"),
        ("Über die Straße fährt ein großer Bär.", "latin-1", "LATIN1"),
    ],
)
def test_the_conversion_that_is_named_gives_the_text_back(text: str, encoding: str, named: str) -> None:
    assert conversion(text.encode(encoding)) == f"iconv -f {named} -t UTF-8"


def test_a_chinese_file_in_another_encoding_is_told_its_conversion(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", "今天我去了动物园。\n".encode("gb18030"))
    with pytest.raises(UserError, match=r"a.txt, line 1: not UTF-8 .* for example with iconv -f GB18030 -t UTF-8\."):
        list(lines(path))
