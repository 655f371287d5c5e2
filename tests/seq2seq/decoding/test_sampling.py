"""Samples: the right distribution, the same in any batch, within truncation."""

import math
from collections import Counter
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.left_to_right import write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.decoding.sampling import draw, nucleus, truncate
from tests.seq2seq.tiny import padded, tiny_network, tiny_tokenizer

TOKENIZER = tiny_tokenizer()
LIMITS = SearchOptions(max_length=4)


def drawn(
    sources: list[list[int]], numbers: list[int], options: SamplingOptions, seed: int = 1
) -> list[tuple[int, ...]]:
    source, lengths = padded(sources)
    network = tiny_network(seed)
    return [
        one.ids for one in write(network, EncodedSources(source, lengths), TOKENIZER, LIMITS, options, numbers=numbers)
    ]


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


def test_draws_of_one_text_differ_however_large_their_numbers_are() -> None:
    """PyTorch's generators use only 32 bits of a seed, so samples with larger numbers would all be equal."""
    for step in (1, 2**32, 2**40):
        assert len(set(drawn([[1, 2, 3]] * 10, [7 + place * step for place in range(10)], SamplingOptions()))) > 1


def test_draws_follow_the_models_distribution() -> None:
    network = tiny_network(1)
    count = 2000
    source, lengths = padded([[1, 2]] * count)
    limits = SearchOptions(max_length=1, min_length=1)
    found = write(network, EncodedSources(source, lengths), TOKENIZER, limits, SamplingOptions(), numbers=range(count))
    shares = Counter(one.ids for one in found)
    single, length = padded([[1, 2]])
    values = {ids: math.exp(score(network, EncodedSources(single, length), [ids], TOKENIZER)[0][0]) for ids in shares}
    allowed = sum(values.values())
    for ids, value in values.items():
        assert shares[ids] / count == pytest.approx(value / allowed, abs=0.04)


def test_log_probabilities_are_the_models_own() -> None:
    network = tiny_network(2)
    source, lengths = padded([[1, 2], [3]])
    options = SamplingOptions(temperature=2.0, top_k=3)
    for row, one in enumerate(
        write(network, EncodedSources(source, lengths), TOKENIZER, LIMITS, options, numbers=[0, 1])
    ):
        values = score(network, EncodedSources(source[row : row + 1], lengths[row : row + 1]), [one.ids], TOKENIZER)[0]
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


@settings(max_examples=30, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.001, 1.0),
    temperature=st.sampled_from([0.5, 1.0, 2.0]),
    top_p=st.sampled_from([1.0, 0.9]),
)
def test_min_p_keeps_a_share_of_the_likeliest(seed: int, share: float, temperature: float, top_p: float) -> None:
    scores = 3 * torch.randn(3, 50, generator=torch.Generator().manual_seed(seed))
    found = truncate(scores, SamplingOptions(temperature=temperature, min_p=share, top_p=top_p))
    probabilities = (scores / temperature).softmax(-1)
    kept = found.isfinite()
    assert kept.gather(1, probabilities.argmax(1, keepdim=True)).all()
    for row, is_kept in zip(probabilities, kept, strict=True):
        wanted = row >= share * row.max() * (1 - 1e-5)
        assert not (is_kept & ~wanted).any()
        if top_p == 1:
            surely = row >= share * row.max() * (1 + 1e-5)
            assert is_kept[surely].all()
    torch.testing.assert_close(found[kept], (scores / temperature)[kept])


def test_several_draws_of_a_source_are_those_that_come_one_by_one() -> None:
    network = tiny_network(3)
    source, lengths = padded([[1, 2, 3], [4], [2, 2]])
    sources = [2, 0, 0, 1, 2]
    options = SamplingOptions(seed=4)
    limits = replace(LIMITS, no_repeat_source_ngram=1, banned=("cats",))
    prefixes = [[5], [], [6, 7]]
    found = write(
        network,
        EncodedSources(source, lengths, copies=source, words=[("\u2581a",), (), ("s",)], prefixes=prefixes),
        TOKENIZER,
        limits,
        options,
        numbers=range(5),
        rows=sources,
    )
    for number, (place, one) in enumerate(zip(sources, found, strict=True)):
        row = slice(place, place + 1)
        (alone,) = write(
            network,
            EncodedSources(
                source[row, : lengths[place]],
                lengths[row],
                copies=source[row, : lengths[place]],
                prefixes=[prefixes[place]],
            ),
            TOKENIZER,
            limits,
            options,
            numbers=[number],
        )
        assert one.ids == alone.ids
        assert one.log_probability == pytest.approx(alone.log_probability, abs=1e-4)


@settings(max_examples=50, deadline=None)
@given(
    seed=st.integers(0, 10_000),
    share=st.floats(0.01, 0.999, allow_subnormal=False),
    spread=st.floats(0.0, 5.0, allow_subnormal=False),
    vocabulary=st.integers(2, 1000),
)
def test_top_p_keeps_what_sorting_everything_keeps(seed: int, share: float, spread: float, vocabulary: int) -> None:
    scores = spread * torch.randn(3, vocabulary, generator=torch.Generator().manual_seed(seed))
    for row, kept in zip(scores.softmax(-1), nucleus(scores, share).isfinite(), strict=True):
        ordered = row.sort(descending=True).values
        wanted = int((ordered.cumsum(0) - ordered < share).sum())
        assert abs(int(kept.sum()) - wanted) <= 1  # sums of float32, added in other orders
        assert row[kept].min() >= (row[~kept].max() if (~kept).any() else 0)


def test_a_draw_is_at_its_place_in_the_sum() -> None:
    scores = torch.tensor([0.0, 0.5, 0.0, 0.25, 0.25, 0.0]).log().expand(6, -1)
    uniform = torch.tensor([0.0, 0.49, 0.5, 0.74, 0.75, 1 - 2**-53], dtype=torch.float64)
    assert draw(scores, uniform).tolist() == [1, 1, 3, 3, 4, 4]


def test_prefixes_begin_the_draw() -> None:
    source, lengths = padded([[1], [2]])
    found = write(
        tiny_network(4),
        EncodedSources(source, lengths, prefixes=[[3, 3], []]),
        TOKENIZER,
        LIMITS,
        SamplingOptions(),
        numbers=[1, 2],
    )
    assert found[0].ids[:2] == (3, 3)
