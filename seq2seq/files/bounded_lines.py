"""Lines of untrusted files and pipes with bounded length, and ``.gz`` files with bounded uncompressed size.

A file without line breaks, or a small archive that expands to gigabytes, raises an error before it fills memory.
"""

import gzip
import io
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, cast

from seq2seq.errors import UserError
from seq2seq.files.parsing import MIB, size

LONGEST_LINE = MIB
"""Maximum line length in bytes (UTF-16: characters), about 170,000 words. Tokenizing needs 500 times that."""
DOCUMENT_BYTES = 16 * MIB
"""Maximum size of a text kept in memory as a whole, about five long novels."""
COUNTED = 256 * MIB
"""Maximum number of bytes of an overlong line that are counted for the error message."""
UNPACKED_BYTES, UNPACKED_RATIO = 64 * MIB, 200
"""A ``.gz`` may expand to this number of bytes or to this multiple of its compressed size, whichever is larger. Text
usually expands by a factor of at most 20."""


def byte_lines(file: IO[bytes], name: str, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    r"""Yield the lines of a binary file, with their ``\n``.

    Args:
        file: Buffered file.
        name: Name of the file in messages.
        longest: Maximum length in bytes, without the line break.

    Raises:
        UserError: If a line is longer; the message names the line and its length.
    """
    for number, line in enumerate(iter(partial(file.readline, longest + 2), b""), start=1):
        if len(line) > longest and len(line.rstrip(b"\r\n")) > longest:
            length, is_whole = _length(line, file)
            raise too_long(name, number, length, longest, is_whole=is_whole)
        yield line


def text_lines(file: IO[bytes], encoding: str, name: str, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a file in an encoding other than UTF-8, with their ``\n``; see `byte_lines`."""
    text = io.TextIOWrapper(file, encoding, newline="\n")
    for number, line in enumerate(iter(partial(text.readline, longest + 2), ""), start=1):
        if len(line) > longest and len(line.rstrip("\r\n")) > longest:
            raise too_long(name, number, longest, longest, is_whole=False, unit="characters")
        yield line


def too_long(
    name: str, number: int, length: int, longest: int = LONGEST_LINE, *, is_whole: bool, unit: str = "bytes"
) -> UserError:
    """Return the error for a line that is too long; `is_whole` tells whether `length` covers the whole line."""
    return UserError(
        f"{name}, line {number:,} is {'' if is_whole else 'more than '}{length:,} {unit} long, but a line may have at "
        f"most {longest:,}: the file is not text, or has no line breaks."
    )


def _length(line: bytes, file: IO[bytes]) -> tuple[int, bool]:
    """Return the length of a partly read line, and whether its end was reached."""
    count, part = len(line), line
    while count < COUNTED and not part.endswith(b"\n") and (part := file.readline(MIB)):
        count += len(part)
    return count, part.endswith(b"\n") or not part


class _Unpacked(io.RawIOBase):
    """Uncompressed content of a ``.gz`` file."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed = path.open("rb")
        self.unpacked = gzip.GzipFile(fileobj=self.packed)
        self.count = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read up to the size of a buffer.

        Raises:
            UserError: If the file expands too much.
        """
        read = self.unpacked.readinto(buffer)
        self.count += read
        if self.count > UNPACKED_BYTES and self.count > UNPACKED_RATIO * self.packed.tell():
            raise UserError(
                f"{self.path} expands to more than {size(UNPACKED_BYTES)} and {UNPACKED_RATIO} times its size, which "
                "no text does: it is damaged, or was made to fill memory."
            )
        return read

    def close(self) -> None:
        """Close both files."""
        self.unpacked.close()
        self.packed.close()
        super().close()


def opened(path: Path) -> io.BufferedReader:
    """Open a text file; a ``.gz`` is uncompressed while reading.

    Raises:
        OSError: If it cannot be opened. Reading a damaged ``.gz`` raises the errors of `gzip`.
    """
    if path.suffix != ".gz":
        return path.open("rb")
    return io.BufferedReader(cast(io.RawIOBase, _Unpacked(path)), 1 << 17)
