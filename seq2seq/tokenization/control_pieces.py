"""Control pieces of a sentencepiece model: encoding a text never produces one, and decoding it gives no text."""

import struct
from collections.abc import Iterable

from seq2seq.corpus.example import MASKS
from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers, mask_piece

_PIECES, _SPELLING, _SCORE, _TYPE, _CONTROL = 0x0A, 0x0A, 0x15, 0x18, 3
"""Keys of fields in sentencepiece's protocol buffers (`sentencepiece_model.proto`), and the type of control pieces."""


def with_control_pieces(tokenizer: Tokenizer, spellings: Iterable[str]) -> Tokenizer:
    """Return a tokenizer with further control pieces; ids of existing pieces stay the same."""
    # Serialized messages may be extended: repeated fields, such as the pieces, are read in the order of the bytes.
    return Tokenizer(tokenizer.serialized + b"".join(map(_piece, spellings)))


def with_masks(tokenizers: Tokenizers) -> Tokenizers:
    """Return tokenizers that have the pieces of masks on both sides (`seq2seq.corpus.masks`)."""
    if tokenizers.source.masks and tokenizers.target.masks:
        return tokenizers
    source, target = (
        tokenizer if tokenizer.masks else with_control_pieces(tokenizer, map(mask_piece, range(MASKS)))
        for tokenizer in (tokenizers.source, tokenizers.target)
    )
    return Tokenizers(source, source if tokenizers.joint else target)


def _piece(spelling: str) -> bytes:
    """Return a serialized control piece."""
    encoded = spelling.encode()
    message = bytes([_SPELLING, len(encoded)]) + encoded
    message += bytes([_SCORE]) + struct.pack("<f", 0.0) + bytes([_TYPE, _CONTROL])
    return bytes([_PIECES, len(message)]) + message
