"""Names and numbers: drawn for one split only, and matched as whole words."""

import re
from random import Random

import pytest

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.summarization.values import SLOTS, Draw

EVERY = [(language, name) for language in LANGUAGES for name in SLOTS[language]]


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
