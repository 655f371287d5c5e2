"""A batch of sources as decoding takes it.

Shapes: ``B`` sources, ``S`` source length.
"""

from collections.abc import Sequence
from typing import NamedTuple

import torch
from jaxtyping import Int
from torch import Tensor


class EncodedSources(NamedTuple):
    """A batch of sources in ids, padded, and what each of them requires of its output.

    Attributes:
        ids: [B, S], padded ids.
        lengths: [B], ids without padding, at least one each (none for a language model).
        copies: [B, S], the target id that copying each position writes, padding if it can write none; ids above the
            vocabulary stand for unknown words (`seq2seq.tokenization.copy_table`). None uses the network's own table,
            and does not suffice to block n-grams of the sources.
        words: The unknown words of each source, which can be copied; needed to ban some of them.
        prefixes: Target ids that each output must begin with; None requires none.
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
    """Return the sources of N texts of a language model, which reads none."""
    return EncodedSources(
        torch.zeros(rows, 0, dtype=torch.long, device=device), torch.zeros(rows, dtype=torch.long, device=device)
    )
