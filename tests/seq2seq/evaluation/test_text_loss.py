"""Losses of running text: with carried state, parts have the loss of the whole text; windows have no context."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.evaluation.text_loss import carried, windowed
from tests.seq2seq.network.test_language_network import SHAPES, network_of
from tests.seq2seq.tiny import tiny_tokenizer

TARGET = tiny_tokenizer()
TEXT = np.random.default_rng(1).integers(0, 8, 700)
TEXT[[50, 51, 400]] = TARGET.end


def whole(seed: int, text: "np.ndarray[tuple[int], np.dtype[np.int64]]", begin: int) -> "list[float]":
    network = network_of(SHAPES[2], seed)
    inputs = [begin, *text[:-1].tolist()]
    inputs = [TARGET.start if token == TARGET.end else token for token in inputs]
    with torch.no_grad():
        decoded = network(network.without_source(1), torch.tensor([inputs]))
        scores = torch.log_softmax(network.logits(decoded.states[0]), -1)
    return [-float(scores[place, token]) for place, token in enumerate(text.tolist())]


@given(st.integers(1, 700), st.integers(0, 5))
def test_in_parts_and_at_once(length: int, seed: int) -> None:
    losses = carried(network_of(SHAPES[2], seed), TEXT[:length], TARGET, TARGET.start, rows=1)
    np.testing.assert_allclose(losses, whole(seed, TEXT[:length], TARGET.start), atol=2e-4)


def test_side_by_side_with_a_lead_in_as_long_as_memory() -> None:
    losses = carried(network_of(SHAPES[2], 3), TEXT, TARGET, 2, rows=5, lead_in=130)
    np.testing.assert_allclose(losses, whole(3, TEXT, 2), atol=1e-2)
    assert losses.shape == (700,)


def test_windows_know_the_piece_before_them_and_no_more() -> None:
    network = network_of(SHAPES[0], 2)
    losses = windowed(network, TEXT, TARGET, window=20, count=70, seed=5)
    assert losses.shape == (70, 20)
    starts = np.random.default_rng([5, 11]).integers(0, 680, 70)
    for row in (0, 69):
        text = TEXT[starts[row] : starts[row] + 21]
        alone = carried(network, text[1:], TARGET, TARGET.start if text[0] == TARGET.end else int(text[0]), rows=1)
        np.testing.assert_allclose(losses[row], alone, atol=1e-4)
    assert windowed(network, TEXT[:5], TARGET, window=20, count=2, seed=5).shape == (2, 4)


@pytest.mark.slow
def test_a_million_pieces_in_parts_are_the_million_at_once() -> None:
    network = network_of(SHAPES[1], 1)
    text = np.random.default_rng(2).integers(0, 8, 1_000_000)
    once = carried(network, text, TARGET, TARGET.start, rows=1)
    parts = carried(network, text, TARGET, TARGET.start)
    assert float(once.mean()) == pytest.approx(float(parts.mean()), abs=1e-5)
