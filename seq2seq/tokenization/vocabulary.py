"""What decoding knows of the pieces between which it chooses."""

from collections.abc import Mapping, Sequence
from typing import Protocol

from seq2seq.corpus.example import Mark


class Vocabulary(Protocol):
    """The target ids of a model: those of its tokenizer, or the few of a shortlist (`seq2seq.runtime.shortlist`)."""

    @property
    def vocabulary_size(self) -> int:
        """Number of ids, special ones included."""

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
    def own_marks(self) -> Sequence[int]:
        """All special ids."""

    @property
    def has_prefix(self) -> bool:
        """Whether the first word of a text has a leading space, like other words."""

    @property
    def has_bytes(self) -> bool:
        """Whether some ids are single bytes."""

    @property
    def surfaces(self) -> Sequence[bytes]:
        """The text of each id, in UTF-8."""

    def __hash__(self) -> int:
        """Return a hash of the object."""

    def is_byte(self, token: int) -> bool:
        """Return whether an id is a single byte."""
