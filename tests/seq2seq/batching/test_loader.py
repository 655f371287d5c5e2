"""Batches by rank, the same with any number of workers, and exact resuming in the middle of an epoch."""

import pickle
from dataclasses import fields, replace
from itertools import islice

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.batching.batch import Batch
from seq2seq.batching.loader import BatchLoader, Processes, evaluation_loader, training_loader
from seq2seq.batching.options import BatchOptions
from seq2seq.batching.token_store import TokenStore
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizers

SAMPLED = BatchOptions(max_tokens=300, sampling_alpha=0.2)


def same(one: Batch, two: Batch) -> bool:
    pairs = [(getattr(one, field.name), getattr(two, field.name)) for field in fields(Batch)]
    return all(torch.equal(a, b) if isinstance(a, torch.Tensor) else a == b for a, b in pairs)


def all_same(ones: list[Batch], twos: list[Batch]) -> bool:
    return len(ones) == len(twos) and all(map(same, ones, twos))


@pytest.fixture
def toys(toy_store: TokenStore, toy_tokenizers: Tokenizers) -> tuple[TokenStore, Tokenizers]:
    return toy_store, toy_tokenizers


def loader(toys: tuple[TokenStore, Tokenizers], workers: int = 0, rank: int = 0, ranks: int = 1) -> BatchLoader:
    return training_loader(*toys, SAMPLED, seed=5, accumulate=3, processes=Processes(rank, ranks, workers))


def epoch_of(batches: BatchLoader, epoch: int) -> list[Batch]:
    batches.sampler.set_epoch(epoch)  # type: ignore[attr-defined]
    return list(batches)


@pytest.fixture(scope="module")
def epochs(toy_store: TokenStore, toy_tokenizers: Tokenizers) -> list[list[Batch]]:
    """The batches of four epochs, made without workers."""
    return [epoch_of(loader((toy_store, toy_tokenizers)), epoch) for epoch in range(4)]


def test_an_epoch_holds_every_pair_once_and_sampled_lengths_fit(toys: tuple[TokenStore, Tokenizers]) -> None:
    batches = loader(toys)
    for epoch in range(2):
        made = epoch_of(batches, epoch)
        assert len(made) == len(batches)
        assert sorted(torch.cat([batch.indices for batch in made]).tolist()) == list(range(300))
        assert all(batch.source.numel() <= 300 and batch.target.numel() <= 300 for batch in made)
        # The text of every row is that of its pair, however it was cut.
        for batch in made:
            for row, number in enumerate(batch.indices.tolist()):
                ids = batch.target[row, : batch.target_lengths[row]].tolist()
                assert toys[1].target.decode(ids) == toys[0].target_text(number)


@pytest.mark.parametrize("workers", [0, 2])
def test_resuming_equals_going_on(toys: tuple[TokenStore, Tokenizers], epochs: list[list[Batch]], workers: int) -> None:
    first = loader(toys, workers)
    assert all_same(epoch_of(first, 0), epochs[0])
    first.sampler.set_epoch(1)  # type: ignore[attr-defined]
    running = iter(first)
    taken = list(islice(running, 4))
    # Workers have prepared more than was handed out; only what was handed out counts.
    state = first.state_dict()
    assert (state["epoch"], state["batches"], state["of"], state["corpus"]) == (1, 4, len(first), "toy 5")
    resumed = loader(toys, workers)
    resumed.load_state_dict(pickle.loads(pickle.dumps(state)))
    assert resumed.state_dict() == state
    # Lightning makes the iterator before it names the epoch.
    iterator = iter(resumed)
    resumed.sampler.set_epoch(1)  # type: ignore[attr-defined]
    assert all_same(taken + list(iterator), epochs[1])
    assert all_same(epoch_of(resumed, 2), epochs[2])


@settings(max_examples=10)
@given(taken=st.integers(0, 12), epoch=st.integers(0, 3))
def test_resuming_anywhere_equals_going_on(
    toy_store: TokenStore, toy_tokenizers: Tokenizers, epochs: list[list[Batch]], taken: int, epoch: int
) -> None:
    resumed = loader((toy_store, toy_tokenizers))
    resumed.load_state_dict({"epoch": epoch, "batches": taken, "of": len(resumed), "corpus": "toy 5"})
    assert all_same(list(resumed), epochs[epoch][taken:])


def test_a_state_at_the_end_of_an_epoch_begins_the_next(
    toys: tuple[TokenStore, Tokenizers], epochs: list[list[Batch]]
) -> None:
    done = loader(toys)
    epoch_of(done, 0)
    resumed = loader(toys)
    resumed.load_state_dict(done.state_dict())
    assert all_same(epoch_of(resumed, 1), epochs[1])
    # The same epoch, though, is over.
    again = loader(toys)
    again.load_state_dict(done.state_dict())
    assert list(again) == []
    assert len(list(again)) == len(again)


