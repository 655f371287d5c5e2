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
    assert len({bare(one.text) for one in openers}) == 30
    kinds = set()
    for one in chats(CHATS, SEED):
        for reply in one.texts[1::2]:
            kinds.add(re.escape(reply))
            kinds |= {re.escape(reply).replace(re.escape(value.text), ".+") for value in one.values}
    assert [one.text for one in openers if not any(re.fullmatch(kind, one.accepted[0]) for kind in kinds)] == []


def test_no_chat_holds_a_line_to_ask_with() -> None:
    asked = {bare(one.text) for some in OPENERS.values() for one in some}
    said = {bare(text) for one in chats(CHATS, SEED) for text in one.texts[::2]}
    assert not asked & said


def test_replies_alone_are_learned_each_with_all_before_it() -> None:
    one = next(one for one in chats(100, seed=3) if len(one.turns) > 2)
    made = examples([one], READER, seed=3)
    assert [example.target for example in made] == one.texts[1::2]
    sources = [plain(example.source).rstrip("\n").split("\n") for example in made]
    assert [len(source) for source in sources] == [1, 3, 5]
    assert sources[2][1] == f": {one.texts[1]}"


def test_most_chats_are_a_line_and_its_reply() -> None:
    lengths = Counter(len(one.turns) for one in chats(400, seed=3))
    assert set(lengths) == {2, 6, 8}
    assert lengths[2] / lengths.total() == pytest.approx(KINDS[0], abs=0.06)


@pytest.mark.parametrize(("language", "asked"), [("en", "is my name"), ("zh", "我叫什么")])
def test_some_chats_ask_for_the_name_that_they_began_with(language: str, asked: str) -> None:
    some = [one for one in chats(2000, seed=3) if one.language == language and asked in one.texts[-2]]
    assert {len(one.turns) for one in some} == {6, 8}
    for one in some:
        (name,) = (fact.value.text for fact in one.turns[-1].facts)
        assert name in one.texts[0]
        assert name not in one.texts[-2]


def test_some_lines_are_typed_without_care() -> None:
    some = list(chats(200, seed=4))
    firsts = [plain(example.source).split("\n")[-2] for example in examples(some, READER, seed=4)]
    written = [text for one in some for text in one.texts[::2]]
    changed = [(given, typed) for given, typed in zip(written, firsts, strict=True) if given != typed]
    assert 0.2 < len(changed) / len(written) < 0.4
    assert all(bare(given) == bare(typed) for given, typed in changed)
    assert "My name is" not in {typed for _, typed in changed}


def test_a_line_to_ask_with_in_train_is_found() -> None:
    splits = generate(720, 4, 8, seed=4)
    one = next(iter(chats(1, seed=3)))
    claim = "no first line to ask with is said in any conversation"
    assert {finding.claim: finding.against for finding in check(splits, [one])}[claim] == ""
    turns = (type(one.turns[0])(text="i have a dog", facts=(), is_certain=True), *one.turns[1:])
    leaky = type(one)(one.topic, one.language, one.pattern, turns, one.values)
    assert {finding.claim: finding.against for finding in check(splits, [leaky])}[claim] == "I have a dog."


def test_sensible_replies_are_counted(capsys: pytest.CaptureFixture[str]) -> None:
    replies = [one.accepted[-1].rstrip(".") for one in OPENERS["en"]]
    assert check_openers("en", replies).against == ""
    wrong = len(replies) - LEAST_ANSWERED + 1
    assert check_openers("en", ["Hm."] * wrong + replies[wrong:]).against == str(LEAST_ANSWERED - 1)
    output = capsys.readouterr().out
    assert "30 of 30 first lines in English are right" in output
    assert "wrong: Hi there! -> Hm. (right: Hello! How are you?)" in output
