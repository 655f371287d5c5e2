"""Fusion with a language model: the scores of a search, the reported probabilities, and refusals."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.left_to_right import stream, write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.models.joint.shallow_fusion import Fused
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from tests.seq2seq.network.test_language_network import SHAPES, network_of, nothing
from tests.seq2seq.searches import finished
from tests.seq2seq.tiny import SHAPE, VOCABULARY, padded, tiny_network, tiny_tokenizer

SOURCES = [[1, 2, 3], [4], [5, 6, 7, 1, 2]]
TARGET = tiny_tokenizer()
OPTIONS = SearchOptions(beam_size=3, n_best=3, max_length=4, length_penalty="none")


def fused(seed: int, weight: float, options: NetworkOptions = SHAPE) -> tuple[Network, Network, Fused]:
    network, model = tiny_network(seed, options), network_of(SHAPES[0], seed + 1)
    return network, model, Fused(network, model, weight, TARGET.unknown)


@settings(max_examples=20)
@given(seed=st.integers(0, 50), weight=st.sampled_from([0.3, 1.0, -0.5]), beams=st.sampled_from([1, 3]))
def test_a_search_adds_up_what_both_say(seed: int, weight: float, beams: int) -> None:
    network, model, both = fused(seed, weight)
    options = replace(OPTIONS, beam_size=beams, n_best=beams)
    found = beam_search(both, EncodedSources(*padded(SOURCES)), TARGET, options)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        assert hypotheses
        for one in hypotheses:
            (own,) = score(network, EncodedSources(*padded([source])), [one.ids], TARGET)
            (expected,) = score(model, EncodedSources(*nothing(1)), [one.ids], TARGET)
            assert one.log_probability == pytest.approx(math.fsum(own), abs=1e-3)
            assert one.score == pytest.approx(math.fsum(own) + weight * math.fsum(expected), abs=1e-3)


def test_a_wide_search_finds_the_best_sum() -> None:
    network, model, both = fused(3, 0.7)
    options = replace(OPTIONS, beam_size=VOCABULARY, n_best=1, max_length=1)
    (best,) = beam_search(both, EncodedSources(*padded([[1, 2]])), TARGET, options)[0]
    letters = [(), *((token,) for token in range(1, 8)), (TARGET.unknown,), (VOCABULARY - 1,)]
    own, expected = (
        score(network, EncodedSources(*padded([[1, 2]] * 10)), letters, TARGET),
        score(model, EncodedSources(*nothing(10)), letters, TARGET),
    )
    sums = [math.fsum(one) + 0.7 * math.fsum(two) for one, two in zip(own, expected, strict=True)]
    assert best.score == pytest.approx(max(sums), abs=1e-3)


def test_draws_and_streams_ask_it_too() -> None:
    network, _, both = fused(5, 0.8)
    drawing, limits = SamplingOptions(seed=3), replace(OPTIONS, beam_size=1, n_best=1)
    drawn = write(both, EncodedSources(*padded(SOURCES)), TARGET, limits, drawing, numbers=range(3))
    greedy = beam_search(both, EncodedSources(*padded(SOURCES)), TARGET, limits)
    for number, source in enumerate(SOURCES):
        pieces = tuple(stream(both, EncodedSources(*padded([source])), TARGET, limits, drawing, number=number))
        assert pieces == drawn[number].ids
        assert tuple(stream(both, EncodedSources(*padded([source])), TARGET, limits)) == greedy[number][0].ids
        # The probabilities that come out are the network's own.
        (own,) = score(network, EncodedSources(*padded([source])), [drawn[number].ids], TARGET)
        assert drawn[number].log_probability == drawn[number].score == pytest.approx(math.fsum(own), abs=1e-3)
        _, streamed = finished(stream(both, EncodedSources(*padded([source])), TARGET, limits, drawing, number=number))
        assert streamed.log_probability == streamed.score == pytest.approx(math.fsum(own), abs=1e-3)
        _, streamed = finished(stream(both, EncodedSources(*padded([source])), TARGET, limits))
        assert streamed.log_probability == pytest.approx(greedy[number][0].log_probability, abs=1e-3)
        assert streamed.score == pytest.approx(greedy[number][0].score, abs=1e-3)


def test_attention_comes_from_the_network() -> None:
    network, _, both = fused(5, 0.8)
    (one,) = beam_search(
        both, EncodedSources(*padded([[1, 2, 3]])), TARGET, replace(OPTIONS, n_best=1), attention=True
    )[0]
    assert one.attention is not None
    assert one.attention.shape == (len(one.ids), 3)
    assert both.scorer is network


def test_unknown_words_of_a_source_are_unknown_to_it() -> None:
    shape = replace(SHAPE, copying=True)
    _, model, both = fused(2, 1.0, shape)
    copies = torch.tensor([[VOCABULARY, 2, VOCABULARY + 1]])
    memory = both.encode(*padded([[TARGET.unknown, 2, TARGET.unknown]]), copies)
    state = both.start(memory)
    scores, state = both.step(torch.tensor([TARGET.start]), state, memory)
    own, _ = both.scorer.step(torch.tensor([TARGET.start]), both.scorer.start(memory), memory)
    expected, other = model.step(
        torch.tensor([TARGET.start]), model.start(model.encode(*nothing(1))), model.encode(*nothing(1))
    )
    assert scores.shape == (1, VOCABULARY + 2)
    difference = scores - own
    torch.testing.assert_close(difference[:, :VOCABULARY], expected, atol=1e-4, rtol=0)
    torch.testing.assert_close(difference[:, VOCABULARY:], expected[:, [TARGET.unknown] * 2], atol=1e-4, rtol=0)
    both.step(torch.tensor([VOCABULARY + 1]), state, memory)  # what was copied is read as unknown
    assert other.hidden.shape == (1, 1, 12)


def test_refusals() -> None:
    network = tiny_network(1)
    with pytest.raises(UserError, match="A model that reads a source cannot be fused as a language model"):
        Fused(network, tiny_network(2), 1.0)
    torch.manual_seed(1)
    larger = Network(network_of(SHAPES[0]).options, 20, 20, 19, 19)
    with pytest.raises(UserError, match=r"has 20 pieces, but the model that it is fused with writes 14: train it"):
        Fused(network, larger, 1.0)
