"""Run the recorded commands, and keep what they print: ``python -m tests.recorded.recording`` records them anew.

Record before a change that must not change any output, never after it.
"""

import contextlib
import io
import json
import os
import re
import shlex
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

from seq2seq.cli import main
from tests.recorded.commands import COMMANDS, FILES

RECORD = Path(__file__).parent / "outputs.json"
WRITTEN = ("weights.jsonl", "talk.json")
"""Files that commands write; their content counts as output."""
DIGITS, TOLERANCE = 4, 2e-3
"""Recorded digits of a number, and by how much another processor's may differ."""
_NUMBER = re.compile(r"-?\d+\.\d{3,}(?:e-?\d+)?")


class _Bytes(io.TextIOWrapper):
    """A standard stream of a command."""

    def __init__(self, content: str = "") -> None:
        super().__init__(io.BytesIO(content.encode()), encoding="utf-8", newline="\n")

    def text(self) -> str:
        """Return what was written."""
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode()


def outputs() -> dict[str, str]:
    """Return by command what it prints, with its exit code if that is not 0, and what it writes."""
    from tests.recorded.models import write  # imports PyTorch

    with tempfile.TemporaryDirectory() as folder, contextlib.chdir(folder):
        write(Path(folder))
        for name, content in FILES.items():
            Path(name).write_text(content, encoding="utf-8")
        return dict(run(command, given) for command, given in COMMANDS)


def run(command: str, given: str) -> tuple[str, str]:
    """Return a command, and what it prints and writes, in the working folder."""
    before = sys.stdin, sys.stdout, sys.stderr
    sys.stdin, sys.stdout, sys.stderr = _Bytes(given), (shown := _Bytes()), _Bytes()
    try:
        code = main([*shlex.split(command), "--threads", "1"])
    finally:
        sys.stdin, sys.stdout, sys.stderr = before
    text = shown.text() + "".join(_taken(Path(name)) for name in WRITTEN)
    return " ".join(command.split()), f"exit code {code}\n{text}" if code else text


def _taken(path: Path) -> str:
    if not path.exists():
        return ""
    text = path.read_text(encoding="utf-8")
    path.unlink()
    return text


def parts(text: str) -> tuple[list[str], list[float]]:
    """Return the text around an output's numbers, and the numbers; whole numbers count as text."""
    return _NUMBER.split(text), [float(number) for number in _NUMBER.findall(text)]


def record() -> Mapping[str, str]:
    """Return the recorded outputs."""
    found = json.loads(RECORD.read_text(encoding="utf-8"))
    assert isinstance(found, dict)
    return found


if __name__ == "__main__":
    os.environ["XDG_STATE_HOME"] = tempfile.mkdtemp()
    made = {
        command: _NUMBER.sub(lambda found: f"{float(found[0]):.{DIGITS}f}", text) for command, text in outputs().items()
    }
    RECORD.write_text(json.dumps(made, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    print(f"{len(made)} outputs in {RECORD}")
