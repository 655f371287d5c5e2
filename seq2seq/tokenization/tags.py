"""Tags of corpora: special tokens before a source, which users cannot type.

A tag is a control piece of the sentencepiece model: encoding a text never produces one, and decoding it gives no text.
Johnson et al. 2017 mark the target language so, Caswell et al. 2019 the output of back-translation.
"""

import struct
from collections.abc import Iterable

from seq2seq.tokenization.tokenizer import Tokenizer, Tokenizers, tag_piece

_PIECES, _SPELLING, _SCORE, _TYPE, _CONTROL = 0x0A, 0x0A, 0x15, 0x18, 3
"""Keys of fields in sentencepiece's protocol buffers (`sentencepiece_model.proto`), and the type of control pieces."""


def with_tags(tokenizers: Tokenizers, names: Iterable[str]) -> Tokenizers:
    """Return tokenizers whose source has a piece for each tag; ids of existing pieces stay the same.

    Args:
        tokenizers: The tokenizers.
        names: Names of tags; '' and tags that exist are skipped.
    """
    new = [name for name in dict.fromkeys(names) if name and name not in tokenizers.source.tags]
    if not new:
        return tokenizers
    # Serialized messages may be extended: repeated fields, such as the pieces, are read in the order of the bytes.
    source = Tokenizer(tokenizers.source.serialized + b"".join(map(_piece, new)))
    return Tokenizers(source, source if tokenizers.joint else tokenizers.target)


def _piece(name: str) -> bytes:
    """Return a serialized control piece."""
    spelling = tag_piece(name).encode()
    message = bytes([_SPELLING, len(spelling)]) + spelling
    message += bytes([_SCORE]) + struct.pack("<f", 0.0) + bytes([_TYPE, _CONTROL])
    return bytes([_PIECES, len(message)]) + message
