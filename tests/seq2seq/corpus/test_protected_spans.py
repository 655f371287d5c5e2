"""Protected spans: what is one, and how those of two texts differ."""

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.protected_spans import difference, pieces, respelled, spans
from tests.properties import examples

TRICKY = st.text(alphabet="ab %s{}d()<>/&;:.@0123$\\n \n中文。w\U00100001\U00100002|,#=\"'\ufdd2\ufdd9", max_size=40)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("%s of %(name)d {0} {name}", ["%s", "%(name)d", "{0}", "{name}"]),
        ("%1$s %2$d %-5.2f %lu %%", ["%1$s", "%2$d", "%-5.2f", "%lu", "%%"]),
        ("100% of it, 100%completed, %dMB%s", ["100%", "%d", "%s"]),
        ("%count% files, %n files, %1 to %L2", ["%count%", "%n", "%1", "%L2"]),
        (
            "${x} $y $NAME$ {{ a.b }} #{z} {0:>10.2f} {}",
            ["${x}", "$y", "$NAME$", "{{ a.b }}", "#{z}", "{0:>10.2f}", "{}"],
        ),
        ("{n, plural, one {# dog} other {# dogs}} run", ["{n, plural, one {# dog} other {# dogs}}"]),
        ("{n, plural, one {# dog}", ["{n, plural, one {# dog}"]),
        ("<b>big</b> &amp; <a href='x'>a</a> a < b", ["<b>", "</b>", "&amp;", "<a href='x'>", "</a>"]),
        ("See https://a.b/c?d=1. Or a.b@c.de, please", ["https://a.b/c?d=1", "a.b@c.de"]),
        ("跑了5km，访问https://a.cn/查看{name}。", ["5km", "https://a.cn/", "{name}"]),
        ("5 km, 10,5 %, $100, 3\u00a0GB, 5 in a row, A5 m", ["5 km", "10,5 %", "$100", "3\u00a0GB"]),
        (r"one\n two, C:\new", [r"\n"]),
        ("%r or {:.2%}, in %-style, not %-5s", ["%r", "{:.2%}", "%-5s"]),
        ("``len(x)`` is :func:`len <x>`, not `this` or ``", ["``len(x)``", ":func:`len <x>`"]),
        ("Visit <https://a.b/c?d=1> or <mailto:a@b.cn>。", ["<https://a.b/c?d=1>", "<mailto:a@b.cn>"]),
        ("{see below} and (this) [that]", []),
        ("", []),
    ],
)
def test_spans(text: str, found: list[str]) -> None:
    assert [span.text for span in spans(text)] == found
    assert all(text[span.start : span.end] == span.text for span in spans(text))


@examples(1000)
@given(st.text(max_size=40) | TRICKY)
def test_parts_make_up_the_text(text: str) -> None:
    parts = pieces(text)
    assert "".join(parts) == text
    assert parts[1::2] == [span.text for span in spans(text)]


def test_what_is_lost_invented_or_reordered_is_found() -> None:
    assert not difference("5 km to %s", "nach %s sind es 5\u00a0km")
    found = difference("%s and %d, %s", "%s and {x}")
    assert (sorted(found.lost), found.invented) == (["%d", "%s"], ("{x}",))
    assert difference("%s is %d", "%d ist %s").is_reordered
    assert not difference("%1$s is %2$d", "%2$d ist %1$s")
    assert not difference("{a} is {b}", "{b} ist {a}")


def test_spaces_in_spans_are_those_of_the_source() -> None:
    assert respelled("5\u00a0km, 3 GB", "3GB und 5 km") == "3 GB und 5\u00a0km"


@pytest.mark.parametrize(
    "unit", ["{a, plural,", "<a ", "%s", "{{", "&a", "a@", "http://", "``a ", ":a:`", "$", "5", "%(", "<!--"]
)
def test_long_texts_take_linear_time(unit: str) -> None:
    started = time.process_time()
    spans(unit * (20_000 // len(unit)))
    assert time.process_time() - started < 3