def test_a_state_of_other_batches_is_refused(toys: tuple[TokenStore, Tokenizers]) -> None:
    state = loader(toys).state_dict()
    other = training_loader(*toys, replace(SAMPLED, max_tokens=100), seed=5, accumulate=3)
    assert other.differences(state) == ["data.batches.max_tokens is 100 (was 300)"]
    with pytest.raises(
        UserError, match=r"cannot be continued in the middle of an epoch, because data\.batches\.max_tok"
    ):
        other.load_state_dict(state)
    steps = training_loader(*toys, SAMPLED, seed=5, accumulate=2)
    assert steps.differences(state) == ["trainer.accumulate_grad_batches is 2 (was 3)"]


def test_a_state_of_an_older_version_counts_its_batches(toys: tuple[TokenStore, Tokenizers]) -> None:
    state = loader(toys).state_dict()
    del state["options"]
    assert loader(toys).differences(state) == []
    other = training_loader(*toys, replace(SAMPLED, max_tokens=100), seed=5)
    assert other.differences(state) == [f"an epoch has {len(other)} batches (was {state['of']})"]


def test_a_state_of_another_seed_is_refused(toys: tuple[TokenStore, Tokenizers]) -> None:
    state = loader(toys).state_dict()
    other = training_loader(*toys, BatchOptions(max_tokens=60, sampling_alpha=0.1), seed=6)
    assert other.differences(state) == ["the training data or data.seed is not that of the checkpoint"]


def test_workers_make_the_same_batches_in_every_epoch(
    toys: tuple[TokenStore, Tokenizers], epochs: list[list[Batch]]
) -> None:
    helped = loader(toys, workers=2)
    # The parent has sampled before it forks: trap of generators that every worker inherits.
    toys[1].source.sample("the big red dog", seed=1, alpha=0.5)
    for epoch in range(2):
        assert all_same(epoch_of(helped, epoch), epochs[epoch])
    widths = [sum(batch.source.shape[1] for batch in batches) for batches in epochs[:2]]
    assert widths[0] != widths[1]


def test_ranks_share_an_epoch_and_know_the_whole_step(toys: tuple[TokenStore, Tokenizers]) -> None:
    ranks = [epoch_of(loader(toys, rank=rank, ranks=2), 1) for rank in range(2)]
    assert len(ranks[0]) == len(ranks[1])
    numbers = [number for made in ranks for batch in made for number in batch.indices.tolist()]
    assert sorted(numbers) == list(range(300))
    for first in range(0, len(ranks[0]), 3):
        group = [batch for made in ranks for batch in made[first : first + 3]]
        whole = sum(int(batch.target_lengths.sum()) for batch in group)
        assert {batch.step_tokens for batch in group} == {whole}


def test_the_global_random_generator_is_left_alone(toys: tuple[TokenStore, Tokenizers]) -> None:
    torch.manual_seed(0)
    before = torch.get_rng_state()
    for workers in (0, 1):
        list(islice(iter(loader(toys, workers)), 2))
    assert torch.equal(torch.get_rng_state(), before)


def test_a_loader_iterated_without_epochs_repeats_its_epoch(toys: tuple[TokenStore, Tokenizers]) -> None:
    batches = loader(toys)
    assert all_same(list(batches), list(batches))
    next(iter(batches))
    assert len(list(batches)) == len(batches)


def test_evaluation_is_sorted_unsampled_and_restorable(toys: tuple[TokenStore, Tokenizers]) -> None:
    made = list(evaluation_loader(*toys, BatchOptions(max_tokens=12, sampling_alpha=0.5)))
    numbers = torch.cat([batch.indices for batch in made])
    assert sorted(numbers.tolist()) == list(range(300))
    longest = max(made, key=lambda batch: batch.source.shape[1])
    # A pair over the budget stands alone.
    assert longest.source.shape[1] > 12
    assert len(longest) == 1
    steps = torch.cat([batch.target_lengths // 2 for batch in made])
    assert bool((steps[1:] >= steps[:-1]).all())
    restored = torch.cat([batch.target_lengths for batch in made])[numbers.argsort()]
    assert (restored - 1).tolist() == toys[0].target_lengths.tolist()


def test_lightning_finds_the_sampler(toys: tuple[TokenStore, Tokenizers], epochs: list[list[Batch]]) -> None:
    from lightning.fabric.utilities.data import _set_sampler_epoch
    from lightning.fabric.utilities.types import _Stateful

    batches = loader(toys)
    _set_sampler_epoch(batches, 3)
    assert next(iter(batches)).indices.tolist() == epochs[3][0].indices.tolist()
    assert isinstance(batches, _Stateful)


def test_the_dataset_is_small(toys: tuple[TokenStore, Tokenizers]) -> None:
    assert len(pickle.dumps(loader(toys).dataset)) < 500_000


def test_a_rehearsal_begins_with_the_largest_batch(toys: tuple[TokenStore, Tokenizers]) -> None:
    store, tokenizers = toys
    usual, rehearsed = (
        list(training_loader(store, tokenizers, BatchOptions(max_tokens=200), seed=1, largest_first=first))
        for first in (False, True)
    )
    sizes = [batch.source.numel() + batch.target.numel() for batch in rehearsed]
    assert sizes[0] == max(sizes)
    assert len(usual) == len(rehearsed)
    assert {tuple(batch.indices.tolist()) for batch in usual} == {tuple(batch.indices.tolist()) for batch in rehearsed}
