"""Attention at a terminal: shades with colour, bars without, and aligned columns."""

import io
import re

import pytest

from seq2seq.repl.attention_view import BARS, OutputAttention, drawing, threshold, words
from seq2seq.repl.screen import Screen
from seq2seq.safe_text import width

SOURCE = ["▁I", "▁am", "▁Tom", "<turn>", "<speaker>", "▁你", "好", "<turn>", "▁who", "<turn>"]
LOOKED = OutputAttention(
    SOURCE,
    ["▁Tom", "!"],
    [[0.0, 0.1, 0.8, 0.1, 0, 0, 0, 0, 0, 0], [0.0, 0.0, 0.2, 0.0, 0.0, 0.3, 0.3, 0.0, 0.2, 0.0]],
    (0.75, 0.0),
)


def drawn(
    monkeypatch: pytest.MonkeyPatch,
    looked: OutputAttention,
    columns: int = 80,
    rows: int = 1000,
    is_whole: bool = False,
    **environment: str,
) -> str:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("LINES", str(rows))
    return drawing(looked, Screen(io.StringIO(), {"TERM": "xterm", **environment}), is_whole=is_whole)


def test_without_colour_bars_show_what_was_read(monkeypatch: pytest.MonkeyPatch) -> None:
    text, table = drawn(monkeypatch, LOOKED, NO_COLOR="1").split("\n\n")
    assert text.split("\n") == [
        "  60 % │ I am Tom",
        "       │     ████",
        "  30 % │ » 你好",
        "  10 % │ who",
    ]
    assert table.split("\n") == [
        "Tom ←  Tom  0.80  copied 0.75",
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
    looked = OutputAttention([*pieces, "<turn>"], ["▁a"], [[0.5, *[0.0] * 79, 0.5]])
    lines = drawn(monkeypatch, looked, 40, NO_COLOR="1").split("\n\n")[0].split("\n")
    assert len(lines) > 8
    assert all(width(line) < 40 for line in lines)
    assert lines[1] == "       │ ███"
    assert "".join(line[9:].replace(" ", "") for line in [lines[0], *lines[2:]]) == "dog狗" * 40


def test_pieces_that_would_do_harm_or_are_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    evil = OutputAttention(
        ["▁\x1b[2J", "▁", "<0xE7>", "<0x8B>", "<0x97>", "x" * 300], ["<0x1B>", "▁"], [[0.1] * 5 + [0.5]] * 2
    )
    shown = drawn(monkeypatch, evil, NO_COLOR="1")
    assert not re.search("[\x00-\x09\x0b-\x1f]", shown)
    assert "␛[2J" in shown
    assert "狗" in shown
    assert "␛ ←" in shown
    assert "␣ ←" in shown
    assert max(map(width, shown.split("\n"))) <= 80


def test_nothing_is_marked_where_attention_is_even(monkeypatch: pytest.MonkeyPatch) -> None:
    even = OutputAttention(["▁a", "▁b", "▁c", "▁d"], ["▁x"], [[0.25] * 4])
    assert drawn(monkeypatch, even, NO_COLOR="1") == " 100 % │ a b c d\n\nx ← nothing in particular"
    assert "48;5" not in drawn(monkeypatch, even)
    assert threshold(1) == 0.5
    assert threshold(100) == pytest.approx(0.015)


@pytest.mark.parametrize("rows", [24, 40])
@pytest.mark.parametrize("word", ["▁dog", "狗"])
@pytest.mark.parametrize("colour", ["", "1"])
def test_a_long_answer_fits_the_window(monkeypatch: pytest.MonkeyPatch, rows: int, word: str, colour: str) -> None:
    source = [*[word] * 150, "<turn>"] * 4
    weights = [[0.0] * 453 + [1.0] + [0.0] * 150] * 50
    looked = OutputAttention(source, [word] * 50, weights, (0.9,) * 50)
    shown = re.sub("\x1b[^m]*m", "", drawn(monkeypatch, looked, rows=rows, NO_COLOR=colour)).split("\n")
    assert len(shown) <= rows - 2
    assert max(map(width, shown)) < 80
    assert shown[-1].endswith("lines left out; /why all shows everything")
    whole = re.sub("\x1b[^m]*m", "", drawn(monkeypatch, looked, rows=rows, is_whole=True, NO_COLOR=colour))
    assert whole.count("copied 0.90") == 50
    assert "left out" not in whole


def test_wide_rows_name_fewer_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ["▁understandings", "▁misunderstand", "▁notwithstanding", "▁x"]
    looked = OutputAttention(source, ["▁misunderstanding"], [[0.5, 0.5, 0.0, 0.0]], (0.9,))
    assert drawn(monkeypatch, looked, NO_COLOR="1").count("0.50") == 2
    narrow = drawn(monkeypatch, looked, 62, NO_COLOR="1")
    assert narrow.count("0.50") == 1
    assert max(map(width, narrow.split("\n"))) < 62


def test_a_row_is_a_word(monkeypatch: pytest.MonkeyPatch) -> None:
    source = ["▁Nice", "▁", "Mar", "ia", ".", "我", "们"]
    # Maria has three output pieces and three source pieces: a cell averages over the former and sums over the latter.
    rows = [
        [0.0, 0.1, 0.5, 0.3, 0.1, 0, 0],
        [0.2, 0.0, 0.4, 0.4, 0, 0, 0],
        [0, 0, 0, 0.9, 0.1, 0, 0],
        [0, 0, 0, 0, 0, 1.0, 0],
    ]
    looked = OutputAttention(source, ["▁Ma", "ri", "a", "我"], rows, (0.9, 0.6, 0.0, 0.5))
    table = drawn(monkeypatch, looked, NO_COLOR="1").split("\n\n")[1]
    assert table.split("\n") == ["Maria ←  Maria  0.87  copied 0.50", "我    ←  我     1.00  copied 0.50"]


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (["▁the", "▁oth", "er", "."], ["▁the", "▁other", "."]),
        (["▁", "Mar", "ia", ",", "x"], ["▁Maria", ",", "x"]),
        (["▁我", "们", "a", "b"], ["▁我", "们", "ab"]),
        (["a", "<turn>", "b", "<speaker>"], ["a", "<turn>", "b", "<speaker>"]),
        (["▁3", "4", "%"], ["▁34", "%"]),
        (["狗", "·", "·", "x"], ["狗··", "x"]),
        ([], []),
    ],
)
def test_words_of_pieces(pieces: list[str], expected: list[str]) -> None:
    assert ["".join(pieces[begin:end]) for begin, end in words(pieces)] == expected
