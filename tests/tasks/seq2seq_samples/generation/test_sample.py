"""The sample tales: checksum, sizes and clean texts."""

import pytest

from seq2seq.corpus.languages import language_of_script
from seq2seq_samples.generation.plots import PLOTS
from seq2seq_samples.generation.sample import SEED, SIZES, sample
from seq2seq_samples.generation.tales import generate
from tests.tasks.seq2seq_samples.digests import digest

DIGEST = "52f64ce73774bbbb51f02e07ebabba96fbd3d1e2dee15be0cd869bcf763623f5"
SPLITS = ("train", "validation", "test")


def test_the_corpus_has_not_changed() -> None:
    assert digest(sample()) == DIGEST


def test_the_corpus_has_the_sizes_it_says() -> None:
    for split, size in zip(SPLITS, SIZES, strict=True):
        texts = [tale.text for tale in generate(*SIZES, SEED)[split]]
        assert len(set(texts)) == size
        assert 2 * sum(language_of_script([text]) == "zh" for text in texts) == size
    assert 3_000_000 < sum(len(tale.text.encode()) for tale in generate(*SIZES, SEED)["train"]) < 4_000_000


@pytest.mark.parametrize("split", SPLITS)
def test_every_plot_is_reached(split: str) -> None:
    kinds = {(tale.language, tale.plot) for tale in generate(*SIZES, SEED)[split]}
    assert kinds == {(language, plot.name) for language, plots in PLOTS.items() for plot in plots}


def test_texts_are_clean() -> None:
    for text in (tale.text for tale in generate(*SIZES, SEED)["train"]):
        assert text == text.strip()
        assert "  " not in text
        assert not set("[]{}<>|@*") & set(text)
        assert all(line and line == line.strip() for line in text.split("\n"))


def test_languages_do_not_mix() -> None:
    for tale in generate(*SIZES, SEED)["test"]:
        is_latin = any("a" <= character <= "z" for character in tale.text)
        assert is_latin == (tale.language == "en")
