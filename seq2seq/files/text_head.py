"""The beginning of a text file, from which its encoding and its form are recognized."""

from pathlib import Path

from seq2seq.files.bounded_lines import opened
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import encoding_of
from seq2seq.files.text_lines import existing

HEAD_BYTES = 1 << 18
"""Number of bytes that are read."""


def text_head(path: Path) -> str:
    """Return the beginning of a text file; bytes that are not text become U+FFFD, and ``.gz`` is uncompressed.

    Raises:
        UserError: If the file is missing, empty, or damaged.
    """
    return decoded_head(head_bytes(path))


def decoded_head(head: bytes) -> str:
    """Return the beginning of a file as text, in the encoding that it seems to have, without a byte order mark."""
    return head.decode(encoding_of(head), "replace").removeprefix("\ufeff")


def head_bytes(path: Path) -> bytes:
    """Return the first `HEAD_BYTES` bytes of a file, uncompressed.

    Raises:
        UserError: If the file is missing, empty, or damaged.
    """
    existing(path)
    with readable(path), opened(path) as file:
        return file.read(HEAD_BYTES)
