"""gettext catalogues: flags, plural forms, shortcuts, limits, and that msgfmt accepts the result."""

import shutil
import subprocess
from pathlib import Path

import pytest

from seq2seq.documents.languages import Languages
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted

HEADER = """# A comment
msgid ""
msgstr ""
"Project-Id-Version: a 1\\n"
"PO-Revision-Date: 2024-01-01 12:00+0000\\n"
"Last-Translator: A <a@b.cd>\\n"
"Language-Team: A <a@b.cd>\\n"
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset={charset}\\n"
"Content-Transfer-Encoding: 8bit\\n"
{plural}"""
GERMAN = HEADER.format(language="de", charset="UTF-8", plural='"Plural-Forms: nplurals=2; plural=(n != 1);\\n"\n')
RUSSIAN = HEADER.format(
    language="ru",
    charset="UTF-8",
    plural='"Plural-Forms: nplurals=3; plural=(n%10==1 && n%100!=11 ? 0 : n%10>=2 && n%10<=4 && (n%100<10 || '
    'n%100>=20) ? 1 : 2);\\n"\n',
)
FILES = """
msgid "%d file"
msgid_plural "%d files"
"""
BODY = """
#. extracted
#: a.c:1 b.c:2
#, c-format
msgctxt "menu"
msgid "Hello %s\\n"
msgstr ""

# of a person
#, fuzzy
#| msgid "old"
msgid "half done"
msgstr "halb"

msgid "done"
msgstr "fertig"

#~ msgid "gone"
#~ msgstr "weg"
"""


def test_only_open_messages_are_translated_and_marked_fuzzy() -> None:
    content, report = shouted(GERMAN + BODY, "a.po")
    wanted = BODY.replace('c-format\nmsgctxt "menu"', 'c-format, fuzzy\nmsgctxt "menu"')
    wanted = wanted.replace('%s\\n"\nmsgstr ""', '%s\\n"\nmsgstr "HELLO %s\\n"').replace('"halb"', '"HALF DONE"')
    assert content.decode() == GERMAN + wanted
    assert report.notes == []
    assert report.sentence("a.po") == (
        "a.po: 2 of 3 texts translated; 1 had a translation and kept it (--all replaces them)."
    )


def test_all_messages_can_be_translated() -> None:
    content, report = shouted(GERMAN + BODY, "a.po", everything=True)
    assert '#, fuzzy\nmsgid "done"\nmsgstr "DONE"' in content.decode()
    assert (report.translated, report.finished) == (3, 0)


@pytest.mark.parametrize(
    ("singular", "forms"), [("%d file", ["%d FILE", "%d FILES", "%d FILES"]), ("One file", ["%d FILES"] * 3)]
)
def test_a_form_of_many_numbers_names_its_number(singular: str, forms: list[str]) -> None:
    content, _ = shouted(
        RUSSIAN + FILES.replace("%d file", singular, 1) + 'msgstr[0] ""\nmsgstr[1] ""\nmsgstr[2] ""\n', "a.po"
    )
    assert [line.partition(" ")[2] for line in content.decode().splitlines()[-3:]] == [f'"{form}"' for form in forms]


def test_a_form_of_one_number_need_not_name_it() -> None:
    content, _ = shouted(GERMAN + FILES.replace("%d file", "One file", 1) + 'msgstr[0] ""\nmsgstr[1] ""\n', "a.po")
    assert content.decode().endswith('msgstr[0] "ONE FILE"\nmsgstr[1] "%d FILES"\n')


def test_a_template_gets_language_encoding_and_plural_rule() -> None:
    template = HEADER.format(language="", charset="CHARSET", plural="") + FILES + 'msgstr[0] ""\nmsgstr[1] ""\n'
    content, report = shouted(template, "a.pot", Languages("en", "zh-CN"))
    text = content.decode()
    assert '"Language: zh_CN\\n"' in text
    assert "charset=UTF-8" in text
    assert "nplurals=1; plural=0;" in text
    assert text.endswith('msgstr[0] "%d FILES"\n')
    assert report.notes == []


def test_unknown_plural_forms_are_reported() -> None:
    template = HEADER.format(language="", charset="UTF-8", plural="") + FILES + 'msgstr[0] ""\nmsgstr[1] ""\n'
    content, report = shouted(template, "a.po", Languages())
    assert content.decode() == template
    assert report.notes == [
        "a.po: '%d file': the plural forms of the language are unknown; add Plural-Forms to the header"
    ]


