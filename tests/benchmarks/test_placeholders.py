"""The benchmark of masks trains both models and measures them."""

import json
from pathlib import Path

import pytest

from benchmarks import placeholders
from seq2seq.corpus.example import Example
from seq2seq.corpus.masks import mask_pair
from seq2seq.corpus.protected_spans import difference, spans


def test_placeholders_are_on_both_sides() -> None:
    examples = [
        Example(f"a {word}.", f"{other}。") for word, other in (("dog", "狗"), ("cat", "猫"), ("bird", "鸟"))
    ] * 40
    pairs = list(placeholders.with_placeholders(examples, 3))
    assert pairs == list(placeholders.with_placeholders(examples, 3))
    with_spans = [(source, target) for source, target in pairs if spans(source)]
    assert len(examples) / 2 < len(with_spans) < len(examples)
    for source, target in with_spans:
        assert not difference(source, target)
        assert len(mask_pair(source, target).spans) == len(spans(source))


@pytest.mark.slow
def test_a_model_with_masks_has_more_placeholders_right(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    found = tmp_path / "figures.json"
    placeholders.main([str(tmp_path / "runs"), "--epochs", "1", "--pairs", "600", "--json", str(found)])
    text, masked = json.loads(found.read_text(encoding="utf-8"))["figures"]
    assert (text["masks"], masked["masks"]) == (False, True)
    assert masked["right"] > 0.5 > text["right"]
    assert masked["in_parts"] < text["in_parts"]
