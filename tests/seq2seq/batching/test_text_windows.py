"""Running text in windows: each piece once and in order, for any number of streams; exact resuming."""

from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from typing import cast

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.batching.loader import BatchLoader, Processes, TicketSampler
from seq2seq.batching.options import StreamOptions
from seq2seq.batching.text_windows import Windows, evaluation_streams, stream_loader
from seq2seq.batching.token_store import TokenStore
from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.options import FilterOptions
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers
from tests.seq2seq.tiny import tiny_tokenizer

TEXTS = ["abcd dcba", "a", "", "dd cc\nbb aa", "abcabcabc"]


def store_of(folder: Path, texts: list[str], *, ends: bool = True) -> TokenStore:
    tokenizer = tiny_tokenizer()
    examples = [Example("", (text, Mark.END) if ends else text) for text in texts]
    return TokenStore.build(
        examples,
        Tokenizers(tokenizer, tokenizer),
        folder,
        fingerprint=repr(texts),
        filters=FilterOptions(drop_empty=False),
    )


def running(tokenizer: Tokenizer, texts: list[str]) -> list[int]:
    return [token for text in texts for token in [*tokenizer.encode(text), tokenizer.end]]


@given(
    st.integers(1, 400),
    st.integers(1, 7),
    st.integers(1, 30),
    st.booleans(),
    st.integers(1, 3),
    st.integers(0, 2**40),
)
def test_windows_cover_every_stream_once(
    pieces: int, count: int, window: int, random: bool, ranks: int, seed: int
) -> None:
    if pieces < count * ranks:
        pieces = count * ranks
    windows = Windows(pieces, StreamOptions(count, window, random), seed=seed, ranks=ranks)
    for epoch in (0, 3):
        bounds = windows.bounds(epoch)
        assert len(bounds) == len(windows) + 1
        assert bounds[0] == 0
        assert bounds[-1] == windows.length
        assert (np.diff(bounds) >= 1).all()
        assert windows.bounds(epoch).tolist() == bounds.tolist()
        whole = sum(windows.tokens(start, end) for start, end in pairwise(bounds))
        assert whole == pieces
    if not random:
        assert np.diff(bounds).max() <= window


def test_random_windows_end_elsewhere_in_each_epoch() -> None:
    windows = Windows(100_000, StreamOptions(4, 50, random_windows=True), seed=1)
    first, second = windows.bounds(0), windows.bounds(1)
    assert len(first) == len(second) == 501
    assert first.tolist() != second.tolist()
    lengths = np.diff(first)
    assert 20 <= np.median(lengths) <= 60
    assert lengths.min() >= 5
    assert (lengths < 35).mean() == pytest.approx(0.05, abs=0.03)  # now and then half as long


