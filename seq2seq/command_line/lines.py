"""Reads lines of files and standard input in chunks, with bounded memory.

The model sorts a chunk by length and decodes it in batches, so large chunks are faster and small ones have lower
latency. A chunk of a file has `CHUNK_LINES` lines, or fewer if their length reaches `CHUNK_CHARACTERS`. A chunk of
standard input contains all available lines, so an interactive user or program gets an answer to each line.
"""

import sys
from collections.abc import Callable, Iterator
from io import BufferedReader
from itertools import islice
from pathlib import Path
from typing import IO, TypeVar, cast

from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import LONGEST_LINE, too_long
from seq2seq.files.text_encoding import advice, conversion, encoding_of
from seq2seq.files.text_lines import lines

CHUNK_LINES = 2000
CHUNK_CHARACTERS = 1 << 19
CHUNK_BYTES = 1 << 20
STANDARD_INPUT = "standard input"
Source = TypeVar("Source")


class Chunks:
    r"""Iterates over the lines of files, in chunks; ``-`` or no file means standard input.

    Only ``\n`` and ``\r\n`` end a line. If a line is invalid, all lines before it are yielded before the error is
    raised.

    Args:
        files: Paths; ``.gz`` files are decompressed.
    """

    def __init__(self, files: list[str]) -> None:
        self.files = files or ["-"]

    def __iter__(self) -> Iterator[list[str]]:
        """Yield chunks.

        Raises:
            UserError: If a file is missing, empty or not UTF-8; the message names file and line.
        """
        for file in self.files:
            if file == "-":
                yield from decoded(available_lines(sys.stdin.buffer))
            else:
                yield from chunked(lines(Path(file)), len)


def decoded(chunks: Iterator[list[bytes]]) -> Iterator[list[str]]:
    """Decode chunks of lines of standard input from UTF-8.

    Raises:
        UserError: If a line is not UTF-8.
    """
    number = 0
    for chunk in chunks:
        texts: list[str] = []
        for line in chunk:
            number += 1
            body = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
            if number == 1 and (encoding := encoding_of(line)) != "utf-8":
                raise UserError(
                    f"{STANDARD_INPUT} is {encoding.upper()}, not UTF-8: convert it with {conversion(line)}."
                )
            try:
                texts.append(body.decode("utf-8"))
            except UnicodeDecodeError as fault:
                if texts:
                    yield texts
                byte, position = fault.object[fault.start], fault.start + 1
                raise UserError(
                    f"{STANDARD_INPUT}, line {number}: not UTF-8 (byte {byte:#04x} at position {position}). "
                    f"{advice(fault.object)}"
                ) from fault
        yield texts


def available_lines(stream: IO[bytes]) -> Iterator[list[bytes]]:
    """Yield the lines available from standard input, at least one line and at most a chunk at a time.

    Raises:
        UserError: If a line is too long; the lines before it are yielded first.
    """
    begun = b""
    number = 1
    # A single system call, which blocks only until any data is available.
    while block := cast(BufferedReader, stream).read1(CHUNK_BYTES):
        *whole, begun = (begun + block).split(b"\n")
        for place, line in enumerate((*whole, begun)):
            if len(line) > LONGEST_LINE + 1:  # + 1 for a carriage return
                if place:
                    yield [previous.removesuffix(b"\r") for previous in whole[:place]]
                raise too_long(STANDARD_INPUT, number + place, len(line), is_whole=place < len(whole))
        number += len(whole)
        for start in range(0, len(whole), CHUNK_LINES):
            yield [line.removesuffix(b"\r") for line in whole[start : start + CHUNK_LINES]]
    if begun:
        yield [begun.removesuffix(b"\r")]


def chunked(source: Iterator[Source], size: Callable[[Source], int]) -> Iterator[list[Source]]:
    """Group lines or documents into chunks; `size` returns the number of characters of a line or document.

    If the iterator raises an error, the sources before it are yielded first.
    """
    while True:
        chunk: list[Source] = []
        characters = 0
        try:
            for item in islice(source, CHUNK_LINES):
                chunk.append(item)
                characters += size(item)
                if characters >= CHUNK_CHARACTERS:
                    break
        except UserError:
            if chunk:
                yield chunk
            raise
        if not chunk:
            return
        yield chunk
