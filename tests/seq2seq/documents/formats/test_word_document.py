"""Word documents, written and read by python-docx."""

import io
import re
import zipfile

import docx
import pytest

from seq2seq.documents.formats import word_document
from seq2seq.errors import UserError
from tests.seq2seq.documents.shouting import shouted

TEXT = '<w:t xml:space="preserve">'
BODY = (
    '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<w:document xmlns:w='
    '"http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body><w:p>{}</w:p></w:body></w:document>\n'
)


def document() -> bytes:
    """Return a document with formats, a table, a header and a tab."""
    new = docx.Document()
    new.add_heading("Big title")
    paragraph = new.add_paragraph("Hello ")
    paragraph.add_run("bold").bold = True
    paragraph.add_run(" world.\tTab\nline")
    new.add_table(1, 2).cell(0, 0).text = "Cell %s"
    new.add_paragraph("123")
    new.sections[0].header.paragraphs[0].text = "Header"
    file = io.BytesIO()
    new.save(file)
    return file.getvalue()


def damaged(part: str) -> bytes:
    """Return a document in which a compressed part is damaged."""
    content = bytearray(document())
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        start = archive.getinfo(part).header_offset + 30 + len(part)
    content[start : start + 20] = b"\xff" * 20
    return bytes(content)


def test_a_document() -> None:
    content, report = shouted(document(), "a.docx")
    new = docx.Document(io.BytesIO(content))
    assert [paragraph.text for paragraph in new.paragraphs] == ["BIG TITLE", "HELLO BOLD WORLD.\tTAB\nLINE", "123"]
    assert [(run.text, run.bold) for run in new.paragraphs[1].runs][:2] == [("HELLO ", None), ("BOLD", True)]
    style = new.paragraphs[0].style
    assert style is not None
    assert style.name == "Heading 1"
    assert new.tables[0].cell(0, 0).text == "CELL %s"
    assert new.sections[0].header.paragraphs[0].text == "HEADER"
    assert report.sentence("a.docx") == "a.docx: 4 of 4 texts translated."
    with zipfile.ZipFile(io.BytesIO(document())) as old, zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert archive.namelist() == old.namelist()


RUNS = {
    "link": f'<w:r>{TEXT}see </w:t></w:r><w:hyperlink w:anchor="a"><w:r>{TEXT}here</w:t></w:r></w:hyperlink>',
    "field": f'<w:r>{TEXT}see </w:t></w:r><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE'
    '</w:instrText></w:r><w:r><w:fldChar w:fldCharType="end"/></w:r>',
    "note": f'<w:r>{TEXT}here</w:t></w:r><w:r><w:footnoteReference w:id="1"/></w:r>',
    "bookmark": f'<w:bookmarkStart w:id="1" w:name="b"/><w:r>{TEXT}here</w:t></w:r><w:bookmarkEnd w:id="1"/>',
}


@pytest.mark.parametrize("name", RUNS)
def test_what_is_not_text_stays(name: str) -> None:
    given = io.BytesIO()
    body = BODY.format(RUNS[name])
    with zipfile.ZipFile(given, "w") as archive:
        archive.writestr("word/document.xml", body)
    content, _ = shouted(given.getvalue(), "a.docx")
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        written = archive.read("word/document.xml").decode()
    assert written == body.replace(">see ", ">SEE ").replace(">here", ">HERE")


def test_what_is_no_word_document_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for content, kind in (
        (b"text", "it is no archive, as such documents are; save it as .docx, or rename it if it is text"),
        (document()[:500], "it is a damaged or incomplete archive"),
        (
            b"\xd0\xcf\x11\xe0\xa1",
            "it is of the older format .doc, or has a password; save it as .docx without a password",
        ),
        (b"{\\rtf1", "it is of the format .rtf; save it as .docx"),
    ):
        with pytest.raises(UserError, match=re.escape(f"a.docx is not a Word document (.docx): {kind}")):
            shouted(content, "a.docx")
    flagged = re.sub(rb"(PK\x01\x02.{4})\x00", lambda found: found[1] + b"\x01", document(), flags=re.DOTALL)
    with pytest.raises(UserError, match=r"a.docx is encrypted: save it without a password."):
        shouted(flagged, "a.docx")
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("a", "b")
    with pytest.raises(UserError, match=r"a.docx is not a Word document: it contains no word/document.xml."):
        shouted(file.getvalue(), "a.docx")
    with zipfile.ZipFile(file, "w", zipfile.ZIP_BZIP2) as archive:
        archive.writestr("word/document.xml", "b")
    with pytest.raises(UserError, match=r"a.docx is not a Word document: it is compressed by another method than defl"):
        shouted(file.getvalue(), "a.docx")
    content = document()
    with pytest.raises(UserError, match=r"a.docx is (?:not a Word document|damaged)"):
        shouted(content[:100] + content[200:], "a.docx")
    for part in ("word/document.xml", "word/styles.xml"):  # one that is translated, and one that is copied
        with pytest.raises(UserError, match=r"a.docx is damaged: a part of it cannot be unpacked. Get another copy"):
            shouted(damaged(part), "a.docx")
    monkeypatch.setattr(word_document, "MOST_BYTES", 1)
    with pytest.raises(UserError, match=r"a.docx is larger than 0 MB when it is unpacked."):
        shouted(document(), "a.docx")
