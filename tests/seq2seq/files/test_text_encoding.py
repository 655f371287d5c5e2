"""UTF-16 and UTF-32 are recognized by their byte order marks or zeros; nothing else is mistaken for them."""

import gzip
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seq2seq.corpus.formats.documents import document
from seq2seq.errors import UserError
from seq2seq.files.text_encoding import advice, conversion, encoding_of
from seq2seq.files.text_lines import lines

ENGLISH = "A good day by the river.\r\nThe second line.\n"
CHINESE = "我们买了三本书。\n今天很冷。\n"


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, "本をかう。\nх"], ids=["en", "zh", "ja"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
@pytest.mark.parametrize("suffix", [".txt", ".txt.gz"])
def test_every_unicode_encoding_with_its_mark_is_read(tmp_path: Path, text: str, encoding: str, suffix: str) -> None:
    path = tmp_path / f"a{suffix}"
    content = text.encode(encoding)
    path.write_bytes(gzip.compress(content) if suffix.endswith("gz") else content)
    assert list(lines(path)) == text.replace("\r\n", "\n").removesuffix("\n").split("\n")


@pytest.mark.parametrize("text", [ENGLISH, CHINESE, CHINESE * 2000], ids=["en", "zh", "long"])
@pytest.mark.parametrize("encoding", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_known_by_how_it_looks(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert encoding_of(path.read_bytes()) == encoding
    assert document(path) == text.replace("\r\n", "\n").removesuffix("\n")


@example("0\x00\x80")
@given(st.text(max_size=3000))
def test_utf_8_is_never_taken_for_anything_else(text: str) -> None:
    if text.count("\x00") < 2:
        assert encoding_of(text.encode("utf-8")) == "utf-8"


@given(
    st.text("我们买了三本书今天很冷啊，。一丁\n a1", min_size=4, max_size=500),
    st.sampled_from(["gb18030", "big5", "shift_jis", "euc_jp"]),
)
def test_older_encodings_are_not_taken_for_utf_16(text: str, encoding: str) -> None:
    assert encoding_of(text.encode(encoding, "replace")) == "utf-8"


def test_the_advice_names_the_encoding() -> None:
    assert conversion("A day".encode("utf-16")) == "iconv -f UTF-16 -t UTF-8"
    assert conversion("A day at the sea".encode("utf-16-be")) == "iconv -f UTF-16-BE -t UTF-8"
    assert conversion("Größe und Maß".encode("latin1")) == "iconv -f LATIN1 -t UTF-8"


def test_what_is_no_text_is_not_to_be_converted() -> None:
    document = b"PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\xb5\xed\x8e\x9b"
    assert advice(document).startswith("This does not look like text. Save documents")
    for text in ("Größe und Maß\tund\x0c\r\n".encode("latin1"), CHINESE.encode("gb18030"), b"\xff"):
        assert advice(text).startswith("Convert it, for example with iconv -f "), text


def test_a_damaged_file_is_told_by_its_line(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes("one\ntwo\n".encode("utf-16") + b"\x00\xdc\x0a")
    with pytest.raises(UserError, match=r"a.txt looks like UTF-16, but is damaged after line \d"):
        list(lines(path))
