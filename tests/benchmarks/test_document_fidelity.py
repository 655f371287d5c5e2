"""The benchmark of documents finds what a translation loses, by other parsers than those that translate."""

import io
import shutil
import zipfile
from pathlib import Path

import docx
import pytest

from benchmarks import document_fidelity
from benchmarks.document_fidelity import compared, complaints, schemas_of, violations
from benchmarks.document_parsers import PARSERS
from tests.recorded import models

HEADER = 'msgid ""\nmsgstr ""\n"Language: zh\\n"\n"Content-Type: text/plain; charset=UTF-8\\n"\n'
XLIFF = """<xliff xmlns="urn:oasis:names:tc:xliff:document:2.0" version="2.0" srcLang="en" trgLang="zh"><file id="f">
<unit id="u"><notes><note>of a pet</note></notes><segment{}><source>the <pc id="1">dog</pc></source>{}</segment></unit>
</file></xliff>"""
TMX = """<tmx version="1.4"><header srclang="en"/><body><tu><note>n</note><tuv xml:lang="en"><seg>dog {{0}}</seg></tuv>
{}</tu></body></tmx>"""
CUE = "WEBVTT\n\nNOTE {}\n\n00:01.000 --> 00:02.000\n{}\n"
SCHEMA = """<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" targetNamespace="urn:a">
<xs:import namespace="urn:b" schemaLocation="http://somewhere.invalid/b.xsd"/><xs:element name="root"/></xs:schema>"""


@pytest.mark.parametrize(
    ("suffix", "before", "after", "fault"),
    [
        (".po", '#. n\nmsgid "%s dog"\nmsgstr ""\n', '#. n\nmsgid "%s dog"\nmsgstr "狗 %s"\n', ""),
        (".po", 'msgid "%s dog"\nmsgstr ""\n', 'msgid "%s dog"\nmsgstr "狗"\n', "lost ['%s'], invented []"),
        (".po", '#. n\nmsgid "a"\nmsgstr ""\n', 'msgid "a"\nmsgstr "b"\n', "was '#. n'"),
        (".po", 'msgid "a"\nmsgstr "b"\n', 'msgid "a"\nmsgstr ""\n', "the text 'b' became empty"),
        (".xliff", XLIFF.format("", ""), XLIFF.format("", '<target>那只<pc id="1">狗</pc></target>'), ""),
        (".xliff", XLIFF.format("", ""), XLIFF.format("", "<target>狗</target>"), "lost ['<pc 1>', '</pc>']"),
        (".xliff", XLIFF.format("", ""), XLIFF.format("", "").replace("pet", "cat"), "of a pet"),
        (".tmx", TMX.format(""), TMX.format('<tuv xml:lang="zh"><seg>狗 {0}</seg></tuv>'), ""),
        (".tmx", TMX.format(""), TMX.format('<tuv xml:lang="zh"><seg>{1}</seg></tuv>'), "invented ['{1}']"),
        (".vtt", CUE.format("n", "dog"), CUE.format("n", "狗"), ""),
        (".vtt", CUE.format("n", "dog"), CUE.format("m", "狗"), "NOTE n"),
        (".html", "<p>a <b>dog</b></p>", "<p>一只<b>狗</b></p>", ""),
        (".html", "<p>a <b>dog</b></p>", "<p>一只狗</p>", "was 'b []"),
        (".md", "# a `b`\n", "# 狗 `b`\n", ""),
        (".md", "# a `b`\n", "# 狗 `c`\n", "part 3 was 'code [] b'"),
        (".json", '{"a": ["dog", 1]}', '{"a": ["狗", 1]}', ""),
        (".json", '{"a": ["dog", 1]}', '{"a": ["狗", 2]}', "part 1 was '.a.1 1'"),
        (".properties", "# n\na=dog {0}\n", "# n\na=狗 {0}\n", ""),
        (".properties", "# n\na=dog {0}\n", "a=狗 {0}\n", "part 1 was '# n'"),
    ],
)
def test_what_a_translation_loses_is_found(suffix: str, before: str, after: str, fault: str) -> None:
    head = HEADER + "\n" if suffix == ".po" else ""
    faults, changed = compared(*(PARSERS[suffix]((head + text).encode()) for text in (before, after)))
    assert (bool(faults), fault in " ".join(faults)) == (bool(fault), True)
    assert fault or changed


def test_a_paragraph_that_a_word_document_loses_is_found() -> None:
    document = docx.Document()
    document.add_paragraph("a dog")
    document.add_paragraph("a cat").add_run(" in bold").bold = True
    before, after = io.BytesIO(), io.BytesIO()
    document.save(before)
    with zipfile.ZipFile(before) as old, zipfile.ZipFile(after, "w") as new:
        for entry in old.infolist():
            content = old.read(entry)
            new.writestr(entry, content.replace(b"a dog", b"") if entry.filename == "word/document.xml" else content)
    parsed = PARSERS[".docx"](before.getvalue())
    assert [text.written for text in parsed.texts] == ["a dog", "a cat in bold"]
    assert compared(parsed, parsed) == ([], 0)
    assert "2 texts became 1" in compared(parsed, PARSERS[".docx"](after.getvalue()))[0]


def test_schemas_are_chosen_by_namespace_and_import_those_beside_them(tmp_path: Path) -> None:
    (tmp_path / "a.xsd").write_text(SCHEMA, encoding="utf-8")
    imported = SCHEMA.replace("urn:a", "urn:c").replace('<xs:import namespace="urn:b"', '<xs:import namespace="urn:d"')
    (tmp_path / "b.xsd").write_text(imported.replace("urn:c", "urn:b"), encoding="utf-8")
    schemas = schemas_of([tmp_path / "a.xsd"])
    assert violations(b'<root xmlns="urn:a"/>', schemas) == []
    assert violations(b'<other xmlns="urn:a"/>', schemas) == [
        "Element 'other': No matching global declaration available for the validation root."
    ]
    assert violations(b'<root xmlns="urn:b"/>', schemas) is None


@pytest.mark.skipif(not shutil.which("msgfmt"), reason="needs gettext")
def test_catalogues_are_checked_by_msgfmt(tmp_path: Path) -> None:
    file = tmp_path / "a.po"
    file.write_text(HEADER + '\n#, c-format\nmsgid "%s dog"\nmsgstr "%d dog"\n', encoding="utf-8")
    assert any("'msgid' and 'msgstr'" in line for line in complaints(file) or [])


@pytest.mark.slow
def test_documents_are_translated_and_compared(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    models.write(tmp_path)
    (tmp_path / "a.po").write_text(HEADER + '\n#. n\nmsgid "the dog %s"\nmsgstr ""\n', encoding="utf-8")
    (tmp_path / "b.md").write_text("# the dog\n\nthe `dog`\n", encoding="utf-8")
    words = [*(str(tmp_path / name) for name in ("a.po", "b.md")), "--model", str(tmp_path / "translator")]
    assert document_fidelity.main([*words, "--output", str(tmp_path / "out")]) == 0
    table = capsys.readouterr().out.splitlines()
    assert [line.split(" | ")[0] for line in table[2:]] == ["| .md", "| .po"]
    assert all(line.endswith("| 0 |") for line in table[2:])
    assert "%s" in (tmp_path / "out" / "a.po").read_text(encoding="utf-8").split("msgstr")[-1]
