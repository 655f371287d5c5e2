"""Generating the tales of each split."""

from random import Random

import pytest

from seq2seq_samples.generation.grammar import Tale, tell
from seq2seq_samples.generation.plots import PLOTS
from seq2seq_samples.generation.tales import LENGTHS, generate, is_fit, words_of

EVERY = sum(map(len, PLOTS.values()))


def test_the_same_seed_tells_the_same_tales() -> None:
    once = generate(2 * EVERY, 0, 0, seed=5)
    assert once == generate.__wrapped__(2 * EVERY, 0, 0, seed=5)  # not from the cache
    assert once != generate(2 * EVERY, 0, 0, seed=6)


def test_plots_and_languages_take_turns() -> None:
    plots = [(tale.language, tale.plot) for tale in generate(2 * EVERY, 0, 0, seed=3)["train"]]
    assert {(language, plot.name) for language, plots in PLOTS.items() for plot in plots} == set(plots)
    assert all(plots.count(plot) == 2 for plot in plots)


@pytest.mark.parametrize("language", ["en", "zh"])
def test_every_plot_often_has_a_length_that_is_fit(language: str) -> None:
    random = Random(2)
    for plot in PLOTS[language]:
        fit = sum(is_fit(tell(plot, random, "train")) for _ in range(60))
        assert fit >= 6, plot.name


def test_plots_that_run_dry_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(LENGTHS, "zh", range(3))
    monkeypatch.setattr("seq2seq_samples.generation.tales.TRIES", 5)
    name = PLOTS["zh"][0].name
    with pytest.raises(ValueError, match=f"The plot '{name}' gives no more new tales for train"):
        generate(2, 0, 0, seed=1)


def test_words_that_train_lacks_are_not_told() -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("seq2seq_samples.generation.tales.TRIES", 5)
        with pytest.raises(ValueError, match="gives no more new tales for validation"):
            generate(2, 2, 0, seed=1)


def test_words_are_english_words_and_chinese_characters() -> None:
    assert words_of(Tale("en", "x", (), "Mila's fox: twenty-one, Ah!")) == {"mila's", "fox", "twenty-one", "ah"}
    assert words_of(Tale("zh", "x", (), "狐狸说：“好！”")) == set("狐狸说好")
