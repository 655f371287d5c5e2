"""Text decoded piece by piece equals text decoded as a whole; stops."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.normalization import normalize
from seq2seq.tokenization.incremental_text import IncrementalText, Stops
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from seq2seq.tokenization.training import train
from tests.properties import examples
from tests.seq2seq.tiny import tiny_tokenizer

WORDS = ("\u2581Zürich", "郑州")
LEVELS = ("bpe", "unigram", "char", "word")
ALPHABET = "abc  \t.一二三\n"
KNOWN = "ab ca b\tc. 一二三 a\tb  c\n  bc 三\n\n a ."


@cache
def tokenizer_of(level: str) -> Tokenizer:
    """Train a tokenizer of running text; the word model knows the words of the tests."""
    text = KNOWN * 3
    if level == "word":
        text = "ab cd 一二 ef gh ij kl\n"
    size = {"bpe": 280, "unigram": 270, "char": 100, "word": 8}[level]
    return train([Example("", text)] * 2, TokenizerOptions(vocabulary_size=size, model=level)).target


@pytest.mark.parametrize("level", ["bpe", "unigram", "char"])
@given(text=st.text(ALPHABET, max_size=60))
def test_running_text_comes_back_to_the_byte(level: str, text: str) -> None:
    tokenizer = tokenizer_of(level)
    text = normalize(text, "layout")
    assert tokenizer.decode(tokenizer.encode(text)) == text
    if level == "char":
        assert len(tokenizer.encode(text)) == len(text)


@given(words=st.lists(st.lists(st.sampled_from(["ab", "cd", "一二"]), max_size=5), max_size=5))
def test_known_words_come_back(words: list[list[str]]) -> None:
    tokenizer = tokenizer_of("word")
    text = "\n".join(" ".join(line) for line in words)
    assert tokenizer.decode(tokenizer.encode(text)) == text
    assert len(tokenizer.encode(text)) == sum(map(len, words)) + text.count("\n")


@pytest.mark.parametrize("level", LEVELS)
@given(data=st.data())
def test_piece_by_piece_is_the_whole(level: str, data: st.DataObject) -> None:
    tokenizer = tokenizer_of(level)
    ids = data.draw(st.lists(st.integers(0, tokenizer.vocabulary_size - 1), max_size=30))
    spelling = IncrementalText(tokenizer)
    assert "".join(map(spelling.add, ids)) + spelling.end() == tokenizer.decode(ids)


@pytest.mark.parametrize("level", LEVELS)
@given(text=st.text(ALPHABET + "🙂é", max_size=40), place=st.integers(0, 60))
def test_a_text_goes_on_where_its_beginning_ends(level: str, text: str, place: int) -> None:
    tokenizer = tokenizer_of(level)
    ids = tokenizer.encode(text)
    before, after = ids[:place], ids[place:]
    while before and tokenizer.is_byte(before[-1]):
        before, after = before[:-1], [before[-1], *after]
    spelling = IncrementalText(tokenizer, before)
    assert tokenizer.decode(before) + "".join(map(spelling.add, after)) + spelling.end() == tokenizer.decode(ids)


def test_a_character_comes_with_its_last_byte() -> None:
    tokenizer = tokenizer_of("bpe")
    ids = tokenizer.encode("🙂")
    spelling = IncrementalText(tokenizer)
    parts = [spelling.add(token) for token in ids]
    assert parts[-1] == "🙂"
    assert set(parts[:-1]) == {""}


@given(st.lists(st.text("ab", max_size=3), max_size=12), st.lists(st.text("ab", min_size=1, max_size=3), max_size=3))
def test_stops_end_a_text_before_the_first_of_them(parts: list[str], stops: list[str]) -> None:
    text = "".join(parts)
    watched = Stops(stops)
    said = ""
    for part in parts:
        said += watched.add(part)
        assert not any(stop in said for stop in stops)
        if watched.is_over:
            break
    if not watched.is_over:
        said += watched.end()
    ends = [text.find(stop) + len(stop) for stop in stops if stop in text]
    if not ends:
        assert said == text
        assert not watched.is_over
    else:
        assert watched.is_over
        # The text ends when a stop string is complete, in any part.
        assert text.startswith(said)
        assert any(text[len(said) :].startswith(stop) for stop in stops)


@given(data=st.data())
@examples(200)
def test_text_that_was_handed_out_never_changes(toy_tokenizers: Tokenizers, data: st.DataObject) -> None:
    target = toy_tokenizers.target
    spoken = st.sampled_from(target.encode("the dog 狗 😀 é \u2581 \ufffd books\nin 北京 ꙮ"))
    token = st.one_of(st.integers(0, target.vocabulary_size - 1), spoken, st.just(target.marks[Mark.LINE]))
    ids = data.draw(st.lists(token, max_size=25))
    text = IncrementalText(target)
    parts: list[str] = []
    for number, one in enumerate(ids):
        parts.append(text.add(one))
        assert target.decode(ids).startswith("".join(parts)), number
    parts.append(text.end())
    assert "".join(parts) == target.decode(ids)


@given(ids=st.lists(st.integers(0, tiny_tokenizer().vocabulary_size + 1), max_size=12))
def test_copied_words_are_handed_out_too(ids: list[int]) -> None:
    text = IncrementalText(tiny_tokenizer(), words=WORDS)
    parts = [text.add(one) for one in ids]
    assert "".join([*parts, text.end()]) == tiny_tokenizer().decode(ids, WORDS)


def test_a_character_of_several_bytes_comes_whole(toy_tokenizers: Tokenizers) -> None:
    text = IncrementalText(toy_tokenizers.target)
    ids = toy_tokenizers.target.encode("😀")
    parts = [text.add(one) for one in ids]
    assert len(ids) > 3
    assert [part for part in parts if part] == ["😀"]
