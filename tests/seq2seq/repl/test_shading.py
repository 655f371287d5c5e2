"""What was read, drawn: shades where there is colour, bars where there is none, and columns below each other."""

import io
import re

import pytest

from seq2seq.repl.screen import Screen
from seq2seq.repl.shading import BARS, Looked, drawing
from seq2seq.safe_text import width

SOURCE = ["▁I", "▁am", "▁Tom", "<turn>", "<speaker>", "▁你", "好", "<turn>", "▁who", "<turn>"]
LOOKED = Looked(
    SOURCE,
    ["▁Tom", "!"],
    [[0.0, 0.1, 0.8, 0.1, 0, 0, 0, 0, 0, 0], [0.0, 0.0, 0.2, 0.0, 0.0, 0.3, 0.3, 0.0, 0.2, 0.0]],
    (0.75, 0.0),
)


def drawn(monkeypatch: pytest.MonkeyPatch, looked: Looked, columns: int = 80, **environment: str) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    return drawing(looked, Screen(io.StringIO(), {"TERM": "xterm", **environment}))


def test_without_colour_bars_show_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text, table = drawn(monkeypatch, LOOKED, NO_COLOR="1").split("\n\n")
    assert text.split("\n") == [
        "  60 % │ I am Tom",
        "       │  ▁▁▁████",
        "  30 % │ » 你好",
        "       │   ▂▂▂▂",
        "  10 % │ who",
        "       │ ▂▂▂",
    ]
    assert table.split("\n") == [
        "Tom ←  Tom  0.80   am   0.10   ⏎    0.10  copied 0.75",
        "!   ←  你   0.30   好   0.30   Tom  0.20",
    ]


def test_with_colour_backgrounds_show_it(monkeypatch: pytest.MonkeyPatch) -> None:
    coloured = drawn(monkeypatch, LOOKED)
    assert not set(BARS[1:]) & set(coloured)
    plain = re.sub("\x1b[^m]*m", "", coloured).split("\n")
    assert plain[:3] == ["  60 % │ I am Tom", "  30 % │ » 你好", "  10 % │ who"]
    assert coloured.startswith("  60 % │ I am\x1b[48;5;27;38;5;15m Tom\x1b[0m")


def test_long_lines_go_on_below(monkeypatch: pytest.MonkeyPatch) -> None:
    pieces = ["▁dog", "狗"] * 40
    looked = Looked([*pieces, "<turn>"], ["▁a"], [[1 / 81] * 81])
    lines = drawn(monkeypatch, looked, 40, NO_COLOR="1").split("\n\n")[0].split("\n")
    assert len(lines) > 8
    assert all(width(line) < 40 for line in lines)
    assert "".join(line[9:].replace(" ", "") for line in lines[::2]) == "dog狗" * 40
    for text, bars in zip(lines[::2], lines[1::2], strict=True):
        assert width(text) == width(bars)


def test_pieces_that_would_do_harm_or_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = Looked(["▁\x1b[2J", "▁", "<0xE7>", "<0x8B>", "<0x97>", "x" * 300], ["<0x1B>", "▁"], [[0.1] * 5 + [0.5]] * 2)
    shown = drawn(monkeypatch, evil, NO_COLOR="1")
    assert not re.search("[\x00-\x09\x0b-\x1f]", shown)
    assert "␛[2J" in shown
    assert "狗" in shown
    assert "␛ ←" in shown
    assert "␣ ←" in shown
    assert max(map(width, shown.split("\n"))) <= 80
