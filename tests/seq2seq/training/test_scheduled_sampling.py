"""Scheduled sampling: the decoder's own pieces as input, in the right places, with the right probability."""

from collections import Counter

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from seq2seq.network.encoder_decoder import Network
from seq2seq.network.state import Memory
from seq2seq.run_setup.training_options import ScheduledSamplingOptions
from seq2seq.training.scheduled_sampling import mixed_input, share
from tests.seq2seq.tiny import padded, tiny_network, tiny_tokenizer

PADDING = tiny_tokenizer().padding
START = tiny_tokenizer().start


def inputs(targets: list[list[int]]) -> Tensor:
    return padded([[START, *ids] for ids in targets])[0]


def memory_of(network: Network, count: int) -> Memory:
    return network.encode(*padded([[1 + row % 5, 2, 3] for row in range(count)]))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.lists(st.integers(0, 7), min_size=1, max_size=6), min_size=1, max_size=4), st.integers(0, 99))
def test_what_is_replaced_is_what_the_network_would_write(targets: list[list[int]], seed: int) -> None:
    network = tiny_network(seed)
    right, memory = inputs(targets), memory_of(network, len(targets))
    mixed = mixed_input(network, memory, right, 0.999, "best")
    own = network.logits(network(memory, right).states).argmax(-1)
    for row, ids in enumerate(targets):
        assert mixed[row, 0] == START
        assert (mixed[row, len(ids) + 1 :] == PADDING).all()
        for time in range(1, len(ids) + 1):
            assert mixed[row, time] in (own[row, time - 1], right[row, time])


def test_a_share_is_replaced_and_the_rest_is_right() -> None:
    network = tiny_network(1)
    right = inputs([[4] * 100] * 40)
    memory = memory_of(network, 40)
    torch.manual_seed(1)
    # A network that always writes 6 shows which pieces are its own.
    with torch.no_grad():
        network.output.bias[6] = 1000.0
    mixed = mixed_input(network, memory, right, 0.25, "best")
    counts = Counter(mixed[:, 1:].flatten().tolist())
    assert set(counts) == {4, 6}
    assert counts[6] / 4000 == pytest.approx(0.25, abs=0.03)
    assert mixed_input(network, memory, right, 0.0, "best").equal(right)


def test_draws_follow_the_networks_distribution() -> None:
    network = tiny_network(2)
    count = 4000
    right = inputs([[4, 5]] * count)
    memory = network.encode(*padded([[1, 2]] * count))
    torch.manual_seed(3)
    mixed = mixed_input(network, memory, right, 0.999, "sample")
    wanted = torch.softmax(network.logits(network(memory, right).states)[0], -1)  # [T, V]
    for time in (1, 2):
        found = torch.bincount(mixed[:, time], minlength=wanted.shape[1]) / count
        assert torch.allclose(found, wanted[time - 1], atol=0.03)


def test_a_gradient_flows_through_the_second_pass_only() -> None:
    network = tiny_network(4).train()
    right = inputs([[1, 2, 3], [4]])
    memory = memory_of(network, 2)
    mixed = mixed_input(network, memory, right, 0.5, "sample")
    assert not mixed.is_floating_point()
    network(memory, mixed).states.sum().backward()
    assert network.decoder.embedding.weight.grad is not None


@pytest.mark.parametrize(("step", "expected"), [(0, 0.0), (99, 0.0), (100, 0.0), (150, 0.2), (200, 0.4), (10_000, 0.4)])
def test_the_share_rises_in_a_straight_line(step: int, expected: float) -> None:
    options = ScheduledSamplingOptions(probability=0.4, start_step=100, ramp_steps=100)
    assert share(options, step) == pytest.approx(expected)


def test_without_a_ramp_the_share_is_whole_from_the_start_step() -> None:
    options = ScheduledSamplingOptions(probability=0.4, start_step=5, ramp_steps=0)
    assert [share(options, step) for step in (4, 5, 6)] == [0.0, 0.4, 0.4]
    assert share(ScheduledSamplingOptions(), 10**6) == 0.0
