"""XLIFF 1.2 and 2: which units are translated, their states, and inline elements."""

import pytest

from seq2seq.documents.languages import Languages
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted

ONE = """<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:1.2" version="1.2">
  <!-- comment -->
  <file original="a" source-language="en" target-language="de" datatype="plaintext">
    <body>
      {}
    </body>
  </file>
</xliff>
"""
TWO = """<?xml version="1.0" encoding="UTF-8"?>
<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="de">
  <file id="f"><unit id="u">{}</unit></file>
</xliff>
"""
MARKED = '<target state="needs-review-translation" state-qualifier="leveraged-mt">'


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            '<trans-unit id="1"><source>big dog</source><note>n</note></trans-unit>',
            f'<trans-unit id="1"><source>big dog</source>{MARKED}BIG DOG</target><note>n</note></trans-unit>',
        ),
        (
            '<trans-unit id="1"><source>a</source><target state="new">a</target></trans-unit>',
            f'<trans-unit id="1"><source>a</source>{MARKED}A</target></trans-unit>',
        ),
        (
            '<trans-unit id="1"><source>big <!-- note -->dog</source></trans-unit>',
            f'<trans-unit id="1"><source>big <!-- note -->dog</source>{MARKED}BIG DOG</target></trans-unit>',
        ),
        *(
            (unit, unit)
            for unit in (
                '<trans-unit id="1"><source>a</source><target>x</target></trans-unit>',
                '<trans-unit id="1" approved="yes"><source>a</source><target state="new">x</target></trans-unit>',
                '<group translate="no"><trans-unit id="1"><source>a</source></trans-unit></group>',
            )
        ),
        (
            '<trans-unit id="1"><source>a <g id="1">big<x id="2"/></g> &lt;b&gt; dog</source></trans-unit>',
            '<trans-unit id="1"><source>a <g id="1">big<x id="2"/></g> &lt;b&gt; dog</source>'
            f'{MARKED}A <g id="1">BIG<x id="2"/></g> &lt;b&gt; DOG</target></trans-unit>',
        ),
        (
            '<trans-unit id="1"><source>a. b.</source><seg-source><mrk mid="1" mtype="seg">a.</mrk> <mrk mid="2" '
            'mtype="seg">b.</mrk></seg-source><alt-trans><target>x</target></alt-trans></trans-unit>',
            '<trans-unit id="1"><source>a. b.</source><seg-source><mrk mid="1" mtype="seg">a.</mrk> <mrk mid="2" '
            f'mtype="seg">b.</mrk></seg-source>{MARKED}<mrk mid="1" mtype="seg">A.</mrk> <mrk mid="2" mtype="seg">B.'
            "</mrk></target><alt-trans><target>x</target></alt-trans></trans-unit>",
        ),
    ],
)
def test_units_of_version_1(given: str, wanted: str) -> None:
    content, _ = shouted(ONE.format(given), "a.xlf")
    assert content.decode() == ONE.format(wanted)


@pytest.mark.parametrize(
    ("given", "wanted"),
    [
        (
            '<segment><source>a <pc id="1">big</pc><ph id="2"/> dog</source></segment>',
            '<segment state="translated" subState="seq2seq:machine"><source>a <pc id="1">big</pc><ph id="2"/> dog'
            '</source><target>A <pc id="1">BIG</pc><ph id="2"/> DOG</target></segment>',
        ),
        (
            '<segment state="initial"><source>a</source><target>x</target></segment>',
            '<segment state="translated" subState="seq2seq:machine"><source>a</source><target>A</target></segment>',
        ),
        *(
            (unit, unit)
            for unit in (
                "<segment><source>a</source><target>x</target></segment>",
                "<ignorable><source>a</source></ignorable>",
            )
        ),
    ],
)
def test_segments_of_version_2(given: str, wanted: str) -> None:
    content, _ = shouted(TWO.format(given), "a.xliff")
    assert content.decode() == TWO.format(wanted)


def test_limits_and_faults_are_reported() -> None:
    units = (
        '<trans-unit id="1" maxwidth="2" size-unit="char"><source>dog</source></trans-unit><trans-unit id="2" '
        'maxbytes="2"><source>äb</source></trans-unit><trans-unit id="3"/>'
    )
    _, report = shouted(ONE.format(units), "a.xlf")
    assert report.notes == [
        "a.xlf:6 (3): a trans-unit without source",
        "a.xlf:6 (1): the translation has 3 characters, more than the 2 of its limit: left untranslated",
        "a.xlf:6 (2): the translation has 3 bytes, more than the 2 of its limit: left untranslated",
    ]
    _, report = shouted(TWO.format("<segment/>"), "a.xlf")
    assert report.notes == ["a.xlf:3 (u): a segment without source"]


def test_the_target_language_is_added() -> None:
    content, _ = shouted(TWO.replace(' trgLang="de"', "").format(""), "a.xlf", Languages("en", "zh"))
    assert b'trgLang="zh"' in content
    content, _ = shouted(ONE.replace(' target-language="de"', "").format(""), "a.xlf", Languages("en", "zh"))
    assert b'target-language="zh"' in content


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("<xliff>", "a.xlf is not well-formed XML"),
        ("<tmx/>", "a.xlf is not XLIFF: its root element is tmx, not xliff."),
        ('<xliff version="2.0"/>', r"a.xlf has no target language \(trgLang\), and neither has the model"),
    ],
)
def test_what_is_no_xliff_is_refused(content: str, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        shouted(content, "a.xlf", Languages())


def test_entities_are_not_expanded() -> None:
    declared = '<!DOCTYPE xliff [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
    content, _ = shouted(
        declared + ONE.partition("\n")[2].format('<trans-unit id="1"><source>a &e; b</source></trans-unit>'), "a.xlf"
    )
    assert b"<source>a &e; b</source>" in content
    assert b">A &e; B</target>" in content
