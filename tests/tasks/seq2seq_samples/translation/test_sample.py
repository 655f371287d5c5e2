"""The sample corpus: reproducible, and split as documented."""

import pytest

from seq2seq.corpus.example import plain
from seq2seq.plugin.task import SampleCorpus
from seq2seq_translation import Translation
from seq2seq_translation.sample import SIZES, generate, sample, split_of
from tests.tasks.seq2seq_samples.digests import digest

DIGEST = "aa861ccf28f39a711361688c131f9e2a6d58d566dba3c8e3cf83da5aac9ec8b0"
SMALL_DIGEST = "ff401875153f9f2cbf9e28789e7ca0fe74d731667daf092dc2d220f371a92c18"


@pytest.fixture(scope="module")
def corpus() -> SampleCorpus:
    return Translation().sample(Translation.reader())


def test_the_corpus_has_not_changed(corpus: SampleCorpus) -> None:
    assert digest(corpus) == DIGEST


def test_a_smaller_corpus_has_not_changed() -> None:
    assert digest(sample(200, 20, 20, seed=5)) == SMALL_DIGEST


def test_the_corpus_has_the_sizes_and_languages_it_says(corpus: SampleCorpus) -> None:
    assert (len(corpus.train), len(corpus.validation), len(corpus.test)) == SIZES
    assert (corpus.reader.source_language, corpus.reader.target_language) == ("en", "zh")


def test_texts_are_normalised_already(corpus: SampleCorpus) -> None:
    for example in corpus.test:
        assert corpus.reader.source(plain(example.source)) == example.source
        assert corpus.reader.target(plain(example.target)) == example.target


def test_smaller_corpora_and_other_seeds() -> None:
    small = sample(200, 20, 20, seed=5)
    assert [len(split) for split in (small.train, small.validation, small.test)] == [200, 20, 20]
    assert sample(200, 20, 20, seed=5) == small
    assert sample(200, 20, 20, seed=6) != small


def test_no_train_sentence_holds_a_held_out_pair() -> None:
    for one in generate(1000, 1, 1, seed=2)["train"]:
        assert {split_of(pair) for pair in one.pairs} <= {"train"}


def test_a_grammar_that_runs_dry_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq_translation.sample.PATTERNS", {"one": lambda draw: ("Yes.", "是。")})
    with pytest.raises(ValueError, match="no 2 different sentences for train, only 1"):
        generate(2, 1, 1, seed=1)
