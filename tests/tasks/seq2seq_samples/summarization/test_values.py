"""The values of reports: matched by their expressions, and scores that fit together."""

import re
from random import Random

import pytest

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import Draw
from seq2seq_samples.summarization.values import MAKERS, SLOTS

EVERY = [(language, name) for language in LANGUAGES for name in SLOTS[language]]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_a_report_draws_values_of_its_split_only(language: str, split: str) -> None:
    for seed in range(20):
        draw = Draw(Random(seed), language, split, MAKERS[language])
        for slot in ("person", "person2", "town", "team", "company", "date", "time", "score", "half", "amount", "rain"):
            assert split_of(draw.value(slot).stem) == split
        assert draw.value("town") is draw.value("town")
        assert len({value.stem for value in draw.values.values()}) == 11


@pytest.mark.parametrize(("language", "name"), EVERY)
def test_every_split_has_values_that_its_expression_matches(language: str, name: str) -> None:
    random = Random(3)
    slot = SLOTS[language][name]
    values = [slot.make(Draw(random, language, "train", MAKERS[language])) for _ in range(1000)]
    assert all(re.fullmatch(slot.expression, value.text) for value in values)
    if values[0].is_held_out:
        assert {split_of(value.stem) for value in values} == {"train", "validation", "test"}
        assert sum(split_of(value.stem) == "train" for value in values) > 600
        assert all("".join(value.pieces) in value.text for value in values)


def test_a_team_is_held_out_by_its_town() -> None:
    team = Draw(Random(1), "en", "test", MAKERS["en"]).value("team")
    assert team.text.startswith(f"{team.stem} ")
    assert split_of(team.stem) == "test"


@pytest.mark.parametrize("split", ["train", "test"])
def test_half_time_scores_fit_the_end(split: str) -> None:
    for seed in range(200):
        draw = Draw(Random(seed), "en", split, MAKERS["en"])
        (won, lost), (high, low) = draw.value("score").order, draw.value("half").order
        assert won > lost >= high > low > 0
