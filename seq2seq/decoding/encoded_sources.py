"""The batch of sources from which outputs are decoded.

Shapes: ``B`` sources, ``S`` source length.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor


class EncodedSources(NamedTuple):
    """A padded batch of sources, with the constraints that depend on each.

    Attributes:
        ids: [B, S], padded ids.
        lengths: [B], number of ids without padding: at least one each, but zero for a language model.
        copies: [B, S], the target id that each position copies, or padding if it cannot be copied; ids above the
            vocabulary are unknown words (`seq2seq.tokenization.copy_table`). None uses the network's table, but the
            caller must pass `copies` to block n-grams of the sources.
        words: The unknown words of each source that can be copied; needed for banning them.
        prefixes: Target ids that each output must begin with, if any.
    """

    ids: Int[Tensor, "batch source"]
    lengths: Int[Tensor, " batch"]
    copies: Int[Tensor, "batch source"] | None = None
    words: Sequence[Sequence[str]] = ()
    prefixes: Sequence[Sequence[int]] | None = None

    def select(self, rows: Sequence[int]) -> "EncodedSources":
        """Return some of the sources, in the order given; a source may occur several times."""
        chosen = torch.tensor(rows, device=self.ids.device)
        return EncodedSources(
            self.ids[chosen],
            self.lengths[chosen],
            None if self.copies is None else self.copies[chosen],
            [self.words[row] for row in rows] if self.words else (),
            None if self.prefixes is None else [self.prefixes[row] for row in rows],
        )


def no_sources(rows: int, device: torch.device) -> EncodedSources:
    """Return N empty sources, for a language model."""
    return EncodedSources(
        torch.zeros(rows, 0, dtype=torch.long, device=device), torch.zeros(rows, dtype=torch.long, device=device)
    )
