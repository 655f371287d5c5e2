"""Masks in vocabularies: no text contains one, and they are decoded as their spans."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import MASKS, Example
from seq2seq.corpus.masks import between_masks, mask
from seq2seq.corpus.normalization import normalize
from seq2seq.errors import UserError
from seq2seq.tokenization.control_pieces import with_control_pieces, with_masks
from seq2seq.tokenization.copy_table import table
from seq2seq.tokenization.incremental_text import IncrementalText
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tags import with_tags
from seq2seq.tokenization.tokenizer import Tokenizers, require_masks
from seq2seq.tokenization.training import train
from tests.properties import examples
from tests.seq2seq.corpus.test_masks import MIXED
from tests.seq2seq.corpus.test_protected_spans import TRICKY


@pytest.fixture(scope="module")
def masked(either_tokenizers: Tokenizers) -> Tokenizers:
    return with_masks(either_tokenizers)


def test_masks_are_appended_and_nothing_else_changes(either_tokenizers: Tokenizers, masked: Tokenizers) -> None:
    old, new = either_tokenizers.source, masked.source
    assert masked.joint
    assert new.masks == tuple(range(old.padding, old.padding + MASKS))
    assert new.vocabulary_size == old.vocabulary_size + MASKS
    assert set(new.masks) <= set(new.own_marks)
    for text in ("the dog sees <mask:0> three books", "北京 <mask:7> 书。", "<mask:0>"):
        assert new.encode(text) == old.encode(text)
        assert new.decode(new.encode(text)) == text
        assert new.sample(text, seed=3, alpha=0.4) == old.sample(text, seed=3, alpha=0.4)
    assert with_masks(masked) is masked
    assert table(masked)[new.masks[2]] == new.masks[2]
    assert new.pieces([new.masks[1]]) == ["<mask:1>"]
    assert new.pieces([new.masks[1]], (), ["a", "{b}"]) == ["{b}"]
    assert (new.spelling(new.masks[1]), new.surfaces[new.masks[1]]) == ("", b"")


@examples(300)
@given(st.text(max_size=40) | TRICKY | MIXED)
def test_a_masked_text_is_decoded_as_it_was(masked: Tokenizers, text: str) -> None:
    tokenizer = masked.source
    text = normalize(text, "nfc")
    source = mask(text)
    for ids in (tokenizer.encode(source.text), tokenizer.sample(source.text, seed=5, alpha=0.3)):
        assert tokenizer.masks_in(ids) == list(range(len(source.spans)))
        assert tokenizer.decode(ids, (), source.spans) == text
        growing = IncrementalText(tokenizer, spans=source.spans)
        assert "".join([*map(growing.add, ids), growing.end()]) == text
    assert not set(tokenizer.masks) & set(tokenizer.encode(text))


def test_masks_and_tags_of_two_vocabularies(toy_examples: list[Example], tmp_path: Path) -> None:
    apart = train(toy_examples, TokenizerOptions(vocabulary_size=320, joint=False))
    both = with_tags(with_masks(apart), ["bt"])
    assert with_masks(both) is both
    assert [table(both)[number] for number in both.source.masks] == list(both.target.masks)
    assert both.source.tags
    assert not both.target.tags
    both.save(tmp_path / "tokenizer")
    assert Tokenizers.load(tmp_path / "tokenizer").source.masks == both.source.masks


@pytest.mark.parametrize("model", ["bpe", "word", "char"])
def test_a_vocabulary_without_bytes_spells_the_text_around_masks(model: str) -> None:
    pairs = [Example("the dog sees %s and {name} in <b>Berlin</b>", "狗看见%s和{name}在<b>柏林</b>")] * 30
    options = TokenizerOptions(vocabulary_size=60, model=model, byte_fallback=False)
    tokenizers = with_masks(train(map(between_masks, pairs), options))
    for text in (pairs[0].source, pairs[0].target):
        source = mask(text)
        ids = tokenizers.source.encode(source.text)
        assert tokenizers.source.unknown not in ids
        assert tokenizers.source.decode(ids, (), source.spans) == text


def test_a_mask_without_a_span_has_no_text(masked: Tokenizers) -> None:
    tokenizer = masked.target
    assert tokenizer.decode([*tokenizer.encode("the"), tokenizer.masks[3]], (), ["%s"]) == "the"


def test_vocabularies_without_masks_are_refused(either_tokenizers: Tokenizers) -> None:
    with pytest.raises(UserError, match=r"The vocabulary in RUN has no masks, but data\.reader\.masks is true"):
        require_masks(either_tokenizers, "RUN")
    assert with_control_pieces(either_tokenizers.source, ["<mask:3>"]).masks == ()
