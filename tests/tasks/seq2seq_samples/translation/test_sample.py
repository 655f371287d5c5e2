"""The sample corpus: checksum, sizes, and held-out pairs."""

import pytest

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.reader import Reader
from seq2seq_samples.translation.sample import SIZES, generate, sample, split_of
from tests.tasks.seq2seq_samples.digests import digest

READER = Reader()
Corpus = dict[str, list[Example]]
DIGEST = "aa861ccf28f39a711361688c131f9e2a6d58d566dba3c8e3cf83da5aac9ec8b0"
SMALL_DIGEST = "ff401875153f9f2cbf9e28789e7ca0fe74d731667daf092dc2d220f371a92c18"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return sample()


def test_the_corpus_has_not_changed(corpus: Corpus) -> None:
    assert digest(corpus) == DIGEST


def test_a_smaller_corpus_has_not_changed() -> None:
    assert digest(sample(200, 20, 20, seed=5)) == SMALL_DIGEST


def test_the_corpus_has_the_sizes_it_says(corpus: Corpus) -> None:
    assert (len(corpus["train"]), len(corpus["validation"]), len(corpus["test"])) == SIZES


def test_texts_are_normalised_already(corpus: Corpus) -> None:
    for example in corpus["test"]:
        assert READER.source(plain(example.source)) == example.source
        assert READER.target(plain(example.target)) == example.target


def test_smaller_corpora_and_other_seeds() -> None:
    small = sample(200, 20, 20, seed=5)
    assert [len(split) for split in small.values()] == [200, 20, 20]
    assert sample(200, 20, 20, seed=5) == small
    assert sample(200, 20, 20, seed=6) != small


def test_no_train_sentence_holds_a_held_out_pair() -> None:
    for sentence in generate(1000, 1, 1, seed=2)["train"]:
        assert {split_of(pair) for pair in sentence.pairs} <= {"train"}


def test_a_grammar_that_runs_dry_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq_samples.translation.sample.PATTERNS", {"one": lambda draw: ("Yes.", "是。")})
    with pytest.raises(ValueError, match="no 2 different sentences for train, only 1"):
        generate(2, 1, 1, seed=1)
