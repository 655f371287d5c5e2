"""The characters and things that stay the same throughout a tale."""

import re
from random import Random

import pytest

from seq2seq_samples.generation.cast import Cast, kinds_of, split_of_character
from seq2seq_samples.generation.lexicon import CLASSES, NAMES


def test_kinds_are_named_one_by_one_or_by_a_class() -> None:
    assert kinds_of("en", "fox|dog") == ("fox", "dog")
    assert kinds_of("en", "dog|bird") == ("dog", *CLASSES["en"]["bird"].split("|"))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_no_two_characters_share_a_name(language: str) -> None:
    for seed in range(100):
        slots = {f"c{number}": kinds_of(language, "folk") for number in range(6)}
        cast = Cast(Random(seed), language, "train", slots)
        assert len({cast.value(slot).text for slot in slots}) == 6
        assert len(cast.characters) == 6


def test_villages_are_made_of_their_parts() -> None:
    cast = Cast(Random(1), "zh", "train", {})
    assert cast.value("village").text == cast.value("village").text != cast.value("village2").text
    assert cast.characters == ()


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_split_has_characters_of_every_name_ending_and_kind(language: str) -> None:
    for beginnings, endings in NAMES[language].values():
        for kind in kinds_of(language, "folk"):
            splits = {
                split_of_character(first + last, kind) for first in beginnings.split() for last in endings.split()
            }
            assert splits == {"train", "validation", "test"}


def test_entries_of_a_class_differ() -> None:
    for language, classes in CLASSES.items():
        for kind, entries in classes.items():
            # What is drawn from another class may stand there twice: it then comes twice as often.
            listed = [entry for entry in entries.split("|") if re.sub("<[a-z]+>", "", entry).strip(", ")]
            assert len(listed) == len(set(listed)), f"{language}: {kind}"
