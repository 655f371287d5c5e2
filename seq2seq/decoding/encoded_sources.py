"""The batch of sources from which outputs are decoded.

Shapes: ``B`` sources, ``S`` source length.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np

from seq2seq.arrays import Array, Int, beside
from seq2seq.decoding.phrases.required_phrases import Requirement


class EncodedSources(NamedTuple):
    """A padded batch of sources, with the constraints that depend on each, as arrays of what computes the network.

    Attributes:
        ids: [B, S], padded ids.
        lengths: [B], number of ids without padding: at least one each, but zero for a language model.
        copies: [B, S], the target id that each position copies, or padding if it cannot be copied; ids above the
            vocabulary are unknown words (`seq2seq.tokenization.copy_table`). None uses the network's table, but the
            caller must pass `copies` to block n-grams of the sources.
        words: The unknown words of each source that can be copied; needed for banning them.
        prefixes: Target ids that each output must begin with, if any.
        required: Requirements of each output, if any; only beam search supports them.
        masks: The numbers of each source's masks, which its output may contain; () if no source has any.
    """

    ids: Int[Array, "batch source"]
    lengths: Int[Array, " batch"]
    copies: Int[Array, "batch source"] | None = None
    words: Sequence[Sequence[str]] = ()
    prefixes: Sequence[Sequence[int]] | None = None
    required: Sequence[Sequence[Requirement]] = ()
    masks: Sequence[Sequence[int]] = ()

    def select(self, rows: Sequence[int]) -> "EncodedSources":
        """Return some of the sources, in the order given; a source may occur several times."""
        chosen = beside(np.asarray(rows, dtype=np.int64), self.ids)
        return EncodedSources(
            self.ids[chosen],
            self.lengths[chosen],
            None if self.copies is None else self.copies[chosen],
            [self.words[row] for row in rows] if self.words else (),
            None if self.prefixes is None else [self.prefixes[row] for row in rows],
            [self.required[row] for row in rows] if self.required else (),
            [self.masks[row] for row in rows] if self.masks else (),
        )


def no_sources(rows: int, like: Array) -> EncodedSources:
    """Return N empty sources, for a language model, as arrays of the same library and device as `like`."""
    return EncodedSources(
        beside(np.zeros((rows, 0), dtype=np.int64), like), beside(np.zeros(rows, dtype=np.int64), like)
    )
