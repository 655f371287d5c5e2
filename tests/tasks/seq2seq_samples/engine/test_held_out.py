"""Names and numbers are matched as whole words, and a tenth of them is held out for validation and for test."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_samples.engine.held_out import HELD_OUT, place_of, split_of, without, words_of


@pytest.mark.parametrize(
    ("value", "text", "place"),
    [
        ("21", "At 9:21, 210 of 321 left.", -1),
        ("21", "21 of 21.", 0),
        ("21", "No 2.21, but 21.", 13),
        ("9:21", "From 19:21 to 9:21.", 14),
        ("94-88", "It ended 94-88.", 9),
        ("94-88", "It ended 194-88 or 94-880.", -1),
        ("94-88", "It ended 94-88-2.", -1),
        ("88", "It ended 94-88, not 88.", 20),
        ("May 1", "Not May 12, but May 1.", 16),
        ("Tarnby", "Near Tarnbybridge and UpTarnby.", -1),
        ("Tarnby", "Near Tarnby's church.", 5),
        ("94比88", "以94比88战胜", 1),
        ("94比88", "以194比88战胜，以94比885战胜", -1),
        ("88", "以94比88战胜", -1),
        ("2月3日", "12月3日不行，2月3日可以。", 8),
        ("128", "风速128公里", 2),
        ("李文华", "请找李文华128次", 2),
        ("李文华", "128李文华", 3),
    ],
)
def test_a_value_is_found_as_a_whole(value: str, text: str, place: int) -> None:
    assert place_of(value, text) == place


@given(st.text("19ab:- 比月", max_size=12), st.text("19ab:- 比月", max_size=12), st.integers(1, 10**4))
def test_a_value_between_blanks_is_always_found(before: str, after: str, number: int) -> None:
    text = f"{before} {number} {after}"
    assert 0 <= place_of(str(number), text) <= len(before) + 1


def test_splits_have_their_shares() -> None:
    splits = [split_of(str(number)) for number in range(10_000)]
    for split in ("validation", "test"):
        assert splits.count(split) == pytest.approx(100 * HELD_OUT, rel=0.1)
    assert splits == [split_of(str(number)) for number in range(10_000)]
    assert set(splits) == {"train", "validation", "test"}
    rare = [split_of(str(number), 15, 1000) for number in range(10_000)]
    assert rare.count("test") == pytest.approx(150, rel=0.2)


def test_values_are_taken_out_as_a_whole() -> None:
    assert without(["Elin", "21"], "Elin met Elina at 9:21, not 21 times, Elin!") == " met Elina at 9:21, not  times, !"


def test_words_are_english_words_or_chinese_characters_without_digits() -> None:
    assert words_of("en", "It's 12 o'clock, Elin!") == ["It", "'", "s", "o", "'", "clock", ",", "Elin", "!"]
    assert words_of("zh", "我吃12个。") == list("我吃个。")
