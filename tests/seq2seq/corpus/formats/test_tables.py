"""TSV and CSV files: columns by name or number, quoting, and errors that name the line."""

from pathlib import Path

import pytest

from seq2seq.errors import UserError
from tests.seq2seq.text_files import pairs, written


def test_tables_by_name_and_by_number(tmp_path: Path) -> None:
    tsv = written(tmp_path / "a.tsv", 'zh\tid\ten\n"你好\t1\t"Hello\n\n好\t2\tfine\n')
    assert pairs(tsv, source="en", target="zh") == [('"Hello', '"你好'), ("fine", "好")]
    assert pairs(tsv, source="3", target="1")[0] == ("en", "zh")
    text = 'source,target\n"a, ""quoted""","two\nlines"\nb,c\n'
    quoted = written(tmp_path / "a.csv.gz", text)
    assert pairs(quoted) == [('a, "quoted"', "two\nlines"), ("b", "c")]


def test_a_long_csv_field_is_read(tmp_path: Path) -> None:
    long = "word " * 60_000
    path = written(tmp_path / "a.csv", f"source,target\n{long},short\n")
    assert pairs(path) == [(long.strip(), "short")]


def test_a_missing_column_names_those_that_exist(tmp_path: Path) -> None:
    path = written(tmp_path / "a.tsv", "sources\tid\na\tb\n")
    with pytest.raises(
        UserError,
        match=r"no column 'source'. Did you mean 'sources'. Its first line is: sources \| id\. .*source_field 1",
    ):
        pairs(path)
    with pytest.raises(UserError, match=r"a.tsv:1: column 3 is missing; the line has 2 columns"):
        pairs(path, source="1", target="3")
    short = written(tmp_path / "b.tsv", "source\ttarget\na\tb\nonly one\n")
    with pytest.raises(UserError, match=r"b.tsv:3: column target is missing; the line has 1 columns"):
        pairs(short)
    long = written(tmp_path / "c.tsv", "source\ttarget\na\tb\tstray\n")
    with pytest.raises(UserError, match=r"c.tsv:2: the line has 3 columns, but the header names 2\."):
        pairs(long)


def test_a_carriage_return_inside_a_tsv_is_text(tmp_path: Path) -> None:
    assert pairs(written(tmp_path / "a.tsv", "source\ttarget\na\rb\tc\n")) == [("a b", "c")]


def test_an_unclosed_quote_is_a_fault_of_the_table(tmp_path: Path) -> None:
    path = written(tmp_path / "a.csv", 'source,target\n"a,b\nc,d\n')
    with pytest.raises(UserError, match=r"a.csv, line .*: not a valid table"):
        pairs(path)
