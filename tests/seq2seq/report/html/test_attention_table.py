"""Attention and copying as HTML: weights in the right cells, characters for bytes, everything escaped."""

import re

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.report.html.attention_table import SHORT_SOURCE, Reading, copied, drawn, legend, shaded, spelled, table

SOURCE = ("▁the", "▁cat", "<speaker>", "▁<b>", "<turn>", "猫")


def test_a_short_source_stands_over_a_table() -> None:
    reading = Reading(SOURCE, ("▁cat", "猫"), ((0.01, 0.9, 0, 0, 0, 0.09), (0, 0, 0, 0, 0, 1)))
    shown = drawn(reading, "a0")
    assert shown == table(reading)
    assert re.findall(r'--w:(\d+)" title="([\d.]+)"', shown) == [("90", "0.90"), ("9", "0.09"), ("100", "1.00")]
    assert "<span>&lt;b&gt;</span>" in shown
    assert legend(reading).endswith("full colour is weight 1")


def test_a_long_source_stays_a_text_with_the_words_to_choose_from_above() -> None:
    source = SOURCE * (SHORT_SOURCE // len(SOURCE) + 1)
    weights = [[0.0] * len(source) for _ in range(2)]
    weights[0][1], weights[0][5] = 0.4, 0.1
    weights[1][7] = 0.02
    reading = Reading(source, ("▁cat", "<line>"), weights)
    shown = drawn(reading, "a3")
    assert shown == shaded(reading, "a3")
    assert legend(reading).startswith("choose a word of the output")
    # The most attended piece has full colour, however small its weight, when its word is selected or hovered.
    for rule in (
        ".reading:has(#a3-0:checked) .a3:is(.s1){--c:100}",
        ".reading:has(#a3-0+label:hover) .a3:is(.s1){--h:100}",
        ".reading:has(#a3-0:checked) .a3:is(.s5){--c:20}",
        ".reading:has(#a3-1:checked) .a3:is(.s7){--c:100}",
    ):
        assert rule in shown
    assert shown.count("--c:") == 3
    # Without a selection, the shades are those of all words together.
    assert re.findall(r'class="a3 s(\d+)" style="--a:(\d+)"', shown) == [("1", "100"), ("5", "25"), ("7", "5")]
    assert 'title="cat 0.40, 猫 0.10, the 0.00">cat</label>' in shown
    text = re.sub(r"<style>.*</style>|<(?!br)[^>]*>", "", shown)
    assert text.startswith("whole output cat⏎ the cat: &lt;b&gt;⏎<br>猫 the cat")


def test_what_was_copied_is_told_by_colour_and_by_a_line() -> None:
    shown = copied(("▁Ruth", "▁asks", "<line>", "猫"), (0.9, 0.25, 0.8, 0.5))
    assert shown == (
        '<span class="copied"><span class="most" style="--k:90" title="0.90">Ruth</span> '
        '<span style="--k:25" title="0.25">asks</span><br><span style="--k:50" title="0.50">猫</span></span>'
    )
    assert "(empty)" in copied((), ())
    assert "&lt;b&gt;" in copied(("<b>",), (1.0,))


def test_bytes_are_written_as_the_character_that_they_spell() -> None:
    pieces = ["▁a", *(f"<0x{byte:02X}>" for byte in "龘é".encode()), "b", "<0xE9>", "<0xBE>", "c", "<0xFF>"]
    assert spelled(pieces) == ["▁a", "龘", "·", "·", "é", "·", "b", "<0xE9>", "<0xBE>", "c", "<0xFF>"]


@given(st.lists(st.one_of(st.sampled_from(["a", "<0xE9>", "<0xBE>", "<0x98>", "<0x41>", "<line>"]), st.text())))
def test_every_piece_keeps_its_place(pieces: list[str]) -> None:
    shown = spelled(pieces)
    assert len(shown) == len(pieces)
    assert all(one == two for one, two in zip(shown, pieces, strict=True) if not two.startswith("<0x"))


@given(st.text(min_size=1))
def test_nothing_of_a_text_is_markup(text: str) -> None:
    reading = Reading([text] * (SHORT_SOURCE + 1), [text], [[1 / (SHORT_SOURCE + 1)] * (SHORT_SOURCE + 1)])
    plain = Reading(["a"] * (SHORT_SOURCE + 1), ["a"], reading.weights)
    tags = [re.sub(r'title="[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", drawn(reading, "x"))]
    expected = [re.sub(r'title="[^"]*"', "", tag) for tag in re.findall(r"<[^>]*>", drawn(plain, "x"))]
    assert [tag for tag in tags if tag != "<br>"] == expected
