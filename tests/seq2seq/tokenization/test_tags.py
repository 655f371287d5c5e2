"""Tags of corpora: special tokens that no text can contain."""

import pickle
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example
from seq2seq.errors import UserError
from seq2seq.tokenization.copy_table import table
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tags import with_tags
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train

NAMES = ["bt", "新闻", "news-2.1"]


def test_tags_are_appended_and_nothing_else_changes(either_tokenizers: Tokenizers) -> None:
    tagged = with_tags(either_tokenizers, NAMES)
    old, new = either_tokenizers.source, tagged.source
    assert tagged.joint
    assert list(new.tags) == NAMES
    assert new.vocabulary_size == old.vocabulary_size + len(NAMES)
    for text in ("the dog sees <tag:bt> three books", "北京 <tag:新闻> 书。", "<tag:bt>"):
        assert new.encode(text) == old.encode(text)
        assert new.decode(new.encode(text)) == text
        assert new.sample(text, seed=3, alpha=0.4) == old.sample(text, seed=3, alpha=0.4)
    assert new.digest() != old.digest()


@given(st.text(max_size=30), st.sampled_from(NAMES))
def test_no_text_can_contain_a_tag(toy_tokenizers: Tokenizers, text: str, name: str) -> None:
    tokenizer = with_tags(toy_tokenizers, NAMES).source
    tags = set(tokenizer.tags.values())
    for typed in (text, f"<tag:{name}>", f"{text}<tag:{name}> {text}"):
        assert not tags & set(tokenizer.encode(typed))
        assert not tags & set(tokenizer.sample(typed, seed=1, alpha=0.5))


def test_a_tag_has_no_text_and_cannot_be_copied(toy_tokenizers: Tokenizers) -> None:
    tagged = with_tags(toy_tokenizers, ["bt"])
    tokenizer = tagged.source
    number = tokenizer.tag("bt")
    assert tokenizer.decode([number, *tokenizer.encode("the dog")]) == "the dog"
    assert tokenizer.pieces([number]) == ["<tag:bt>"]
    assert (tokenizer.spelling(number), tokenizer.surfaces[number]) == ("", b"")
    assert table(tagged)[number] == tagged.target.padding


def test_tags_survive_saving_and_pickling(toy_tokenizers: Tokenizers, tmp_path: Path) -> None:
    tagged = with_tags(toy_tokenizers, NAMES)
    tagged.save(tmp_path / "tokenizer")
    loaded = Tokenizers.load(tmp_path / "tokenizer")
    assert loaded.source.tags == tagged.source.tags
    assert pickle.loads(pickle.dumps(tagged.source)).tags == tagged.source.tags
    assert with_tags(loaded, ["bt", ""]) is loaded
    assert list(with_tags(loaded, ["more", "bt"]).source.tags) == [*NAMES, "more"]


def test_only_the_source_has_tags_if_there_are_two_vocabularies(toy_examples: list[Example]) -> None:
    two = train(toy_examples, TokenizerOptions(vocabulary_size=340, joint=False))
    tagged = with_tags(two, ["bt"])
    assert tagged.target is two.target
    assert table(tagged)[tagged.source.tag("bt")] == tagged.target.padding


def test_an_unknown_tag_is_refused(toy_tokenizers: Tokenizers) -> None:
    with pytest.raises(UserError, match=r"has no tag 'news'\. Its tags: none\."):
        toy_tokenizers.source.tag("news")
    with pytest.raises(UserError, match=r"has no tag 'new'\. Did you mean 'news'\? Its tags: bt, news\."):
        with_tags(toy_tokenizers, ["bt", "news"]).source.tag("new")
