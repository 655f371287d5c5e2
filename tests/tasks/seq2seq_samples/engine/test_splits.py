"""Splits are generated from alternating templates, without repetition."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from random import Random

import pytest

from seq2seq_samples.engine.splits import in_turns, numbered_place


@dataclass(frozen=True)
class Range:
    """A template that yields `size` different texts."""

    name: str
    size: int


def write(pattern: Range, random: Random, split: str) -> str:
    return f"{pattern.name}{random.randrange(pattern.size)}"


def splits(size: int, learned: list[str]) -> dict[str, list[str]]:
    """Generate splits: no text contains 0, and no test text contains 1. `learned` receives the training texts."""

    def rule(train: Sequence[str]) -> Callable[[str], bool]:
        learned.extend(train)
        return lambda text: "1" not in text

    patterns = {"en": [Range("a", 9), Range("b", 9)], "zh": [Range("c", 9), Range("d", 9)]}
    return in_turns(
        patterns,
        {"train": size, "test": 4},
        1,
        write,
        is_fit=lambda text, split: "0" not in text,
        identity=lambda text: text,
        rule=rule,
        tries=500,
        failure="'{pattern}' gives no more for {split}",
    )


def test_patterns_take_turns_and_nothing_occurs_twice() -> None:
    learned: list[str] = []
    generated = splits(12, learned)
    assert [text[0] for text in learned] == list("acbd" * 3)
    assert sorted(generated["train"]) == sorted(learned)
    assert len({*generated["train"], *generated["test"]}) == 16
    assert not [text for text in learned if text.endswith("0")]
    assert not [text for text in generated["test"] if text[1] in "01"]
    assert splits(12, []) == generated


def test_a_pattern_that_runs_dry_is_named() -> None:
    with pytest.raises(ValueError, match="'a' gives no more for test"):
        splits(32, [])


def test_places_of_validation_and_test_are_numbered() -> None:
    assert numbered_place("sample test:12") == ("test", 12)
    assert numbered_place("sample train:1") is None
    assert numbered_place("talk.txt:1") is None
