"""Translation memories: new variants and their marks."""

import pytest

from seq2seq.corpus.formats.language_pair import same
from seq2seq.documents.languages import Languages
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted

TMX = """<?xml version="1.0" encoding="UTF-8"?>
<!DOCTYPE tmx SYSTEM "tmx14.dtd">
<tmx version="1.4"><header srclang="en"/><body>
<tu><tuv xml:lang="en-US"><seg>big <bpt i="1">&lt;b&gt;</bpt>dog<ept i="1">&lt;/b&gt;</ept></seg></tuv></tu>
<tu><tuv xml:lang="EN"><seg>done</seg></tuv><tuv xml:lang="de-AT"><seg>fertig</seg></tuv></tu>
<tu><tuv xml:lang="en"><seg>open</seg></tuv><tuv xml:lang="de"><seg/></tuv></tu>
<tu><tuv xml:lang="fr"><seg>chien</seg></tuv></tu>
</body></tmx>
"""
PROPERTY = '<prop type="x-machine-translated">true</prop>'


def test_missing_segments_are_added() -> None:
    content, report = shouted(TMX, "a.tmx")
    lines = content.decode().splitlines()
    assert lines[3].endswith(
        f'<tuv xml:lang="de" changeid="lstm-seq2seq">{PROPERTY}<seg>BIG <bpt i="1">&lt;b&gt;</bpt>DOG<ept i="1">'
        "&lt;/b&gt;</ept></seg></tuv></tu>"
    )
    assert lines[4] == TMX.splitlines()[4]
    assert lines[5].endswith(f'<tuv xml:lang="de" changeid="lstm-seq2seq">{PROPERTY}<seg>OPEN</seg></tuv></tu>')
    assert lines[:3] == TMX.splitlines()[:3]
    assert report.notes == ["a.tmx:7: no segment in en"]
    again, report = shouted(content, "a.tmx", everything=True)
    assert again.replace(b"FERTIG", b"fertig").count(b"<prop") == 3
    assert report.translated == 3


def test_languages_may_differ_in_the_region() -> None:
    assert same("en-US", "EN")
    assert same("zh_CN", "zh-cn")
    assert not same("zh-CN", "zh-TW")
    assert not same("", "")


@pytest.mark.parametrize(
    ("content", "languages", "sentence"),
    [
        ("<xliff/>", Languages("en", "de"), "a.tmx is not TMX: its root element is xliff, not tmx."),
        (TMX, Languages("en", ""), "a.tmx names the language of each segment.*--target_language CODE"),
        (
            TMX.replace('"en"/', '"*all*"/'),
            Languages("", "de"),
            "give --source_language CODE and --target_language CODE",
        ),
    ],
)
def test_what_cannot_be_read_is_refused(content: str, languages: Languages, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        shouted(content, "a.tmx", languages)
