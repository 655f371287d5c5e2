"""Chooses between prompt_toolkit and readline for line input."""

import contextlib
from collections.abc import Callable

from seq2seq.repl.history import History
from seq2seq.repl.keyboard import Complete, Keyboard
from seq2seq.repl.readline_keyboard import ReadlineKeyboard
from seq2seq.repl.screen import Screen


def choose_keyboard(screen: Screen, history: History, complete: Complete, when_shown: Callable[[], None]) -> Keyboard:
    """Return a prompt_toolkit keyboard if it is installed and the terminal supports it, otherwise readline."""
    if not screen.is_dumb:
        with contextlib.suppress(ImportError):
            from seq2seq.repl.prompt_toolkit_keyboard import PromptToolkitKeyboard

            return PromptToolkitKeyboard(screen, history, complete, when_shown)
    return ReadlineKeyboard(screen, history, complete, when_shown)
