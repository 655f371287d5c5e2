"""The decoder without a source: whole texts, single steps and parts agree, in all decoding methods."""

import math
from typing import Any

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import Tensor

from seq2seq.decoding.beam_search import beam_search
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.decoding.left_to_right import stream, write
from seq2seq.decoding.options import SamplingOptions, SearchOptions
from seq2seq.errors import UserError
from seq2seq.network.encoder_decoder import Network
from seq2seq.network.options import NetworkOptions
from seq2seq.network.state import Memory
from tests.properties import examples
from tests.seq2seq.tiny import VOCABULARY, tiny_network, tiny_tokenizer

SOURCELESS: dict[str, Any] = {"encoder": "none", "attention": "none", "bridge": "zero"}
SHAPES: list[dict[str, Any]] = [
    {"tied_embeddings": "none"},
    {"tied_embeddings": "none", "readout": "none", "decoder_layers": 2, "residual": True},
    {"tied_embeddings": "output", "decoder_layers": 3, "layer_norm": "between", "variational": True},
    {"tied_embeddings": "output", "embedding_size": 12, "readout": "none", "layer_norm": "gates"},
    {"tied_embeddings": "none", "decoder_layers": 2, "recurrent_dropout": 0.3, "embedding_dropout": 0.2},
]


def network_of(shape: dict[str, Any], seed: int = 1) -> Network:
    return tiny_network(seed, NetworkOptions(**{"embedding_size": 8, "hidden_size": 12, **SOURCELESS, **shape}))


def nothing(rows: int) -> tuple[Tensor, Tensor]:
    """Return empty sources."""
    return torch.zeros(rows, 0, dtype=torch.long), torch.zeros(rows, dtype=torch.long)


def memory_of(network: Network, rows: int) -> Memory:
    return network.encode(*nothing(rows))


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_forward_steps_packed_steps_and_parts_are_one_function(shape: dict[str, Any]) -> None:
    # In double precision: layer normalisation enlarges rounding where a row hardly varies.
    network = network_of(shape).double()
    text = torch.randint(0, 8, (3, 9), generator=torch.Generator().manual_seed(2))
    with torch.no_grad():
        memory = memory_of(network, 3)
        assert memory.rows == 3
        assert memory.is_token.shape == (3, 0)
        decoded = network(memory, text)
        whole = torch.log_softmax(network.logits(decoded.states), -1)
        plain, quick, packed = network.start(memory), network.start(memory), network.pack()
        for place, token in enumerate(text.unbind(1)):
            scores, plain = network.step(token, plain, memory)
            torch.testing.assert_close(scores, whole[:, place], rtol=0, atol=1e-9)
            scores, quick = packed(token, quick, memory)
            torch.testing.assert_close(scores, whole[:, place], rtol=0, atol=1e-9)
        torch.testing.assert_close(plain, decoded.state, rtol=0, atol=1e-9)
        first = network(memory, text[:, :4])
        second = network(memory, text[:, 4:], state=first.state)
        torch.testing.assert_close(torch.cat([first.states, second.states], 1), decoded.states, rtol=0, atol=1e-9)


@pytest.mark.parametrize("shape", SHAPES, ids=str)
def test_gradients_end_where_the_state_is_detached(shape: dict[str, Any]) -> None:
    network = network_of(shape)
    text = torch.randint(0, 8, (2, 6), generator=torch.Generator().manual_seed(2))
    first = network(memory_of(network, 2), text)
    second = network(memory_of(network, 2), text, state=first.state.detached())
    second.states.sum().backward()
    assert all(parameter.grad is not None for parameter in network.decoder.layers.parameters())
    assert not any(one.requires_grad for one in first.state.detached()[:2])


def test_a_language_model_has_neither_encoder_nor_source_embedding() -> None:
    network = network_of(SHAPES[0])
    assert {name.split(".")[0] for name, _ in network.named_parameters()} == {"decoder", "output"}


@examples(100)
@given(st.integers(0, 2**40), st.integers(1, 4))
def test_search_draws_and_scores_agree_without_a_source(seed: int, rows: int) -> None:
    network, target = network_of(SHAPES[0], seed % 7), tiny_tokenizer()
    limits = SearchOptions(beam_size=1, max_length=6, length_penalty="none")
    options = SamplingOptions(seed=seed)
    drawn = write(network, EncodedSources(*nothing(rows)), target, limits, options, numbers=range(rows))
    for number, one in enumerate(drawn):
        assert tuple(stream(network, EncodedSources(*nothing(1)), target, limits, options, number=number)) == one.ids
    logarithms = score(network, EncodedSources(*nothing(rows)), [one.ids for one in drawn], target)
    for one, values in zip(drawn, logarithms, strict=True):
        assert math.isclose(math.fsum(values), one.log_probability, abs_tol=1e-4)
    (best,) = beam_search(
        network, EncodedSources(*nothing(1)), target, SearchOptions(beam_size=VOCABULARY, max_length=2)
    )[0]
    (greedy,) = beam_search(network, EncodedSources(*nothing(1)), target, limits)[0]
    assert best.score >= greedy.log_probability / (len(greedy.ids) + 1) or len(greedy.ids) > 2


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"attention": "general"}, r"encoder is 'none', .* attention is 'general' and bridge is 'zero': set attention"),
        ({"bridge": "dense"}, r"attention is 'none' and bridge is 'dense': set attention to 'none' and bridge"),
        ({"tied_embeddings": "all"}, r"'all' shares the table of the source, but encoder is 'none': set"),
        ({"source_word_dropout": 0.1}, r"source_word_dropout is 0.1, but encoder is 'none', so there are no"),
        ({"residual": True}, r"residual connections join layers"),
        ({"readout": "none", "readout_size": 8, "tied_embeddings": "none"}, r"readout_size is 8, but readout is"),
        ({"readout": "none"}, r"reads 512 numbers with a table of width 256: make them equal, or set readout"),
        ({"readout": "wide"}, r"readout is 'wide', which does not exist"),
    ],
)
def test_refusals(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(UserError, match=message):
        NetworkOptions(**{**SOURCELESS, **changes})


def test_the_refusals_of_a_source_do_not_hold_without_one() -> None:
    assert NetworkOptions(**SOURCELESS, hidden_size=13, embedding_size=13, readout="none").bidirectional
