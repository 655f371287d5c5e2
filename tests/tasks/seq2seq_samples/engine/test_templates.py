"""Templates: blocks with a name, choices of wordings, and slots that are filled from left to right."""

from random import Random

import pytest

from seq2seq_samples.engine.templates import blocks, filled, without_pairs
from seq2seq_samples.engine.values import Draw, listed, word

MAKERS = {"day": word("day", listed("Monday Tuesday Sunday"))}


def test_a_block_is_a_name_and_lines() -> None:
    assert blocks("\nrain\n- It rained.\n= Rain.\n\nsnow\n- It snowed.\n") == [
        ("rain", ["- It rained.", "= Rain."]),
        ("snow", ["- It snowed."]),
    ]


def test_pairs_of_slots_are_no_lines_of_text() -> None:
    assert without_pairs(["- At {time}.", "< time time2", "- Until {time2}."]) == (
        ["- At {time}.", "- Until {time2}."],
        (("time", "time2"),),
    )
    with pytest.raises(ValueError, match="unpack"):
        without_pairs(["< time"])


def test_slots_are_filled_and_wordings_chosen() -> None:
    texts = set()
    for seed in range(40):
        draw = Draw(Random(seed), "en", "train", MAKERS)
        text, values = filled("[Not|Never] {day}, {+day}. {day}!", draw)
        first, second = draw.drawn
        assert text[text.index(" ") :] == f" {first.text}, {second.text}. {second.text}!"
        assert values == [first, second, second]
        texts.add(text.split()[0])
    assert texts == {"Not", "Never"}
