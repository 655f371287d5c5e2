"""The protocol of line input."""

from collections.abc import Callable
from typing import Protocol

Complete = Callable[[str], list[str]]
"""Returns the completions of the last word of a line."""


class Keyboard(Protocol):
    """Source of typed lines."""

    def line(self, prompt: str, is_kept: bool = True) -> str:
        """Show a prompt and return the line typed after it.

        Args:
            prompt: The prompt.
            is_kept: Whether to add the line to the history.

        Raises:
            EOFError: After Ctrl-D on an empty line.
            KeyboardInterrupt: After Ctrl-C.
        """
