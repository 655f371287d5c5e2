"""Ensembles: their probabilities, what search and scoring make of them, and refusals."""

import math
from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.left_to_right import write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.models.joint.companions import FORMS
from seq2seq.models.joint.ensemble import Ensemble
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from tests.seq2seq.network.test_language_network import SHAPES, network_of
from tests.seq2seq.tiny import SHAPE, VOCABULARY, padded, tiny_network, tiny_tokenizer

SOURCES = [[1, 2, 3], [4], [5, 6, 7, 1, 2]]
TARGET = tiny_tokenizer()
OPTIONS = SearchOptions(beam_size=3, n_best=3, max_length=4, length_penalty="none")
COPYING = replace(SHAPE, copying=True, hidden_size=10)
DEEP = replace(SHAPE, hidden_size=8, encoder_layers=2, decoder_layers=2, input_feeding=True)


def together(log_probabilities: list[torch.Tensor], form: str) -> torch.Tensor:
    """Return the formula of the module, written out."""
    if form == "linear":
        return torch.stack([part.exp() for part in log_probabilities]).mean(0).log()
    mean = torch.stack(log_probabilities).mean(0)
    return (mean.exp() / mean.exp().sum(-1, keepdim=True)).log()


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=10)
@given(seed=st.integers(0, 50), beams=st.sampled_from([1, 2]))
def test_a_step_is_the_formula(form: str, seed: int, beams: int) -> None:
    networks = [tiny_network(seed), tiny_network(seed + 1, DEEP), tiny_network(seed + 2)]
    whole = Ensemble(networks, form)
    memory = whole.encode(*padded(SOURCES))
    state = whole.start(memory, beams)
    token = torch.arange(len(SOURCES) * beams) % 8
    with whole.inference():
        for step in (whole.step, whole.pack()):
            scores, after = step(token, state, memory)
            own = [
                network.step(token, before, sources)
                for network, before, sources in zip(networks, state.members, memory.members, strict=True)
            ]
            torch.testing.assert_close(scores, together([part for part, _ in own], form), rtol=1e-4, atol=1e-4)
            torch.testing.assert_close(scores.exp().sum(-1), torch.ones(len(token)))
            torch.testing.assert_close(after.attention, torch.stack([one.attention for _, one in own]).mean(0))
    assert (memory.rows, memory.extra) == (3, 0)
    assert whole.weight_count() == sum(network.weight_count() for network in networks)


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", [SHAPE, COPYING, DEEP])
def test_copies_of_a_network_are_the_network(form: str, shape: NetworkOptions) -> None:
    network = tiny_network(3, shape)
    whole = Ensemble([network] * 3, form)
    sources = EncodedSources(*padded(SOURCES))
    for options in (OPTIONS, replace(OPTIONS, beam_size=1, n_best=1)):
        found = beam_search(whole, sources, TARGET, options, attention=True)
        expected = beam_search(network, sources, TARGET, options, attention=True)
        for ours, theirs in zip(found, expected, strict=True):
            assert [one.ids for one in ours] == [one.ids for one in theirs]
            assert [one.score for one in ours] == pytest.approx([one.score for one in theirs], abs=1e-3)
            for one, other in zip(ours, theirs, strict=True):
                assert one.attention == pytest.approx(other.attention, abs=1e-4)
    drawn = write(whole, sources, TARGET, OPTIONS, SamplingOptions(seed=2), numbers=range(3))
    alone = write(network, sources, TARGET, OPTIONS, SamplingOptions(seed=2), numbers=range(3))
    assert [one.ids for one in drawn] == [one.ids for one in alone]


@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("shape", [SHAPE, COPYING])
@settings(max_examples=10)
@given(seed=st.integers(0, 50))
def test_a_search_reports_what_scoring_says(form: str, shape: NetworkOptions, seed: int) -> None:
    whole = Ensemble([tiny_network(seed, shape), tiny_network(seed + 1, replace(shape, hidden_size=8))], form)
    found = beam_search(whole, EncodedSources(*padded(SOURCES)), TARGET, OPTIONS)
    for source, hypotheses in zip(SOURCES, found, strict=True):
        for one in hypotheses:
            (own,) = score(whole, EncodedSources(*padded([source])), [one.ids], TARGET)
            assert one.log_probability == pytest.approx(math.fsum(own), abs=1e-3)


@pytest.mark.parametrize("form", FORMS)
def test_a_wide_search_finds_the_best(form: str) -> None:
    networks = [tiny_network(7), tiny_network(8)]
    options = replace(OPTIONS, beam_size=VOCABULARY, n_best=1, max_length=1)
    (best,) = beam_search(Ensemble(networks, form), EncodedSources(*padded([[1, 2]])), TARGET, options)[0]
    letters = [(), *((token,) for token in range(1, 8)), (TARGET.unknown,), (VOCABULARY - 1,)]
    scored = score(Ensemble(networks, form), EncodedSources(*padded([[1, 2]] * 10)), letters, TARGET)
    assert best.score == pytest.approx(max(map(math.fsum, scored)), abs=1e-3)


def test_the_share_of_copying_is_that_of_the_mixture() -> None:
    """P(w) = mean of p_k(w), of which c_k p_k(w) is due to copying by network k."""
    networks = [tiny_network(1, COPYING), tiny_network(2, COPYING)]
    whole = Ensemble(networks)
    ids, lengths = padded([[1, 2, 3]])
    wanted = torch.tensor([[1, 3, TARGET.end]])
    inputs = torch.tensor([[TARGET.start, 1, 3]])
    with torch.no_grad():
        together, share, _, _ = whole.forced(whole.encode(ids, lengths), inputs, wanted)
        own = [network.forced(network.encode(ids, lengths), inputs, wanted) for network in networks]
    probability = torch.stack([part[0].exp() for part in own])
    copied = torch.stack([part[1] for part in own if part[1] is not None]) * probability
    torch.testing.assert_close(together.exp(), probability.mean(0))
    assert share is not None
    torch.testing.assert_close(share, copied.mean(0) / probability.mean(0))


def test_language_models_are_an_ensemble_too() -> None:
    networks = [network_of(SHAPES[0], 1), network_of(SHAPES[0], 2)]
    whole = Ensemble(networks)
    memory = whole.without_source(2)
    ids = torch.tensor([[1, 2, 3], [4, 5, 6]])
    with torch.no_grad():
        read = whole.read(ids, whole.start(memory))
        scores, _ = whole.step(torch.tensor([1, 2]), read, memory)
        own = []
        for network in networks:
            nothing = network.without_source(2)
            after = network.read(ids, network.start(nothing))
            own.append(network.step(torch.tensor([1, 2]), after, nothing)[0])
    torch.testing.assert_close(scores, together(own, "linear"), rtol=1e-4, atol=1e-4)


def test_what_does_not_fit_together_is_refused() -> None:
    wide = Network(SHAPE, VOCABULARY + 1, VOCABULARY + 1, TARGET.padding, TARGET.padding).eval()
    with pytest.raises(UserError, match="write the same pieces, but they have 14 and 15: train them with the same"):
        Ensemble([tiny_network(1), wide])
    with pytest.raises(UserError, match=r"or none of them does: model\.network\.copying differs"):
        Ensemble([tiny_network(1), tiny_network(1, COPYING)])
    with pytest.raises(UserError, match=r"or none of them has: one has model\.network\.attention 'none'"):
        Ensemble([tiny_network(1), tiny_network(1, replace(SHAPE, attention="none"))])
    with pytest.raises(UserError, match="ensemble_form is 'geometric'"):
        Ensemble([tiny_network(1)], "geometric")
