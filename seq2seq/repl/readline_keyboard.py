"""Line input with Python's ``input``, and readline if available."""

import contextlib
import importlib
import io
import os
import re
import signal
import sys
import threading
from collections.abc import Callable, Iterator
from types import ModuleType

from seq2seq.repl.history import History
from seq2seq.repl.keyboard import Complete
from seq2seq.repl.screen import Screen


class ReadlineKeyboard:
    """Line input with Python's ``input``, and readline if available.

    Args:
        screen: Shows the prompt.
        history: Earlier input.
        complete: Returns completions for the tab key.
        when_shown: Called when a prompt is shown.
    """

    def __init__(self, screen: Screen, history: History, complete: Complete, when_shown: Callable[[], None]) -> None:
        self.screen, self.history = screen, history
        self._complete = complete
        self._completions: list[str] = []
        self._when_shown = when_shown
        self._readline = _readline()
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # so invalid bytes do not end the session
        if self._readline:
            self._readline.set_auto_history(False)
            for line in history.lines:
                self._readline.add_history(line)
            self._readline.set_completer(self._completed)
            self._readline.set_completer_delims(" ")
            is_libedit = "libedit" in (self._readline.__doc__ or "")
            self._readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")

    def line(self, prompt: str, is_kept: bool = True) -> str:
        """Show a prompt and return the line typed after it."""
        shown = self.screen.styled(prompt, "prompt")
        if self._readline:
            # readline calls this after showing the prompt, so loading the model does not delay the prompt.
            self._readline.set_pre_input_hook(self._when_shown)
            # Mark escape sequences as zero-width for readline.
            shown = re.sub("\x1b[^m]*m", "\001\\g<0>\002", shown)
        else:
            self.screen.file.write(shown)
            self.screen.file.flush()
            self._when_shown()
            shown = ""
        try:
            with _signals_noticed() if self._readline else contextlib.nullcontext():
                line = input(shown)
        except (EOFError, KeyboardInterrupt):
            self.screen.line()  # end the prompt's line
            raise
        if is_kept:
            known = len(self.history.lines)
            self.history.add(line)
            if self._readline and len(self.history.lines) > known:
                self._readline.add_history(self.history.lines[-1])
        return line

    def _completed(self, word: str, number: int) -> str | None:
        """Return a completion in readline's protocol."""
        assert self._readline is not None
        if number == 0:
            self._completions = self._complete(self._readline.get_line_buffer()[: self._readline.get_endidx()])
        return self._completions[number] if number < len(self._completions) else None


@contextlib.contextmanager
def _signals_noticed() -> Iterator[None]:
    """Make readline react to Ctrl-C immediately.

    CPython's readline handles a signal only if it interrupts the wait for a key (`Modules/readline.c`). A signal during
    the processing of a key would be delayed until the next key. Therefore a thread detects it and interrupts the next
    wait with SIGWINCH, which readline handles at any time.
    """
    if not hasattr(signal, "pthread_kill"):  # Windows
        yield
        return
    reader, left = threading.main_thread().ident, threading.Event()
    heard, told = os.pipe()
    os.set_blocking(told, False)

    def interrupt() -> None:
        with os.fdopen(heard, "rb", buffering=0) as signals:
            while number := signals.read(1):
                while number[0] == signal.SIGINT and not left.wait(0.02):
                    signal.pthread_kill(reader or 0, signal.SIGWINCH)

    before = signal.set_wakeup_fd(told, warn_on_full_buffer=False)
    threading.Thread(target=interrupt, daemon=True).start()
    try:
        yield
    finally:
        left.set()
        signal.set_wakeup_fd(before)
        os.close(told)


def _readline() -> ModuleType | None:
    with contextlib.suppress(ImportError):  # missing on Windows and in some builds
        return importlib.import_module("readline")
    return None
