"""The status line: it never wraps, whatever the script, and stays silent once its terminal is gone."""

import sys

import pytest

from seq2seq.progress import StatusLine
from seq2seq.safe_text import width


@pytest.mark.parametrize("text", ["x" * 100, "模型" * 30, "e\u0301" * 100, "语料/" * 20])
def test_a_line_never_wraps(text: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    StatusLine(is_terminal=True).write(text, "12 a second")
    written = capsys.readouterr().err.removeprefix("\r\x1b[K")
    assert width(written) == 39
    assert written.rstrip().endswith("…")


def test_combining_marks_take_no_room(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    StatusLine(is_terminal=True).write("e\u0301" * 25, "12 a second")
    assert capsys.readouterr().err.endswith("  12 a second")


def test_a_closed_terminal_is_not_written_to_again(monkeypatch: pytest.MonkeyPatch) -> None:
    class Closed:
        count = 0

        def write(self, text: str) -> None:
            self.count += 1
            raise OSError(5, "Input/output error")

    closed = Closed()
    monkeypatch.setattr(sys, "stderr", closed)
    line = StatusLine(is_terminal=True)
    for _ in range(3):
        line.write("step")
        line.end()
    assert closed.count == 1
