"""What is drawn: names and numbers of one split only, and words that can be told from one another."""

from itertools import permutations
from random import Random

import pytest

from seq2seq_samples.dialogue.lexicon import WORDS
from seq2seq_samples.dialogue.values import SLOTS, Draw
from seq2seq_samples.engine.held_out import place_of, split_of
from seq2seq_samples.engine.splits import LANGUAGES

EVERY = [(language, kind) for language in LANGUAGES for kind in SLOTS[language]]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_a_conversation_draws_values_of_its_split_only(language: str, kind: str, split: str) -> None:
    for seed in range(20):
        draw = Draw(Random(seed), language, split)
        one, two = draw.value(kind), draw.value(f"{kind}2")
        assert draw.value(kind) is one
        assert one.kind == two.kind == kind
        assert one.stem != two.stem
        assert one.is_held_out == (kind not in WORDS[language])
        assert not one.is_held_out or split_of(one.stem) == split
        assert "_" not in one.text


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_no_value_can_be_mistaken_for_another_of_its_kind(language: str, kind: str) -> None:
    random = Random(3)
    texts = {SLOTS[language][kind](random).text for _ in range(200)}
    assert all(place_of(one, other) < 0 for one, other in permutations(texts, 2))


def test_who_changes_his_mind_says_something_new() -> None:
    draw = Draw(Random(1), "en", "train")
    first, second = draw.value("day"), draw.renew("day")
    assert first != second
    assert draw.value("day") is second
    assert draw.drawn == [first, second]


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_ascend(language: str) -> None:
    for seed in range(50):
        draw = Draw(Random(seed), language, "train")
        draw.ascend("time", "time2")
        draw.ascend("price2", "price")
        assert draw.value("time").order < draw.value("time2").order
        assert int(draw.value("price2").text) < int(draw.value("price").text)


def test_no_number_is_held_out_that_times_dates_and_sizes_say_anyway() -> None:
    random = Random(3)
    for language in LANGUAGES:
        said = [SLOTS[language][kind](random).text for kind in ("time", "date", "shoe") for _ in range(300)]
        for kind in ("price", "line", "room", "code"):
            numbers = {SLOTS[language][kind](random).text for _ in range(300)}
            assert all(place_of(number, text) < 0 for number in numbers for text in said)
