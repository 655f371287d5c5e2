"""Handle signals that end a command (SIGINT from Ctrl-C, SIGTERM and SIGHUP) without losing any.

An exception raised by a signal handler is lost if the signal arrives inside a destructor, a garbage collector callback,
or a library that catches all exceptions. So a `Watch` also records the signal, and long commands call `Watch.check` at
milestones.
"""

import os
import signal
import sys
import threading
from collections.abc import Callable, Sequence
from types import FrameType, TracebackType
from typing import Any, Self

from seq2seq.safe_text import in_line

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupted(BaseException):
    """Raised when a signal stops the command."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.name = signal.Signals(number).name
        self.exit_code = 128 + number


class Watch:
    """Context manager that installs signal handlers, if entered in the main thread.

    Signals that are already ignored stay ignored: ``nohup`` ignores SIGHUP, and shell scripts ignore SIGINT for
    background jobs.

    Attributes:
        received: The first signal; 0 if there was none.
    """

    def __init__(self, numbers: Sequence[int] = SIGNALS) -> None:
        self.numbers = numbers
        self.received = 0
        self._is_deferred = False
        self._before: dict[int, Callable[[int, FrameType | None], Any] | int | None] = {}

    def __enter__(self) -> Self:
        if threading.current_thread() is threading.main_thread():
            for number in self.numbers:
                before = signal.getsignal(number)
                if before is not signal.SIG_IGN:
                    self._before[number] = before
            self.install()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        for number, before in self._before.items():
            signal.signal(number, signal.SIG_DFL if before is None else before)

    def install(self) -> None:
        """Install the handlers; call this again after a library has replaced them."""
        for number in self._before:
            signal.signal(number, self._receive)

    def defer(self, is_deferred: bool) -> None:
        """Set whether the first signal is only recorded, for a loop that calls `check` between steps.

        A second signal always raises `Interrupted`.
        """
        self._is_deferred = is_deferred

    def check(self) -> None:
        """Raise `Interrupted` if a signal was recorded."""
        if self.received:
            raise Interrupted(self.received)

    def _receive(self, number: int, frame: FrameType | None) -> None:
        is_first = not self.received
        self.received = self.received or number
        if not (is_first and self._is_deferred):
            raise Interrupted(number)


def announce(sentence: str, *, on_new_line: bool = True) -> None:
    """Write a sentence to stderr.

    On a terminal, ``on_new_line`` starts a new line, because the cursor may follow ``^C`` or unfinished output.
    """
    try:
        sys.stderr.write(("\n" if on_new_line and sys.stderr.isatty() else "") + in_line(sentence) + "\n")
        sys.stderr.flush()
    except OSError:
        # The terminal (after SIGHUP) or the pipe is closed: the sentence is lost, but the exit code is kept.
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115, PTH123 - open until the process ends
