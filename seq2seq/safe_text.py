r"""Sanitize text for terminals and messages, and measure its width in columns.

User input, files and model outputs may contain escape sequences, which move the cursor, change the title or the colors,
or make the terminal send input. Every escape sequence begins with a control character (C0, or C1 with the 8-bit forms
of CSI and OSC), so replacing these characters leaves plain text. Characters are replaced independently, so a text may
be sanitized in parts.

`sentence` sanitizes messages that quote files or command lines, and `SafeTerminal` sanitizes output to a terminal.
Output to a pipe or a file is unchanged.
"""

import codecs
import io
import re
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TextIO

_PICTURES = {code: chr(0x2400 + code) for code in range(0x20)} | {0x7F: "\u2421"}  # ESC is shown as ␛
_KEPT = {ord("\n"): "\n", ord("\t"): " "}
# Bidirectional overrides would affect our own text after them, up to the end of the line.
_DIRECTIONS = [*range(0x202A, 0x202F), *range(0x2066, 0x206A)]
# Surrogates: Python uses some of them for bytes of file names that are not UTF-8.
_NOT_UTF8 = dict.fromkeys(range(0xD800, 0xE000), "\ufffd") | {
    0xDC00 + byte: f"\\x{byte:02x}" for byte in range(0x80, 0x100)
}
_NOT_UTF8_IN_JSON = {code: shown.replace("\\", "\\\\") for code, shown in _NOT_UTF8.items()}
_BREAKS = dict.fromkeys((0x0B, 0x0C, 0x85, 0x2028, 0x2029), "\n")
_HARMLESS: dict[int, str] = (
    _PICTURES
    | dict.fromkeys(range(0x80, 0xA0), "\ufffd")
    | _NOT_UTF8
    | dict.fromkeys(_DIRECTIONS, "")
    | dict.fromkeys(range(0xE0000, 0xE0080), "")  # tags: invisible text
    | _BREAKS
    | _KEPT
)

LONGEST_WORD, LONGEST_SENTENCE = 300, 1200
"""Maximum lengths of a word (such as a path) and of a message, in characters; longer text is cut in the middle."""
_LONG_WORD = re.compile(rf"\S{{{LONGEST_WORD + 1},}}")


def harmless(text: str) -> str:
    """Return a sanitized text, without terminal controls.

    Control characters become control pictures (Unicode 2400-2421) or U+FFFD, tabs become spaces, and all line breaks
    become newlines. Bidirectional controls and tags are removed.
    """
    return text.translate(_HARMLESS)


def encodable(text: str, *, is_json: bool = False) -> str:
    r"""Return a text as valid Unicode, with invalid bytes of file names as ``\xd6`` (``\\xd6`` in JSON)."""
    return text if text.isascii() else text.translate(_NOT_UTF8_IN_JSON if is_json else _NOT_UTF8)


def in_line(text: str) -> str:
    """Return a sanitized text in one line."""
    return " ".join(harmless(text).split("\n"))


def sentence(text: str) -> str:
    """Return a message as one sanitized line of bounded length."""
    line = _LONG_WORD.sub(lambda word: _shortened(word[0], LONGEST_WORD), in_line(text))
    return _shortened(line, LONGEST_SENTENCE)


def _shortened(text: str, longest: int) -> str:
    """Return a text shortened in the middle if it is longer than `longest`."""
    if len(text) <= longest:
        return text
    kept = longest - 3
    return f"{text[: kept * 2 // 3]} … {text[-(kept - kept * 2 // 3) :]}"


def width(text: str) -> int:
    """Return the width of a sanitized text in columns: two for Chinese characters, none for combining marks."""
    return sum(_width(character) for character in text)


def _width(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Mn", "Me", "Cf"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def fitted(text: str, columns: int) -> str:
    """Return a text truncated or padded with spaces to a width in columns."""
    if width(text) <= columns:
        return text + " " * (columns - width(text))
    shown = ""
    for character in text:
        if width(shown + character) > columns - 1:
            break
        shown += character
    return shown + "…" + " " * (columns - 1 - width(shown))


class SafeTerminal(io.TextIOBase):
    """A terminal stream that sanitizes everything written to it."""

    def __init__(self, raw: TextIO) -> None:
        self.raw = raw
        self._bytes = _SafeBytes(self)

    @property
    def encoding(self) -> str:  # type: ignore[override]
        """The encoding of the underlying stream."""
        return self.raw.encoding

    @property
    def errors(self) -> str | None:  # type: ignore[override]
        """The encoding error handler of the underlying stream."""
        return self.raw.errors

    @property
    def buffer(self) -> io.RawIOBase:
        """The same stream for UTF-8 bytes."""
        return self._bytes

    def write(self, text: str) -> int:
        """Write a text, sanitized."""
        self.raw.write(harmless(text))
        return len(text)

    def flush(self) -> None:
        """Flush the terminal."""
        self.raw.flush()

    def isatty(self) -> bool:
        """Return True, because other streams are not wrapped."""
        return True

    def fileno(self) -> int:
        """Return the file descriptor of the underlying stream."""
        return self.raw.fileno()

    def writable(self) -> bool:
        """Return True."""
        return True


class _SafeBytes(io.RawIOBase):
    def __init__(self, terminal: SafeTerminal) -> None:
        self.terminal = terminal
        self.decoder = codecs.getincrementaldecoder("utf-8")("replace")

    def write(self, data: bytes) -> int:  # type: ignore[override]
        self.terminal.write(self.decoder.decode(bytes(data)))
        return len(data)

    def flush(self) -> None:
        self.terminal.flush()

    def writable(self) -> bool:
        return True


@contextmanager
def safe_stdout() -> Iterator[None]:
    """Make standard output a `SafeTerminal` if it is a terminal."""
    given = sys.stdout
    if not given.isatty():
        yield
        return
    sys.stdout = SafeTerminal(given)
    try:
        yield
    finally:
        sys.stdout = given


@contextmanager
def raw_stdout() -> Iterator[None]:
    """Restore the unsanitized stdout, for code that moves the cursor; the caller must sanitize its texts."""
    given = sys.stdout
    if isinstance(given, SafeTerminal):
        sys.stdout = given.raw
    try:
        yield
    finally:
        sys.stdout = given
