"""Lines of untrusted files: a missing line break and an endlessly expanding archive are refused early."""

import gzip
import io
from collections.abc import Iterator
from pathlib import Path

import pytest

from seq2seq.command_line.inputs import Inputs
from seq2seq.command_line.lines import available_lines
from seq2seq.corpus.formats.documents import document
from seq2seq.corpus.reader import READER
from seq2seq.errors import UserError
from seq2seq.files import bounded_lines
from seq2seq.files.bounded_lines import DOCUMENT_BYTES, LONGEST_LINE, byte_lines
from seq2seq.files.text_lines import bounded_text, lines


def test_the_longest_line_may_be_read_whatever_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    longest = b"x" * LONGEST_LINE
    path.write_bytes(b"a\n" + longest + b"\r\n\n" + longest + b"\n" + longest)
    assert [len(line) for line in lines(path)] == [1, LONGEST_LINE, 0, LONGEST_LINE, LONGEST_LINE]


@pytest.mark.parametrize("end", [b"\nmore\n", b"", b"\r\n"])
@pytest.mark.parametrize("packed", [False, True])
def test_a_longer_line_is_refused_with_its_length(tmp_path: Path, end: bytes, packed: bool) -> None:
    path = tmp_path / ("a.txt.gz" if packed else "a.txt")
    content = b"fine\n" + b"x" * 5_000_000 + end
    path.write_bytes(gzip.compress(content) if packed else content)
    read = lines(path)
    assert next(read) == "fine"
    with pytest.raises(UserError, match=r"a\.txt(\.gz)?, line 2 is 5,000,00\d bytes long, but a line may have at "):
        next(read)


def test_a_long_line_of_utf16_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("一\n" + "二" * (LONGEST_LINE + 1), encoding="utf-16")
    with pytest.raises(UserError, match=r"line 2 is more than 1,048,576 characters long, .* has no line breaks"):
        list(lines(path))


def test_an_endless_line_is_not_counted_to_its_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_lines, "COUNTED", 2 * LONGEST_LINE)
    with pytest.raises(UserError, match=r"^a file, line 1 is more than [\d,]+ bytes long"):
        list(byte_lines(io.BytesIO(b"x" * 4 * LONGEST_LINE), "a file"))


def test_a_recipe_may_allow_longer_lines(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"x" * (LONGEST_LINE + 5))
    assert len(next(lines(path, 2 * LONGEST_LINE))) == LONGEST_LINE + 5


@pytest.mark.parametrize("is_line", [True, False])
def test_an_archive_that_expands_without_end_is_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, is_line: bool
) -> None:
    monkeypatch.setattr(bounded_lines, "UNPACKED_BYTES", 1 << 20)
    monkeypatch.setattr(bounded_lines, "COUNTED", 1 << 30)
    path = tmp_path / "a.txt.gz"
    path.write_bytes(gzip.compress((b"0" * 999 + (b"0" if is_line else b"\n")) * 4000))
    with pytest.raises(UserError, match=r"a\.txt\.gz expands to more than 1 MiB and 200 times its size"):
        list(lines(path))


def test_plain_text_may_be_packed_well(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounded_lines, "UNPACKED_BYTES", 1 << 16)
    path = tmp_path / "a.txt.gz"
    text = [f"{number}: the same words in each line" for number in range(10_000)]
    path.write_bytes(gzip.compress("\n".join(text).encode()))
    assert list(lines(path)) == text


class Endless(io.RawIOBase):
    """A pipe that never breaks a line.

    Args:
        start: What it begins with.
    """

    def __init__(self, start: bytes) -> None:
        self.start, self.reads = start, 0

    def read1(self, size: int = -1) -> bytes:
        """Return a block as a pipe does."""
        self.reads += 1
        return self.start if self.reads == 1 else b"x" * (1 << 16)


def test_standard_input_without_line_breaks_is_refused_early() -> None:
    pipe = Endless(b"a\nb\nc")
    found: Iterator[list[bytes]] = available_lines(pipe)  # type: ignore[arg-type]
    assert next(found) == [b"a", b"b"]
    with pytest.raises(UserError, match=r"^standard input, line 3 is more than 1,\d{3},\d{3} bytes long"):
        next(found)
    assert pipe.reads < 20


def test_lines_before_a_long_one_are_answered() -> None:
    given = b"a\n" + b"x" * 900_000 + b"\n" + b"y" * 1_100_000 + b"\nz\n"
    chunks = available_lines(io.BufferedReader(io.BytesIO(given), 1 << 16))
    assert next(chunks) == [b"a", b"x" * 900_000]
    with pytest.raises(UserError, match=r"line 3 is (more than )?1,\d{3},\d{3} bytes long"):
        next(chunks)


def test_a_document_is_bounded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "a.txt"
    path.write_text("x" * 1023 + "\n" + "y" * 1024, encoding="utf-8")
    assert len(document(path)) == 2048
    monkeypatch.setattr("seq2seq.files.text_lines.DOCUMENT_BYTES", 2048)
    with pytest.raises(UserError, match=r"a\.txt is longer than 2,048 characters, the limit for one text: divide it"):
        document(path)
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(path.read_bytes())))
    with pytest.raises(UserError, match=r"standard input is longer than 2,048 characters"):
        list(Inputs([], READER, is_document=True))
    assert list(bounded_text(["x" * 2047], "a")) == ["x" * 2047]
    assert DOCUMENT_BYTES > LONGEST_LINE
