"""Defaults that follow the amount of training text."""

import math
from typing import Any

import pytest

from seq2seq.corpus.example import Example
from seq2seq.run_setup.data_defaults import NEW_MODEL, DataSize, Default, estimated_steps, fitted, measure

STATIC: dict[str, Any] = {
    "data.tokenizer.model": "bpe",
    "data.tokenizer.joint": True,
    "data.tokenizer.source_model": "",
    "data.tokenizer.target_model": "",
    "data.tokenizer.byte_fallback": True,
    "data.tokenizer.vocabulary_size": 8000,
    "data.batches.batch_sentences": 0,
    "data.batches.max_tokens": 4096,
    "model.network.dropout": 0.3,
    "model.schedule.warmup_steps": 400,
    "trainer.max_epochs": 30,
    "trainer.max_steps": -1,
    "trainer.accumulate_grad_batches": 1,
    "trainer.val_check_interval": None,
    "trainer.check_val_every_n_epoch": 1,
}
STREAMS = {"data.streams.count": 32, "data.streams.window": 100}


def parse(arguments: list[str], static: dict[str, Any] = STATIC) -> dict[str, Any]:
    """Stand in for the parser: options in order, later ones win."""
    values = dict(static)
    for name, value in zip(arguments[::2], arguments[1::2], strict=True):
        before = values[name.removeprefix("--")]
        values[name.removeprefix("--")] = (int if before is None else type(before))(value)
    return values


def pairs(count: int) -> list[Example]:
    """Return pairs of 60 letters each, as those of image captions."""
    return [Example("a dog runs " * 5 + "abcde", "ein hund rennt " * 4) for _ in range(count)]


def values(count: int, *options: str) -> dict[str, Any]:
    """Return the options that a run with a number of pairs takes."""
    return parse(fitted(pairs(count), list(options), parse, NEW_MODEL)[0])


def test_text_is_counted_by_letters_and_ideographs() -> None:
    size = measure([Example("abc abc", "你好。"), Example("", "x" * 30)])
    assert size == DataSize(2, (7, 2 * 3 + 1 + 30), math.ceil(7 / 3) + 10, 10, (4, 4), True)


def test_counting_stops_at_an_amount_that_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq.run_setup.data_defaults.ENOUGH_EXAMPLES", 5)
    endless = iter(lambda: Example("a", "b"), None)
    size = measure(endless)
    assert (size.examples, size.is_complete) == (5, False)
    assert parse(fitted(endless, [], parse, NEW_MODEL)[0])["model.network.dropout"] == 0.2
    assert values(4)["model.network.dropout"] == 0.3


def test_less_text_means_less_vocabulary_smaller_batches_and_more_epochs() -> None:
    small, middle, large = values(300), values(12_000), values(40_000)
    for name in ("data.tokenizer.vocabulary_size", "data.batches.max_tokens"):
        assert small[name] < middle[name] < large[name] <= STATIC[name], name
    assert small["trainer.max_epochs"] > middle["trainer.max_epochs"] > large["trainer.max_epochs"] >= 5


@pytest.mark.parametrize("count", [30, 300, 1_000, 4_000, 29_000])
@pytest.mark.parametrize("epochs", ["", "2", "4"])
def test_no_run_ends_inside_its_warm_up(count: int, epochs: str) -> None:
    found = values(count, *(["--trainer.max_epochs", epochs] if epochs else []))
    steps = estimated_steps(measure(pairs(count)), found)
    assert found["model.schedule.warmup_steps"] <= max(1, 0.2 * steps)
    assert found["trainer.check_val_every_n_epoch"] <= found["trainer.max_epochs"]


def test_what_is_set_wins_and_is_not_announced() -> None:
    typed = ["--data.tokenizer.vocabulary_size", "5000", "--model.schedule.warmup_steps", "7"]
    arguments, announced = fitted(pairs(300), typed, parse, NEW_MODEL)
    found = parse(arguments)
    assert (found["data.tokenizer.vocabulary_size"], found["model.schedule.warmup_steps"]) == (5000, 7)
    assert not {"data.tokenizer.vocabulary_size", "model.schedule.warmup_steps"} & {one.option for one in announced}
    assert Default("trainer.max_epochs", found["trainer.max_epochs"], "less text is read more often") in announced


def test_options_that_replace_others_switch_their_rules_off() -> None:
    assert values(300, "--data.batches.batch_sentences", "8")["data.batches.max_tokens"] == 4096
    assert values(300, "--data.tokenizer.model", "char")["data.tokenizer.vocabulary_size"] == 8000
    assert values(300, "--data.tokenizer.source_model", "given.model")["data.tokenizer.vocabulary_size"] == 8000
    assert values(300, "--trainer.val_check_interval", "5")["trainer.check_val_every_n_epoch"] == 1
    assert values(300, "--trainer.max_steps", "50")["model.schedule.warmup_steps"] == 5


def test_every_character_has_room() -> None:
    chinese = "".join(chr(0x4E00 + number) for number in range(900))
    found = fitted([Example("a", chinese[start : start + 9]) for start in range(0, 900, 9)], [], parse, NEW_MODEL)[1]
    vocabulary = next(one for one in found if one.option == "data.tokenizer.vocabulary_size")
    assert int(vocabulary.value) >= 901 + 256
    assert vocabulary.reason == "room for 901 different characters"


def test_running_text_gets_fewer_streams() -> None:
    static = STATIC | STREAMS
    texts = [Example("", "a short line of text. " * 40)] * 100
    arguments, announced = fitted(texts, [], lambda words: parse(words, static), NEW_MODEL)
    found = parse(arguments, static)
    assert 4 <= found["data.streams.count"] < 32
    assert found["data.batches.max_tokens"] == 4096
    assert "data.streams.count" in {one.option for one in announced}
