"""Draws: the right distribution, the same in any batch, within truncation."""

import math
from collections import Counter

import pytest
import torch

from seq2seq.options import SamplingOptions, SearchOptions
from seq2seq.sampling import sample, truncate
from seq2seq.scoring import score
from tests.seq2seq.tiny import padded, tiny_network, tiny_tokenizer

TOKENIZER = tiny_tokenizer()
LIMITS = SearchOptions(max_length=4)


def drawn(
    sources: list[list[int]], numbers: list[int], options: SamplingOptions, seed: int = 1
) -> list[tuple[int, ...]]:
    source, lengths = padded(sources)
    network = tiny_network(seed)
    return [one.ids for one in sample(network, source, lengths, TOKENIZER, options, LIMITS, numbers=numbers)]


def test_a_sentence_is_drawn_alike_in_any_batch() -> None:
    options = SamplingOptions(seed=3)
    sources = [[1, 2, 3], [4], [2, 2], [0, 1, 2, 3, 4]]
    together = drawn(sources, [10, 11, 12, 13], options)
    assert drawn([sources[2]], [12], options) == [together[2]]
    assert drawn([sources[3], sources[0]], [13, 10], options) == [together[3], together[0]]


def test_seed_and_number_change_the_draw() -> None:
    sources = [[1, 2, 3]] * 20
    numbers = list(range(20))
    first = drawn(sources, numbers, SamplingOptions(seed=1))
    assert len(set(first)) > 1
    assert first == drawn(sources, numbers, SamplingOptions(seed=1))
    assert first != drawn(sources, numbers, SamplingOptions(seed=2))


def test_draws_follow_the_models_distribution() -> None:
    network = tiny_network(1)
    count = 2000
    source, lengths = padded([[1, 2]] * count)
    limits = SearchOptions(max_length=1, min_length=1)
    found = sample(network, source, lengths, TOKENIZER, SamplingOptions(), limits, numbers=range(count))
    shares = Counter(one.ids for one in found)
    single, length = padded([[1, 2]])
    values = {ids: math.exp(score(network, single, length, [ids], TOKENIZER)[0][0]) for ids in shares}
    allowed = sum(values.values())
    for ids, value in values.items():
        assert shares[ids] / count == pytest.approx(value / allowed, abs=0.04)


def test_log_probabilities_are_the_models_own() -> None:
    network = tiny_network(2)
    source, lengths = padded([[1, 2], [3]])
    options = SamplingOptions(temperature=2.0, top_k=3)
    for row, one in enumerate(sample(network, source, lengths, TOKENIZER, options, LIMITS, numbers=[0, 1])):
        values = score(network, source[row : row + 1], lengths[row : row + 1], [one.ids], TOKENIZER)[0]
        assert one.log_probability == pytest.approx(sum(values), abs=1e-4)


def test_top_k_of_one_is_greedy() -> None:
    one = drawn([[1, 2, 3]] * 5, [1, 2, 3, 4, 5], SamplingOptions(top_k=1))
    assert len(set(one)) == 1


def test_truncation_keeps_the_smallest_likely_set() -> None:
    scores = torch.tensor([[0.5, 0.3, 0.15, 0.05]]).log()
    kept = truncate(scores, SamplingOptions(top_p=0.7)).isfinite()
    assert kept.tolist() == [[True, True, False, False]]
    assert truncate(scores, SamplingOptions(top_p=0.01)).isfinite().tolist() == [[True, False, False, False]]
    assert truncate(scores, SamplingOptions(top_k=3)).isfinite().tolist() == [[True, True, True, False]]
    torch.testing.assert_close(truncate(scores, SamplingOptions(temperature=2.0)), scores / 2)


def test_prefixes_begin_the_draw() -> None:
    source, lengths = padded([[1], [2]])
    found = sample(
        tiny_network(4), source, lengths, TOKENIZER, SamplingOptions(), LIMITS, numbers=[1, 2], prefixes=[[3, 3], []]
    )
    assert found[0].ids[:2] == (3, 3)
