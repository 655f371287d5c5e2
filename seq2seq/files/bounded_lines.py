"""Lines of untrusted files and pipes, bounded in length; a ``.gz`` is bounded in its expanded size.

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
"""Longest line in bytes (UTF-16: in characters), about 170,000 English words. Tokenizing takes 500 times the memory."""
DOCUMENT_BYTES = 16 * MIB
"""Largest text that is kept in memory as a whole: about five long novels."""
COUNTED = 256 * MIB
"""Maximum number of bytes of an overlong line that are counted for the message."""
UNPACKED_BYTES, UNPACKED_RATIO = 64 * MIB, 200
"""A ``.gz`` may expand to the first number of bytes, or to the second number times its compressed size. Text compresses
by a factor of up to about 20."""


def byte_lines(file: IO[bytes], name: str, longest: int = LONGEST_LINE) -> Iterator[bytes]:
    r"""Yield the lines of a binary file, with their ``\n``.

    Args:
        file: The file, buffered.
        name: Its name in messages.
        longest: Bytes of the longest line, without its end.

    Raises:
        UserError: If a line is longer; names the line and its length.
    """
    for number, line in enumerate(iter(partial(file.readline, longest + 2), b""), start=1):
        if len(line) > longest and len(line.rstrip(b"\r\n")) > longest:
            length, is_whole = _length(line, file)
            raise too_long(name, number, length, longest, is_whole=is_whole)
        yield line


def text_lines(file: IO[bytes], encoding: str, name: str, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a file in another encoding than UTF-8, with their ``\n``; see `byte_lines`."""
    text = io.TextIOWrapper(file, encoding, newline="\n")
    for number, line in enumerate(iter(partial(text.readline, longest + 2), ""), start=1):
        if len(line) > longest and len(line.rstrip("\r\n")) > longest:
            raise too_long(name, number, longest, longest, is_whole=False, unit="characters")
        yield line


def too_long(
    name: str, number: int, length: int, longest: int = LONGEST_LINE, *, is_whole: bool, unit: str = "bytes"
) -> UserError:
    """Return the error for a line that is too long.

    Args:
        name: The file, for the message.
        number: The line's number.
        length: The length read so far.
        longest: The length limit.
        is_whole: Whether that is the whole line.
        unit: Unit of the length.
    """
    return UserError(
        f"{name}, line {number:,} is {'' if is_whole else 'more than '}{length:,} {unit} long, but a line may have at "
        f"most {longest:,}: the file is not text, or has no line breaks."
    )


def _length(line: bytes, file: IO[bytes]) -> tuple[int, bool]:
    """Return the length of a partly read line, and whether it was counted to its end."""
    count, part = len(line), line
    while count < COUNTED and not part.endswith(b"\n") and (part := file.readline(MIB)):
        count += len(part)
    return count, part.endswith(b"\n") or not part


class _Unpacked(io.RawIOBase):
    """The expanded content of a ``.gz``.

    Args:
        path: The file.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.packed = path.open("rb")
        self.unpacked = gzip.GzipFile(fileobj=self.packed)
        self.count = 0

    def readable(self) -> bool:
        """Return True."""
        return True

    def readinto(self, buffer: "memoryview | bytearray") -> int:  # type: ignore[override]
        """Read some bytes.

        Raises:
            UserError: If the file expands too much.
        """
        read = self.unpacked.readinto(buffer)
        self.count += read
        if self.count > UNPACKED_BYTES and self.count > UNPACKED_RATIO * self.packed.tell():
            raise UserError(
                f"{self.path} expands to more than {size(UNPACKED_BYTES)} and {UNPACKED_RATIO} times its size, as no "
                "text does: it is damaged, or made to fill memory."
            )
        return read

    def close(self) -> None:
        """Close both files."""
        self.unpacked.close()
        self.packed.close()
        super().close()


def opened(path: Path) -> io.BufferedReader:
    """Open a text file; a ``.gz`` is unpacked while it is read.

    Raises:
        OSError: If it cannot be opened. Reading a damaged ``.gz`` raises the errors of `gzip`.
    """
    if path.suffix != ".gz":
        return path.open("rb")
    return io.BufferedReader(cast(io.RawIOBase, _Unpacked(path)), 1 << 17)
