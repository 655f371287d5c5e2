"""XLIFF as corpora: finished translations of version 1.2 and 2, languages, and what is left out."""

from pathlib import Path

import pytest

from seq2seq.corpus.formats.form import Reading, Settings
from seq2seq.corpus.formats.xliff import read
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written

ONE = """<?xml version="1.0"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
<file original="a" source-language="en-US" target-language="zh-CN"><header/><body><group>
{}
</group></body></file>
</xliff>
"""
TWO = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="zh">
<file id="f">
{}
</file>
</xliff>
"""


def tea(state: str = "") -> str:
    return f"<source>tea</source><target{f' state={state!r}' if state else ''}>茶</target>"


def texts(folder: Path, content: str, **options: str) -> list[tuple[object, object]]:
    path = written(folder / "a.xlf", content)
    return [(example.source, example.target) for example in Reader(**options).read([path])]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("unit", "is_read"),
    [
        (f"<trans-unit>{tea()}</trans-unit>", True),
        *((f"<trans-unit>{tea(s)}</trans-unit>", True) for s in ("final", "translated")),
        *(
            (f"<trans-unit>{tea(s)}</trans-unit>", False)
            for s in ("new", "needs-translation", "needs-review-translation", "needs-adaptation")
        ),
        ('<trans-unit approved="yes">' + tea("new") + "</trans-unit>", True),
        (f'<trans-unit translate="no">{tea()}</trans-unit>', False),
        ("<trans-unit><source>tea</source><target/></trans-unit>", False),
        ("<trans-unit><source>tea</source></trans-unit>", False),
        ("<trans-unit><source>tea</source><alt-trans><target>茶</target></alt-trans></trans-unit>", False),
        ("<trans-unit/>", False),
    ],
)
def test_units_of_version_1(tmp_path: Path, unit: str, is_read: bool) -> None:
    known = "<trans-unit><source>milk</source><target>奶</target></trans-unit>"
    assert texts(tmp_path, ONE.format(unit + known)) == [*([("tea", "茶")] if is_read else []), ("milk", "奶")]


@pytest.mark.parametrize(
    ("segment", "is_read"),
    [
        (f"<segment>{tea()}</segment>", True),
        *((f'<segment state="{s}">{tea()}</segment>', True) for s in ("translated", "reviewed", "final")),
        (f'<segment state="initial">{tea()}</segment>', False),
        (f'<segment state="translated" subState="seq2seq:machine">{tea()}</segment>', False),
        ("<segment><source>tea</source><target/></segment>", False),
        (f"<ignorable>{tea()}</ignorable>", False),
    ],
)
def test_segments_of_version_2(tmp_path: Path, segment: str, is_read: bool) -> None:
    known = "<segment><source>milk</source><target>奶</target></segment>"
    content = TWO.format(f'<unit id="u">{segment}{known}</unit>')
    assert texts(tmp_path, content) == [*([("tea", "茶")] if is_read else []), ("milk", "奶")]


def test_inline_codes_are_left_out(tmp_path: Path) -> None:
    one = 'a <g id="1">big<x id="2"/></g> <bpt id="3">&lt;b></bpt><mrk mtype="x">dog</mrk>'
    unit = f"<trans-unit><source>{one}</source><target>一<ph>x</ph>只</target></trans-unit>"
    assert texts(tmp_path, ONE.format(unit)) == [("a big dog", "一只")]
    two = '<source>a <pc id="1">big</pc><ph id="2"/> dog</source><target>一只<sc id="3"/></target>'
    assert texts(tmp_path, TWO.format(f"<unit><segment>{two}</segment></unit>")) == [("a big dog", "一只")]


def test_places_and_what_is_left_out(tmp_path: Path) -> None:
    units = [f"<trans-unit>{tea()}</trans-unit>", '<trans-unit translate="no"/>', "<trans-unit/>"]
    path = written(tmp_path / "a.xlf", ONE.format("\n".join([*units, units[1]])))
    assert [place for place, _ in read(path, Settings(), Reading())] == [f"{path}:4"]
    assert Reader().understood([path]) == (
        "a.xlf is read as XLIFF: 1 pair; left out: 2 units that must not be translated, 1 unit without a finished "
        "translation."
    )


def test_languages(tmp_path: Path) -> None:
    content = ONE.format(f"<trans-unit>{tea()}</trans-unit>")
    path = written(tmp_path / "a.xlf", content)
    named = Reader().with_languages([path])
    assert (named.source_language, named.target_language) == ("en", "zh")
    for given in ({"source_language": "zh", "target_language": "en"}, {"source_language": "zh-CN"}):
        assert texts(tmp_path, content, **given) == [("茶", "tea")]
        turned = Reader(**given).with_languages([path])  # type: ignore[arg-type]
        assert (turned.source_language[:2], turned.target_language) == ("zh", "en")
    with pytest.raises(UserError) as caught:
        texts(tmp_path, content, source_language="en", target_language="de")
    assert str(caught.value).startswith(
        f"{path}:4: a translation from en-US to zh-CN, but the reader's languages are en and de: give --data.reader.so"
    )


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<xliff>\n<file></xliff>", r"a.xlf:2: not well-formed XML \(Opening and ending tag mismatch"),
        ("<html/>", r"a.xlf is not XLIFF: its root element is html, not xliff\."),
        ("<xliff/>", r"a.xlf has no unit with a finished translation, so there is nothing to train on\."),
        (
            '<!DOCTYPE xliff [<!ENTITY a "b">]>\n<xliff><trans-unit><source>&a;</source></trans-unit></xliff>',
            r"a.xlf:2: the entity &a; is not one of XML's own",
        ),
    ],
)
def test_what_is_no_corpus_is_refused(tmp_path: Path, content: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        texts(tmp_path, content)
