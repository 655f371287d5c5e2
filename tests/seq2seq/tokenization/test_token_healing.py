"""Continuing a prompt that ends inside a piece."""

from functools import cache

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.corpus.normalization import normalize
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.token_healing import Prompt, Seam, beginnings, prompted
from seq2seq.tokenization.tokenizer import Tokenizer
from seq2seq.tokenization.training import train

LEVELS = ("bpe", "unigram", "char", "word")
KNOWN = "once upon a time\n从前有一只小猫。\nupon a timer, 从前有一只小狗。\n"


@cache
def tokenizer_of(level: str) -> Tokenizer:
    size = {"bpe": 320, "unigram": 281, "char": 100, "word": 12}[level]
    return train([Example("", KNOWN * 3)] * 2, TokenizerOptions(vocabulary_size=size, model=level)).target


@pytest.mark.parametrize("level", LEVELS)
@given(text=st.text("once upatimr,  \n从前有一只小猫🙂", max_size=40))
@example(text="\n ")
@example(text=" ")
def test_every_seam_spells_the_prompt(level: str, text: str) -> None:
    tokenizer = tokenizer_of(level)
    text = normalize(text, "layout")
    prompt = prompted(text, tokenizer)
    assert all(seam.kept <= len(prompt.ids) for seam in prompt.seams)
    for seam in prompt.seams:
        before = prompt.ids[: seam.kept]
        for token in seam.first[:: max(1, len(seam.first) // 10)]:
            spelling = IncrementalText(tokenizer, before)
            added = spelling.add(token)
            if level == "word" and (not before or before[-1] in tokenizer.own_marks):
                # A word at the start of a text or a line has no space, because the prompt's is already shown.
                assert added.strip() == added != ""
            else:
                assert added.startswith(seam.text)
                assert len(added) > len(seam.text) or not before
            if level != "word":  # the word model does not know all words
                assert (tokenizer.decode(before) + added).startswith(text)


@given(text=st.sampled_from(KNOWN.splitlines()), place=st.integers(1, 30))
def test_the_pieces_of_the_whole_text_are_among_the_ways(text: str, place: int) -> None:
    tokenizer = tokenizer_of("bpe")
    ids, prompt = tokenizer.encode(text), prompted(text[:place], tokenizer)
    whole = any(
        list(prompt.ids[: seam.kept]) == ids[: seam.kept] and (not seam.first or ids[seam.kept] in seam.first)
        for seam in prompt.seams
    )
    assert whole or len(text) <= place


def test_several_pieces_are_taken_back_for_a_longer_one() -> None:
    tokenizer = tokenizer_of("bpe")
    prompt = prompted("upon a ti", tokenizer)
    ids = tokenizer.encode("upon a time")
    free, *others = prompt.seams
    assert free == Seam(len(prompt.ids))
    assert len(prompt.ids) > len(ids)
    last = others[-1]
    assert (list(prompt.ids[: last.kept]), last.text) == (ids[:-1], " ti")
    assert ids[-1] in last.first


def test_a_blank_at_the_end_may_be_that_of_the_next_word() -> None:
    tokenizer = tokenizer_of("bpe")
    prompt = prompted("once ", tokenizer)
    seam = prompt.seams[1]
    assert (tokenizer.decode(prompt.ids[: seam.kept]), seam.text) == ("once", " ")
    assert tokenizer.encode("once upon")[-1] in seam.first
    words = tokenizer_of("word")
    kept = words.encode("upon")
    (only,) = prompted("upon ", words).seams
    assert (prompted("upon ", words).ids, only.kept, only.text) == (tuple(kept), 1, " ")
    assert words.encode("a")[0] in only.first


@pytest.mark.parametrize("level", LEVELS)
def test_nothing_is_taken_back(level: str) -> None:
    tokenizer = tokenizer_of(level)
    assert prompted("", tokenizer) == Prompt((), (Seam(0),))
    # Beyond a line break.
    ids = tokenizer.encode("upon a\n")
    assert prompted("upon a\n", tokenizer) == Prompt(tuple(ids), (Seam(len(ids)),))
    if level in ("char", "word"):  # '▁time' begins '▁timer', but is a word
        ids = tokenizer.encode("upon a time")
        assert prompted("upon a time", tokenizer) == Prompt(tuple(ids), (Seam(len(ids)),))
    if level == "char":
        assert len(prompted("upon ", tokenizer).seams) == 1


def test_characters_in_bytes_are_no_beginnings() -> None:
    tokenizer = tokenizer_of("bpe")
    prompt = prompted("a 🙂", tokenizer)
    assert all(tokenizer.is_byte(token) for token in prompt.ids[-4:])
    assert prompt.seams == (Seam(len(prompt.ids)),)


def test_pieces_by_what_they_begin_with() -> None:
    tokenizer = tokenizer_of("bpe")
    index = beginnings(tokenizer)
    assert beginnings(tokenizer) is index
    for text in ("", " ", " u", "只", " 从", "x", "\ufffe"):
        expected = {
            token
            for piece, token in tokenizer.ids_by_piece.items()
            if tokenizer.written(piece).startswith(text)
            and tokenizer.written(piece) != text
            and not tokenizer.is_byte(token)
        }
        assert set(index.beyond(text.encode())) == expected
