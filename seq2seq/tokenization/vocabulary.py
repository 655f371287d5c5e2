"""The special ids that decoding needs of the pieces between which it chooses."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from seq2seq.corpus.example import Mark


class Vocabulary(Protocol):
    """The target ids of a model: those of its tokenizer, or the few of a shortlist (`seq2seq.runtime.shortlist`)."""

    @property
    def padding(self) -> int:
        """Padding id."""

    @property
    def start(self) -> int:
        """Id of the start token, which begins the decoder's input."""

    @property
    def end(self) -> int:
        """Id of the end token."""

    @property
    def unknown(self) -> int:
        """Id of unknown text."""

    @property
    def marks(self) -> Mapping[Mark, int]:
        """Id of each mark."""

    @property
    def masks(self) -> Sequence[int]:
        """Id of each mask, by number; empty for a vocabulary without masks."""
