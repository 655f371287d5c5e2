"""Texts of HTML documents: what is translated, and that markup stays as it is."""

import time
from html import unescape
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.documents.formats.html_text import HtmlText
from tests.properties import examples

PIECES = st.sampled_from(
    [
        *(
            "<p>",
            "</p>",
            "<b class='x>y'>",
            "</b>",
            "<br/>",
            "<br>",
            "<i translate=no>",
            "</i>",
            "<!-- c -->",
            "<!DOCTYPE html>",
        ),
        *(
            "<script>",
            "</script>",
            "<style>",
            "</style>",
            "a",
            "big dog",
            " ",
            "\n",
            "&amp;",
            "&lt;",
            "&#228;",
            "&nope;",
            "&",
        ),
        *("<", ">", "</", "<!", "<![CDATA[", "]]>", "<?php", "?>", "大狗", '"', "'", "=", "<a b=", "</>", "\u00a0"),
    ]
)


@pytest.mark.parametrize(
    ("document", "texts", "translated"),
    [
        ("the dog", ["the dog"], "THE DOG"),
        ("", [], ""),
        ("<p> the <b>dog</b>\n eats</p>", ["the", "dog", "eats"], "<p> THE <b>DOG</b>\n EATS</p>"),
        ("a &lt; b &amp; c&nbsp;", ["a < b & c"], "A &lt; B &amp; C"),
        ("a < b & c", ["a < b & c"], "A &lt; B &amp; C"),
        (
            "<script>if (a < b) {}</script>x<style>p {}</style>",
            ["x"],
            "<script>if (a < b) {}</script>X<style>p {}</style>",
        ),
        ("<p translate='no'>a <b>b</b></p>c", ["c"], "<p translate='no'>a <b>b</b></p>C"),
        ("<code translate=no>a<br>b</code>c", ["c"], "<code translate=no>a<br>b</code>C"),
        ("<!-- a --><!DOCTYPE html>b<?php c ?>", ["b"], "<!-- a --><!DOCTYPE html>B<?php c ?>"),
        ("<a title='x &amp; y' href=\"z\">b</a>", ["b"], "<a title='x &amp; y' href=\"z\">B</a>"),
        ("<script>a", [], "<script>a"),
        ("a <b", ["a <b"], "A &lt;B"),
        ("<![x", ["<![x"], "&lt;![X"),
    ],
)
def test_texts_are_translated_and_markup_stays(document: str, texts: list[str], translated: str) -> None:
    html = HtmlText(document)
    assert html.texts == texts
    assert html.with_texts([text.upper() for text in html.texts]) == translated


class Tags(HTMLParser):
    """Collects the markup of a document."""

    def __init__(self, document: str) -> None:
        super().__init__()
        self.found: list[object] = []
        self.feed(document)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note a tag."""
        self.found.append((tag, attrs))

    def handle_endtag(self, tag: str) -> None:
        """Note an end tag."""
        self.found.append(tag)


@examples(400)
@given(st.lists(PIECES, max_size=12).map("".join))
def test_the_texts_of_any_document_can_be_exchanged(document: str) -> None:
    html = HtmlText(document)
    assert all(text and text == text.strip() for text in html.texts)
    same = html.with_texts(html.texts)
    again = HtmlText(same)
    assert again.texts == html.texts
    assert again.with_texts(again.texts) == same
    assert unescape(same).split() == unescape(document).split()


@examples(200)
@given(st.lists(st.sampled_from(["<p>", "</p>", "<b>", "</b>", "<br>", "a", "&amp;", " "]), max_size=12).map("".join))
def test_the_markup_of_a_document_is_that_of_its_translation(document: str) -> None:
    html = HtmlText(document)
    translated = html.with_texts(["<script>&amp;"] * len(html.texts))
    assert Tags(translated).found == Tags(document).found


@pytest.mark.parametrize("unit", ["<a ", "<![", "<!--", "<a b='", "</", "&#", "<", '<a b="', "<?"])
@pytest.mark.parametrize("end", ["", ">"])
def test_no_document_takes_long_to_read(unit: str, end: str) -> None:
    began = time.process_time()
    HtmlText(unit * (20_000 // len(unit)) + end)
    assert time.process_time() - began < 5  # a parser that searches again from every tag takes longer
