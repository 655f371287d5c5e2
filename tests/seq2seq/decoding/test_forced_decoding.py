"""Scores of given pairs equal the sum over steps."""

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.forced_decoding import score
from seq2seq.network import encoder_decoder as network_module
from tests.seq2seq.tiny import PIECES, padded, tiny_network, tiny_tokenizer

TOKENIZER = tiny_tokenizer()
IDS = st.integers(0, PIECES - 1)


@settings(max_examples=20, deadline=None)
@given(
    pairs=st.lists(st.tuples(st.lists(IDS, min_size=1, max_size=4), st.lists(IDS, max_size=5)), min_size=1, max_size=4),
    seed=st.integers(0, 1000),
)
def test_scores_equal_the_steps(pairs: list[tuple[list[int], list[int]]], seed: int) -> None:
    network = tiny_network(seed)
    source, lengths = padded([one for one, _ in pairs])
    found = score(network, EncodedSources(source, lengths), [two for _, two in pairs], TOKENIZER)
    for row, (one, two) in enumerate(pairs):
        with torch.no_grad():
            memory = network.encode(*padded([one]))
            state, token, expected = network.start(memory), TOKENIZER.start, []
            for piece in [*two, TOKENIZER.end]:
                scores, state = network.step(torch.tensor([token]), state, memory)
                expected.append(float(scores[0, piece]))
                token = piece
        assert found[row] == pytest.approx(expected, abs=1e-4)


def test_several_targets_of_one_source_score_as_if_each_had_its_own() -> None:
    network = tiny_network(2)
    sources, targets, rows = [[1, 2], [3], [4, 5, 6]], [[1], [2, 3], [], [4], [4, 4]], [2, 0, 2, 0, 0]
    found = score(network, EncodedSources(*padded(sources)), targets, TOKENIZER, rows=rows)
    expected = score(network, EncodedSources(*padded([sources[row] for row in rows])), targets, TOKENIZER)
    for one, other in zip(found, expected, strict=True):
        assert one == pytest.approx(other, abs=1e-5)


def test_chunks_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    network = tiny_network(1)
    source, lengths = padded([[1, 2], [3]])
    whole = score(network, EncodedSources(source, lengths), [[1, 2, 3], [4]], TOKENIZER)
    monkeypatch.setattr(network_module, "CHUNK_BYTES", 1)
    for one, other in zip(
        whole, score(network, EncodedSources(source, lengths), [[1, 2, 3], [4]], TOKENIZER), strict=True
    ):
        assert one == pytest.approx(other, abs=1e-5)
