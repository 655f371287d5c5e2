"""Embeddings projected in advance equal those projected on the fly."""

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.network.embedding import Embedding, ProjectedEmbedding

VOCABULARY = 9


@settings(max_examples=30, deadline=None)
@given(steps=st.lists(st.lists(st.integers(0, VOCABULARY - 1), max_size=6), min_size=1, max_size=5))
def test_a_projected_embedding_is_the_product_of_the_embedding(steps: list[list[int]]) -> None:
    torch.manual_seed(1)
    embedding = Embedding(VOCABULARY, 4, VOCABULARY - 1, 0.0, False, 0.0)
    weight = torch.randn(5, 4)
    asked = []

    def project(x: torch.Tensor) -> torch.Tensor:
        asked.append(len(x))
        return x @ weight.T

    projected = ProjectedEmbedding(embedding, project, 5)
    for pieces in steps:
        ids = torch.tensor(pieces, dtype=torch.long)
        torch.testing.assert_close(projected(ids), (embedding.step(ids) @ weight.T).detach())
    assert sum(asked) == len({piece for pieces in steps for piece in pieces})
