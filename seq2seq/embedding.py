"""Pieces become vectors: the embedding table, with dropout of units and of whole words.

Shapes: ``B`` batch, ``T`` time, ``E`` embedding width, ``V`` vocabulary.
"""

import torch
from jaxtyping import Float, Int
from torch import Tensor, nn
from torch.nn import functional

from seq2seq.lstm import SequenceDropout


class Embedding(nn.Module):
    """A table of vectors whose rows may be dropped while training.

    Args:
        vocabulary: V, special marks included.
        size: E.
        padding: Id of padding, whose row is zero and stays so.
        dropout: Probability of dropping a unit.
        variational: Whether one mask of units serves all time steps.
        word_dropout: Probability of dropping a whole occurrence of a word (Sennrich et al. 2016, section 3.1).
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
        """Look up and drop."""
        vectors = functional.embedding(ids, self.weight, self.padding)
        if self.training and self.word_dropout > 0:
            kept = functional.dropout(vectors.new_ones(*ids.shape, 1), self.word_dropout)
            vectors = vectors * kept
        dropped: Tensor = self.dropout(vectors)
        return dropped

    def step(self, ids: Int[Tensor, " rows"]) -> Float[Tensor, "rows embedding"]:
        """Look up one piece per row; decoding only, so nothing is dropped."""
        return functional.embedding(ids, self.weight)
