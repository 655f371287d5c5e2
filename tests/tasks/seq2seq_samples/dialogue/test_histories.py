"""Shuffled and exchanged histories keep the last turn and the reply."""

from collections import Counter

import pytest

from seq2seq.corpus.example import Mark, Text, plain
from seq2seq_samples.dialogue.histories import HISTORIES, Reply, as_examples, exchanged, replies, shuffled, true
from seq2seq_samples.dialogue.sample import conversations, sample
from tests.tasks.seq2seq_samples.dialogue.readers import READER


def turns(source: Text) -> list[tuple[bool, str]]:
    """Return the turns of a source, and whether each is the responder's own."""
    pairs: list[tuple[bool, str]] = []
    is_own = False
    for part in source:
        if part is Mark.SPEAKER:
            is_own = True
        elif isinstance(part, str):
            pairs.append((is_own, part))
            is_own = False
    return pairs


@pytest.fixture(scope="module")
def targets() -> list[Reply]:
    return replies(conversations("test"))


def test_replies_are_those_that_need_memory(targets: list[Reply]) -> None:
    assert len(targets) >= len(conversations("test"))
    assert all(reply.turn.far_facts and reply.number >= 3 for reply in targets)
    total = sum(len(talk.far_facts) for talk in conversations("test"))
    assert sum(len(reply.turn.far_facts) for reply in targets) == total


def test_the_true_history_is_the_corpus_s(targets: list[Reply]) -> None:
    sources = {(plain(example.source), example.target) for example in sample(READER)["test"]}
    for source, reply in zip(true(targets, READER), targets, strict=True):
        assert (plain(source), reply.turn.text) in sources


def test_shuffled_turns_are_the_same_in_another_order(targets: list[Reply]) -> None:
    pairs = [
        (turns(original), turns(history))
        for original, history in zip(true(targets, READER), shuffled(targets, READER), strict=True)
    ]
    assert all(Counter(original) == Counter(history) and original[-1] == history[-1] for original, history in pairs)
    assert sum(original != history for original, history in pairs) > 0.9 * len(pairs)
    assert shuffled(targets, READER) == shuffled(targets, READER)


def test_exchanged_turns_are_those_of_another_conversation(targets: list[Reply]) -> None:
    for source, reply in zip(exchanged(targets, READER), targets, strict=True):
        texts = [text for _, text in turns(source)]
        assert texts[-1] == reply.conversation.texts[reply.number - 1]
        others = [
            talk
            for talk in conversations("test")
            if talk.way == reply.conversation.way
            and talk is not reply.conversation
            and talk.texts[: len(texts) - 1] == texts[:-1]
        ]
        assert others
        sides = [is_own for is_own, _ in turns(source)]
        assert sides[:-1] == [(reply.number - number) % 2 == 0 for number in range(len(sides) - 1)]
        assert not sides[-1]


def test_a_conversation_without_another_of_its_pattern_is_refused(targets: list[Reply]) -> None:
    with pytest.raises(ValueError, match=f"one conversation only of the pattern '{targets[0].conversation.pattern}'"):
        exchanged(targets[:1], READER)


@pytest.mark.parametrize("history", HISTORIES)
def test_the_reply_is_the_true_one_whatever_is_read(targets: list[Reply], history: str) -> None:
    examples = as_examples(targets, history, READER)
    assert [example.source for example in examples] == HISTORIES[history](targets, READER)
    assert [example.target for example in examples] == [reply.turn.text for reply in targets]
