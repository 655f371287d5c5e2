"""Line input with prompt_toolkit (the extra ``chat``): a completion menu and history search."""

from collections.abc import Callable, Iterator

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import DummyHistory
from prompt_toolkit.history import History as ToolkitHistory
from prompt_toolkit.output import ColorDepth

from seq2seq.repl.history import History
from seq2seq.repl.keyboard import Complete
from seq2seq.repl.screen import Screen


class PromptToolkitKeyboard:
    """Line input with prompt_toolkit.

    Args:
        screen: The screen, for its colour support.
        history: Earlier input.
        complete: Returns completions, shown during typing and with the tab key.
        when_shown: Called after each rendering of a prompt.
    """

    def __init__(self, screen: Screen, history: History, complete: Complete, when_shown: Callable[[], None]) -> None:
        depth = None if screen.has_colour else ColorDepth.MONOCHROME
        self._kept: PromptSession[str] = PromptSession(
            history=_KeptHistory(history),
            completer=_Completer(complete),
            color_depth=depth,
            reserve_space_for_menu=5,
        )
        self._unkept: PromptSession[str] = PromptSession(history=DummyHistory(), color_depth=depth)
        self._kept.app.after_render += lambda _: when_shown()

    def line(self, prompt: str, is_kept: bool = True) -> str:
        """Show a prompt and return the line typed after it."""
        message: StyleAndTextTuples = [("fg:ansigreen bold", prompt)]
        return (self._kept if is_kept else self._unkept).prompt(message)


class _KeptHistory(ToolkitHistory):
    """Adapts `History` to prompt_toolkit."""

    def __init__(self, history: History) -> None:
        super().__init__()
        self._kept = history

    def load_history_strings(self) -> Iterator[str]:
        """Yield earlier input, newest first."""
        return reversed(self._kept.lines)

    def store_string(self, string: str) -> None:
        """Store a line."""
        self._kept.add(string)


class _Completer(Completer):
    """Adapts `Complete` to prompt_toolkit."""

    def __init__(self, complete: Complete) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterator[Completion]:
        """Yield the completions of the word before the cursor."""
        line = document.text_before_cursor
        begun = len(line) - (line.rfind(" ") + 1)
        for word in self._complete(line):
            yield Completion(word, start_position=-begun)
