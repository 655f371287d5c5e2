"""Stores typed lines in the user's state folder for later sessions."""

import os
from collections.abc import Mapping
from pathlib import Path

MOST = 1000
"""Maximum number of lines kept."""


class History:
    r"""Typed lines, oldest first.

    The file contains one entry per line, with ``\n`` for a line break and ``\\`` for a backslash. Only the owner has
    permission to read the file, because conversations are private.

    Args:
        path: The file; None stores nothing.

    Attributes:
        notice: The reason why nothing can be stored; '' if there is no problem.
    """

    def __init__(self, path: Path | None) -> None:
        self.path = path
        self.notice = ""
        self.lines: list[str] = []
        if path is None:
            return
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.touch(mode=0o600)
            kept = path.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]
            if len(kept) > 2 * MOST:
                kept = kept[-MOST:]
                path.write_text("".join(f"{line}\n" for line in kept), encoding="utf-8")
        except OSError as fault:
            self.path, self.notice = None, f"Typed lines are not stored: {path}: {fault.strerror}."
        else:
            self.lines = [_read(line) for line in kept[-MOST:]]

    def add(self, line: str) -> None:
        """Store a line unless it is blank or repeats the last one."""
        line = line.replace("\0", "")  # readline rejects null characters
        if not line.strip() or self.lines[-1:] == [line]:
            return
        self.lines.append(line)
        if self.path:
            # Invalid UTF-8 input becomes unpaired surrogates, which cannot be encoded.
            written = line.replace("\\", "\\\\").replace("\n", "\\n").encode("utf-8", "replace")
            with self.path.open("ab") as file:
                file.write(written + b"\n")


def history_path(environment: Mapping[str, str] = os.environ) -> Path:
    """Return the path of the history file (XDG Base Directory Specification)."""
    folder = environment.get("XDG_STATE_HOME", "")
    state = Path(folder) if folder.startswith("/") else Path.home() / ".local" / "state"
    return state / "seq2seq" / "typed"


def _read(line: str) -> str:
    return "\\".join(part.replace("\\n", "\n") for part in line.replace("\0", "").split("\\\\"))
