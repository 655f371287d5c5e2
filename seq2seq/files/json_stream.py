"""Reads a long JSON text value by value: the items of an array, the members of an object, or one value after another.

Published corpora are often one array of a gigabyte, in a single line or in many. Only the value that is being read is
kept in memory.
"""

import io
import json
import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from seq2seq.errors import UserError
from seq2seq.files.bounded_lines import DOCUMENT_BYTES, opened
from seq2seq.files.parsing import TooDeepError, json_message, json_value_at, size
from seq2seq.files.readable import readable
from seq2seq.files.text_encoding import HEAD_BYTES, conversion, encoding_of
from seq2seq.files.text_lines import existing

CHUNK = 1 << 16
"""Number of characters read at a time."""
MARGIN = 32
"""An error this close to the end of the text read so far may be due to a value that is not complete yet."""
_SPACES = re.compile(r"[ \t\n\r]*")
_OF_NUMBERS = re.compile(r"[-+.0-9eE]*")


class JsonStream:
    """A JSON text that is read from its beginning to its end.

    Args:
        chunks: Parts of the text, in order.
        place: Name of the text in messages.
        longest: Maximum length of a value in characters.
    """

    def __init__(self, chunks: Iterable[str], place: str, longest: int = DOCUMENT_BYTES) -> None:
        self.place, self.longest = place, longest
        self._chunks = iter(chunks)
        self._text, self._at, self._passed = "", 0, 0
        self._is_over = False

    def peek(self) -> str:
        """Return the next character that is not a space, without consuming it; '' at the end of the text."""
        while True:
            match = _SPACES.match(self._text, self._at)
            self._at = match.end() if match else self._at
            if self._at < len(self._text):
                return self._text[self._at]
            if not self._fill():
                return ""

    def value(self) -> object:
        """Consume and return the next value.

        Raises:
            UserError: If it is not JSON, is not complete, or is longer than `longest`.
        """
        self.peek()
        while True:
            try:
                value, end = json_value_at(self._text, self._at)
            except TooDeepError as fault:
                raise self._error(str(fault)) from fault
            except json.JSONDecodeError as fault:
                is_open = fault.msg.startswith("Unterminated string") or fault.pos >= len(self._text) - MARGIN
                if self._is_over or not is_open:
                    raise self._error(f"{json_message(fault)} at character {self._passed + fault.pos + 1:,}") from fault
            except ValueError as fault:  # a number of too many digits
                raise self._error(str(fault)) from fault
            else:
                # At the end of the text read so far, "1." or "1e+" begins a longer number, of which "1" was found.
                match = _OF_NUMBERS.match(self._text, end)
                if (match.end() if match else end) < len(self._text) or self._is_over:
                    self._at = end
                    return value
            if len(self._text) - self._at > self.longest:
                raise UserError(f"{self.place}: a value is longer than {size(self.longest)}, the limit for one record.")
            self._fill()

    def members(self) -> Iterator[str]:
        """Yield the keys of the next object; the caller consumes each value before it asks for the next key."""
        self._take("{")
        if self.peek() == "}":
            self._take("}")
            return
        while True:
            key = self.value()
            if not isinstance(key, str):
                raise self._error(f"a key in quotation marks is expected at character {self._passed + self._at:,}")
            self._take(":")
            yield key
            if self.peek() != ",":
                break
            self._take(",")
        self._take("}")

    def items(self) -> Iterator[int]:
        """Yield the numbers of the next array's items, from 1; the caller consumes each item before the next."""
        self._take("[")
        if self.peek() == "]":
            self._take("]")
            return
        number = 1
        while True:
            yield number
            number += 1
            if self.peek() != ",":
                break
            self._take(",")
        self._take("]")

    def end(self) -> None:
        """Check that nothing follows.

        Raises:
            UserError: If something does.
        """
        if self.peek():
            raise self._error(f"more text follows at character {self._passed + self._at + 1:,}")

    def _take(self, character: str) -> None:
        found = self.peek()
        if found != character:
            shown = f"'{found}'" if found else "the end"
            raise self._error(
                f"'{character}' is expected at character {self._passed + self._at + 1:,}, but {shown} follows"
            )
        self._at += 1

    def _error(self, cause: str) -> UserError:
        return UserError(f"{self.place}: not JSON ({cause}).")

    def _fill(self) -> bool:
        """Read at least as much as is unread, so a long value is parsed few times; return whether there was more."""
        wanted, parts = max(1, len(self._text) - self._at), [self._text[self._at :]]
        while wanted > 0:
            part = next(self._chunks, None)
            if part is None:
                self._is_over = True
                break
            parts.append(part)
            wanted -= len(part)
        self._passed += self._at
        self._text, self._at = "".join(parts), 0
        return len(parts) > 1


def characters(path: Path) -> Iterator[str]:
    """Yield the text of a file in chunks, for `JsonStream`.

    Raises:
        UserError: If the file is missing, empty, damaged, or not UTF-8, UTF-16 or UTF-32.
    """
    existing(path)
    count = 0
    try:
        with readable(path), opened(path) as file:
            encoding = encoding_of(file.peek(HEAD_BYTES))
            text = io.TextIOWrapper(file, "utf-8-sig" if encoding == "utf-8" else encoding, newline="")
            while part := text.read(CHUNK):
                count += len(part)
                yield part
    except UnicodeDecodeError as fault:
        raise UserError(
            f"{path} is not UTF-8 (byte {fault.object[fault.start]:#04x} after character {count:,}). Convert it, for "
            f"example with {conversion(fault.object)}."
        ) from fault


def json_stream(path: Path, longest: int = DOCUMENT_BYTES) -> JsonStream:
    """Return the JSON text of a file."""
    return JsonStream(characters(path), str(path), longest)
