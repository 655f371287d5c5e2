"""First lines: thirty test lines per language, none of which occurs in a training chat."""

import re
from collections import Counter

import pytest

from seq2seq.corpus.example import plain
from seq2seq_samples.dialogue.first_lines import KINDS, OPENERS, chats, examples
from seq2seq_samples.dialogue.proof import LEAST_ANSWERED, check, check_openers
from seq2seq_samples.dialogue.sample import CHATS, SEED, generate
from seq2seq_samples.engine.first_lines import bare
from seq2seq_samples.engine.splits import LANGUAGES
from tests.tasks.seq2seq_samples.dialogue.readers import READER


@pytest.mark.parametrize("language", LANGUAGES)
def test_thirty_lines_to_ask_with_and_every_reply_is_taught(language: str) -> None:
    openers = OPENERS[language]
    assert len({bare(opener.text) for opener in openers}) == 30
    kinds = set()
    for chat in chats(CHATS, SEED):
        for reply in chat.texts[1::2]:
            kinds.add(re.escape(reply))
            kinds |= {re.escape(reply).replace(re.escape(value.text), ".+") for value in chat.values}
    assert [
        opener.text for opener in openers if not any(re.fullmatch(kind, opener.accepted[0]) for kind in kinds)
    ] == []


def test_no_chat_holds_a_line_to_ask_with() -> None:
    asked = {bare(opener.text) for openers in OPENERS.values() for opener in openers}
    lines = {bare(text) for chat in chats(CHATS, SEED) for text in chat.texts[::2]}
    assert not asked & lines


def test_replies_alone_are_learned_each_with_all_before_it() -> None:
    chat = next(chat for chat in chats(100, seed=3) if len(chat.turns) > 2)
    replies = examples([chat], READER, seed=3)
    assert [example.target for example in replies] == chat.texts[1::2]
    sources = [plain(example.source).rstrip("\n").split("\n") for example in replies]
    assert [len(source) for source in sources] == [1, 3, 5]
    assert sources[2][1] == f": {chat.texts[1]}"


def test_most_chats_are_a_line_and_its_reply() -> None:
    lengths = Counter(len(chat.turns) for chat in chats(400, seed=3))
    assert set(lengths) == {2, 6, 8}
    assert lengths[2] / lengths.total() == pytest.approx(KINDS[0], abs=0.06)


@pytest.mark.parametrize(("language", "asked"), [("en", "is my name"), ("zh", "我叫什么")])
def test_some_chats_ask_for_the_name_that_they_began_with(language: str, asked: str) -> None:
    asking = [chat for chat in chats(2000, seed=3) if chat.language == language and asked in chat.texts[-2]]
    assert {len(chat.turns) for chat in asking} == {6, 8}
    for chat in asking:
        (name,) = (fact.value.text for fact in chat.turns[-1].facts)
        assert name in chat.texts[0]
        assert name not in chat.texts[-2]


def test_some_lines_are_typed_without_care() -> None:
    generated = list(chats(200, seed=4))
    firsts = [plain(example.source).split("\n")[-2] for example in examples(generated, READER, seed=4)]
    written = [text for chat in generated for text in chat.texts[::2]]
    changed = [(given, shown) for given, shown in zip(written, firsts, strict=True) if given != shown]
    assert 0.2 < len(changed) / len(written) < 0.4
    assert all(bare(given) == bare(shown) for given, shown in changed)
    assert "My name is" not in {shown for _, shown in changed}


def test_a_line_to_ask_with_in_train_is_found() -> None:
    splits = generate(720, 4, 8, seed=4)
    chat = next(iter(chats(1, seed=3)))
    claim = "no first line to ask with is said in any conversation"
    assert {finding.claim: finding.against for finding in check(splits, [chat])}[claim] == ""
    turns = (type(chat.turns[0])(text="i have a dog", facts=(), is_certain=True), *chat.turns[1:])
    leaky = type(chat)(chat.topic, chat.language, chat.pattern, turns, chat.values)
    assert {finding.claim: finding.against for finding in check(splits, [leaky])}[claim] == "I have a dog."


def test_sensible_replies_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    replies = [opener.accepted[-1].rstrip(".") for opener in OPENERS["en"]]
    assert check_openers("en", replies).against == ""
    wrong = len(replies) - LEAST_ANSWERED + 1
    assert check_openers("en", ["Hm."] * wrong + replies[wrong:]).against == str(LEAST_ANSWERED - 1)
    output = capsys.readouterr().out
    assert "30 of 30 first lines in English are right" in output
    assert "wrong: Hi there! -> Hm. (right: Hello! How are you?)" in output
