"""Show progress on stderr, in one line that is rewritten in place on a terminal."""

import shutil
import sys
import time

from seq2seq.safe_text import fitted, in_line, width


class StatusLine:
    """A status line on stderr, rewritten in place on a terminal; in a log, each update is a separate line.

    Attributes:
        is_terminal: Whether stderr is a terminal.
        is_enabled: Whether output is written; False after the terminal was closed.
    """

    def __init__(self, *, is_terminal: bool | None = None) -> None:
        self.is_terminal = sys.stderr.isatty() if is_terminal is None else is_terminal
        self.is_enabled = True
        self._is_open = False  # whether the cursor follows an unfinished line

    def write(self, *parts: str, stays: bool = False) -> None:
        """Write one line, joined from parts.

        Args:
            parts: The parts; on a terminal, the last parts are omitted if the line would wrap.
            stays: Whether the line stays on the terminal instead of being overwritten.
        """
        shown = [in_line(part) for part in parts if part]
        if not self.is_terminal:
            self._put("  ".join(shown) + "\n")
        elif stays:
            self._put("\r\x1b[K" + "  ".join(shown) + "\n")
        else:
            columns = shutil.get_terminal_size().columns
            while len(shown) > 1 and width("  ".join(shown)) >= columns:
                shown.pop()
            line = "  ".join(shown)
            self._put("\r\x1b[K" + (line if width(line) < columns else fitted(line, columns - 1)))
        self._is_open = self.is_terminal and not stays

    def end(self) -> None:
        """End the line, so later output starts on a new one."""
        if self._is_open:
            self._is_open = False
            self._put("\n")

    def _put(self, text: str) -> None:
        if not self.is_enabled:
            return
        try:
            sys.stderr.write(text)
            sys.stderr.flush()
        except OSError:  # the terminal was closed, but the command continues
            self.is_enabled = self._is_open = False


class Progress:
    """A status line for long operations, updated at most once per second.

    Args:
        is_wanted: Whether to show the line; by default only if stderr is a terminal.
        after_s: Number of seconds before the line is shown.
    """

    EVERY_S = 1.0

    def __init__(self, *, is_wanted: bool | None = None, after_s: float = 3.0) -> None:
        self.is_wanted = sys.stderr.isatty() if is_wanted is None else is_wanted
        self.after_s = after_s
        self.start = self.last = time.monotonic()
        self._line = StatusLine(is_terminal=True)

    @property
    def seconds(self) -> float:
        """Number of seconds since the start."""
        return time.monotonic() - self.start

    @property
    def is_due(self) -> bool:
        """Whether it is time for an update."""
        return self.is_wanted and self.seconds > self.after_s and time.monotonic() - self.last >= self.EVERY_S

    def write(self, *parts: str) -> None:
        """Write the status line; see `StatusLine.write`."""
        self.last = time.monotonic()
        self._line.write(*parts)

    def end(self) -> None:
        """End the status line."""
        self._line.end()
