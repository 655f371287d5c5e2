"""The sample corpus: checksum, sizes, and the splits of names and of words."""

from dataclasses import replace

import pytest

from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.languages import language_of_script
from seq2seq_samples.dialogue.grammar import Conversation, Fact, Turn
from seq2seq_samples.dialogue.sample import SIZES, conversations, generate, sample, split_of_combination, words_of
from seq2seq_samples.dialogue.scenarios import PATTERNS
from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.values import Value
from tests.tasks.seq2seq_samples.dialogue.readers import READER
from tests.tasks.seq2seq_samples.digests import digest

Corpus = dict[str, list[Example]]
DIGEST = "de95025b7fe0dc9919b467827463c518f50094db19c9305fb32f4f65f703d838"
SMALL_DIGEST = "41625216815485238d2dadb437773a933365959569a70a253dcd3123f8f175fb"


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    return sample(READER)


def test_the_corpus_has_not_changed(corpus: Corpus) -> None:
    assert digest(corpus) == DIGEST


def test_a_smaller_corpus_has_not_changed() -> None:
    assert digest(sample(READER, 240, 2, 4, seed=5, chats=100)) == SMALL_DIGEST


def test_every_turn_after_the_first_is_a_reply_to_all_before_it(corpus: Corpus) -> None:
    talks = conversations("test")
    assert len(talks) == SIZES[2]
    expected = [
        (f"sample test:{number}", talk.texts[:turn], talk.texts[turn])
        for number, talk in enumerate(talks, 1)
        for turn in range(1, len(talk.turns))
    ]
    rows = [(example.place, _said(plain(example.source)), example.target) for example in corpus["test"]]
    assert rows == expected


def _said(source: str) -> list[str]:
    """Return the turns of a source without the colons before the responder's own turns."""
    return [line.removeprefix(": ") for line in source.rstrip("\n").split("\n")]


def test_the_corpus_has_the_sizes_it_says(corpus: Corpus) -> None:
    splits = (corpus["train"], corpus["validation"], corpus["test"])
    for split, size in zip(splits, SIZES, strict=True):
        talked = [example for example in split if "first lines" not in example.place]
        first = {example.place: plain(example.source) for example in reversed(talked)}
        assert len(first) == size
        assert 2 * sum(language_of_script([text]) == "zh" for text in first.values()) == size


def test_texts_are_normalised_already(corpus: Corpus) -> None:
    for example in corpus["test"]:
        assert READER.target(plain(example.target)) == example.target


def test_smaller_corpora_and_other_seeds() -> None:
    small = sample(READER, 240, 2, 4, seed=5, chats=0)
    assert [
        len({example.place for example in split}) for split in (small["train"], small["validation"], small["test"])
    ] == [*(240, 2, 4)]
    assert sample(READER, 240, 2, 4, seed=5, chats=0) == small
    assert sample(READER, 240, 2, 4, seed=6, chats=0) != small


def test_patterns_take_turns() -> None:
    every = sum(map(len, PATTERNS.values()))
    ways = [talk.way for talk in generate(2 * every, 0, 0, seed=3)["train"]]
    assert all(ways.count(way) == 2 for way in ways)
    assert len(set(ways)) == every


def test_patterns_that_run_dry_say_so(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("seq2seq_samples.dialogue.sample.TURNS", range(3))
    monkeypatch.setattr("seq2seq_samples.dialogue.sample.TRIES", 5)
    with pytest.raises(ValueError, match="The pattern 'table' gives no more new conversations for train"):
        generate(2, 2, 2, seed=1)


def asked(*values: Value) -> Conversation:
    """Return a conversation whose only turn repeats values from three turns earlier."""
    facts = tuple(Fact(value, 3) for value in values)
    return Conversation("way", "en", "x", (Turn("So it is.", facts, is_certain=True),), values)


def test_words_that_must_be_remembered_together_belong_to_one_split() -> None:
    words = [Value(text, "day", text, is_held_out=False) for text in ("Monday", "Friday", "pizza")]
    for first, second in ((words[0], words[1]), (words[2], words[0])):
        split = split_of_combination(asked(first, second))
        assert (
            split == split_of_combination(asked(second, first)) == split_of(" ".join(sorted([first.text, second.text])))
        )
    assert split_of_combination(asked(words[0])) == "", "a single word is in every split"


@pytest.mark.parametrize("split", ["train", "validation", "test"])
def test_names_and_words_must_belong_to_the_same_split(split: str) -> None:
    name = next(text for text in map(str, range(100)) if split_of(text) == split)
    value = Value(name, "code", name)
    word = Value("Monday", "day", "Monday", is_held_out=False)
    assert split_of_combination(asked(value)) == split_of_combination(asked(value, word)) == split
    other = next(
        Value(text, "day", text, is_held_out=False)
        for text in map(str, range(100))
        if split_of(f"{text} Monday") != split
    )
    assert split_of_combination(asked(value, word, other)) == ""


def test_words_are_those_that_all_splits_share() -> None:
    talk = replace(
        asked(Value("Elin", "person", "Elin"), Value("pizza", "dish", "pizza", is_held_out=False)),
        turns=(Turn("Elin eats 12 pizzas, not Elina!", (), is_certain=True),),
    )
    assert words_of(talk) == {"eats", "pizzas", ",", "not", "Elina", "!"}
    assert words_of(replace(talk, language="zh", turns=(Turn("我吃12个。", (), is_certain=True),))) == set("我吃个。")
