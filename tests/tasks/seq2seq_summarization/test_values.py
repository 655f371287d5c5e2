"""Names and numbers: drawn for one split only, and found in texts as wholes."""

import re
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_summarization.values import LANGUAGES, SLOTS, Draw, kind_of, place_of, split_of

EVERY = [(language, name) for language in LANGUAGES for name in SLOTS[language]]


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


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_draws_values_of_its_split_only(language: str, split: str) -> None:
    for seed in range(20):
        draw = Draw(Random(seed), language, split)
        for slot in ("person", "person2", "town", "team", "company", "date", "time", "score", "half", "amount", "rain"):
            assert split_of(draw.value(slot).stem) == split
        assert draw.value("town") is draw.value("town")
        assert len({value.stem for value in draw.values.values()}) == 11


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_split_has_values_that_its_expression_matches(language: str, name: str) -> None:
    random = Random(3)
    slot = SLOTS[language][name]
    drawn = [slot.make(random) for _ in range(1000)]
    assert all(re.fullmatch(slot.expression, value.text) for value in drawn)
    if drawn[0].kind:
        assert {split_of(value.stem) for value in drawn} == {"train", "validation", "test"}
        assert sum(split_of(value.stem) == "train" for value in drawn) > 600
        assert all("".join(value.pieces) in value.text for value in drawn)


def test_a_team_is_held_out_by_its_town() -> None:
    team = Draw(Random(1), "en", "test").value("team")
    assert team.text.startswith(f"{team.stem} ")
    assert split_of(team.stem) == "test"


@pytest.mark.parametrize("split", ["train", "test"])
def test_half_time_scores_fit_the_end(split: str) -> None:
    for seed in range(200):
        draw = Draw(Random(seed), "en", split)
        (won, lost), (high, low) = draw.value("score").order, draw.value("half").order
        assert won > lost >= high > low > 0


def test_pairs_ascend() -> None:
    for seed in range(50):
        draw = Draw(Random(seed), "zh", "train")
        draw.ascend("date", "date2")
        draw.ascend("amount2", "amount")
        assert draw.value("date").order < draw.value("date2").order
        assert int(draw.value("amount2").text) < int(draw.value("amount").text)


def test_slots_are_numbered() -> None:
    assert [kind_of(slot) for slot in ("town", "town2", "town8@3")] == ["town"] * 3
