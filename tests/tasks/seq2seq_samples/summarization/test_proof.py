"""The proof passes for the sample corpus, and fails if a split violates a claim."""

from dataclasses import replace

import pytest

from seq2seq_samples.engine.values import Value
from seq2seq_samples.summarization.grammar import Report
from seq2seq_samples.summarization.proof import check, has_rivals, main, takes_the_first
from seq2seq_samples.summarization.sample import generate

Splits = dict[str, list[Report]]


def against(splits: Splits) -> list[str]:
    return [finding.claim for finding in check(splits) if finding.against]


@pytest.fixture(scope="module")
def splits() -> Splits:
    return generate(1600, 40, 40, seed=4)


def changed(splits: Splits, split: str, report: Report) -> Splits:
    """Replace a report of a split by another one in the same language."""
    rest = list(splits[split])
    del rest[next(place for place, other in enumerate(rest) if other.language == report.language)]
    return {**splits, split: [*rest, report]}


def english(splits: Splits, split: str = "test") -> Report:
    return next(report for report in splits[split] if report.language == "en")


@pytest.mark.slow
def test_the_proof_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    output = capsys.readouterr().out
    assert "yes: no name or number of test, distractors included, is anywhere in train" in output
    assert "test        250 documents of" in output
    assert "no: " not in output


def test_a_small_corpus_passes_as_well(splits: Splits) -> None:
    assert against(splits) == []


def test_a_report_of_train_in_test_is_found(splits: Splits) -> None:
    claims = against(changed(splits, "test", english(splits, "train")))
    assert claims == [
        "no document of test is in another split",
        "no summary of test is in another split",
        "no name or number of test, distractors included, is anywhere in train",
    ]


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_fact_that_train_mentions_anywhere_is_found(splits: Splits, language: str) -> None:
    fact = next(report for report in splits["test"] if report.language == language).facts[0]
    first = next(report for report in splits["train"] if report.language == language)
    told = first.sentences[0][:-1]
    leaky = replace(first, sentences=(f"{told} {fact.text}{first.sentences[0][-1]}", *first.sentences[1:]))
    claims = against(changed(splits, "train", leaky))
    assert "no name or number of test, distractors included, is anywhere in train" in claims
    assert "no name or number of validation, distractors included, is anywhere in train" not in claims


def test_a_summary_with_what_its_document_lacks_is_found(splits: Splits) -> None:
    odd = english(splits)
    odd = replace(odd, summary=odd.summary.replace(odd.facts[0].text, "Nowhere"))
    claims = against(changed(splits, "test", odd))
    assert "every summary can be told from its document alone" in claims
    assert "every name and number of a summary is in its document" in claims


def test_a_word_and_a_syllable_that_train_lacks_are_found(splits: Splits) -> None:
    odd = english(splits)
    odd = replace(odd, sentences=(f"Perhaps {odd.sentences[0]}", *odd.sentences[1:]))
    assert "every other word of test is in train" in against(changed(splits, "test", odd))
    facts = (replace(odd.facts[0], pieces=("Qx", *odd.facts[0].pieces)), *odd.facts[1:])
    odd = replace(english(splits), facts=facts)
    assert against(changed(splits, "test", odd)) == ["every syllable and character of the names of test is in train"]


def test_a_summary_with_one_unseen_fact_is_found(splits: Splits) -> None:
    odd = english(splits)
    claims = against(changed(splits, "test", replace(odd, facts=odd.facts[:1])))
    assert "every summary of test needs at least 2 of them" in claims


def test_documents_and_summaries_of_wrong_length_are_found(splits: Splits) -> None:
    odd = english(splits)
    claims = against(changed(splits, "test", replace(odd, sentences=odd.sentences[:2])))
    assert "every document is as long as it should be" in claims
    claims = against(changed(splits, "test", replace(odd, summary=odd.summary * 2)))
    assert "every summary is as long as it should be" in claims


def test_quoted_summaries_are_found(splits: Splits) -> None:
    quoted = [replace(report, summary=report.sentences[0]) for report in splits["train"][:100]]
    claims = against({**splits, "train": [*splits["train"][100:], *quoted]})
    assert "at most 5 % of the summaries are a sentence of their document" in claims


def test_documents_without_rivals_are_found(splits: Splits) -> None:
    poor = [replace(report, others=()) for report in splits["train"]]
    claims = against({**splits, "train": poor})
    assert "at least 95 % of the documents distract by a name or number of the same kind" in claims
    assert "at most 45 % of the summaries hold the first name or number of each kind only" in claims


def test_a_poor_grammar_is_found(splits: Splits) -> None:
    few = [report for report in splits["train"] if report.pattern != "storm"]
    claims = against({**splits, "train": few})
    assert "train tells each kind in at least 10 ways in each language" in claims
    assert "every pattern of test is in train" in claims


def test_a_split_of_one_language_is_found(splits: Splits) -> None:
    assert "half of test is English" in against(
        {**splits, "test": [report for report in splits["test"] if report.language == "en"]}
    )


def test_taking_the_first_is_measured() -> None:
    towns = [Value(text, "town", text) for text in ("Orrby", "Tarnby")]
    sentences = ("It rains in Orrby.", "It snows in Tarnby.")
    first, second = (
        Report(
            "weather",
            "en",
            "x",
            sentences,
            f"Bad weather in {towns[place].text}.",
            (towns[place],),
            (towns[1 - place],),
        )
        for place in (0, 1)
    )
    assert takes_the_first(first)
    assert not takes_the_first(second)
    assert has_rivals(first)
    assert not has_rivals(replace(first, others=(Value("9:05", "time", "9:05"),)))
