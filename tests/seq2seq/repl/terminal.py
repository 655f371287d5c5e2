"""A pseudo-terminal: runs a program as if a user typed, and keeps its output as bytes."""

import fcntl
import os
import pty
import re
import select
import signal
import struct
import sys
import termios
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from types import TracebackType
from typing import Self

ENTER, CTRL_A, CTRL_C, CTRL_D, CTRL_E, CTRL_U, TAB, BACKSPACE = (
    "\r",
    "\x01",
    "\x03",
    "\x04",
    "\x05",
    "\x15",
    "\t",
    "\x7f",
)
UP, LEFT = "\x1b[A", "\x1b[D"
PATIENCE_S = 120.0
"""The machine may be busy with other things: a test that waits so long has failed."""
_CURSOR_QUESTION = b"\x1b[6n"
_SEQUENCE = re.compile(r"\x1b\][^\x07\x1b]*(?:\x07|\x1b\\)|\x1b\[[0-?]*[ -/]*[@-~]|\x1b[=>NOPM78]|[\x00-\x07\x0e\x0f]")


class Terminal:
    """A program in a terminal of its own.

    Args:
        command: The program and its arguments.
        environment: Its environment.
        folder: Where it runs.
        rows: Height of the terminal.
        columns: Width of the terminal.

    Attributes:
        output: Everything that it has shown, escape sequences included.
    """

    def __init__(
        self, command: Sequence[str], environment: Mapping[str, str], folder: Path, rows: int = 40, columns: int = 100
    ) -> None:
        self.output = b""
        self._rows = rows
        self._seen = 0  # characters of the plain output that were waited for
        self.process, self._end = pty.fork()
        if self.process == 0:
            os.chdir(folder)
            # Background processes ignore SIGINT, and a new program inherits that.
            signal.signal(signal.SIGINT, signal.SIG_DFL)
            fcntl.ioctl(0, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))
            os.execvpe(command[0], list(command), dict(environment))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self.process:
            os.kill(self.process, signal.SIGKILL)
            os.waitpid(self.process, 0)
        os.close(self._end)

    @property
    def text(self) -> str:
        """What was shown, without escape sequences and carriage returns."""
        return _SEQUENCE.sub("", self.output.decode("utf-8", "replace")).replace("\r", "")

    def type(self, keys: str) -> None:
        """Press keys."""
        data = keys.encode()
        while data:
            _, writable, _ = select.select([], [self._end], [], 0.05)
            if writable:
                data = data[os.write(self._end, data[:1024]) :]
            self._read(0)

    def wait(self, wanted: str) -> str:
        """Wait until something is shown after what was waited for before; return what was shown up to its end.

        ``wanted`` is looked for in `text`.
        """
        until = time.monotonic() + PATIENCE_S
        while (place := self.text.find(wanted, self._seen)) < 0:
            if time.monotonic() > until or not self._read(0.2):
                before, after = self.text[self._seen - 200 : self._seen], self.text[self._seen :]
                raise AssertionError(f"{wanted!r} was never shown after {before!r}, but {after!r}")
        begun, self._seen = self._seen, place + len(wanted)
        return self.text[begun : self._seen]

    def end(self) -> int:
        """Wait for the program's end; return its exit code."""
        until = time.monotonic() + PATIENCE_S
        while self._read(0.2):
            if time.monotonic() > until:
                raise AssertionError(f"It does not end: {self.text[-500:]!r}")
        _, status = os.waitpid(self.process, 0)
        self.process = 0
        return os.waitstatus_to_exitcode(status)

    def _read(self, patience_s: float) -> bool:
        """Read what is shown; return False after the program's end."""
        readable, _, _ = select.select([self._end], [], [], patience_s)
        if not readable:
            return True
        try:
            new = os.read(self._end, 1 << 16)
        except OSError:  # raised by Linux when the other end is closed
            return False
        self.output += new
        for _ in range(new.count(_CURSOR_QUESTION)):
            os.write(self._end, f"\x1b[{self._rows};1R".encode())  # below the output so far
        return bool(new)


def seq2seq(*arguments: str, without: str = "") -> list[str]:
    """Return the command line of a verb.

    Args:
        arguments: The verb and what follows.
        without: A package that cannot be imported, as if it were not installed.
    """
    hidden = f"sys.modules[{without!r}] = None; " if without else ""
    return [sys.executable, "-c", f"import sys; {hidden}from seq2seq.cli import main; sys.exit(main())", *arguments]
