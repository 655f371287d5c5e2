"""Each pair once per epoch, within the budget, and equally many batches for all ranks and epochs."""

from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from seq2seq.batching.epoch_plan import BatchPlan, BatchPlanner, Lengths
from seq2seq.batching.options import BatchOptions
from seq2seq.errors import UserError

Array = NDArray[np.int32]


def random_lengths(seed: int, longest: int, is_sampled: bool = True) -> Lengths:
    """Lengths that change with the epoch, as subword sampling makes them, or not, as in an evaluation."""

    def lengths(numbers: NDArray[Any], epoch: int) -> tuple[Array, Array]:
        table = np.random.default_rng([seed, epoch if is_sampled else 0]).integers(
            1, longest + 1, (2, 1000), dtype=np.int32
        )
        return table[0, numbers], table[1, numbers]

    return lengths


@st.composite
def planners(draw: st.DrawFn) -> tuple[BatchPlanner, BatchOptions, Lengths, int, int]:
    count, ranks = draw(st.integers(1, 200)), draw(st.integers(1, 4))
    options = BatchOptions(
        max_tokens=draw(st.integers(20, 200)),
        batch_sentences=draw(st.sampled_from([0, 0, 1, 7])),
        window_sentences=draw(st.sampled_from([1, 13, 64, 1000])),
        sampling_alpha=0.1,
    )
    shuffle = draw(st.booleans())
    lengths = random_lengths(draw(st.integers(0, 99)), draw(st.integers(1, 20)), is_sampled=shuffle)
    count = max(count, ranks)
    planner = BatchPlanner(count, lengths, options, seed=draw(st.integers(0, 5)), ranks=ranks, shuffle=shuffle)
    return planner, options, lengths, count, ranks


@given(planners(), st.integers(0, 4))
def test_a_plan_holds_its_promises(
    given_planner: tuple[BatchPlanner, BatchOptions, Lengths, int, int], epoch: int
) -> None:
    planner, options, lengths, count, ranks = given_planner
    plan = planner.plan(epoch)
    assert len(plan) == planner.positions
    batches = [plan.pairs(position, rank) for position in range(len(plan)) for rank in range(ranks)]
    seen = np.concatenate(batches)
    # Each pair at most once, and none is missing but those that are accounted for.
    assert len(set(seen.tolist())) == len(seen) == count - plan.left_out
    if plan.left_out == 0:
        assert set(seen.tolist()) == set(range(count))
    source, target = lengths(np.arange(count), epoch)
    over = 0
    for pairs in batches:
        assert len(pairs) > 0
        if options.batch_sentences:
            over += len(pairs) > options.batch_sentences
        else:
            over += len(pairs) * max(source[pairs].max(), target[pairs].max()) > options.max_tokens
    if planner._shuffle:
        assert over == 0
    else:
        # An evaluation leaves nothing out: where the ranks cannot share alike, batches are joined.
        assert plan.left_out == 0
        assert over < ranks
    for accumulate in (1, 2, 3):
        for position in range(len(plan)):
            group = range(
                position - position % accumulate, min(len(plan), position - position % accumulate + accumulate)
            )
            whole = sum(int(target[plan.pairs(one, rank)].sum()) for one in group for rank in range(ranks))
            assert plan.step_tokens(position, accumulate) == whole


def test_an_evaluation_leaves_no_pair_out() -> None:
    """Three pairs, a pair a batch, two processes: one of them takes two pairs at once."""
    planner = BatchPlanner(3, random_lengths(1, 5), BatchOptions(batch_sentences=1), seed=0, ranks=2, shuffle=False)
    plan = planner.plan(0)
    assert sorted(number for rank in range(2) for batch in batches_of(plan, rank) for number in batch) == [0, 1, 2]
    assert (len(plan), plan.left_out) == (1, 0)


def batches_of(plan: BatchPlan, rank: int = 0) -> list[list[int]]:
    return [plan.pairs(position, rank).tolist() for position in range(len(plan))]


