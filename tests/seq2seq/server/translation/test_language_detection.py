"""Languages are detected by scripts, and within a script by the models."""

import asyncio
from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq.models import bundle
from seq2seq.models.bundle_config import Introduction
from seq2seq.models.load import model_of
from seq2seq.models.source_model import SourceModel
from seq2seq.server.measurements import Measurements
from seq2seq.server.options import Limits
from seq2seq.server.scheduler import Scheduler
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


def scheduled(folder: Path, means: dict[str, float]) -> tuple[Scheduler, ServedModels]:
    """Serve a model under several names and languages, which differ in their usual confidence."""
    loaded = bundle.load(folder)
    live = {}
    for language, mean in means.items():
        reader = replace(loaded.config.reader, source_language=language)
        config = replace(loaded.config, reader=reader, introduction=Introduction(1, mean, 0.5))
        live[language] = model_of(replace(loaded, config=config))
    assert all(isinstance(model, SourceModel) for model in live.values())
    return Scheduler(live, Limits(), Measurements()), ServedModels(live)


def found(folder: Path, means: dict[str, float], text: str) -> list[Detected]:
    """Detect the language of a text."""
    scheduler, models = scheduled(folder, means)

    async def detect() -> list[Detected]:
        try:
            return await detected(scheduler, list(models), text)
        finally:
            await scheduler.close()

    return asyncio.run(detect())


def test_within_a_script_the_model_decides_that_is_surer_than_usual(model: Path) -> None:
    first, second = found(model, {"en": -1.0, "de": -9.0}, "the dog")
    assert (first.language, second.language) == ("de", "en")
    assert first.confidence > 99
    first, second = found(model, {"en": -2.0, "de": -2.0}, "the dog")
    assert first.confidence == second.confidence == 50.0


def test_other_scripts_ask_no_model(model: Path) -> None:
    assert found(model, {"en": -1.0, "zh": -1.0}, "大狗") == [Detected("zh", 100.0)]
    assert found(model, {"en": -1.0, "zh": -1.0}, "12") == [Detected("en", 0.0)]
