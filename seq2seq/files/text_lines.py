r"""Reads text files line by line.

Only ``\n`` and ``\r\n`` end a line; Unicode's other line breaks (U+2028, U+0085, ...) are text. Every error is one
sentence with the file and the line.
"""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from seq2seq.errors import UserError, nearest
from seq2seq.files.bounded_lines import DOCUMENT_BYTES, LONGEST_LINE, byte_lines, opened, text_lines
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import HEAD_BYTES, advice, encoding_of


def existing(path: Path) -> Path:
    """Return a path, checked to be a non-empty regular file.

    Raises:
        UserError: If it is not; the message explains why.
    """
    if path.is_dir():
        raise UserError(f"{path} is a folder, but a file is needed here.")
    if not path.exists():
        folder = path.parent
        name = f"'{path}'" if re.search(r"\s|\.$", str(path)) else str(path)
        if not folder.is_dir():
            raise UserError(f"No file {name}: its folder {folder} does not exist.")
        names = sorted(child.name for child in folder.iterdir())
        raise UserError(f"No file {name}. {nearest(path.name, names)}".strip())
    if not path.is_file():
        raise UserError(
            f"{path} is a pipe or a device, but a file that can be read several times is needed: save its text to a "
            "file, or give it on standard input where '-' is possible."
        )
    if path.stat().st_size == 0:
        raise UserError(f"{path} is empty.")
    return path


def lines(path: Path, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a text file, without their ``\n`` or ``\r\n``; see `ended_lines`."""
    for line in ended_lines(path, longest):
        yield line.removesuffix("\n")


def ended_lines(path: Path, longest: int = LONGEST_LINE) -> Iterator[str]:
    r"""Yield the lines of a text file, each with its ``\n``; ``.gz`` is uncompressed.

    The last line has no ``\n`` if the file does not end with one. The encoding is UTF-8, or UTF-16 or UTF-32 if
    detected by byte order mark or zero bytes (`text_encoding`).

    Args:
        path: Path of the file.
        longest: Maximum length of a line in bytes.

    Raises:
        UserError: If the file is missing, empty or in another encoding, if a ``.gz`` file is not gzip, or if a line is
            too long (names the line).
    """
    existing(path)
    number, encoding = 0, "utf-8"
    try:
        with readable(path, lambda: f"after line {number}"), opened(path) as file:
            encoding = encoding_of(file.peek(HEAD_BYTES))
            if encoding != "utf-8":
                for text in text_lines(file, encoding, str(path), longest):
                    number += 1
                    yield text.removesuffix("\n").removesuffix("\r") + ("\n" if text.endswith("\n") else "")
                return
            for number, line in enumerate(byte_lines(file, str(path), longest), start=1):
                # Remove the byte order mark as bytes: elsewhere the same code point is a character.
                body = line.removeprefix(b"\xef\xbb\xbf") if number == 1 else line
                text = body.removesuffix(b"\n").removesuffix(b"\r").decode("utf-8")
                yield text + "\n" if body.endswith(b"\n") else text
    except UnicodeDecodeError as fault:
        if encoding != "utf-8":
            raise UserError(f"{path} looks like {encoding.upper()}, but is damaged after line {number:,}.") from fault
        raise UserError(
            f"{path}, line {number}: not UTF-8 (byte {fault.object[fault.start]:#04x} at position {fault.start + 1}). "
            f"{advice(fault.object)}"
        ) from fault
    if number == 0:
        raise UserError(f"{path} is empty.")


def bounded_text(texts: Iterable[str], name: str) -> Iterator[str]:
    """Yield the lines of a text that is kept in memory as a whole.

    Raises:
        UserError: If the text has more than `DOCUMENT_BYTES` characters.
    """
    count = 0
    for line in texts:
        count += len(line) + 1
        if count > DOCUMENT_BYTES:
            raise UserError(
                f"{name} is longer than {DOCUMENT_BYTES:,} characters, the limit for one text: divide it into several."
            )
        yield line