@pytest.mark.parametrize(
    "rule", ["nplurals=2; plural=n/0;", "nplurals=2; plural=__import__('os');", "nplurals=1; plural=n;"]
)
def test_a_plural_rule_that_is_none_is_reported(rule: str) -> None:
    header = HEADER.format(language="de", charset="UTF-8", plural=f'"Plural-Forms: {rule}\\n"\n')
    _, report = shouted(header + FILES + 'msgstr[0] ""\nmsgstr[1] ""\n', "a.po")
    assert "the plural rule of the header is not valid" in report.notes[0]


@pytest.mark.parametrize(
    ("message", "written"),
    [
        ("_Open", "_OPEN"),
        ("E_xit %s", "E_XIT %s"),
        ("Save &As", "SAVE &AS"),
        ("snake_case", "SNAKE_CASE"),
        ("A &amp; B", "A &amp; B"),
        ("a_b_c", "A_B_C"),
    ],
)
def test_shortcuts_are_kept(message: str, written: str) -> None:
    content, _ = shouted(f'{GERMAN}\nmsgid "{message}"\nmsgstr ""\n', "a.po")
    assert content.decode().endswith(f'msgstr "{written}"\n')


def test_limits_are_kept() -> None:
    messages = '\n#, max-length:4\nmsgid "straße"\nmsgstr ""\n\n#. max-bytes: 2\nmsgid "ä b"\nmsgstr ""\n'
    content, report = shouted(GERMAN + messages, "a.po")
    assert content.decode() == GERMAN + messages
    assert report.notes == [
        "a.po: 'straße': the translation has 7 characters, more than the 4 of its limit: left untranslated",
        "a.po: 'ä b': the translation has 4 bytes, more than the 2 of its limit: left untranslated",
    ]


def test_an_encoding_that_lacks_a_character_becomes_utf_8() -> None:
    header = HEADER.format(language="de", charset="ISO-8859-1", plural="")
    content, _ = shouted((header + '\nmsgid "ÿ é"\nmsgstr ""\n').encode("latin-1"), "a.po")
    assert content.decode() == header.replace("ISO-8859-1", "UTF-8") + '\n#, fuzzy\nmsgid "ÿ é"\nmsgstr "Ÿ É"\n'


def test_an_encoding_of_its_header_stays() -> None:
    text = HEADER.format(language="ru", charset="CP1251", plural="") + '\nmsgid "dog"\nmsgstr "пёс"\n'
    given = (text + '\nmsgid "cat"\nmsgstr ""\n').encode("cp1251")
    content, _ = shouted(given, "a.po")
    assert content.decode("cp1251") == text + '\n#, fuzzy\nmsgid "cat"\nmsgstr "CAT"\n'


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (HEADER.format(language="ru", charset="koi9", plural=""), "names the encoding 'koi9', which does not exist"),
        ("no catalogue\n", "a.po:1 is not a gettext catalogue that can be read: Syntax error on line 1"),
        ("", "it contains no msgid"),
        (
            f'{GERMAN}\n#: a.c:1\nmsgctxt "x"\nmsgid "%d dog"\nmsgid_plural "%d dogs"\nmsgs\nr[0] ""\n',
            "a.po is not a gettext catalogue that can be read: the lines of an entry are damaged.",
        ),
        (
            b'msgid "\xff"\nmsgstr ""\n',
            "a.po:1: not UTF-8, and the header names no other encoding. Convert it, for example with",
        ),
    ],
)
def test_what_is_no_catalogue_is_refused(content: str | bytes, sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        shouted(content, "a.po")


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs gettext")
def test_msgfmt_accepts_the_translations(tmp_path: Path) -> None:
    content, _ = shouted(
        RUSSIAN + BODY + FILES.replace("\nmsgid", "\n#, c-format\nmsgid", 1) + 'msgstr[0] ""\n', "a.po"
    )
    (tmp_path / "a.po").write_bytes(content)
    command = ["msgfmt", "--check", "--use-fuzzy", "-o", str(tmp_path / "a.mo"), str(tmp_path / "a.po")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
