"""Fillers are found by their words, even if a template or another filler contributes the words."""

import pytest

from seq2seq_samples.translation.surface import Texts, base_words, surface, words


def test_inflected_words_have_one_base() -> None:
    assert base_words("Tom's geese bought knives") == {"tom", "goose", "buy", "knife"}
    assert words("At half past two, on May 3") == ["at", "half", "past", "two", "on", "may", "3"]


@pytest.mark.parametrize(
    ("filler", "en", "zh"),
    [
        ("in Tokyo=东京", {"tokyo"}, "东京"),
        ("7", {"seven"}, "七"),
        ("300", {"three", "hundred"}, "三百"),
        ("18000", {"eighteen", "thousand"}, "一万八千"),
        ("March", {"march"}, "3月"),
        ("year 1999", {"1999"}, "1999年"),
        ("day 5", {"5"}, "5日"),
        ("2 o'clock", set(), "两点"),
        ("minute 0", set(), "点"),
        ("minute 5", set(), "零五分"),
        ("minute 15", set(), "一刻"),
        ("minute 30", set(), "点半"),
        ("minute 45", set(), "三刻"),
        ("minute 50", set(), "五十分"),
    ],
)
def test_fillers_show_as_words(filler: str, en: set[str], zh: str) -> None:
    assert surface(filler) == (frozenset(en), zh)


def test_a_verb_that_the_pattern_says_by_itself_counts() -> None:
    texts = Texts([("Michael bought a blue fan.", "迈克尔买了一台蓝色的电风扇。")])
    assert texts.join(("Michael=迈克尔", "buy=买"))
    assert not texts.join(("Michael=迈克尔", "sell=卖"))


def test_one_language_is_enough() -> None:
    texts = Texts([("Tom got two cakes.", "汤姆买了两块蛋糕。")])
    assert texts.join(("buy=买", "cake=蛋糕"))


def test_fillers_in_different_sentences_are_not_together() -> None:
    texts = Texts([("Tom sang.", "汤姆唱歌了。"), ("Mary swam.", "玛丽游泳了。")])
    assert not texts.join(("Tom=汤姆", "swim=游泳"))


def test_words_are_known_in_their_very_form() -> None:
    texts = Texts([("Tom bought dumplings.", "汤姆买了饺子。")])
    assert texts.know("Dumplings bought Tom.", "饺子买了汤姆。")
    assert not texts.know("Tom bought a dumpling.", "汤姆买了饺子。")
    assert not texts.know("Tom bought dumplings.", "汤姆卖了饺子。")
