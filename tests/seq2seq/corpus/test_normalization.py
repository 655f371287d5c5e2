"""Normalized texts: composed, without invisible characters, stable when normalized again, and fast to normalize."""

import re
import sys
import unicodedata

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.normalization import _MARK_RUN, NORMALIZATIONS, comparable, normalize, stream_safe


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


def test_compared_without_case_and_punctuation() -> None:
    assert comparable("Don't  GO, Ｔom_1!") == comparable("dont go tom1") == "dontgotom1"
    assert comparable("？！") == ""


@given(st.text(st.characters(max_codepoint=127)))
def test_compared_alike_in_ascii_and_beyond(text: str) -> None:
    assert comparable(text + "é") == comparable(text) + "é"
