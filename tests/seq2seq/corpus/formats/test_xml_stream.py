"""The root element of XML from its beginning, and that emptied elements keep what they are in."""

from pathlib import Path

import pytest

from seq2seq.corpus.formats.xml_stream import elements, root_name
from tests.seq2seq.text_files import written


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("<tmx>", "tmx"),
        ('\n<?xml version="1.0"?>\n<!-- <xliff> --><?a <b> ?>\n<x:tmx a="1">', "tmx"),
        ('<!DOCTYPE tmx SYSTEM "a.dtd">\n<tmx/>', "tmx"),
        ('<!DOCTYPE tmx [<!ENTITY a "]b">\n]>\n<tmx/>', "tmx"),
        ("Tea <tmx>", ""),
        ("", ""),
        ("<!-- never closed <tmx>", ""),
        ("<!---->" * 50_000 + "Tea", ""),
    ],
    ids=range(8),
)
def test_the_root_is_the_first_element(text: str, name: str) -> None:
    assert root_name(text) == name


def test_elements_keep_the_attributes_of_those_around_them(tmp_path: Path) -> None:
    units = "".join(f"<g><u>{number}</u><u>茶</u></g>" for number in range(100))
    path = written(tmp_path / "a.xml", f'<r><f n="a">{units}</f><!-- c --><f n="b">{units}</f></r>')
    seen = []
    for element in elements(path, "r", "a test", "u"):
        seen.append((element.text, next(element.iterancestors("f")).get("n")))
        for one in (element, element.getparent()):  # at most the one before it is still there, without content
            before = list(one.itersiblings(preceding=True))
            assert len(before) <= 1
            assert not any("".join(other.itertext()) for other in before)
    assert seen == [(text, name) for name in "ab" for number in range(100) for text in (str(number), "茶")]
