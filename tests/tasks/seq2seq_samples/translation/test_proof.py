"""The proof passes for the sample corpus, and fails if a split violates a claim."""

import pytest

from seq2seq_samples.translation.proof import check, main
from seq2seq_samples.translation.sample import Sentence, generate


def against(splits: dict[str, list[Sentence]]) -> list[str]:
    return [finding.claim for finding in check(splits) if finding.against]


@pytest.fixture(scope="module")
def splits() -> dict[str, list[Sentence]]:
    return generate(4000, 60, 60, seed=4)


@pytest.mark.slow
def test_the_proof_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    output = capsys.readouterr().out
    assert "yes: every sentence of test has two fillers that no sentence of train has together" in output
    assert "no: " not in output


def test_a_test_sentence_from_train_is_found(splits: dict[str, list[Sentence]]) -> None:
    leaky = {**splits, "test": [*splits["test"], splits["train"][0]]}
    assert "no English sentence of test is in another split" in against(leaky)
    assert "every sentence of test has two fillers that no sentence of train has together" in against(leaky)


def test_a_combination_that_train_has_by_other_fillers_is_found(splits: dict[str, list[Sentence]]) -> None:
    taught = Sentence("past_place", "Zoe bought a hat.", "佐伊买了一顶帽子。", ("Zoe=佐伊",), ())
    asked = Sentence("what_bought", "Did Zoe buy a hat?", "佐伊买了一顶帽子吗？", ("Zoe=佐伊", "buy=买"), ())
    claims = against({**splits, "train": [*splits["train"], taught], "test": [*splits["test"], asked]})
    assert claims == [
        "every sentence of test has two fillers whose words no sentence of train has together, in either language"
    ]


def test_a_form_that_train_does_not_have_is_found(splits: dict[str, list[Sentence]]) -> None:
    first = splits["test"][0]
    odd = Sentence(first.pattern, f"Unheard {first.en}", f"{first.zh}好。", first.fillers, first.words)
    assert against({**splits, "test": [odd]}) == ["every word of test, in its very form, is in train"]


def test_an_unknown_filler_is_found(splits: dict[str, list[Sentence]]) -> None:
    odd = Sentence("past_count", "I saw a unicorn.", "我看见了一只独角兽。", ("unicorn=独角兽", "see=看见"), ())
    claims = against({**splits, "test": [*splits["test"], odd]})
    assert claims == ["every filler of test is in train", "every word of test, in its very form, is in train"]


def test_two_translations_of_one_sentence_are_found(splits: dict[str, list[Sentence]]) -> None:
    first = splits["train"][0]
    twin = Sentence(first.pattern, first.en, "别的。", first.fillers, first.words)
    claims = against({**splits, "train": [*splits["train"], twin]})
    assert claims == ["every English sentence has one Chinese sentence"]


def test_a_poor_grammar_is_found(splits: dict[str, list[Sentence]]) -> None:
    claims = against({**splits, "train": splits["train"][:30]})
    assert "train uses at least 40 patterns" in claims
    assert "train has at least 400 different English words" in claims
    assert "train has at least 400 different Chinese words" in claims
