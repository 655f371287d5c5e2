"""Banned words, compared with a definition that decodes every possible next text."""

import itertools
import random
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.decoding.phrases.banned_phrases import State, bans, folded
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.training import train
from tests.seq2seq.speech import says

TEXTS = [
    "The cat sat on a mat. He said: damn, the catalogue!",
    "No, nothing! DAMN it all; it is naïve, Größe and größer",
    "这 只猫 在 北京。他说：该死，猫！我 用 iPhone 买 三本书",
    "a b c ab bc abc aab über uber",
]
KINDS = {
    "bytes": TokenizerOptions(vocabulary_size=360, model="bpe"),
    "unigram": TokenizerOptions(vocabulary_size=320, model="unigram"),
    "characters": TokenizerOptions(vocabulary_size=75, model="char"),
    "words": TokenizerOptions(vocabulary_size=38, model="word"),
}


@cache
def tokenizer(kind: str) -> Tokenizer:
    """A real tokenizer of a few texts."""
    return train([Example(text, text) for text in TEXTS * 3], KINDS[kind]).target


@pytest.mark.parametrize("kind", KINDS)
@settings(max_examples=12)
@given(seed=st.integers(0, 10_000), data=st.data())
def test_forbidden_is_exactly_what_would_leave_a_banned_word(kind: str, seed: int, data: st.DataObject) -> None:
    target, draw = tokenizer(kind), random.Random(seed)
    words = ("▁cats", "▁the", "猫") if kind in ("characters", "words") else ()
    size = target.vocabulary_size
    text = draw.choice(TEXTS)
    cuts = st.tuples(st.integers(0, len(text) - 1), st.integers(1, 9))
    phrases = [text[start : start + length] for start, length in data.draw(st.lists(cuts, min_size=1, max_size=5))]
    phrases += data.draw(st.lists(st.sampled_from(["the", "a", "cat", "猫", "damn it", "！", "über", "it  all"])))
    found = bans(target, tuple(phrases))
    phrases = [phrase for phrase in phrases if phrase.strip()]
    if found is None:
        assert not phrases
        return
    ids: list[int] = []
    state = State()
    # Pieces of real texts come often, so that phrases are begun; any piece may come.
    likely = target.encode(text)
    for _ in range(6):
        forbidden = set(found.forbidden(state, words).tolist())
        for token in range(size + len(words)):
            text_after = target.decode([*ids, token], words)
            assert (token in forbidden) == any(says(text_after, phrase) for phrase in phrases)
        allowed = [token for token in [*likely * 20, *range(size + len(words))] if token not in forbidden]
        # Continue as a real text does, where possible.
        following = [b for a, b in itertools.pairwise(likely) if ids and a == ids[-1] and b not in forbidden]
        token = draw.choice(following) if following and draw.random() < 0.7 else draw.choice(allowed)
        ids.append(token)
        state = found.after(state, token, words)


def test_what_stands_where_counts() -> None:
    target = tokenizer("bytes")
    found = bans(target, ("cat", "damn it", "猫", "\t"))
    assert found is not None

    def says_after(begun: str, piece: str) -> bool:
        state = State()
        for token in target.encode(begun):
            state = found.after(state, token)
        return bool(
            {number for number, one in enumerate(target.surfaces) if one.decode(errors="replace") == piece}
            & set(found.forbidden(state).tolist())
        )

    assert says_after("the ca", "t")
    assert not says_after("the tica", "t")
    assert says_after("DAMN i", "t")
    assert says_after("damn \n i", "t")
    assert not says_after("damn ji", "t")
    assert says_after("该死", "猫")


@pytest.mark.parametrize("kind", ["bytes", "unigram", "words"])
def test_a_piece_behind_a_mark_loses_its_blank(kind: str) -> None:
    """Decoding drops the space there, too: ``a``, the start token and ``▁b`` decode to "ab"."""
    target = tokenizer(kind)
    first, second = target.encode("a")[0], target.encode("b")[0]
    assert target.decode([first, target.start, second]) == "ab"
    for phrase, is_banned in (("ab", True), ("a b", False), ("b", False)):
        found = bans(target, (phrase,))
        assert found is not None
        state = found.after(found.after(State(), first), target.start)
        assert (second in found.forbidden(state).tolist()) == is_banned
        assert (second in found.forbidden(found.after(State(), first)).tolist()) == (phrase != "ab")
        size = target.vocabulary_size
        assert (size in found.forbidden(state, ("▁b",)).tolist()) == is_banned


def test_a_character_in_bytes_is_banned_at_its_last_byte() -> None:
    target = tokenizer("bytes")
    dog = "狗".encode()
    of_byte = {one: number for number, one in enumerate(target.surfaces) if len(one) == 1 and one[0] >= 0x80}
    found = bans(target, ("狗",))
    assert found is not None
    state = State()
    for byte in dog[:2]:
        assert of_byte[bytes([byte])] not in found.forbidden(state).tolist()
        state = found.after(state, of_byte[bytes([byte])])
    assert found.forbidden(state).tolist() == [of_byte[dog[2:]]]
    assert not found.forbidden(found.after(state, of_byte[dog[:1]])).tolist()  # broken: another character begins


def test_nothing_is_banned_by_nothing() -> None:
    assert bans(tokenizer("bytes"), ()) is None
    assert bans(tokenizer("bytes"), ("", " \n", "\ufffd")) is None
    assert bans(tokenizer("bytes"), ("cat",)) is bans(tokenizer("bytes"), ("cat",))


@settings(max_examples=30)
@given(st.text(max_size=8), st.text(max_size=8))
def test_texts_fold_part_by_part(one: str, other: str) -> None:
    whole = folded(one + other)
    parts = folded(one), folded(other)
    assert whole in ("".join(parts), parts[0] + parts[1].removeprefix(" "))
