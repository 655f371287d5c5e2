"""Masks in stores and batches: both sides of a pair have the same ones, in every segmentation."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from seq2seq.batching.fingerprint import fingerprint
from seq2seq.batching.loader import training_loader
from seq2seq.batching.options import BatchOptions
from seq2seq.batching.segmentation import Segmentation
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, plain
from seq2seq.corpus.masks import between_masks
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.tokenization.control_pieces import with_masks
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train

PAIRS = [
    Example("the dog sees %s and {name}", "狗看见{name}和%s"),
    Example("the cat", "猫"),
    Example("two books at https://a.org/x cost 5 km %d %d", "两本书%d在https://a.org/x"),
    Example("{a} the big red dog eats in Beijing today {b}", "{b}大红狗{a}"),
]
READER = Reader(masks=True)


def stored(folder: Path, tokenizers: Tokenizers, reader: Reader = READER) -> TokenStore:
    return TokenStore.build(PAIRS, tokenizers, folder / "store", fingerprint="1", reader=reader)


@pytest.fixture
def masked(toy_tokenizers: Tokenizers) -> Tokenizers:
    return with_masks(toy_tokenizers)


def restored(tokenizers: Tokenizers, store: TokenStore, number: int, pair: Sequence[np.ndarray]) -> tuple[str, str]:
    spans = READER.masked_pair(store.source_text(number), store.target_text(number)).spans
    source, target = (ids.tolist() for ids in pair)
    return tokenizers.source.decode(source, (), spans), tokenizers.target.decode(target, (), spans)


@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_pairs_have_the_same_masks_on_both_sides(tmp_path: Path, masked: Tokenizers, alpha: float) -> None:
    store = stored(tmp_path, masked)
    segmentation = Segmentation(store, masked, alpha=alpha, reader=READER)
    for number, wanted in enumerate(([0, 1], [], [0, 1], [0, 1])):
        source, target = segmentation.pair(number, epoch=2)
        assert masked.source.masks_in(source.tolist()) == wanted
        assert sorted(masked.target.masks_in(target.tolist())) == wanted
        assert restored(masked, store, number, (source, target)) == (PAIRS[number].source, PAIRS[number].target)
        assert plain(store.source_text(number)) == PAIRS[number].source
        assert store.references(number) == (PAIRS[number].target,)


@pytest.mark.parametrize("alpha", [0.0, 0.4])
def test_a_mask_that_is_cut_off_stays_text_in_the_target(tmp_path: Path, masked: Tokenizers, alpha: float) -> None:
    reader = Reader(masks=True, max_source_pieces=5)
    store = stored(tmp_path, masked, reader)
    source, target = Segmentation(store, masked, alpha=alpha, reader=reader).pair(3, epoch=0)
    assert masked.source.masks_in(source.tolist()) == masked.target.masks_in(target.tolist()) == [0]
    assert masked.target.decode(target.tolist(), (), ["{a}"]) == PAIRS[3].target


def test_copied_words_are_those_between_the_masks(tmp_path: Path) -> None:
    options = TokenizerOptions(vocabulary_size=40, joint=False, byte_fallback=False)
    few = [Example("the dog sees a cat", "今天的大红狗和猫")] * 9
    tokenizers = with_masks(train(map(between_masks, few), options))
    store = stored(tmp_path, tokenizers)
    batches = BatchOptions(batch_sentences=4)
    loader = training_loader(store, tokenizers, batches, seed=1, reader=READER, is_copying=True)
    (batch,) = loader
    assert batch.copies is not None
    masks = set(tokenizers.target.masks)
    for row, number in enumerate(batch.indices.tolist()):
        spans = READER.masked_pair(store.source_text(number), store.target_text(number)).spans
        ids = batch.target[row, : batch.target_lengths[row] - 1].tolist()
        assert len(masks & set(batch.copies[row].tolist())) == len(spans)
        assert len(masks & set(ids)) == len(spans)
        if number != 2:  # which has a span on one side only
            assert not set("%{}") & set("".join(batch.words[row]))


def test_fingerprints_without_masks_are_the_old_ones(toy_tokenizers: Tokenizers) -> None:
    marks = [fingerprint(PAIRS, Reader(masks=masks), toy_tokenizers, FilterOptions()) for masks in (False, True)]
    assert marks[0] == fingerprint(PAIRS, Reader(), toy_tokenizers, FilterOptions())
    assert marks[0] != marks[1]


@pytest.mark.parametrize("alpha", [0.0, 0.4])
@pytest.mark.parametrize("limit", [0, 5])
def test_links_of_masked_spans_are_links_of_masks(tmp_path: Path, masked: Tokenizers, alpha: float, limit: int) -> None:
    """Words are linked to words behind a mask, and a span to the same span, however the texts are segmented."""
    source, target = "{a} the big red dog eats in Beijing today {b}", "{b}大红狗{a}"

    def link(word: str, translation: str) -> tuple[int, int, int, int]:
        begin, at = source.index(word), target.index(translation)
        return begin, begin + len(word), at, at + len(translation)

    linked = [link("{a}", "{a}"), link("big", "大"), link("{b}", "{b}")]
    reader = Reader(masks=True, max_source_pieces=limit)
    pairs = [Example(source, target, links=tuple(linked))]
    store = TokenStore.build(pairs, masked, tmp_path / "store", fingerprint="1", reader=reader, is_aligned=True)
    segmentation = Segmentation(store, masked, alpha=alpha, reader=reader)
    for epoch in range(4):
        read, written = (ids.tolist() for ids in segmentation.pair(0, epoch))
        links = {(int(wrote), int(at)) for wrote, at in segmentation.links(0, epoch)}
        of_masks = [
            (written.index(one), read.index(one))
            for one in map(masked.target.masks.__getitem__, range(2))
            if one in read and one in written
        ]
        assert len(of_masks) == (2 if limit == 0 else 1)
        assert set(of_masks) <= links
        words = links - set(of_masks)
        assert words or limit
        for wrote, at in words:  # a piece belongs to the word of its first character, and a blank to the next word
            read_piece, piece = masked.source.pieces([read[at]])[0], masked.target.pieces([written[wrote]])[0]
            if read_piece.strip("▁"):
                assert read_piece.strip("▁") in "big"
                assert piece.strip("▁").startswith(("大", "<0x")) or piece == "▁"