@pytest.mark.parametrize(("count", "window", "random"), [(1, 4, False), (3, 5, False), (2, 6, True), (4, 100, False)])
def test_batches_hold_the_text(tmp_path: Path, count: int, window: int, random: bool) -> None:
    tokenizer = tiny_tokenizer()
    store = store_of(tmp_path / "store", TEXTS * 3)
    text = running(tokenizer, TEXTS * 3)
    options = StreamOptions(count, window, random, restart=0.0)
    loader = stream_loader(store, tokenizer, options, seed=1, begin=tokenizer.start)
    batches = list(loader)
    assert len(batches) == len(loader)
    begins = [batch.begins.tolist() for batch in batches if batch.begins is not None]
    assert begins == [[True] * count] + [[False] * count] * (len(batches) - 1)
    length = -(-len(text) // count)
    for row in range(count):
        mine = text[row * length : (row + 1) * length]
        written = torch.cat([batch.target[row] for batch in batches])
        read = torch.cat([batch.target_input[row] for batch in batches])
        assert written[: len(mine)].tolist() == mine
        assert (written[len(mine) :] == tokenizer.padding).all()
        before = [text[row * length - 1] if row else tokenizer.start, *mine[:-1]]
        assert read[: len(mine)].tolist() == [tokenizer.start if one == tokenizer.end else one for one in before]
        assert sum(int(batch.target_lengths[row]) for batch in batches) == len(mine)
    assert sum(batch.step_tokens for batch in batches) == len(text)


def test_a_contiguous_text_begins_with_a_line(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    store = store_of(tmp_path / "store", ["abcd\n", "dcba\n"], ends=False)
    line = tokenizer.marks[Mark.LINE]
    batch = next(iter(stream_loader(store, tokenizer, StreamOptions(1, 100), seed=1, begin=line)))
    text = tokenizer.encode("abcd\ndcba\n")
    assert batch.target[0].tolist() == text
    assert batch.target_input[0].tolist() == [line, *text[:-1]]


def test_ranks_share_the_streams_and_steps_count_all(tmp_path: Path) -> None:
    tokenizer = tiny_tokenizer()
    store = store_of(tmp_path / "store", TEXTS * 3)
    options, begin = StreamOptions(2, 4), tokenizer.start
    whole = list(stream_loader(store, tokenizer, replace(options, count=4), seed=1, begin=begin))
    ranks = [
        list(stream_loader(store, tokenizer, options, seed=1, begin=begin, accumulate=3, processes=Processes(rank, 2)))
        for rank in (0, 1)
    ]
    for place, (one, two) in enumerate(zip(*ranks, strict=True)):
        assert torch.equal(torch.cat([one.target, two.target]), whole[place].target)
        assert torch.cat([one.indices, two.indices]).tolist() == [0, 1, 2, 3]
        group = range(place - place % 3, min(place - place % 3 + 3, len(whole)))
        tokens = sum(int((whole[number].target != tokenizer.padding).sum()) for number in group)
        assert one.step_tokens == two.step_tokens == tokens
        assert one.begins is not None
        assert two.begins is not None
        begins = whole[place].begins
        assert begins is not None
        assert torch.equal(torch.cat([one.begins, two.begins]), begins)


@pytest.mark.parametrize("workers", [0, 2])
def test_a_loader_goes_on_where_it_stood(tmp_path: Path, workers: int) -> None:
    tokenizer = tiny_tokenizer()
    store = store_of(tmp_path / "store", TEXTS * 5)

    def loader(seed: int = 1) -> BatchLoader:
        options = StreamOptions(2, 7, random_windows=True, restart=0.3)
        return stream_loader(
            store, tokenizer, options, seed=seed, begin=tokenizer.start, processes=Processes(workers=workers)
        )

    first = loader()
    cast(TicketSampler, first.sampler).set_epoch(2)
    batches = iter(first)
    taken = [next(batches) for _ in range(3)]
    state = first.state_dict()
    second = loader()
    second.load_state_dict(state)
    rest = list(second)
    assert len(rest) == len(first) - 3
    third = loader()
    cast(TicketSampler, third.sampler).set_epoch(2)
    for one, two in zip([*taken, *rest], third, strict=True):
        assert torch.equal(one.target, two.target)
        assert torch.equal(one.target_input, two.target_input)
        assert one.begins is not None
        assert two.begins is not None
        assert torch.equal(one.begins, two.begins)
    with pytest.raises(UserError, match="cannot be continued in the middle of an epoch, because the training data"):
        loader(seed=2).load_state_dict(state)


def test_some_streams_begin_again_in_each_window() -> None:
    windows = Windows(100_000, StreamOptions(20, 50, restart=0.1), seed=3)
    begins = np.stack([windows.begins(1, number) for number in range(len(windows))])
    assert begins.shape == (100, 20)
    assert begins[0].all()
    assert begins[1:].mean() == pytest.approx(0.1, abs=0.03)
    assert windows.begins(1, 7).tolist() == begins[7].tolist()
    assert windows.begins(2, 7).tolist() != begins[7].tolist() or windows.begins(2, 8).tolist() != begins[8].tolist()
    assert evaluation_streams(10_000, 100).restart == 0


def test_validations_take_as_many_streams_as_the_text_allows() -> None:
    assert evaluation_streams(10_000, 100).count == 16
    assert evaluation_streams(450, 100).count == 4
    assert evaluation_streams(5, 100).count == 1
    assert evaluation_streams(450, 100, ranks=2).count == 2
    with pytest.raises(UserError, match="1 piece cannot be shared by 2 processes"):
        evaluation_streams(1, 100, ranks=2)


def test_refusals() -> None:
    with pytest.raises(UserError, match=r"streams.count is 0, but there must be at least 1 stream"):
        StreamOptions(count=0)
    with pytest.raises(UserError, match=r"streams.window is 0, but a window needs at least 1 piece"):
        StreamOptions(window=0)
    with pytest.raises(UserError, match=r"streams.restart is 1, but it is a probability"):
        StreamOptions(restart=1)
    with pytest.raises(UserError, match=r"The text has 3 pieces, which cannot be divided into 4 streams: lower"):
        Windows(3, StreamOptions(2), ranks=2)
