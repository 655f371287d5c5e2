"""Ranking the true reply among ten candidates."""

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, plain
from seq2seq.models.source_model import SourceModel
from seq2seq.plugin.report_blocks import Table
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq_dialogue.diversity import same
from seq2seq_dialogue.ranking import OTHERS, ranks, section, trials
from seq2seq_dialogue.reader import DialogueReader
from tests.seq2seq.conftest import toy_examples, toy_tokenizers
from tests.seq2seq.decoded import source_model
from tests.tasks.seq2seq_dialogue import talks

__all__ = ["toy_examples", "toy_tokenizers"]


@pytest.fixture
def model(tmp_path: Path, toy_tokenizers: Tokenizers) -> SourceModel:
    """A partner with random weights."""
    return source_model(talks.model(tmp_path / "model", toy_tokenizers))


@settings(max_examples=20)
@given(st.integers(0, 1000), st.integers(1, 90))
def test_the_others_come_from_elsewhere_and_no_two_are_the_same(seed: int, most: int) -> None:
    asked = talks.examples([*talks.conversations(20), ["a cat", "Dog!"], ["a dog", "dog"]])
    found = trials(asked, seed=seed, most=most)
    assert found == trials(asked, seed=seed, most=most)
    assert len(found) == min(most, len(asked))
    assert [one.number for one in found] == sorted({one.number for one in found})
    for one in found:
        replies = [same(plain(asked[number].target)) for number in (one.number, *one.others)]
        assert len(set(replies)) == len(replies) == OTHERS + 1
        assert asked[one.number].place not in {asked[number].place for number in one.others}


def test_the_draw_knows_neither_the_model_nor_what_is_remembered() -> None:
    held = talks.conversations(12)
    short = talks.examples(held, DialogueReader(history_turns=1, max_source_pieces=9))
    assert trials(talks.examples(held), seed=3) == trials(short, seed=3)
    assert trials(short, seed=4) != trials(short, seed=3)


def test_a_rare_other_is_found_among_many_equal_replies() -> None:
    dull = [Example("a", "yes", (), f"x:{number}") for number in range(500)]
    rest = [Example("a", f"reply {number}", (), f"y:{number}") for number in range(9)]
    assert len(trials([*dull, *rest], seed=1)) == 509
    assert trials([*dull, *rest[1:]], seed=1) == []


def test_ranks_are_those_of_single_scores(model: SourceModel) -> None:
    asked = talks.examples(talks.conversations(8))
    drawn = trials(asked, seed=1)
    found = ranks(model, asked, drawn)
    for place, one in list(zip(found, drawn, strict=True))[::5]:
        values = []
        for number in (one.number, *one.others):
            (score,) = model.score([asked[one.number]], [asked[number]])
            values.append(score.log_probability / score.tokens)
        assert place == 1 + sum(value > values[0] + 1e-5 for value in values[1:])
    assert set(found) <= set(range(1, OTHERS + 2))
    assert len(set(found)) > 3


def test_the_table_has_the_shares_and_chance(model: SourceModel) -> None:
    asked = talks.examples(talks.conversations(8))
    found = ranks(model, asked, trials(asked, seed=2))
    table, note = section(model, asked, seed=2, samples=50).blocks
    assert isinstance(table, Table)
    rows = {str(row[0]): list(row[1:]) for row in table.rows}
    assert rows["true reply ranked first of ten (%)"][0] == pytest.approx(100 * found.count(1) / len(found))
    assert rows["true reply ranked first of ten (%)"][2] == 10
    assert rows["mean reciprocal rank (of 100)"][0] == pytest.approx(sum(100 / one for one in found) / len(found))
    assert rows["mean reciprocal rank (of 100)"][2] == pytest.approx(29.29, abs=0.01)
    assert "For each of 32 examples" in str(note)
    assert "seed 2" in str(note)


def test_too_few_replies_are_told(model: SourceModel) -> None:
    few = talks.examples(talks.conversations(2))
    (said,) = section(model, few, seed=1, samples=0).blocks
    assert said == "No example has nine different replies of other conversations to be ranked among."
    alone = [replace(one, place="") for one in few * 2]  # examples without a place are conversations of their own
    assert section(model, alone, seed=1, samples=0).blocks == [said]
