"""Number words, dates and times, checked by independent parsers."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_samples.translation.numerals import SMALL, TENS, chinese, clock, counted, date, day_part, english

NUMBERS = st.integers(0, 99_999)
UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10_000}


def read_chinese(words: str) -> int:
    """Read from left to right: a digit waits for its unit; 万 multiplies all before it."""
    total = digit = 0
    for character in words:
        if character == "万":
            total, digit = (total + digit) * 10_000, 0
        elif character in UNITS:
            total, digit = total + (digit or 1) * UNITS[character], 0
        else:
            digit = {"两": 2}.get(character, "零一二三四五六七八九".find(character))
    return total + digit


def read_english(words: str) -> int:
    """Read from left to right: "hundred" multiplies what is below it, "thousand" all."""
    total = below = 0
    for word in re.split(r"[ -]", words.replace(" and ", " ")):
        if word == "thousand":
            total, below = (total + below) * 1000, 0
        elif word == "hundred":
            below *= 100
        else:
            below += TENS.index(word) * 10 if word in TENS[1:] and word != "ten" else SMALL.index(word)
    return total + below


@given(NUMBERS)
def test_number_words_read_back_as_the_number(number: int) -> None:
    assert read_chinese(chinese(number)) == number
    assert read_english(english(number)) == number


@given(NUMBERS)
def test_chinese_numbers_are_well_formed(number: int) -> None:
    words = chinese(number)
    assert "零零" not in words
    assert number == 0 or not words.startswith("零")
    assert number == 0 or not words.endswith("零")
    assert "两" not in words[1:]


@pytest.mark.parametrize(
    ("number", "en", "zh"),
    [
        (0, "zero", "零"),
        (2, "two", "二"),
        (12, "twelve", "十二"),
        (22, "twenty-two", "二十二"),
        (100, "one hundred", "一百"),
        (110, "one hundred and ten", "一百一十"),
        (222, "two hundred and twenty-two", "两百二十二"),
        (305, "three hundred and five", "三百零五"),
        (1010, "one thousand and ten", "一千零一十"),
        (2200, "two thousand two hundred", "两千二百"),
        (12_000, "twelve thousand", "一万二千"),
        (20_005, "twenty thousand and five", "两万零五"),
        (30_600, "thirty thousand six hundred", "三万零六百"),
        (99_999, "ninety-nine thousand nine hundred and ninety-nine", "九万九千九百九十九"),
    ],
)
def test_numbers_as_people_say_them(number: int, en: str, zh: str) -> None:
    assert (english(number), chinese(number)) == (en, zh)


def test_two_is_another_word_before_a_measure() -> None:
    assert [counted(number) for number in (2, 12, 3)] == ["两", "十二", "三"]


@pytest.mark.parametrize("number", [-1, 100_000])
def test_numbers_outside_the_range_are_refused(number: int) -> None:
    with pytest.raises(ValueError, match=f"{number} is not between 0 and 99999"):
        english(number)
    with pytest.raises(ValueError, match=f"{number} is not between 0 and 99999"):
        chinese(number)


@pytest.mark.parametrize(
    ("hour", "minute", "en", "zh"),
    [
        (2, 0, "two o'clock", "两点"),
        (3, 30, "half past three", "三点半"),
        (4, 45, "a quarter to five", "四点三刻"),
        (12, 45, "a quarter to one", "十二点三刻"),
        (7, 15, "a quarter past seven", "七点一刻"),
        (9, 5, "five past nine", "九点零五分"),
        (9, 20, "twenty past nine", "九点二十分"),
        (11, 50, "ten to twelve", "十一点五十分"),
    ],
)
def test_times_of_day(hour: int, minute: int, en: str, zh: str) -> None:
    assert clock(hour, minute) == (en, zh)


@pytest.mark.parametrize(("hour", "minute"), [(0, 0), (13, 0), (3, 7), (3, 60)])
def test_impossible_times_are_refused(hour: int, minute: int) -> None:
    with pytest.raises(ValueError, match="is not a time of day in steps of five minutes"):
        clock(hour, minute)


def test_parts_of_the_day() -> None:
    assert [day_part(hour)[1] for hour in (6, 10, 13, 17, 20)] == ["早上", "上午", "下午", "下午", "晚上"]


def test_dates_turn_around() -> None:
    assert date(2021, 3, 3) == ("March 3, 2021", "2021年3月3日")
