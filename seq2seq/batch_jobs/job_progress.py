"""Progress of a batch job: finished sources, speed and remaining time, also in a log."""

import sys
import time

from seq2seq.amounts import amount
from seq2seq.progress import StatusLine

TERMINAL_S, LOG_S = 1.0, 60.0
"""Seconds between lines at a terminal, and in a log."""


class JobProgress:
    """Shows the progress of a job on stderr.

    Args:
        is_terminal: Whether stderr is a terminal; by default this is looked up.

    Attributes:
        done: Number of sources decoded by this run.
    """

    def __init__(self, *, is_terminal: bool | None = None) -> None:
        self._is_terminal = sys.stderr.isatty() if is_terminal is None else is_terminal
        self._line = StatusLine(is_terminal=self._is_terminal)
        self._start = self._last = time.monotonic()
        self._total = self._skipped = self.done = 0

    def begin(self, total: int) -> None:
        """Start the clock; `total` is about the number of sources."""
        self._total = total
        self._start = self._last = time.monotonic()

    def skip(self, sources: int) -> None:
        """Count sources that an earlier run decoded."""
        self._skipped += sources

    def add(self, sources: int) -> None:
        """Count decoded sources, and show the progress if it is time."""
        self.done += sources
        now = time.monotonic()
        if now - self._last >= (TERMINAL_S if self._is_terminal else LOG_S):
            self._last = now
            self._line.write(*self.parts(now - self._start))

    def parts(self, seconds: float) -> list[str]:
        """Return the parts of the line after some seconds."""
        rate = self.done / seconds if seconds > 0 else 0.0
        finished = self.done + self._skipped
        parts = [f"{finished:,} of {amount(max(self._total, finished), 'source')}", f"{rate:,.1f} sources/s"]
        if rate and finished < self._total:
            parts.append(f"{duration((self._total - finished) / rate)} left")
        return parts

    @property
    def rate(self) -> float:
        """Sources per second of this run."""
        return self.done / max(time.monotonic() - self._start, 1e-9)

    def end(self) -> None:
        """End the line."""
        self._line.end()


def duration(seconds: float) -> str:
    """Return a time in its largest suitable unit."""
    for unit, size in (("days", 86_400), ("h", 3_600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds / size:.0f} {unit}"
    return f"{seconds:.0f} s"
