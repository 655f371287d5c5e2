"""Conversations in the report: reassembled, with their speakers, and safe to view."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, cast

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, plain
from seq2seq.evaluation.evaluate import Evaluation
from seq2seq.plugin import Prediction, Scorer
from seq2seq.plugin.report_blocks import Html, Table
from seq2seq_dialogue.reader import DialogueReader
from seq2seq_dialogue.shown_conversations import LONGEST, chosen, conversation, section, segments, together
from tests.seq2seq.report.sample_reports import HOSTILE, Checker
from tests.tasks.seq2seq_dialogue import talks

PLACES = st.lists(st.sampled_from(["", "x:1", "x:2", "x:3"]), min_size=1, max_size=30)


@given(PLACES, st.integers(0, 6))
def test_neighbours_of_one_place_are_a_conversation(places: list[str], count: int) -> None:
    found = together(places)
    assert [number for one in found for number in one] == list(range(len(places)))
    for one in found:
        assert len({places[number] for number in one}) == 1
        assert places[one[0]] or len(one) == 1
    shown = chosen(places, count)
    assert len(shown) <= count
    assert len({one[0] for one in shown}) == len(shown)
    assert all(1 <= len(one) <= LONGEST for one in shown)


def test_longer_conversations_are_shown_first_and_spread_over_the_test_set() -> None:
    places = [f"x:{number}" for number in range(30) for _ in range(1 + 3 * (number % 2))]
    assert [places[one[0]] for one in chosen(places, 3)] == ["x:1", "x:11", "x:21"]
    assert chosen(["a", "b"], 5) == [range(1), range(1, 2)]
    assert chosen(["a"] * 50, 2) == [range(LONGEST)]


@given(
    st.lists(st.sampled_from(["yes", "no", "我们去", "a: b"]), min_size=2, max_size=12),
    st.booleans(),
    st.integers(0, 3),
)
def test_two_who_take_turns_are_told_apart(turns: list[str], is_marked: bool, remembered: int) -> None:
    reader = DialogueReader(speakers=is_marked, history_turns=remembered)
    examples = talks.examples([turns], reader)
    told = conversation(examples, range(len(examples)))
    assert [turn.text for turn in told.turns] == turns
    assert "".join(turn.speaker for turn in told.turns) == ("AB" * len(turns))[: len(turns)]
    assert [turn.number for turn in told.turns] == [None, *range(len(turns) - 1)]


def test_who_speaks_twice_is_known_by_the_marks_and_the_persona_is_none() -> None:
    record = {"turns": list("abcd"), "speakers": ["Ann", "Ben", "Ben", "Ann"], "persona": ["I sell tea.", "我老了。"]}
    examples = list(DialogueReader().examples(record, "x:1"))
    told = conversation(examples, range(3))
    assert "".join(turn.speaker for turn in told.turns) == "ABBA"
    assert told.persona == ("I sell tea.", "我老了。")
    assert segments(Example("only text", "b")) == ((), [("only text", False)])
    assert segments(Example("", "b")) == ((), [])


def test_the_section_shows_each_reply_beside_the_human_s_and_what_was_read() -> None:
    turns = ["Hello!", HOSTILE, "", "ok <turn>"]
    record = {"turns": [one for one in turns if one], "persona": ["<b>knows</b>"]}
    examples = list(DialogueReader(normalization="none").examples(record, "x<y:1"))
    predictions = [
        talks.prediction(index, text, plain(one.target))
        for index, (text, one) in enumerate(zip([HOSTILE, ""], examples, strict=True))
    ]
    attention: dict[str, Any] = {
        "pieces": ("▁a", "b"),
        "source_pieces": ("▁x", "<turn>"),
        "attention": ((0.9, 0.1), (0.5, 0.5)),
    }

    def attend(predictions: Sequence[Prediction], indices: Sequence[int]) -> list[Prediction]:
        assert list(indices) == [0, 1]
        return [replace(predictions[0], **attention), *predictions[1:]]

    # The section asks no model.
    found = section(Evaluation(cast(Scorer, None), examples, predictions, seed=1, samples=0, shown=3, attend=attend))
    assert found.title == "Conversations"
    note, block = found.blocks
    assert "spread evenly over the test set" in str(note)
    assert isinstance(block, Html)
    page = Checker()
    page.feed(block.markup())
    page.close()
    assert page.open == []
    read_out = "".join(page.texts)
    assert read_out.count("<script>alert(1)</script>") == 2
    assert "Its attention" in read_out
    assert block.markup().count("<details") == 1
    assert 'class="empty"' in block.markup()  # the second reply
    assert ".talk-0:is(.s0)" in block.markup()
    assert isinstance(block.text, Table)
    assert block.text.rows[0] == ["known", "<b>knows</b>", ""]
    assert block.text.rows[1] == ["A", "Hello!", ""]
    assert block.text.rows[2] == ["B", plain(examples[0].target), HOSTILE]
    assert block.text.rows[3] == ["A", "ok <turn>", "(empty)"]
