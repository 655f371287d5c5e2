"""The proof passes for the sample tales, and fails if a split violates a claim."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq_samples.generation.grammar import Tale
from seq2seq_samples.generation.model_tales import compare
from seq2seq_samples.generation.proof import check, check_model, main
from seq2seq_samples.generation.tales import generate
from tests.tasks.seq2seq_generation.conftest import documents, place

__all__ = ["documents", "place"]

Splits = dict[str, list[Tale]]


def against(splits: Splits) -> dict[str, str]:
    return {finding.claim: finding.against for finding in check(splits) if finding.against}


@pytest.fixture(scope="module")
def splits() -> Splits:
    return generate(2400, 28, 28, seed=4)


def of(splits: Splits, language: str = "en", split: str = "test") -> Tale:
    return next(tale for tale in splits[split] if tale.language == language)


def changed(splits: Splits, split: str, tale: Tale) -> Splits:
    """Replace a tale of a split by another tale with the same plot."""
    rest = list(splits[split])
    del rest[
        next(place for place, other in enumerate(rest) if (other.language, other.plot) == (tale.language, tale.plot))
    ]
    return {**splits, split: [*rest, tale]}


@pytest.mark.slow
def test_the_proof_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main([]) == 0
    output = capsys.readouterr().out
    assert "yes: no English tale of validation has 50 characters in a row in common with train" in output
    assert "yes: every wording of every Chinese plot is in train" in output
    assert "train       6000 tales" in output
    assert "no: " not in output


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_tale_of_train_in_test_is_found(splits: Splits, language: str) -> None:
    name = {"en": "English", "zh": "Chinese"}[language]
    stolen = of(splits, language, "train")
    failed = against(changed(splits, "test", stolen))
    assert failed["no tale of test is in another split"] == stolen.text
    assert f"no {name} tale of test has 50 characters in a row in common with train" in failed
    assert "no character of train, a name with its kind, is in another split" in failed
    assert "no tale of validation is in another split" not in failed


@pytest.mark.parametrize(("language", "unit"), [("en", "words"), ("zh", "characters")])
def test_a_word_that_train_lacks_and_a_wrong_length_are_found(splits: Splits, language: str, unit: str) -> None:
    name, word = {"en": ("English", "peradventure"), "zh": ("Chinese", "鼋")}[language]
    tale = of(splits, language)
    odd = replace(tale, text=f"{word}. {tale.text}" if language == "en" else word + tale.text)
    assert against(changed(splits, "test", odd))[f"all {name} {unit} of test are in train"] == word
    short = replace(tale, text=tale.text[:80])
    assert any(claim.startswith(f"every {name} tale of test has ") for claim in against(changed(splits, "test", short)))


def test_a_lost_plot_and_its_wordings_are_found(splits: Splits) -> None:
    few = [tale for tale in splits["train"] if tale.plot != "the storm"]
    failed = against({**splits, "train": few})
    assert failed["every English plot is in train"] == "the storm"
    assert failed["every wording of every English plot is in train"].startswith("the storm: ")
    assert "half of train is Chinese" in failed


def test_a_text_without_sentences_is_found(splits: Splits) -> None:
    tale = of(splits)
    flat = replace(tale, text=tale.text.replace(".", ",").replace("!", ",").replace("?", ","))
    claim = "every tale of test has several sentences and one or two paragraphs"
    assert against(changed(splits, "test", flat)) == {claim: flat.text}


def test_a_poor_grammar_is_found(splits: Splits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq_samples.generation.proof.LEAST_PLOTS", 15)
    monkeypatch.setattr("seq2seq_samples.generation.proof.LEAST_WAYS", 10**50)
    failed = against(splits)
    assert failed["there are at least 15 English plots"] == "14"
    assert any("every Chinese plot can be told in at least" in claim for claim in failed)


def test_a_word_of_the_lexicon_that_is_not_told_is_found(splits: Splits, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(
        __import__("seq2seq_samples.generation.lexicon", fromlist=["CLASSES"]).CLASSES["zh"], "fruit", "苹果|榴莲"
    )
    assert against(splits)["everything in the Chinese lexicon is in train"] == "榴莲"


def test_what_a_model_writes_is_held_against_what_it_read(splits: Splits) -> None:
    train = splits["train"]
    told = [tale.text for tale in splits["test"]]
    assert not [finding for finding in check_model(compare(told, train)) if finding.against]
    stolen = of(splits, "zh", "train").text
    failed = {finding.claim: finding.against for finding in check_model(compare(["Bzzz grmpf the", stolen], train))}
    assert failed == {
        "the model writes English tales": "",
        "at least 97 % of the words of its English tales are in train": "33.3 %",
        "none of its English tales has 50 characters in a row in common with train": "",
        "the model writes Chinese tales": "",
        "at least 97 % of the characters of its Chinese tales are in train": "",
        "none of its Chinese tales has 50 characters in a row in common with train": stolen,
    }
    silent = {finding.claim: finding.against for finding in check_model(compare([], train))}
    assert silent["the model writes Chinese tales"] == "it wrote none"


@pytest.mark.slow
def test_the_proof_looks_at_a_model(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(documents), "--count", "3"]) == 1  # a model of other texts
    output = capsys.readouterr().out
    assert "the model   " in output
    assert "no:  at least 97 % of the words of its English tales are in train: " in output
    assert main([str(documents), "--count", "3", "--min_p", "0.9"]) == 1
    assert capsys.readouterr().out != output


def test_the_proof_names_an_impossible_draw(documents: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(documents), "--top_p", "2"])
    assert "top_p is 2.0, but it must be above 0 and at most 1" in " ".join(capsys.readouterr().err.split())


def test_the_proof_needs_a_model_of_texts(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "none")])
    assert "none" in capsys.readouterr().err
