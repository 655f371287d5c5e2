"""Values belong to one split, stay the same in a slot, and differ between the slots of a text."""

from collections.abc import Sequence
from random import Random

import pytest

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import Draw, Value, date, kind_of, listed, name, number, time, word

MAKERS = {
    "person": name("person", ["Al", "Ben"], ["-", "o"], ["ton", "by", "ley"], endings=[" Street", " Road"]),
    "date": date("日"),
    "time": time(5, "{}点{:02}分"),
    "amount": number("number", 100, 9999),
    "day": word("day", listed("Monday Good_Friday Sunday")),
}


def drawn(slots: Sequence[str], language: str = "en", split: str = "train", seed: int = 1) -> list[Value]:
    draw = Draw(Random(seed), language, split, MAKERS)
    return [draw.value(slot) for slot in slots]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_held_out_values_belong_to_their_split(language: str, split: str) -> None:
    for seed in range(20):
        *held_out, day = drawn(("date", "date2", "time", "time2", "amount", "amount2", "day"), language, split, seed)
        assert {split_of(value.stem) for value in held_out} == {split}
        assert len({value.stem for value in held_out}) == 6
        assert not day.is_held_out


def test_a_slot_keeps_its_value_until_it_is_renewed() -> None:
    draw = Draw(Random(1), "en", "train", MAKERS)
    first = draw.value("day")
    assert draw.value("day") is first
    second = draw.renew("day")
    assert draw.value("day") is second != first
    assert draw.drawn == [first, second]
    assert {draw.value("day2").text, first.text, second.text} == {"Monday", "Good Friday", "Sunday"}


def test_the_ending_of_a_name_does_not_decide_its_split() -> None:
    (person,) = drawn(["person"])
    assert person.text in {f"{person.stem} Street", f"{person.stem} Road"}
    assert "".join(person.pieces) == person.stem
    assert "-" not in person.stem


def test_dates_and_times_are_written_in_their_language() -> None:
    for seed in range(20):
        (day, clock), (tag, uhr) = (drawn(("date", "time"), language, seed=seed) for language in LANGUAGES)
        assert day.text.split()[1] == str(day.order[1])
        assert clock.text == f"{clock.order[0]}:{clock.order[1]:02}"
        assert tag.text == f"{tag.order[0]}月{tag.order[1]}日"
        assert uhr.text == f"{uhr.order[0]}点{uhr.order[1]:02}分"
        assert uhr.order[1] % 5 == 0


def test_numbers_with_three_and_with_four_digits_are_about_as_frequent() -> None:
    lengths = [len(drawn(["amount"], seed=seed)[0].text) for seed in range(400)]
    assert set(lengths) == {3, 4}
    assert lengths.count(3) == pytest.approx(200, abs=50)


@pytest.mark.parametrize("language", LANGUAGES)
def test_pairs_ascend(language: str) -> None:
    for seed in range(50):
        draw = Draw(Random(seed), language, "train", MAKERS)
        draw.ascend([("time", "time2"), ("date", "date2"), ("amount2", "amount")])
        assert draw.value("time").order < draw.value("time2").order
        assert draw.value("date").order < draw.value("date2").order
        assert int(draw.value("amount2").text) < int(draw.value("amount").text)


def test_an_unknown_kind_of_slot_is_refused() -> None:
    with pytest.raises(KeyError, match="planet"):
        drawn(["planet2"])


def test_a_slot_is_of_the_kind_before_its_number() -> None:
    assert [kind_of(slot) for slot in ("town", "town2", "town83")] == ["town"] * 3
