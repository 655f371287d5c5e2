"""The sample corpus: checksum, sizes and facts."""

import pytest

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.languages import language_of_script
from seq2seq.corpus.reader import Reader
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.summarization.reports import PATTERNS
from seq2seq_samples.summarization.sample import SIZES, generate, reports, sample
from tests.tasks.seq2seq_samples.digests import digest

READER = Reader()
Corpus = dict[str, list[Example]]
DIGEST = "b2973d9ad08808383d39432b32aec56597780f159df2d49bc3c0bf5f635ddc99"
SMALL_DIGEST = "722d9f3e3f4b072512c83c0161b7dc3855aab7ed8df6e35e3550e39ed5f39c4f"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return sample()


def test_the_corpus_has_not_changed(corpus: Corpus) -> None:
    assert digest(corpus) == DIGEST


def test_a_smaller_corpus_has_not_changed() -> None:
    assert digest(sample(160, 20, 20, seed=5)) == SMALL_DIGEST


def test_the_corpus_has_the_sizes_it_says(corpus: Corpus) -> None:
    assert (len(corpus["train"]), len(corpus["validation"]), len(corpus["test"])) == SIZES
    for split in (corpus["train"], corpus["validation"], corpus["test"]):
        chinese = [language_of_script([plain(example.target)]) == "zh" for example in split]
        assert 2 * sum(chinese) == len(split)
        assert len(set(chinese[:20])) == 2, "languages are mixed"


def test_texts_are_normalised_already(corpus: Corpus) -> None:
    for example in corpus["test"]:
        assert READER.source(plain(example.source)) == example.source
        assert READER.target(plain(example.target)) == example.target


def test_facts_are_found_by_the_place_of_an_example(corpus: Corpus) -> None:
    for number, example in enumerate(corpus["test"], 1):
        assert example.place == f"sample test:{number}"
        wanted = [fact.text for fact in reports("test")[number - 1].facts]
        assert len(wanted) >= 2
        assert all(place_of(fact, plain(text)) >= 0 for fact in wanted for text in (example.source, example.target))
    assert reports("test")[0].document == corpus["test"][0].source


def test_smaller_corpora_and_other_seeds() -> None:
    small = sample(160, 20, 20, seed=5)
    assert [len(split) for split in small.values()] == [160, 20, 20]
    assert sample(160, 20, 20, seed=5) == small
    assert sample(160, 20, 20, seed=6) != small


def test_patterns_take_turns() -> None:
    every = sum(map(len, PATTERNS.values()))
    generated = generate(2 * every, 2, 2, seed=3)["train"]
    ways = [(report.language, report.kind, report.pattern) for report in generated]
    assert all(ways.count(way) == 2 for way in ways)
    assert len(set(ways)) == every


def test_patterns_that_run_dry_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq_samples.summarization.sample.LENGTHS", {"en": range(9), "zh": range(9)})
    with pytest.raises(ValueError, match="The pattern 'storm' gives no more new reports for train"):
        generate(2, 2, 2, seed=1)
