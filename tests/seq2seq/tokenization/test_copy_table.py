"""The target piece of each source piece, and the unknown words of a source."""

from functools import cache

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark
from seq2seq.tokenization.copy_table import Extension, table
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train

EXAMPLES = [
    Example("the cat saw the dog and one more .", "a dog saw a cat or two ."),
    Example("the dog ran home .", "a dog ran off ."),
] * 3
LETTERS = [Example("abcab cab", "cab ab"), Example("猫和狗", "狗和猫")] * 3


@cache
def tokenizers(model: str, *, joint: bool, size: int = 8, byte_fallback: bool = False) -> Tokenizers:
    examples = EXAMPLES if model == "word" else LETTERS
    options = TokenizerOptions(vocabulary_size=size, model=model, joint=joint, byte_fallback=byte_fallback)
    return train(examples, options)


def test_a_joint_vocabulary_copies_itself_but_no_marks() -> None:
    both = tokenizers("bpe", joint=True, size=280, byte_fallback=True)
    writes, target = table(both), both.target
    assert writes[1:274] == list(range(1, 274))
    assert writes[target.marks[Mark.LINE]] == target.marks[Mark.LINE]
    for token in (target.unknown, target.start, target.end, target.marks[Mark.TURN], target.marks[Mark.SPEAKER]):
        assert writes[token] == target.padding


def test_two_vocabularies_share_what_is_spelt_alike() -> None:
    both = tokenizers("char", joint=False, size=9)
    writes = table(both)
    assert len(writes) == both.source.vocabulary_size
    for token in range(1, 9):
        assert both.source.spelling(token) == both.target.spelling(writes[token])


@pytest.mark.parametrize("joint", [True, False])
def test_unknown_words_are_copied_letter_by_letter(joint: bool) -> None:
    both = tokenizers("word", joint=joint)
    extension = Extension.of(both)
    assert extension is not None
    text = "the zebra saw Größe and the zebra 猫猫 ."
    ids = both.source.encode(text)
    copied = extension.source(ids, both.source.unknowns(text))
    assert len(copied.ids) == len(ids) == 9
    words = [word.lstrip("▁") for word in copied.words]
    assert {"zebra", "Größe", "and", "猫猫"} <= set(words)
    assert copied.ids[1] == copied.ids[6] >= both.target.vocabulary_size
    answer = "a zebra saw 猫猫 unheard ."
    wanted = extension.target(both.target.encode(answer), answer, copied.words)
    assert wanted[4] == both.target.unknown  # the source has no such word
    assert both.target.decode(wanted, copied.words) == "a zebra saw 猫猫⁇ ."
    assert both.target.pieces(wanted, copied.words)[1] == "▁zebra"


def test_unknown_characters_are_copied_one_by_one() -> None:
    both = tokenizers("char", joint=True, size=12)
    extension = Extension.of(both)
    assert extension is not None
    text = "xy 龙\n猫y"
    ids = both.source.encode(text)
    copied = extension.source(ids, both.source.unknowns(text))
    assert copied.words == ("x", "y", "龙")
    assert both.target.decode(copied.ids, copied.words).replace(" ", "") == "xy龙\n猫y"


def test_bytes_leave_nothing_unknown() -> None:
    assert Extension.of(tokenizers("bpe", joint=True, size=280, byte_fallback=True)) is None


def test_a_word_beyond_the_words_is_refused() -> None:
    both = tokenizers("word", joint=True)
    with pytest.raises(IndexError, match="outside the vocabulary"):
        both.target.decode([both.target.vocabulary_size + 1], ("▁one",))


@given(st.lists(st.sampled_from("the cat dog zebra Größe 猫猫 x".split()), min_size=1, max_size=8))
def test_what_is_copied_whole_comes_back_whole(words: list[str]) -> None:
    both = tokenizers("word", joint=True)
    extension = Extension(both)
    text = " ".join(words)
    ids = both.source.encode(text)
    copied = extension.source(ids, both.source.unknowns(text))
    assert both.target.decode(copied.ids, copied.words) == text
