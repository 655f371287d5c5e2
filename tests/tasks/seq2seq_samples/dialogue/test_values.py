"""The values of conversations: names and numbers of one split only, and words that differ clearly."""

from itertools import permutations
from random import Random

import pytest

from seq2seq_samples.dialogue.lexicon import WORDS
from seq2seq_samples.dialogue.values import SLOTS
from seq2seq_samples.engine.held_out import place_of, split_of
from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import Draw

EVERY = [(language, kind) for language in LANGUAGES for kind in SLOTS[language]]


def drawn(language: str, kind: str, count: int) -> list[str]:
    """Return the texts of some values, which may belong to any split."""
    draw = Draw(Random(3), language, "train", SLOTS[language])
    return [SLOTS[language][kind](draw).text for _ in range(count)]


@pytest.mark.parametrize("split", ["train", "validation", "test"])
@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_a_conversation_draws_values_of_its_split_only(language: str, kind: str, split: str) -> None:
    for seed in range(20):
        draw = Draw(Random(seed), language, split, SLOTS[language])
        first, second = draw.value(kind), draw.value(f"{kind}2")
        assert draw.value(kind) is first
        assert first.kind == second.kind == kind
        assert first.stem != second.stem
        assert first.is_held_out == (kind not in WORDS[language])
        assert not first.is_held_out or split_of(first.stem) == split
        assert "_" not in first.text


@pytest.mark.parametrize(("language", "kind"), EVERY)
def test_no_value_can_be_mistaken_for_another_of_its_kind(language: str, kind: str) -> None:
    texts = set(drawn(language, kind, 200))
    assert all(place_of(text, other) < 0 for text, other in permutations(texts, 2))


def test_no_number_is_held_out_that_times_dates_and_sizes_say_anyway() -> None:
    for language in LANGUAGES:
        texts = [text for kind in ("time", "date", "shoe") for text in drawn(language, kind, 300)]
        for kind in ("price", "line", "room", "code"):
            assert all(place_of(number, text) < 0 for number in set(drawn(language, kind, 300)) for text in texts)
