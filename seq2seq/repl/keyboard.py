"""Where lines are typed: the plain terminal, with readline where Python has it."""

import contextlib
import importlib
import io
import re
import sys
from collections.abc import Callable
from types import ModuleType
from typing import Protocol

from seq2seq.repl.past import Past
from seq2seq.repl.screen import Screen

Complete = Callable[[str], list[str]]
"""Returns what the last word of a line that is being typed can become."""


class Keyboard(Protocol):
    """What lines are read from."""

    def line(self, prompt: str, is_kept: bool = True) -> str:
        """Show a prompt and return what is typed behind it.

        Args:
            prompt: The prompt.
            is_kept: Whether the line can be found again with the arrow keys.

        Raises:
            EOFError: After Ctrl-D on an empty line.
            KeyboardInterrupt: After Ctrl-C.
        """


class Plain:
    """The terminal as Python has it.

    Args:
        screen: Where the prompt is shown.
        past: What was typed before.
        complete: Completes with the tab key.
        when_shown: Called when the first prompt stands.
    """

    def __init__(self, screen: Screen, past: Past, complete: Complete, when_shown: Callable[[], None]) -> None:
        self.screen, self.past = screen, past
        self._complete = complete
        self._found: list[str] = []
        self._when_shown = when_shown
        self._readline = _readline()
        if isinstance(sys.stdin, io.TextIOWrapper):
            sys.stdin.reconfigure(encoding="utf-8", errors="replace")  # a slip of the keyboard is no reason to end
        if self._readline:
            self._readline.set_auto_history(False)
            for one in past.lines:
                self._readline.add_history(one)
            self._readline.set_completer(self._completed)
            self._readline.set_completer_delims(" ")
            is_libedit = "libedit" in (self._readline.__doc__ or "")
            self._readline.parse_and_bind("bind ^I rl_complete" if is_libedit else "tab: complete")

    def line(self, prompt: str, is_kept: bool = True) -> str:
        """Show a prompt and return what is typed behind it."""
        shown = self.screen.styled(prompt, "prompt")
        if self._readline:
            # The prompt stands when this is called, so that loading a model does not hold it up.
            self._readline.set_pre_input_hook(self._when_shown)
            # readline must know what takes no columns.
            shown = re.sub("\x1b[^m]*m", "\001\\g<0>\002", shown)
        else:
            self.screen.file.write(shown)
            self.screen.file.flush()
            self._when_shown()
            shown = ""
        try:
            typed = input(shown)
        except (EOFError, KeyboardInterrupt):
            self.screen.line()  # the cursor still stands behind the prompt
            raise
        if is_kept:
            known = len(self.past.lines)
            self.past.add(typed)
            if self._readline and len(self.past.lines) > known:
                self._readline.add_history(self.past.lines[-1])
        return typed

    def _completed(self, word: str, number: int) -> str | None:
        """Return a completion as readline asks for it."""
        assert self._readline is not None
        if number == 0:
            self._found = self._complete(self._readline.get_line_buffer()[: self._readline.get_endidx()])
        return self._found[number] if number < len(self._found) else None


def _readline() -> ModuleType | None:
    with contextlib.suppress(ImportError):  # Python on Windows, and some builds, have none
        return importlib.import_module("readline")
    return None


def keyboard(screen: Screen, past: Past, complete: Complete, when_shown: Callable[[], None]) -> Keyboard:
    """Return the best keyboard there is: with prompt_toolkit where that is installed and the terminal can do it."""
    if not screen.is_dumb:
        with contextlib.suppress(ImportError):
            from seq2seq.repl.toolkit import Toolkit

            return Toolkit(screen, past, complete, when_shown)
    return Plain(screen, past, complete, when_shown)
