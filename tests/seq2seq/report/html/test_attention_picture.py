"""Attention as a page and as an SVG: complete, escaped, self-contained."""

import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from seq2seq.report.html.attention_picture import HEAD_ROWS, Picture, html, picture_file, svg
from seq2seq.report.html.attention_table import COPIED_NOTE, Reading
from tests.seq2seq.report.sample_reports import HOSTILE, Checker

SVG = "{http://www.w3.org/2000/svg}"


def picture(text: str, length: int, copied: tuple[float, ...] = ()) -> Picture:
    weights = [[0.0] * length for _ in range(2)]
    weights[0][0], weights[1][length - 1] = 0.75, 1.0
    return Picture(text, Reading([text] * length, [text, "▁猫"], weights), copied)


@pytest.mark.parametrize("length", [3, 100])
def test_a_page_is_whole_and_needs_nothing_else(length: int) -> None:
    made = html([picture(HOSTILE, length, (0.9, 0.1)), picture("plain", length), Picture("empty", Reading((), (), ()))])
    checker = Checker()
    checker.feed(made)
    checker.close()
    assert checker.open == []
    assert len(set(checker.identities)) == len(checker.identities)
    assert not re.search(r"https?://|@import|url\(|<script", made)
    assert "prefers-color-scheme: dark" in made
    assert made.count(COPIED_NOTE) == 1
    assert "(empty)" in made


def test_an_svg_has_a_cell_for_each_weight_and_names_its_columns_again() -> None:
    length = HEAD_ROWS + 1
    root = ElementTree.fromstring(svg([picture(HOSTILE, length), picture("龘" * 30, 2)]))
    cells = [one for one in root.iter(f"{SVG}rect") if one.find(f"{SVG}title") is not None]
    assert [one.get("opacity") for one in cells] == ["0.75", "1.00"] * 2
    title = cells[3].find(f"{SVG}title")
    assert title is not None
    assert title.text == "龘" * 23 + "… → 猫: 1.00"
    assert [one.text for one in root.iter(f"{SVG}text")].count("猫") == 3
    size = float(root.get("width", "0")), float(root.get("height", "0"))
    for one in root.iter(f"{SVG}rect"):
        assert float(one.get("x", "0")) + float(one.get("width", "0")) <= size[0]
        assert float(one.get("y", "0")) + float(one.get("height", "0")) <= size[1]


def test_a_picture_that_does_not_show_all_says_so() -> None:
    pictures = [picture("a", 2)]
    for name in ("a.html", "a.svg"):
        assert "Only the first 1 of 1,200 outputs are drawn." in picture_file(Path(name), pictures, 1200)
        assert "Only the first" not in picture_file(Path(name), pictures, 1)
    assert picture_file(Path("a.svg"), pictures, 1).startswith("<svg ")
    assert picture_file(Path("a.html"), pictures, 1).startswith("<!DOCTYPE html>")
