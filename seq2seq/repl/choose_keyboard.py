"""The best keyboard available: prompt_toolkit or readline."""

import contextlib
from collections.abc import Callable

from seq2seq.repl.history import History
from seq2seq.repl.keyboard import Complete, Keyboard
from seq2seq.repl.readline_keyboard import ReadlineKeyboard
from seq2seq.repl.screen import Screen


def choose_keyboard(screen: Screen, history: History, complete: Complete, when_shown: Callable[[], None]) -> Keyboard:
    """Return the best available keyboard: prompt_toolkit if it is installed and the terminal supports it."""
    if not screen.is_dumb:
        with contextlib.suppress(ImportError):
            from seq2seq.repl.prompt_toolkit_keyboard import PromptToolkitKeyboard

            return PromptToolkitKeyboard(screen, history, complete, when_shown)
    return ReadlineKeyboard(screen, history, complete, when_shown)
