"""Readers: records to examples."""

import json
from dataclasses import asdict, replace
from pathlib import Path

import pytest

from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError


def test_a_reader_is_json_and_comes_back() -> None:
    reader = Reader(source_field="en", target_field="zh", normalization="none")
    assert Reader(**json.loads(json.dumps(asdict(reader)))) == reader


def test_languages_are_guessed_but_never_overwritten() -> None:
    files = [Path("train.en"), Path("train.zh.gz")]
    guessed = Reader().with_languages(files)
    assert (guessed.source_language, guessed.target_language) == ("en", "zh")
    assert Reader(target_language="yue").with_languages(files).target_language == "yue"
    by_field = Reader("en", "de").with_languages([Path("corpus.tsv")])
    assert (by_field.source_language, by_field.target_language) == ("en", "de")
    assert replace(Reader()).with_languages([Path("a.src"), Path("a.tgt")]).source_language == ""


def test_languages_that_no_name_tells_are_seen_in_the_text() -> None:
    examples = [Example("He bought three books.", "他买了三本书。")] * 3
    assert Reader().with_scripts(examples).target_language == "zh"
    assert Reader().with_scripts(examples).source_language == ""
    assert Reader(target_language="yue", source_language="en").with_scripts(examples).target_language == "yue"


def test_a_corpus_of_two_halves_has_no_one_language() -> None:
    examples = [Example("a", "他买了三本书。")] * 400 + [Example("a", "He bought three books.")] * 400
    assert Reader().with_scripts(examples).target_language == ""


def test_a_bad_normalization_names_the_nearest() -> None:
    with pytest.raises(UserError, match=r"reader.normalization is 'nfkcc', which does not exist. Did you mean 'nfkc'"):
        Reader(normalization="nfkcc")


def test_a_name_and_a_number_do_not_mix() -> None:
    with pytest.raises(UserError, match=r"give two names, or two column numbers"):
        Reader("1", "target")
    with pytest.raises(UserError, match=r"Columns are numbered from 1"):
        Reader("0", "1")


def test_nothing_is_cut_to_less_than_nothing() -> None:
    with pytest.raises(UserError, match=r"data.reader.max_source_pieces is -1, but it must be positive, or 0"):
        Reader(max_source_pieces=-1)


def test_nothing_but_the_first_pieces_is_kept() -> None:
    marks = {mark: number for number, mark in enumerate(Mark)}
    assert Reader(max_source_pieces=2).shortened([7, 8, 9], marks) == [7, 8]
    assert list(Reader(max_source_pieces=2).kept([7], marks)) == [0]
    assert Reader().shortened([7, 8, 9], marks) == [7, 8, 9]


def test_examples_are_turned_around(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"source": "a", "target": "b", "refs": ["b", "c"]}\n', "utf-8")
    reader = Reader(source_language="en", target_language="zh").turned()
    assert list(reader.read([path])) == [Example("b", "a", (), f"{path}:1")]
    assert (reader.reverse, reader.source_language, reader.target_language) == (True, "zh", "en")
    assert reader.turned() == Reader(source_language="en", target_language="zh")


def test_jsonl_brings_references(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text(
        '{"source": "a", "target": "b", "refs": ["b", "B  B"]}\n\n{"source": "c", "target": "d"}\n', "utf-8"
    )
    first, second = Reader().read([path])
    assert first == Example("a", "b", ("b", "B B"), f"{path}:1")
    assert second == Example("c", "d", (), f"{path}:3")


def test_references_must_be_a_list_of_texts(tmp_path: Path) -> None:
    path = tmp_path / "test.jsonl"
    path.write_text('{"source": "a", "target": "b", "references": "b"}\n', "utf-8")
    with pytest.raises(UserError, match=r"test.jsonl:1: the references must be a list of texts"):
        list(Reader().read([path]))


def test_a_field_that_is_missing_or_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text('{"src": "a", "target": "b"}\n', "utf-8")
    with pytest.raises(UserError, match=r"a.jsonl:1: no key 'source'. Did you mean 'src'. There are: src, target"):
        list(Reader(target_field="target").read([path]))
    path.write_text('{"source": 3, "target": "b"}\n', "utf-8")
    with pytest.raises(UserError, match=r"a.jsonl:1: 'source' must be a text, but it is 3"):
        list(Reader().read([path]))


def test_files_of_the_wrong_number_or_kind_are_refused(tmp_path: Path) -> None:
    names = [tmp_path / name for name in ("a.en", "a.de", "a.fr")]
    for path in names:
        path.write_text("x\n", "utf-8")
    with pytest.raises(
        UserError, match=r"a\.fr: a corpus in one file is .*'\.fr'\. Aligned text needs two files, source and"
    ):
        Reader().read(names)
    with pytest.raises(UserError, match=r"a corpus in one file is .tsv, .csv or .jsonl .*, not '.en'"):
        Reader().read(names[:1])


def test_several_corpora_are_read_one_after_the_other(tmp_path: Path) -> None:
    """Tables and JSONL stand alone, text files come in twos; each example knows its corpus."""
    (tmp_path / "a.en").write_text("one\ntwo\n", "utf-8")
    (tmp_path / "a.zh").write_text("一\n二\n", "utf-8")
    (tmp_path / "b.tsv").write_text("source\ttarget\nthree\t三\n", "utf-8")
    (tmp_path / "c.jsonl").write_text('{"source": "four", "target": "四"}\n', "utf-8")
    files = [tmp_path / name for name in ("b.tsv", "a.en", "a.zh", "c.jsonl")]
    assert [len(group) for group in Reader().corpora(files)] == [1, 2, 1]
    read = [(example.corpus, example.source, example.target) for example in Reader().read(files)]
    assert read == [(0, "three", "三"), (1, "one", "一"), (1, "two", "二"), (2, "four", "四")]
    turned = [(example.corpus, example.source) for example in Reader(reverse=True).read(files)]
    assert turned == [(0, "三"), (1, "一"), (1, "二"), (2, "四")]
    named = Reader().with_languages([tmp_path / "a.en", tmp_path / "a.zh", tmp_path / "b.tsv"])
    assert (named.source_language, named.target_language) == ("en", "zh")


def test_a_missing_file_among_several_is_found_at_once(tmp_path: Path) -> None:
    (tmp_path / "b.tsv").write_text("source\ttarget\nthree\t三\n", "utf-8")
    with pytest.raises(UserError, match=r"No file .*c\.tsv"):
        Reader().read([tmp_path / "b.tsv", tmp_path / "c.tsv"])
