"""Restrict byte pieces to those that keep the output valid UTF-8.

A tokenizer with byte fallback encodes a rare character as two to four byte pieces, and a network may generate invalid
sequences of them. The automaton below implements the table of well-formed byte sequences of the Unicode Standard
(version 15, table 3-7), without overlong forms, surrogates and code points above U+10FFFF. Control characters except
the tab are also excluded, because readers remove them from texts and a line break is a separate piece.

UTF-8 is self-synchronizing, so the state of a row follows from its last three pieces, and searches need not track it.
If no row ends in a byte piece, only the last pieces are checked.

Shapes: ``N`` rows, ``T`` pieces so far, ``V`` vocabulary.
"""

from functools import lru_cache

import numpy as np

from seq2seq.arrays import Array, Bool, Int, beside, capped, namespace, widened
from seq2seq.tokenization.tokenizer import Tokenizer

LONGEST = 4
"""Maximum number of bytes of a character."""
_FROM = (
    # Each row: first byte and last byte of a range, state before it, state after it. State 0 is between characters.
    (0x09, 0x09, 0, 0),
    (0x20, 0x7E, 0, 0),
    (0xC2, 0xDF, 0, 1),
    (0xE0, 0xE0, 0, 3),
    (0xE1, 0xEC, 0, 2),
    (0xED, 0xED, 0, 4),
    (0xEE, 0xEF, 0, 2),
    (0xF0, 0xF0, 0, 6),
    (0xF1, 0xF3, 0, 5),
    (0xF4, 0xF4, 0, 7),
    (0x80, 0xBF, 1, 0),
    (0x80, 0xBF, 2, 1),
    (0xA0, 0xBF, 3, 1),
    (0x80, 0x9F, 4, 1),
    (0x80, 0xBF, 5, 2),
    (0x90, 0xBF, 6, 2),
    (0x80, 0x8F, 7, 2),
)
MISSING = (0, 1, 2, 2, 2, 3, 3, 3)
"""Number of bytes still missing from a character, by state."""


class Characters:
    """Valid successors of a tokenizer's byte pieces.

    Attributes:
        lost: Ids of the bytes that cannot begin a character.
        leads: Ids of the bytes that begin characters of 2, 3 and 4 bytes.
    """

    def __init__(self, target: Tokenizer) -> None:
        size = target.vocabulary_size
        ids = {target.surfaces[token][0]: token for token in range(size) if target.is_byte(token)}
        # Column V represents copied words, whose ids are above the vocabulary.
        self._after: Array = np.zeros((len(MISSING), size + 1), dtype=np.int64)
        self._allowed: Array = np.zeros((len(MISSING), size), dtype=np.bool_)
        begins = set[int]()
        leads: list[list[int]] = [[], [], []]
        for first, last, before, after in _FROM:
            for byte in range(first, last + 1):
                if (token := ids.get(byte)) is None:
                    continue
                self._after[before, token] = after
                self._allowed[before, token] = True
                if before == 0:
                    begins.add(token)
                    if after:
                        leads[MISSING[after] - 1].append(token)
        self.lost = np.array(sorted(set(ids.values()) - begins), dtype=np.int64)
        self.leads = tuple(np.array(ids_of_size, dtype=np.int64) for ids_of_size in leads)
        self._is_open: Array = np.zeros(size + 1, dtype=np.bool_)  # bytes after which a character may be incomplete
        self._is_open[[token for byte, token in ids.items() if byte >= 0x80]] = True
        self._missing: Array = np.array(MISSING)

    def states(self, history: Int[Array, "rows length"]) -> Int[Array, " rows"] | None:
        """Return each row's state, which invalid bytes reset to 0; None if every row is between characters."""
        if history.shape[1] == 0:
            return None
        copied = self._is_open.shape[0] - 1
        xp = namespace(history)
        self._move_to(history)
        if not bool(self._is_open[capped(history[:, -1], copied)].any()):
            return None
        last = capped(history[:, -(LONGEST - 1) :], copied)
        states = xp.zeros_like(last[:, 0])
        for place in range(last.shape[1]):
            states = self._after[states, last[:, place]]
        return states if bool(xp.any(states != 0)) else None

    def allowed(self, states: Int[Array, " rows"], width: int) -> Bool[Array, "rows width"]:
        """Return whether each piece may continue a row's incomplete character.

        The caller must pass no state 0. The ``width`` may include words above the vocabulary, which are not allowed.
        """
        return widened(self._allowed[states], width)

    def missing(self, history: Int[Array, "rows length"]) -> Int[Array, " rows"]:
        """Return the number of bytes missing from the last character of each row."""
        states = self.states(history)
        return namespace(history).zeros_like(history[:, 0]) if states is None else self._missing[states]

    def _move_to(self, array: Array) -> None:
        """Move the tables to the library and device of an array."""
        if type(self._is_open) is not type(array) or self._is_open.device != array.device:
            self._after, self._allowed = beside(self._after, array), beside(self._allowed, array)
            self._is_open, self._missing = beside(self._is_open, array), beside(self._missing, array)


@lru_cache(maxsize=8)
def characters(target: Tokenizer) -> Characters | None:
    """Return the (cached) successors of a tokenizer's byte pieces; None if it has no byte pieces."""
    return Characters(target) if target.has_bytes else None
