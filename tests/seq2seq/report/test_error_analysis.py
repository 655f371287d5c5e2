"""The error analysis: correct words by frequency, length and kind, and words produced too often or too rarely."""

import pytest

from seq2seq.plugin.report_blocks import Prediction, Quoted, Section, Table
from seq2seq.report.error_analysis import LISTED, TITLE, WORDS_TITLE, Hits, repeats, summary, surprise


def prediction(index: int, output: str, *references: str, source: str = "") -> Prediction:
    return Prediction(index, source, output, references, 0.0, 0.0, 0.0, 1, 1)


def tables(section: Section) -> dict[str, Table]:
    """Return the tables of a section by caption, or by first heading if they have no caption."""
    return {block.caption or str(block.columns[0]): block for block in section.blocks if isinstance(block, Table)}


def test_words_are_counted_by_how_often_the_references_have_them() -> None:
    sections = summary(
        [
            prediction(0, "the cat sat", "the dog sat"),
            prediction(1, "the the bird", "the bird"),
            prediction(2, "", "the"),
        ]
    )
    (table,) = (table for caption, table in tables(sections[0]).items() if caption == "By word frequency.")
    rows = {str(row[0]): row[1:] for row in table.rows}
    # dog, sat and bird occur once; cat occurs in no reference and counts as once; the occurs three times.
    assert rows["1"] == [3, pytest.approx(200 / 3), pytest.approx(200 / 3), pytest.approx(200 / 3)]
    assert rows["2–3"] == [3, pytest.approx(200 / 3), pytest.approx(200 / 3), pytest.approx(200 / 3)]


def test_of_several_references_the_closest_counts() -> None:
    (section, *_) = summary([prediction(0, "a red house", "something else entirely", "a red home")])
    table = tables(section)["By length."]
    assert table.rows == [["0–5", 1, "1.000", pytest.approx(200 / 3), pytest.approx(200 / 3), pytest.approx(200 / 3)]]


def test_kinds_of_words_are_numbers_names_and_what_the_source_has() -> None:
    pairs = [
        prediction(0, "He met Anna at 17:30.", "He met Anna at 17:45.", source="anna 17"),
        prediction(1, "他有二十三本书。", "他有二十四本书。", source="23"),
    ]
    table = next(table for caption, table in tables(summary(pairs)[0]).items() if caption.startswith("Numbers are"))
    rows = {str(row[0]): row[1:] for row in table.rows}
    assert rows["numbers"][:3] == [2, 0.0, 0.0]
    assert rows["names"] == [1, 100.0, 100.0, 100.0]
    assert rows["words of the source"][0] == 2  # anna and 17, in the first reference


def test_words_said_too_often_and_too_seldom_and_what_replaces_what() -> None:
    pairs = [prediction(number, "we saw a dog today", "we saw a cat today") for number in range(30)]
    section = summary(pairs)[1]
    assert section.title == WORDS_TITLE
    by_caption = tables(section)
    assert by_caption["Too often."].rows == [["dog", 30, 0, 30]]
    assert by_caption["Too rarely."].rows == [["cat", 0, 30, -30]]
    assert by_caption["Replaced most often."].rows == [["cat", "dog", 30]]
    assert isinstance(by_caption["Too often."].rows[0][0], Quoted)  # never looked up in a catalogue


def test_chinese_is_counted_by_character_and_joined_again() -> None:
    pairs = [prediction(number, "我们买了苹果", "我们买了香蕉") for number in range(20)]
    by_caption = tables(summary(pairs)[1])
    assert by_caption["Replaced most often."].rows == [["香蕉", "苹果", 20]]
    assert {row[0] for row in by_caption["Too often."].rows} == {"苹", "果"}


def test_words_that_differ_by_chance_are_left_out_and_lists_are_short() -> None:
    assert [section.title for section in summary([prediction(0, "a b", "a c")])] == [TITLE]
    pairs = [prediction(number, " ".join(f"w{word}" for word in range(40)), "x " * 40) for number in range(30)]
    assert len(tables(summary(pairs)[1])["Too often."].rows) == LISTED


def test_the_note_on_counts_is_there_only_with_tables_of_counts() -> None:
    # Both words are as frequent in the outputs as in the references, but swapped.
    swapped = [
        prediction(number, *(("the cat", "the dog") if number % 2 else ("the dog", "the cat"))) for number in range(6)
    ]
    blocks = [block for section in summary(swapped) if section.title == WORDS_TITLE for block in section.blocks]
    assert [block.caption for block in blocks if isinstance(block, Table)] == ["Replaced most often."]
    assert not [block for block in blocks if isinstance(block, str)]


def test_without_words_there_is_nothing_to_say() -> None:
    assert summary([]) == []
    assert summary([prediction(0, "a", "")]) == []
    assert summary([prediction(0, "", "。")]) == []


def test_hits_add_up_and_divide() -> None:
    hits = Hits(1, 2, 4) + Hits(1, 2, 0)
    assert hits.cells() == [4, 50.0, 50.0, 50.0]
    assert Hits().cells() == [0, 0.0, 0.0, 0.0]


def test_repetition_is_three_pieces_a_second_time() -> None:
    assert repeats("a b c x a b c".split())
    assert not repeats("a b a b".split())
    assert not repeats([])


def test_surprise_is_the_log_likelihood_ratio_with_a_sign() -> None:
    assert surprise(5, 5, 100, 100) == pytest.approx(0)
    # 2 * (10 ln(10 / 5) + 0) for ten words against none.
    assert surprise(10, 0, 100, 100) == pytest.approx(13.863, abs=1e-3)
    assert surprise(0, 10, 100, 100) == pytest.approx(-13.863, abs=1e-3)
