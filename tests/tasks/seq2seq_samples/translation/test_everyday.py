"""Everyday sentences are grammatical in both languages, and some look casually typed."""

from random import Random

import pytest

from seq2seq_samples.translation import everyday
from seq2seq_samples.translation.grammar import CASUAL, PATTERNS, Draw
from seq2seq_samples.translation.sample import sentence

NAMES = [name for name in vars(everyday) if name in PATTERNS]


@pytest.mark.parametrize("name", NAMES)
def test_every_pattern_writes_both_languages(name: str) -> None:
    for number in range(100):
        example = sentence(Random(number), name)
        assert not any("一" <= character <= "鿿" for character in example.en)
        assert not any(character.isascii() and character.isalpha() for character in example.zh)
        assert example.en.endswith((".", "?")) == example.zh.endswith(("。", "？"))
        assert "  " not in example.en


@pytest.mark.parametrize(
    ("name", "en", "zh"),
    [
        ("relative_job", "My father is a doctor", "我父亲是一位医生"),
        ("able", "She cannot swim", "她不会游泳"),
        ("loving", "He loves music", "他爱音乐"),
        ("home", "I am from London", "我来自伦敦"),
        ("home", "You live in Paris", "你住在巴黎"),
        ("how_are", "How are you", "你好吗"),
        ("how_are", "How is your mother", "你母亲好吗"),
    ],
)
def test_forms_agree(name: str, en: str, zh: str) -> None:
    pairs = {
        (example.en.rstrip(".?"), example.zh.rstrip("。？"))
        for example in (sentence(Random(n), name) for n in range(6000))
    }
    assert (en, zh) in pairs


def test_some_sentences_are_typed_without_care() -> None:
    draws = []
    for number in range(1000):
        draw = Draw(Random(number))
        en, _ = PATTERNS["greeting"](draw)
        draws.append((not en.endswith("."), draw.is_small))
    careless, small = (sum(column) for column in zip(*draws, strict=True))
    assert abs(careless / 1000 - CASUAL) < 0.05
    assert abs(small / 1000 - CASUAL / 2) < 0.05
    assert all(is_careless for is_careless, is_small in draws if is_small)
