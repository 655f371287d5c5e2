"""Attention ignores padding, and is the same in chunks."""

import pytest
import torch

from seq2seq.network.options import NetworkOptions
from seq2seq.training.loss import sequence_loss
from tests.seq2seq.network.test_encoder_decoder import PADDING, batch, network_of


@pytest.mark.parametrize("attention", ["dot", "general", "additive", "multihead"])
def test_padding_gets_no_attention(attention: str) -> None:
    network = network_of(NetworkOptions(embedding_size=8, hidden_size=12, heads=3, attention=attention)).eval()
    source, lengths = batch([6, 2], 6)
    weights = network(network.encode(source, lengths), torch.zeros(2, 3, dtype=torch.long)).weights
    assert (weights[1, :, 2:] == 0).all()
    torch.testing.assert_close(weights.sum(-1), torch.ones(2, 3))


def test_additive_attention_gives_the_same_gradients_in_chunks() -> None:
    gradients = []
    for chunk in (1, 100):
        network = network_of(
            NetworkOptions(embedding_size=8, hidden_size=12, attention="additive", attention_chunk=chunk, dropout=0.0)
        )
        source, lengths = batch([6, 3], 6)
        target = torch.randint(0, PADDING, (2, 7), generator=torch.Generator().manual_seed(1))
        memory = network.encode(source, lengths)
        sequence_loss(network, memory, network(memory, target), target, 0.0).total.backward()  # type: ignore[no-untyped-call]
        gradients.append([p.grad.clone() for p in network.parameters() if p.grad is not None])
    for one, other in zip(*gradients, strict=True):
        torch.testing.assert_close(one, other, rtol=1e-4, atol=1e-5)
