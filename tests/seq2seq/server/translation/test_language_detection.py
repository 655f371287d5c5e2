"""Languages are detected by scripts, and within a script by words."""

import asyncio
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.models import bundle
from seq2seq.models.load import model_of
from seq2seq.server.served_models import ServedModels
from seq2seq.server.translation.language_detection import Detected, by_script, detected


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The dog eats.", "en"),
        ("大狗今天吃两本书。", "zh"),
        ("わたしは犬です", "ja"),
        ("犬が食べる", "ja"),
        ("큰 개가 먹는다", "ko"),
        ("Большая собака", "ru"),
        ("Η γάτα", "el"),
        ("الكلب", "ar"),
        ("สุนัขกิน", "th"),
        ("Hello 大狗, hello and goodbye", "en"),
    ],
)
def test_scripts_tell_languages_apart(text: str, language: str) -> None:
    shares = by_script(["en", "zh", "ja", "ko", "ru", "el", "ar", "th"], text)
    assert max(shares, key=lambda name: shares[name]) == language


def test_chinese_characters_alone_may_be_japanese_only_if_nothing_else_is_served() -> None:
    assert by_script(["ja"], "東京") == {"ja": 1.0}
    assert by_script(["en", "zh"], "1, 2!") == {"en": 0.0, "zh": 0.0}
    assert by_script(["und", "zh-Hans"], "dog") == {"und": 1.0, "zh-Hans": 0.0}


def found(folder: Path, languages: Sequence[str], text: str) -> list[Detected]:
    """Detect the language of a text, given a model of each language."""
    loaded = bundle.load(folder)
    live = {}
    for language in languages:
        reader = replace(loaded.config.reader, source_language=language)
        live[language] = model_of(replace(loaded, config=replace(loaded.config, reader=reader)))
    return asyncio.run(detected(list(ServedModels(live)), text))


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("A man in an orange hat starring at something.", "en"),
        ("Ein Mann mit einem orangefarbenen Hut, der etwas anstarrt.", "de"),
        ("Un homme avec un chapeau orange regardant quelque chose.", "fr-CA"),
        ("Muž v oranžovém klobouku na něco zírá.", "cs"),
        ("En mann med oransje hatt stirrer på noe, og ikke på meg.", "nb"),
    ],
)
def test_languages_of_one_script_are_told_apart_by_their_words(model: Path, text: str, language: str) -> None:
    first, *others = found(model, ["en", "de", "fr-CA", "cs", "nb", "zh"], text)
    assert first.language == language
    assert first.confidence > 50
    assert sum(one.confidence for one in others) == pytest.approx(100 - first.confidence, abs=1)


def test_languages_that_nothing_tells_apart_are_equally_likely(model: Path) -> None:
    assert found(model, ["tlh", "vot"], "the dog") == [Detected("tlh", 50.0), Detected("vot", 50.0)]
    assert found(model, ["tlh", "en"], "the dog") == [Detected("en", 100.0), Detected("tlh", 0.0)]


def test_languages_of_other_scripts_are_not_considered(model: Path) -> None:
    assert found(model, ["en", "zh"], "大狗") == [Detected("zh", 100.0)]
    assert found(model, ["en", "zh"], "12") == [Detected("en", 0.0)]
