"""gettext catalogues as corpora: finished messages, plural forms, languages, and what is left out."""

from pathlib import Path

import pytest

from seq2seq.corpus.formats import gettext_catalogue
from seq2seq.corpus.formats.form import Reading, Settings
from seq2seq.corpus.formats.gettext_catalogue import read
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from tests.seq2seq.text_files import written

HEADER = 'msgid ""\nmsgstr ""\n"Language: {}\\n"\n"Content-Type: text/plain; charset={}\\n"\n{}\n'
BODY = """#: a.c:1
msgid "Tea"
msgstr "茶"

#, fuzzy
msgid "Milk"
msgstr "水"

msgid "Sugar"
msgstr ""

msgid ""
"Hot\\n"
"water"
msgstr "热\\n水"

#~ msgid "Pot"
#~ msgstr "壶"
"""
PLURAL = 'msgid "%d cup"\nmsgid_plural "%d cups"\n'


def texts(path: Path, **options: str) -> list[tuple[object, object]]:
    return [(example.source, example.target) for example in Reader(**options).read([path])]  # type: ignore[arg-type]


def test_finished_messages_are_read(tmp_path: Path) -> None:
    path = written(tmp_path / "a.po", HEADER.format("zh_CN", "UTF-8", "") + BODY)
    assert texts(path) == [("Tea", "茶"), ("Hot\nwater", "热\n水")]
    places = [place for place, _ in read(path, Settings(), Reading())]
    lines = path.read_text("utf-8").split("\n")
    assert [lines[int(place.rpartition(":")[2]) - 1] for place in places] == ["#: a.c:1", 'msgid ""']
    assert Reader().understood([path]) == (
        "a.po is read as a gettext catalogue: 2 pairs; left out: 1 fuzzy message, 1 untranslated message, 1 obsolete "
        "message."
    )


@pytest.mark.parametrize(
    ("rule", "translations", "expected"),
    [
        ("nplurals=2; plural=n != 1", ("Tasse", "Tassen"), [("%d cup", "Tasse"), ("%d cups", "Tassen")]),
        ("nplurals=1; plural=0", ("杯",), [("%d cups", "杯")]),
        ("", ("杯",), [("%d cups", "杯")]),
        ("", ("Tasse", "Tassen"), [("%d cup", "Tasse"), ("%d cups", "Tassen")]),
        (
            "nplurals=3; plural=n%10==1 ? 0 : n%10<5 ? 1 : 2",
            ("чашка", "чашки", "чашек"),
            [("%d cup", "чашка"), ("%d cups", "чашки")],
        ),
        ("nplurals=2; plural=n != 1", ("Tasse", ""), [("%d cup", "Tasse")]),
    ],
)
def test_plural_forms(
    tmp_path: Path, rule: str, translations: tuple[str, ...], expected: list[tuple[str, str]]
) -> None:
    header = HEADER.format("", "UTF-8", f'"Plural-Forms: {rule};\\n"\n' if rule else "")
    forms = "".join(f'msgstr[{number}] "{text}"\n' for number, text in enumerate(translations))
    assert texts(written(tmp_path / "a.po", header + PLURAL + forms)) == expected


def test_languages(tmp_path: Path) -> None:
    path = written(tmp_path / "a.po", HEADER.format("zh_CN", "UTF-8", "") + BODY)
    named = Reader().with_languages([path])
    assert (named.source_language, named.target_language) == ("", "zh")
    given = [{"source_language": "zh", "target_language": "en"}, {"source_language": "zh"}, {"target_language": "en"}]
    for options in given:
        assert texts(path, **options)[0] == ("茶", "Tea")
    assert Reader(target_language="en").with_languages([path]).source_language == "zh"
    with pytest.raises(
        UserError, match=r"a.po: a translation from an unnamed language to zh_CN, but the reader's lang"
    ):
        texts(path, source_language="en", target_language="de")


@pytest.mark.parametrize("name", ["a.po", "a.po.gz", "a.txt"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_encodings_and_names(tmp_path: Path, name: str, encoding: str) -> None:
    declared = "GB18030" if encoding == "gb18030" else "UTF-8"
    path = written(tmp_path / name, (HEADER.format("zh", declared, "") + BODY).encode(encoding))
    assert texts(path)[0] == ("Tea", "茶")


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (BODY + 'msgid "x\nmsgstr "y"\n', r"a.po:19 is not a gettext catalogue that can be read: .* on line 19"),
        ("Tea\n", r"a.po:1 is not a gettext catalogue that can be read: Syntax error on line 1"),
        (
            HEADER.format("zh", "x-none", "") + BODY,
            r"a.po: its header names the encoding 'x-none', which does not exist\.",
        ),
        (
            HEADER.format("zh", "ASCII", "") + BODY,
            r"a.po:8: not ASCII, although the catalogue says so\.",
        ),
        (b'msgid "a"\nmsgstr "\xff\xff"\n', r"a.po:2: not UTF-8, and the header names no other encoding\. Convert it"),
        (
            'msgid "a"\nmsgstr ""\n',
            r"a.po has no message with a finished translation, so there is nothing to train on\.",
        ),
    ],
)
def test_what_is_no_corpus_is_refused(tmp_path: Path, content: str | bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        texts(written(tmp_path / "a.po", content))


def test_a_catalogue_that_is_too_large_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = written(tmp_path / "a.po", BODY)
    monkeypatch.setattr(gettext_catalogue, "MOST_BYTES", 100)
    with pytest.raises(UserError, match=r"a.po is larger than 0 MiB, the limit for a catalogue: divide it\."):
        texts(path)


def test_a_damaged_archive_is_said(tmp_path: Path) -> None:
    body = "".join(f'msgid "{number**9}"\nmsgstr "{number**8}"\n\n' for number in range(20_000))
    path = written(tmp_path / "a.po.gz", body)
    path.write_bytes(path.read_bytes()[:-1000])
    with pytest.raises(UserError, match=r"a.po.gz is damaged or not a gzip file: Compressed file ended before"):
        texts(path)
