"""Lines typed without a terminal, for the loop in this process."""

import io
from collections.abc import Iterable

INTERRUPT = "\x03"
"""Stands for Ctrl-C at the prompt; the end of the lines is Ctrl-D."""


class Typed(io.StringIO):
    """Standard input with lines that come one by one.

    Args:
        lines: The lines; `INTERRUPT` raises what Ctrl-C raises.
    """

    def __init__(self, lines: Iterable[str]) -> None:
        super().__init__()
        self._lines = iter(lines)

    def readline(self, size: int | None = -1, /) -> str:  # type: ignore[override]
        """Return the next line, '' at the end."""
        line = next(self._lines, None)
        if line == INTERRUPT:
            raise KeyboardInterrupt
        return "" if line is None else f"{line}\n"
