"""Sanitized output to a terminal, with optional colour."""

import os
import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TextIO

from seq2seq.safe_text import harmless, in_line

STYLES = {
    "prompt": "1;32",
    "note": "2",
    "fault": "31",
    "name": "1",
    "user": "32",
}
SHADES = 6
"""Number of shades, from none to full."""
_LIGHT = (None, 153, 117, 75, 33, 27)
"""Background colours of the shades in xterm's 256-colour palette: blues on which black or white text is readable."""


def is_terminal() -> bool:
    """Return whether standard input and output are terminals."""
    return sys.stdin.isatty() and sys.stdout.isatty()


class Screen:
    """Writes to a terminal.

    Args:
        file: The terminal; standard output by default.
        environment: Environment variables, of which ``NO_COLOR`` (no-color.org) and ``TERM`` are used.
    """

    def __init__(self, file: TextIO | None = None, environment: Mapping[str, str] | None = None) -> None:
        self.file = file or sys.stdout
        known = os.environ if environment is None else environment
        self.is_dumb = known.get("TERM", "") in ("", "dumb")
        self.has_colour = not self.is_dumb and not known.get("NO_COLOR")

    @property
    def columns(self) -> int:
        """Width in columns."""
        return shutil.get_terminal_size().columns

    @property
    def rows(self) -> int:
        """Height in rows."""
        return shutil.get_terminal_size().lines

    def put(self, text: str, style: str = "") -> None:
        """Write a sanitized text without a line break."""
        self.file.write(self.styled(harmless(text), style))
        self.file.flush()

    def line(self, text: str = "", style: str = "") -> None:
        """Write a sanitized text and end the line."""
        self.put(text, style)
        self.file.write("\n")
        self.file.flush()

    def note(self, text: str) -> None:
        """Write a note about the session on a separate line."""
        self.line(in_line(text), "note")

    def fault(self, text: str) -> None:
        """Write an error on a separate line."""
        self.line(in_line(text), "fault")

    def drawing(self, text: str) -> None:
        """Write styled text; the caller must sanitize its contents."""
        self.file.write(text + "\n")
        self.file.flush()

    def styled(self, text: str, style: str) -> str:
        """Style a sanitized text if the terminal has colour."""
        return f"\x1b[{STYLES[style]}m{text}\x1b[0m" if style and text and self.has_colour else text

    def shaded(self, text: str, level: int) -> str:
        """Shade a sanitized text at a level from 0 to `SHADES` - 1 if the terminal has colour."""
        colour = _LIGHT[level]
        if colour is None or not self.has_colour or not text:
            return text
        return f"\x1b[48;5;{colour};38;5;{15 if level >= 4 else 16}m{text}\x1b[0m"

    @contextmanager
    def working(self, text: str) -> Iterator[None]:
        """Show a message during some work and erase it afterwards, except on a dumb terminal."""
        if self.is_dumb:
            yield
            return
        self.put(f"… {text}", "note")
        try:
            yield
        finally:
            self.file.write("\r\x1b[K")
            self.file.flush()
