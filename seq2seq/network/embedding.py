"""The embedding table, with dropout of units and of whole words.

Shapes: ``B`` batch, ``T`` time, ``E`` embedding width, ``V`` vocabulary.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.network.cpu_products import Product
from seq2seq.network.lstm import SequenceDropout


class Embedding(nn.Module):
    """An embedding table with dropout.

    Args:
        vocabulary: V, special tokens included.
        size: E.
        padding: Id of padding, whose vector stays zero.
        dropout: Probability of dropping a unit.
        variational: Whether all time steps share one dropout mask of units.
        word_dropout: Probability of dropping the whole vector at one position (Sennrich et al. 2016, section 3.1).
    """

    def __init__(
        self, vocabulary: int, size: int, padding: int, dropout: float, variational: bool, word_dropout: float
    ) -> None:
        super().__init__()
        self.padding = padding
        self.word_dropout = word_dropout
        self.dropout = SequenceDropout(dropout, variational)
        self.weight = nn.Parameter(torch.empty(vocabulary, size))
        nn.init.normal_(self.weight, std=size**-0.5)
        with torch.no_grad():
            self.weight[padding].zero_()

    def forward(self, ids: Int[Tensor, "batch time"]) -> Float[Tensor, "batch time embedding"]:
        """Return the vectors of pieces; in training, with dropout."""
        vectors = functional.embedding(ids, self.weight, self.padding)
        if self.training and self.word_dropout > 0:
            kept = functional.dropout(vectors.new_ones(*ids.shape, 1), self.word_dropout)
            vectors = vectors * kept
        dropped: Tensor = self.dropout(vectors)
        return dropped

    def step(self, ids: Int[Tensor, " rows"]) -> Float[Tensor, "rows embedding"]:
        """Look up one piece per row, without dropout (for decoding)."""
        return functional.embedding(ids, self.weight)


class ProjectedEmbedding:
    """An embedding with a projection that is computed once per piece, because decoding often repeats pieces.

    A piece is projected on first use, so short texts cost no more than without the cache. Rows of unused pieces take
    address space, but no physical memory. The projection maps [N, E] to [N, ``size``].
    """

    def __init__(self, embedding: Embedding, project: Product, size: int) -> None:
        self.weight = embedding.weight.detach()
        self.project = project
        self.rows = self.weight.new_empty(self.weight.shape[0], size)
        self.is_known = torch.zeros(self.weight.shape[0], dtype=torch.bool, device=self.weight.device)

    def __call__(self, ids: Int[Tensor, " rows"]) -> Float[Tensor, "rows output"]:
        """Look up one piece per row."""
        met = ids[~self.is_known[ids]]
        if len(met):
            met = torch.unique(met)
            self.rows[met] = self.project(functional.embedding(met, self.weight)).detach()
            self.is_known[met] = True
        return self.rows.index_select(0, ids)
