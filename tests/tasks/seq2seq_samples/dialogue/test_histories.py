"""Shuffled and exchanged histories keep the last turn and the reply."""

from collections import Counter

import pytest

from seq2seq.corpus.example import Mark, Text, plain
from seq2seq_samples.dialogue.histories import HISTORIES, Reply, as_examples, exchanged, replies, shuffled, true
from seq2seq_samples.dialogue.sample import conversations, sample
from tests.tasks.seq2seq_samples.dialogue.readers import READER


def turns(source: Text) -> list[tuple[bool, str]]:
    """Return the turns of a source, and whether each is the responder's own."""
    found: list[tuple[bool, str]] = []
    is_own = False
    for part in source:
        if part is Mark.SPEAKER:
            is_own = True
        elif isinstance(part, str):
            found.append((is_own, part))
            is_own = False
    return found


@pytest.fixture(scope="module")
def found() -> list[Reply]:
    return replies(conversations("test"))


def test_replies_are_those_that_need_memory(found: list[Reply]) -> None:
    assert len(found) >= len(conversations("test"))
    assert all(one.turn.far_facts and one.number >= 3 for one in found)
    total = sum(len(one.far_facts) for one in conversations("test"))
    assert sum(len(one.turn.far_facts) for one in found) == total


def test_the_true_history_is_the_corpus_s(found: list[Reply]) -> None:
    sources = {(plain(example.source), example.target) for example in sample(READER)["test"]}
    for source, one in zip(true(found, READER), found, strict=True):
        assert (plain(source), one.turn.text) in sources


def test_shuffled_turns_are_the_same_in_another_order(found: list[Reply]) -> None:
    pairs = [
        (turns(one), turns(other)) for one, other in zip(true(found, READER), shuffled(found, READER), strict=True)
    ]
    assert all(Counter(one) == Counter(other) and one[-1] == other[-1] for one, other in pairs)
    assert sum(one != other for one, other in pairs) > 0.9 * len(pairs)
    assert shuffled(found, READER) == shuffled(found, READER)


def test_exchanged_turns_are_those_of_another_conversation(found: list[Reply]) -> None:
    for source, reply in zip(exchanged(found, READER), found, strict=True):
        said = [text for _, text in turns(source)]
        assert said[-1] == reply.conversation.texts[reply.number - 1]
        others = [
            one
            for one in conversations("test")
            if one.way == reply.conversation.way
            and one is not reply.conversation
            and one.texts[: len(said) - 1] == said[:-1]
        ]
        assert others
        sides = [is_own for is_own, _ in turns(source)]
        assert sides[:-1] == [(reply.number - number) % 2 == 0 for number in range(len(sides) - 1)]
        assert not sides[-1]


def test_a_conversation_without_another_of_its_pattern_is_refused(found: list[Reply]) -> None:
    with pytest.raises(ValueError, match=f"one conversation only of the pattern '{found[0].conversation.pattern}'"):
        exchanged(found[:1], READER)


@pytest.mark.parametrize("history", HISTORIES)
def test_the_reply_is_the_true_one_whatever_is_read(found: list[Reply], history: str) -> None:
    examples = as_examples(found, history, READER)
    assert [example.source for example in examples] == HISTORIES[history](found, READER)
    assert [example.target for example in examples] == [one.turn.text for one in found]