def test_a_plan_is_a_function_of_seed_and_epoch() -> None:
    lengths, options = random_lengths(1, 20), BatchOptions(max_tokens=100)

    def planner(seed: int) -> BatchPlanner:
        return BatchPlanner(500, lengths, options, seed=seed)

    one, two = planner(1), planner(1)
    two.plan(7)
    assert batches_of(one.plan(3)) == batches_of(two.plan(3))
    assert batches_of(one.plan(3)) != batches_of(one.plan(4))
    assert batches_of(one.plan(3)) != batches_of(planner(2).plan(3))


@pytest.mark.parametrize("alpha", [0.0, 0.1])
def test_nothing_is_left_out_of_realistic_epochs(alpha: float) -> None:
    options = BatchOptions(max_tokens=100, window_sentences=100, sampling_alpha=alpha)
    for seed in range(20):
        sampled = random_lengths(seed, 20)

        def lengths(numbers: NDArray[Any], epoch: int, sampled: Lengths = sampled) -> tuple[Array, Array]:
            return sampled(numbers, epoch if alpha else 0)

        planner = BatchPlanner(1000, lengths, options, seed=seed, ranks=2)
        assert [planner.plan(epoch).left_out for epoch in range(5)] == [0] * 5


def test_ranks_share_the_same_step() -> None:
    planner = BatchPlanner(1000, random_lengths(0, 20), BatchOptions(max_tokens=100), seed=1, ranks=2)
    plan = planner.plan(0)
    target = random_lengths(0, 20)(np.arange(1000), 0)[1]
    longest = [[int(target[plan.pairs(position, rank)].max()) for rank in (0, 1)] for position in range(len(plan))]
    # Both ranks have batches of like lengths at the same time.
    assert np.mean([abs(one - two) for one, two in longest]) < 1


def test_fixed_numbers_of_sentences_make_full_batches() -> None:
    planner = BatchPlanner(100, random_lengths(0, 20), BatchOptions(batch_sentences=16, window_sentences=40), seed=1)
    assert sorted(map(len, batches_of(planner.plan(0)))) == [4, 16, 16, 16, 16, 16, 16]


def test_validation_is_sorted_and_whole() -> None:
    lengths = random_lengths(0, 20)
    planner = BatchPlanner(100, lengths, BatchOptions(max_tokens=200), seed=0, shuffle=False)
    plan = planner.plan(0)
    flat = [number for batch in batches_of(plan) for number in batch]
    assert sorted(flat) == list(range(100))
    steps = lengths(np.array(flat), 0)[1] // 2
    assert (np.diff(steps) >= 0).all()


def test_shuffled_epochs_mix_lengths_over_time() -> None:
    plan = BatchPlanner(1000, random_lengths(0, 20), BatchOptions(max_tokens=100), seed=1).plan(0)
    target = random_lengths(0, 20)(np.arange(1000), 0)[1]
    means = [float(target[plan.pairs(position, 0)].mean()) for position in range(len(plan))]
    assert abs(np.corrcoef(means, range(len(means)))[0, 1]) < 0.3


def test_fewer_pairs_than_ranks_is_an_error() -> None:
    with pytest.raises(UserError, match=r"1 pair cannot be shared by 2 processes"):
        BatchPlanner(1, random_lengths(0, 5), BatchOptions(), seed=1, ranks=2)


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"max_tokens": 1}, "max_tokens is 1, but a batch needs at least 2 tokens"),
        ({"batch_sentences": -1}, "batch_sentences is -1, but it must not be negative"),
        ({"window_sentences": 0}, "window_sentences is 0, but it must be at least 1"),
        ({"sampling_alpha": 1.5}, "sampling_alpha is 1.5, but it must lie between 0"),
    ],
)
def test_senseless_options_are_refused(options: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        BatchOptions(**options)
