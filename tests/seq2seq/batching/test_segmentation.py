"""Segmentation gives the same pieces in every process, never longer than the budget."""

import pickle
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batching.segmentation import Segmentation, mix
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.tokenization.options import TokenizerOptions
from seq2seq.tokenization.tokenizer import Tokenizers
from seq2seq.tokenization.training import train


@given(st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=4))
def test_mixing_depends_on_every_number_and_on_their_order(numbers: list[int]) -> None:
    assert mix(*numbers) == mix(*numbers)
    assert 0 <= mix(*numbers) < 2**64
    assert mix(*numbers, 0) != mix(*numbers)
    if len(set(numbers)) == len(numbers) > 1:
        assert mix(*numbers) != mix(*numbers[::-1])


def test_seeds_of_neighbours_differ_in_the_bits_that_count() -> None:
    seeds = {mix(1, epoch, number, side) & 0x7FFFFFFF for epoch in range(5) for number in range(200) for side in (0, 1)}
    assert len(seeds) > 1990


def test_without_sampling_the_stored_pieces_are_taken(toy_store: TokenStore, toy_tokenizers: Tokenizers) -> None:
    segmentation = Segmentation(toy_store, toy_tokenizers)
    source, target = segmentation.pair(5, epoch=3)
    assert source.tolist() == toy_store.source(5).tolist()
    assert target.tolist() == toy_store.target(5).tolist()
    lengths = segmentation.lengths(np.array([5, 2]), 0)
    assert lengths[0].tolist() == [len(toy_store.source(5)), len(toy_store.source(2))]
    assert lengths[1].tolist() == [len(toy_store.target(5)) + 1, len(toy_store.target(2)) + 1]


def test_samples_change_with_the_epoch_and_not_with_the_asker(
    toy_store: TokenStore, toy_tokenizers: Tokenizers
) -> None:
    segmentation = Segmentation(toy_store, toy_tokenizers, seed=3, alpha=0.3)
    numbers = np.arange(len(toy_store))
    lengths = segmentation.lengths(numbers, 1)
    copy = pickle.loads(pickle.dumps(segmentation))
    assert len(pickle.dumps(segmentation)) < 500_000
    for number in reversed(range(20)):
        source, target = copy.pair(number, 1)
        assert (len(source), len(target) + 1) == (lengths[0][number], lengths[1][number])
        assert toy_tokenizers.target.decode(target.tolist()) == toy_store.target_text(number)
    assert any((one != two).any() for one, two in zip(lengths, segmentation.lengths(numbers, 2), strict=True))
    other = replace(segmentation, seed=4).lengths(numbers, 1)
    assert any((one != two).any() for one, two in zip(lengths, other, strict=True))


def test_workers_sample_the_same_lengths(
    toy_store: TokenStore, toy_tokenizers: Tokenizers, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("seq2seq.batching.segmentation.PARALLEL_PAIRS", 100)
    alone = Segmentation(toy_store, toy_tokenizers, alpha=0.2)
    numbers = np.arange(len(toy_store))[::-1]
    helped = replace(alone, workers=2).lengths(numbers, 4)
    assert all((one == two).all() for one, two in zip(alone.lengths(numbers, 4), helped, strict=True))


def test_a_sample_over_the_budget_gives_way_to_the_stored_pieces(
    toy_store: TokenStore, toy_tokenizers: Tokenizers
) -> None:
    limit = int(max(toy_store.source_lengths.max(), toy_store.target_lengths.max() + 1))
    segmentation = Segmentation(toy_store, toy_tokenizers, alpha=0.9, max_tokens=limit)
    numbers = np.arange(len(toy_store))
    source, target = segmentation.lengths(numbers, 0)
    assert max(source.max(), target.max()) <= limit
    free = replace(segmentation, max_tokens=0).lengths(numbers, 0)
    assert free[0].max() > limit
    longest = int(free[0].argmax())
    assert segmentation.pair(longest, 0)[0].tolist() == toy_store.source(longest).tolist()


@pytest.mark.parametrize("alpha", [0.0, 0.2])
def test_a_pair_that_alone_exceeds_the_budget_is_named(
    toy_store: TokenStore, toy_tokenizers: Tokenizers, alpha: float
) -> None:
    segmentation = Segmentation(toy_store, toy_tokenizers, alpha=alpha, max_tokens=20)
    with pytest.raises(
        UserError, match=r"a batch may hold 20 tokens of a side: raise data.batches.max_tokens, cut sources"
    ):
        segmentation.lengths(np.arange(len(toy_store)), 0)


class LastPieces(Reader):
    """Keeps the end of a source."""

    def kept(self, ids: Sequence[int], marks: Mapping[Mark, int]) -> Sequence[int]:
        """Return the last places."""
        return range(max(0, len(ids) - self.max_source_pieces), len(ids))


@pytest.mark.parametrize("alpha", [0.0, 0.3])
def test_a_reader_says_which_pieces_are_kept(
    toy_examples: list[Example], toy_tokenizers: Tokenizers, tmp_path: Path, alpha: float
) -> None:
    reader = LastPieces(max_source_pieces=5)
    store = TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "s", fingerprint="1", reader=reader)
    uncut = TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "u", fingerprint="1")
    whole = Segmentation(uncut, toy_tokenizers, seed=3, alpha=alpha)
    cut = Segmentation(store, toy_tokenizers, seed=3, alpha=alpha, reader=reader)
    for number in range(40):
        assert cut.pair(number, 1)[0].tolist() == whole.pair(number, 1)[0].tolist()[-5:]
    assert store.truncation.lost == sum(max(0, length - 5) for length in uncut.source_lengths.tolist())


@pytest.mark.parametrize("alpha", [0.0, 0.5])
def test_the_unknown_pieces_are_those_of_what_is_kept(tmp_path: Path, alpha: float) -> None:
    options = TokenizerOptions(vocabulary_size=12, byte_fallback=False)
    tokenizers = train([Example("abcab cab", "cab ab")] * 3, options)
    examples = [Example("x ab 猫 ab 狗 y", "cab"), Example("ab cab", "ab")]
    for reader, kept in ((LastPieces(max_source_pieces=3), ["狗", "y"]), (Reader(max_source_pieces=3), ["x"])):
        store = TokenStore.build(examples, tokenizers, tmp_path / type(reader).__name__, fingerprint="1", reader=reader)
        segmentation = Segmentation(store, tokenizers, seed=1, alpha=alpha, reader=reader)
        found = segmentation.unknowns(0, 0)
        assert [one.lstrip("▁") for one in found if one != "▁"] == kept
        unknown = tokenizers.source.unknown
        assert len(found) == segmentation.pair(0, 0)[0].tolist().count(unknown)
        assert segmentation.unknowns(1, 0) == []


def test_a_sample_is_cut_like_the_stored_pieces(
    toy_examples: list[Example], toy_tokenizers: Tokenizers, tmp_path: Path
) -> None:
    reader = Reader(max_source_pieces=7)
    store = TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "s", fingerprint="1", reader=reader)
    uncut = TokenStore.build(toy_examples, toy_tokenizers, tmp_path / "u", fingerprint="1")
    whole = Segmentation(uncut, toy_tokenizers, seed=3, alpha=0.3)
    cut = Segmentation(store, toy_tokenizers, seed=3, alpha=0.3, reader=reader)
    longest = 0
    for number in range(40):
        source, target = whole.pair(number, 1)
        longest = max(longest, len(source))
        assert [side.tolist() for side in cut.pair(number, 1)] == [source[:7].tolist(), target.tolist()]
    assert longest > 7
    assert cut.lengths(np.arange(40), 1)[0].max() == 7
