"""Glossaries from translation memories and term bases: which of their texts are terms, and in which languages."""

import gzip
from pathlib import Path

import pytest

from seq2seq.decoding.phrases.glossary import Glossary, Term
from seq2seq.decoding.phrases.term_files import is_term, is_term_file
from seq2seq.errors import UserError

MEMORY = """<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en-US"><seg>hard <bpt>&lt;</bpt>disk</seg></tuv><tuv xml:lang="zh-CN"><seg>硬盘</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>hard disk</seg></tuv><tuv xml:lang="zh"><seg>硬碟</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Click here to clean the disk.</seg></tuv><tuv xml:lang="zh"><seg>清理</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Clean up</seg></tuv><tuv xml:lang="zh"><seg>单击此处来清理您的磁盘</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>Disk %d</seg></tuv><tuv xml:lang="zh"><seg>磁盘 %d</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>mouse</seg></tuv></tu>
</body></tmx>"""
BASE = """<?xml version="1.0"?><!DOCTYPE martif SYSTEM "TBXcoreStructV02.dtd">
<martif type="TBX" xml:lang="en"><text><body>
<termEntry><descrip>of a computer</descrip>
<langSet xml:lang="en"><tig><term>hard disk</term></tig>
<ntig><termGrp><term>hard drive</term></termGrp></ntig></langSet>
<langSet xml:lang="zh"><tig><term>硬盘</term><termNote type="administrativeStatus">preferredTerm</termNote></tig>
<tig><term>硬驱</term><termNote type="administrativeStatus">deprecatedTerm-admn-sts</termNote></tig>
<tig><term>硬碟</term></tig></langSet></termEntry>
<termEntry><langSet xml:lang="en"><tig><term>mouse</term></tig></langSet></termEntry>
</body></text></martif>"""
CURRENT = """<tbx xmlns="urn:iso:std:iso:30042:ed-2" type="TBX-Core" style="dca" xml:lang="en"><text><body>
<conceptEntry id="1">
<langSec xml:lang="en"><termSec><term>dog</term></termSec></langSec>
<langSec xml:lang="de"><termSec><term>Hund</term></termSec></langSec></conceptEntry></body></text></tbx>"""


def written(folder: Path, name: str, content: str) -> Path:
    """Write a file and return its path."""
    path = folder / name
    path.write_text(content, encoding="utf-8")
    return path


def test_short_units_of_a_memory_are_terms(tmp_path: Path) -> None:
    glossary = Glossary.read(written(tmp_path, "a.tmx", MEMORY), "en", "zh")
    assert glossary.terms == (Term("hard disk", ("硬盘", "硬碟")),)
    assert glossary.note == (
        f"{tmp_path}/a.tmx: 2 terms; left out: 3 units of too many words or with placeholders, 1 unit without both "
        "languages."
    )
    turned = Glossary.read(tmp_path / "a.tmx", "zh", "en")
    assert [term.source for term in turned.terms] == ["硬盘", "硬碟"]
    assert [term.source for term in Glossary.read(tmp_path / "a.tmx").terms] == ["hard disk"]
    (tmp_path / "b.TMX.gz").write_bytes(gzip.compress(MEMORY.encode()))
    assert Glossary.read(tmp_path / "b.TMX.gz", "en", "zh").digest() == glossary.digest()


def test_terms_in_use_of_a_term_base_are_alternatives(tmp_path: Path) -> None:
    glossary = Glossary.read(written(tmp_path, "a.tbx", BASE), "en", "zh")
    targets = ("硬盘", "硬碟")
    assert glossary.terms == (Term("hard disk", targets), Term("hard drive", targets))
    assert glossary.note == f"{tmp_path}/a.tbx: 2 terms; left out: 1 concept without both languages."
    current = Glossary.read(written(tmp_path, "b.tbx", CURRENT), "de")
    assert (current.terms, current.note) == ((Term("Hund", ("dog",)),), "")


@pytest.mark.parametrize(
    ("name", "content", "languages", "sentence"),
    [
        ("a.tmx", MEMORY.replace("hard", "x " * 9), ("en", "zh"), "a.tmx has no terms, which have up to 5 words; left"),
        ("a.tmx", MEMORY, ("en", "fr"), "a.tmx has no unit with a text in en and one in fr that a person wrote"),
        (
            "a.tmx",
            MEMORY.replace('"en-US"', '"de"'),
            ("", ""),
            "in these languages: de, en, zh-CN. Terms need two: name the source and the target with --x.",
        ),
        ("a.tbx", BASE, ("en", "fr"), "no concept with a term in en and one in fr; its languages are: en, zh."),
        ("a.tbx", "<html/>", ("en", "zh"), "a.tbx is not a term base (TBX): its root element is html, not tbx."),
        ("a.tbx", BASE[:300], ("en", "zh"), "not well-formed XML"),
        ("b.tbx", BASE, ("en", "zh"), "No file"),
    ],
)
def test_files_without_terms_are_refused(
    tmp_path: Path, name: str, content: str, languages: tuple[str, str], sentence: str
) -> None:
    written(tmp_path, name.replace("b.", "c."), content)
    with pytest.raises(UserError) as caught:
        Glossary.read(tmp_path / name, *languages, advice="--x")
    assert sentence in str(caught.value)


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("one two three four five", True),
        ("one two three four five six", False),
        ("一二三四五六七八九十", True),
        ("一二三四五六七八九十一", False),
        ("GNOME 桌面环境", True),
        ("a\nb", False),
        ("{name}", False),
    ],
)
def test_a_term_is_short(text: str, wanted: bool) -> None:
    assert is_term(text) is wanted


def test_term_files_are_known_by_their_names() -> None:
    assert [is_term_file(Path(name)) for name in ("a.tmx", "a.TBX", "a.tmx.gz", "a.tsv", "tmx")] == [
        *(True, True, True, False, False)
    ]
