"""Perplexities per piece and per word, with and without the end of a reply."""

import math

import pytest

from seq2seq.plugin.report_blocks import Table
from seq2seq_dialogue.perplexity import section
from tests.tasks.seq2seq_dialogue.talks import prediction


def rows(texts: list[str], tokenize: str, samples: int = 0) -> dict[str, list[str | int | float]]:
    found = section(
        [prediction(index, "", text) for index, text in enumerate(texts)], tokenize, seed=1, samples=samples
    )
    table = next(block for block in found.blocks if isinstance(block, Table))
    return {str(row[0]): list(row[1:]) for row in table.rows}


def test_each_way_divides_its_own_loss_by_its_own_count() -> None:
    found = rows(["Yes, we do.", "no"], "13a")
    # Each reply costs 6 nats, 1.5 of them for its end, and has 4 tokens with the end; words: 5 and 1.
    expected = {
        "token, the end counts": 12 / 8,
        "token, without the end": 9 / 6,
        "word, the end counts": 12 / 8,
        "word, without the end": 9 / 6,
    }
    assert {name: row[0] for name, row in found.items()} == pytest.approx(
        {name: math.exp(nats) for name, nats in expected.items()}
    )
    assert [row[2] for row in found.values()] == ["1.5000"] * 4
    assert all(row[1] == "none" for row in found.values())


def test_chinese_counts_by_character() -> None:
    found = rows(["我们去。"], "zh")
    assert found["character or word, the end counts"][2] == f"{6 / 5:.4f}"
    assert found["character or word, without the end"][2] == f"{4.5 / 4:.4f}"


def test_intervals_surround_the_value() -> None:
    for value, interval, _ in rows(["a b c", "a", "a b", "a b c d e f"], "13a", samples=100).values():
        low, high = (float(one) for one in str(interval).split(" to "))
        assert low <= float(value) + 0.01
        assert high >= float(value) - 0.01


def test_replies_without_a_word_have_no_perplexity_per_word() -> None:
    assert list(rows([" "], "13a")) == [
        "token, the end counts",
        "token, without the end",
        "word, the end counts",
    ]


def test_words_of_two_languages_are_each_counted_in_their_own_way() -> None:
    section_of_both = section(
        [prediction(0, "", "Yes, we do."), prediction(1, "", "我们去。")], "script", seed=1, samples=0
    )
    table, note = section_of_both.blocks
    assert isinstance(table, Table)
    assert next(row for row in table.rows if row[0] == "character or word, without the end")[3] == f"{9 / 9:.4f}"
    assert "Words are split as for BLEU (13a+zh)" in str(note)
