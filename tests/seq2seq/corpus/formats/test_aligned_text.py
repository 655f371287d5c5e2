"""Aligned text files: pairs of lines, and errors if the files do not belong together."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from tests.seq2seq.text_files import pairs, written


@pytest.mark.parametrize("ending", ["", ".gz"])
def test_aligned_text_with_bom_and_crlf(tmp_path: Path, ending: str) -> None:
    one = written(tmp_path / f"a.en{ending}", b"\xef\xbb\xbfone\r\n\r\nthree\r\n")
    two = written(tmp_path / f"a.zh{ending}", "一\n二\n三")
    assert pairs(one, two) == [("one", "一"), ("", "二"), ("three", "三")]


def test_one_file_is_not_source_and_target(tmp_path: Path) -> None:
    path = written(tmp_path / "train.en", "x\n")
    with pytest.raises(UserError, match=r"train\.en is given as source and as target: give the file of"):
        pairs(path, path)


@pytest.mark.parametrize(("first", "second"), [(3, 5), (5, 3)])
def test_unequal_line_counts_tell_both_numbers(tmp_path: Path, first: int, second: int) -> None:
    one, two = written(tmp_path / "a.en", "x\n" * first), written(tmp_path / "a.de", "y\n" * second)
    with pytest.raises(UserError, match=f"a.en has {first} lines, but .*a.de has {second}"):
        pairs(one, two)
