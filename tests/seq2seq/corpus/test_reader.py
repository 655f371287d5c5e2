"""Normalisation, texts with marks, and readers."""

import json
import re
import sys
import unicodedata
from dataclasses import asdict, replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark, plain
from seq2seq.corpus.languages import language_of_script
from seq2seq.corpus.normalization import _MARK_RUN, NORMALIZATIONS, normalize, stream_safe
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError


@given(st.text(), st.sampled_from(NORMALIZATIONS))
def test_normalising_twice_changes_nothing_more(text: str, how: str) -> None:
    once = normalize(text, how)
    assert normalize(once, how) == once
    once.encode("utf-8")


@given(st.text())
def test_normalised_text_is_composed_and_holds_no_control_character(text: str) -> None:
    once = normalize(text, "nfc")
    assert unicodedata.is_normalized("NFC", once)
    assert not [one for one in once if unicodedata.category(one) == "Cc" and one != "\n"]
    assert "  " not in once
    assert once == once.strip()


def test_nfc_keeps_what_nfkc_rewrites() -> None:
    text = "e\u0301… Ｆ\u3000好\u00a0x\u200b\x07"
    assert normalize(text, "nfc") == "é… Ｆ 好 x"
    assert normalize(text, "nfkc") == "é... F 好 x"
    assert normalize(text, "none") == text
    assert normalize("a \r\n b", "nfc") == "a\nb"
    assert normalize("\ud800", "none") == "\ufffd"


def test_emoji_sequences_survive() -> None:
    family = "👩\u200d👩\u200d👧 ok"
    assert normalize(family, "nfc") == family


def test_plain_writes_marks_for_people() -> None:
    assert plain(("Ann", Mark.SPEAKER, "a", Mark.TURN, "b", Mark.LINE, "c")) == "Ann: a\nb\nc"
    assert plain("a\nb") == "a\nb"


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


@pytest.mark.parametrize(
    ("texts", "language"),
    [
        (["他买了3本 Python 书，很高兴"], "zh"),
        (["He bought the book 三国演义 yesterday."], ""),
        (["彼は本を三冊買いました。"], "ja"),
        (["그는 책 세 권을 샀다."], "ko"),
        (["123 !", ""], ""),
        ([], ""),
        (["他买了书。", "He bought a book."], ""),
        (["他买了书。"] * 9 + ["OK.", "!!!"], "zh"),
        (["他买了书。"] * 8 + ["OK."] * 2, ""),
    ],
)
def test_the_script_tells_some_languages(texts: list[str], language: str) -> None:
    assert language_of_script(texts) == language


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
    with pytest.raises(UserError, match=r"test.jsonl:1: the references are not a list of texts"):
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
    with pytest.raises(UserError, match=r"two aligned text files or one .tsv, .csv or .jsonl file, but 3 files"):
        Reader().read(names)
    with pytest.raises(UserError, match=r"a corpus in one file is .tsv, .csv or .jsonl .*, not '.en'"):
        Reader().read(names[:1])


@given(st.text(alphabet="aé\u0958\u037a\u0344\u0301\u0323\u093c\u0f73", min_size=20, max_size=200))
def test_long_runs_of_combining_marks_are_cut_alike_each_time(text: str) -> None:
    for how in ("nfc", "nfkc", "layout"):
        once = normalize(text, how)
        assert normalize(once, how) == once
        runs = re.split("[ae\u034f\u0915 ]", unicodedata.normalize("NFKD", once))
        assert max(map(len, runs)) <= 30


def test_a_text_of_nothing_but_combining_marks_is_read() -> None:
    """Python takes 16 CPU seconds for a quarter of this, and hours for a file of such marks."""
    text = "\u0301\u0323" * 200_000
    assert normalize(text, "layout").replace("\u034f", "").count("\u0301") == 200_000


def test_no_run_of_marks_escapes() -> None:
    """Some characters that decompose into marks have no combining class of their own, such as U+0F73."""
    for code in range(sys.maxunicode + 1):
        spelled = unicodedata.normalize("NFKD", chr(code))
        marks = sum(map(bool, map(unicodedata.combining, spelled)))
        if marks == len(spelled):
            assert marks <= 2
            assert _MARK_RUN.fullmatch(chr(code) * 14), hex(code)
        assert marks <= 3
    assert normalize("a" + "\u0f73" * 200_000, "nfc").count("\u034f") > 10_000


def test_few_marks_stay_as_they_are() -> None:
    assert stream_safe("e" + "\u0323" * 30) == "e" + "\u0323" * 30
    assert stream_safe("e" + "\u0323" * 31) == "e" + "\u0323" * 30 + "\u034f\u0323"
    assert stream_safe("不" * 50) == "不" * 50
