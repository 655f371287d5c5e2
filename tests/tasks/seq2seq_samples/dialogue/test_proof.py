"""The proof passes for the sample corpus, and fails if a split or a model violates a claim."""

from dataclasses import replace
from pathlib import Path

import pytest

from seq2seq_samples.dialogue.grammar import Conversation, Fact
from seq2seq_samples.dialogue.proof import check, check_model, combination, main
from seq2seq_samples.dialogue.sample import generate
from seq2seq_samples.engine.facts import FactCounts

Splits = dict[str, list[Conversation]]


def against(splits: Splits) -> list[str]:
    return [finding.claim for finding in check(splits) if finding.against]


@pytest.fixture(scope="module")
def splits() -> Splits:
    return generate(720, 4, 8, seed=4)


def changed(splits: Splits, split: str, talk: Conversation) -> Splits:
    """Replace a conversation of a split by another one in the same language."""
    rest = list(splits[split])
    del rest[next(place for place, other in enumerate(rest) if other.language == talk.language)]
    return {**splits, split: [*rest, talk]}


def of(splits: Splits, language: str = "en", split: str = "test") -> Conversation:
    return next(talk for talk in splits[split] if talk.language == language)


def with_text(talk: Conversation, number: int, text: str) -> Conversation:
    """Replace the text of a turn."""
    turns = [replace(turn, text=text) if place == number else turn for place, turn in enumerate(talk.turns)]
    return replace(talk, turns=tuple(turns))


@pytest.mark.slow
def test_the_proof_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert main() == 0
    output = capsys.readouterr().out
    assert "yes: no combination of facts to remember of test, whatever the pattern, is in another split" in output
    assert "test        120 conversations of 8 to 12 turns" in output
    assert "no: " not in output


def test_a_small_corpus_passes_as_well(splits: Splits) -> None:
    assert against(splits) == []


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_conversation_of_train_in_test_is_found(splits: Splits, language: str) -> None:
    claims = against(changed(splits, "test", of(splits, language, "train")))
    assert claims[:2] == [
        "no conversation of test is in another split",
        "no combination of facts to remember of test, whatever the pattern, is in another split",
    ]


def test_a_combination_of_train_in_another_pattern_is_found(splits: Splits) -> None:
    talk = of(splits)
    disguised = replace(of(splits, split="train"), pattern="another", turns=talk.turns)
    assert combination(disguised) == combination(talk)
    assert "no combination of facts to remember of test, whatever the pattern, is in another split" in against(
        {**splits, "train": [*splits["train"], disguised]}
    )


@pytest.mark.parametrize("language", ["en", "zh"])
def test_a_name_that_train_mentions_anywhere_is_found(splits: Splits, language: str) -> None:
    name = next(
        value.text for talk in splits["test"] if talk.language == language for value in talk.values if value.is_held_out
    )
    first = of(splits, language, "train")
    claims = against(
        changed(
            splits,
            "train",
            with_text(first, 0, f"{name}{first.texts[0]}" if language == "zh" else f"{name}, {first.texts[0]}"),
        )
    )
    assert "no name, street, time, date or number of test, rivals included, is anywhere in train" in claims
    assert "no name, street, time, date or number of validation, rivals included, is anywhere in train" not in claims


def test_a_word_and_a_pattern_that_train_lacks_are_found(splits: Splits) -> None:
    talk = of(splits)
    odd = with_text(talk, 0, f"Peradventure {talk.texts[0]}")
    assert against(changed(splits, "test", odd)) == ["every other word of test is in train"]
    assert against(changed(splits, "test", replace(talk, pattern="odd"))) == ["every pattern of test is in train"]


def test_conversations_of_wrong_length_and_without_memory_are_found(splits: Splits) -> None:
    talk = of(splits)
    claims = against(changed(splits, "test", replace(talk, turns=talk.turns[:4])))
    assert "every conversation has 6 to 12 turns" in claims
    assert "every conversation needs at least 2 facts from 3 or more turns before" in claims


def test_facts_that_were_not_said_then_are_found(splits: Splits) -> None:
    talk = of(splits)
    place = next(number for number, turn in enumerate(talk.turns) if turn.far_facts)
    facts = tuple(Fact(fact.value, fact.turns_ago - 1) for fact in talk.turns[place].facts)
    turns = [replace(turn, facts=facts) if number == place else turn for number, turn in enumerate(talk.turns)]
    claims = against(changed(splits, "test", replace(talk, turns=tuple(turns))))
    assert "every fact was said last as many turns before as it says" in claims


def test_facts_without_rivals_are_found(splits: Splits) -> None:
    poor = [
        replace(talk, values=tuple({value.kind: value for value in talk.values}.values())) for talk in splits["train"]
    ]
    assert any("have a rival" in claim for claim in against({**splits, "train": poor}))


def test_a_poor_grammar_is_found(splits: Splits) -> None:
    few = [talk for talk in splits["train"] if (talk.topic, talk.language) != ("way", "en")]
    claims = against({**splits, "train": few})
    assert "train has at least 30 patterns in each language" in claims
    assert "train has every topic in each language" in claims


def test_a_split_of_one_language_is_found(splits: Splits) -> None:
    english_talks = [talk for talk in splits["test"] if talk.language == "en"]
    assert "half of test is English" in against({**splits, "test": english_talks})


def counted(english: int, chinese: int, total: int = 100) -> FactCounts:
    groups = {"language: Chinese": (chinese, total), "language: English": (english, total)}
    return FactCounts(((english + chinese, 2 * total),), groups)


def test_a_model_that_forgets_or_guesses_is_found() -> None:
    poor, useless = counted(60, 60), counted(10, 10)
    good = {"true": counted(95, 99), "shuffled": poor, "exchanged": useless}
    assert [finding.against for finding in check_model(good)] == [""] * 4
    forgets = [finding for finding in check_model({**good, "true": counted(94, 100)}) if finding.against]
    assert [(finding.claim, finding.against) for finding in forgets] == [
        ("at least 95 % of the facts are right in English", "94.0 %")
    ]
    guesses = [
        finding.claim
        for finding in check_model({**good, "exchanged": poor, "shuffled": counted(90, 90)})
        if finding.against
    ]
    assert guesses == [
        "at most 75 % are right with the history shuffled",
        "at most 25 % are right with the history exchanged",
    ]


def test_a_missing_model_is_one_sentence(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match="2"):
        main([str(tmp_path / "none"), "--split", "validation"])
    assert f"error: There is no folder {tmp_path / 'none'}: a model is a run folder, " in capsys.readouterr().err
