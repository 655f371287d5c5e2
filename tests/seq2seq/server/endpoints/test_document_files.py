"""Documents and translation files through /translate_file, as the command line translates them."""

import io
import json
import re
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from functools import cache
from pathlib import Path
from threading import Event
from typing import Any

import docx
import pytest

from seq2seq import cli
from seq2seq.corpus.formats import xml_files
from seq2seq.documents.formats.by_suffix import read
from seq2seq.documents.suffixes import PACKAGES, SUFFIXES, readable
from seq2seq.documents.unit import Document
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.endpoints.files import NOTES
from seq2seq.server.http.options import RequestLimits
from tests.seq2seq.documents.formats.test_word_document import damaged
from tests.seq2seq.server.endpoints.test_files import sent
from tests.seq2seq.server.services import Running, running

CATALOGUE = 'msgid ""\nmsgstr "Content-Type: text/plain; charset=UTF-8\\n"\n\nmsgid "the %s dog"\nmsgstr ""\n'
XLIFF = '<xliff version="1.2"><file source-language="en"><body>{}</body></file></xliff>'
MEMORY = (
    '<tmx version="1.4"><header srclang="en"/><body><tu><tuv xml:lang="en"><seg>the dog</seg></tuv></tu></body></tmx>'
)
SUBTITLES = "1\n00:00:01,000 --> 00:00:02,000\nthe <i>big</i> dog\n"
DOCUMENTS = {
    "a.po": CATALOGUE + '\nmsgid "大狗 %d"\nmsgstr ""\n\nmsgid "done"\nmsgstr "fertig"\n',
    "a.xlf": XLIFF.format('<trans-unit id="1"><source>the <g id="2">cat</g> eats</source></trans-unit>'),
    "a.tmx": MEMORY,
    "a.srt": SUBTITLES,
    "a.vtt": f"WEBVTT\n\n{SUBTITLES}".replace(",000", ".000"),
    "a.ass": "[Events]\nFormat: Start, End, Text\nDialogue: 0:00:01.00,0:00:02.00,{\\i1}the dog{\\i0}\n",
    "a.html": "<p>the <b>dog</b> eats</p><p>大狗</p>",
    "a.md": "# the `dog`\n\nthe [cat](https://example.com) eats\n",
    "a.json": '{"a": {"b": "the <b>cat</b>", "c": "大狗 {name}"}}',
    "a.properties": "dog=the {0} dog\n",
}


def word() -> bytes:
    """Return a Word document with a bold word."""
    new = docx.Document()
    new.add_paragraph("the ").add_run("big").bold = True
    file = io.BytesIO()
    new.save(file)
    return file.getvalue()


@cache
def contents() -> dict[str, bytes]:
    """Return a document of each format by its name."""
    return {**{name: text.encode() for name, text in DOCUMENTS.items()}, "a.docx": word()}


def translated(server: Running, name: str, content: bytes, **fields: Any) -> tuple[bytes, dict[str, Any]]:  # noqa: ANN401
    """Return a translated document and its report."""
    answer = sent(server, name, content, **fields)
    got = server.client.get(answer["translatedFileUrl"])
    assert got.headers["content-type"] == "application/octet-stream"
    assert got.headers["x-content-type-options"] == "nosniff"
    assert got.headers["content-disposition"] == f'attachment; filename="translation{Path(name).suffix.lower()}"'
    return got.content, answer["report"]


def test_documents_are_translated_as_by_the_command(
    server: Running,
    model_folder: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    for name, content in contents().items():
        Path(name).write_bytes(content)
    assert cli.main(["translate", str(model_folder / "translator"), *contents(), "-o", "new"]) == 0
    said = capsys.readouterr().err.splitlines()
    shown = []
    for name, content in contents().items():
        written, report = translated(server, name, content)
        assert written == Path("new", name).read_bytes(), name
        assert written != content
        shown += [f"{note}." for note in report["notes"]]
        assert report["noted"] == len(report["notes"])
    assert shown == [line for line in said if not re.search(r"\d of \d+ texts? translated", line)]
    assert shown


def test_a_report_counts_texts(server: Running) -> None:
    report = translated(server, "A.PO", contents()["a.po"])[1]
    assert (report["texts"], report["translated"], report["finished"]) == (3, 2, 1)
    content = XLIFF.format("".join(f'<trans-unit id="{number}"/>' for number in range(NOTES + 2))).encode()
    report = translated(server, "a.xlf", content)[1]
    assert report["notes"][0] == "a.xlf:1 (0): a trans-unit without source"
    assert (report["texts"], report["noted"], len(report["notes"])) == (0, NOTES + 2, NOTES)


def test_the_languages_of_the_request_are_written(server: Running) -> None:
    assert b'"Language: zh\\n"' in translated(server, "a.po", contents()["a.po"])[0]
    assert b'"Language: zh_Hans\\n"' in translated(server, "a.po", contents()["a.po"], target="zh-Hans")[0]
    fields = {"source": "en-GB", "target": "zh-Hans"}
    memory = MEMORY.replace('xml:lang="en"', 'xml:lang="en-GB"').encode()
    assert b'<tuv xml:lang="zh-Hans" changeid=' in translated(server, "a.tmx", memory, **fields)[0]
    assert sent(server, "a.tmx", memory, 400, source="de")["error"].startswith("No model here translates from 'de'.")


def test_the_language_of_a_document_is_detected(
    live: dict[str, LoadedModel], model_folder: Path, tmp_path: Path
) -> None:
    other = load(model_folder / "translator")
    other.reader = replace(other.reader, source_language="ru")
    with running({"other": other, "translator": live["translator"]}, tmp_path) as server:
        wanted = translated(server, "a.tmx", MEMORY.encode(), source="en")
        assert translated(server, "a.tmx", MEMORY.encode()) == wanted
        memory = MEMORY.replace('srclang="en"', 'srclang="*all*"').encode()
        assert sent(server, "a.tmx", memory, 400)["error"] == (
            "a.tmx names the language of each segment, but the model's are unknown: send the fields source and target."
        )


def test_a_json_file_of_sources_has_a_text_in_each_line(server: Running) -> None:
    content = b'{"source": "the dog"}\n{"source": "the cat"}\n'
    answer = sent(server, "a.json", content)
    assert "report" not in answer
    lines = server.client.get(answer["translatedFileUrl"]).text.splitlines()
    wanted = [found[0].text for found in server.model("translator").decode(["the dog", "the cat"])]
    assert [json.loads(line)["target"] for line in lines] == wanted


def test_a_document_without_texts_stays(server: Running) -> None:
    assert translated(server, "a.html", b"<hr>") == (
        b"<hr>",
        {"texts": 0, "translated": 0, "finished": 0, "noted": 0, "notes": []},
    )


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.po", b"x", "a.po:1 is not a gettext catalogue that can be read: "),
        ("folder/a.xlf", b"<xliff>", "a.xlf is not well-formed XML: "),
        ("a.tmx", b"<a/>", "a.tmx is not TMX: its root element is a, not tmx."),
        ("a.docx", b"PK", "a.docx is not a Word document (.docx): it is a damaged or incomplete archive"),
        ("a.docx", damaged("word/document.xml"), "a.docx is damaged: a part of it cannot be unpacked."),
        ("a.json", b"{", "a.json"),
        ("a.html", b"caf\xe9 a la carte", "a.html is not UTF-8 text. "),
    ],
)
def test_a_damaged_document_is_refused(server: Running, name: str, content: bytes, sentence: str) -> None:
    assert sent(server, name, content, 400)["error"].startswith(sentence)


def test_only_formats_with_their_library_are_offered(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    assert server.get("/frontend/settings")["supportedFilesFormat"] == [".txt", ".jsonl", *SUFFIXES]
    monkeypatch.setattr(xml_files, "find_spec", lambda _: None)
    offered = server.get("/frontend/settings")["supportedFilesFormat"]
    assert offered == [".txt", ".jsonl", *readable()]
    assert set(SUFFIXES) - set(offered) == set(PACKAGES)
    for name, content in contents().items():
        if Path(name).suffix in offered:
            translated(server, name, content)
        else:
            assert sent(server, name, content, 400)["error"] == (
                f'{name} needs a library for its format, which is not installed: pip install "lstm-seq2seq[formats]"'
            )
    assert ".po" not in sent(server, "a.pdf", b"a", 400)["error"]


def test_documents_are_limited(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    limits = RequestLimits(max_texts=1, max_body=1 << 18)
    with running({"translator": live["translator"]}, tmp_path, of_requests=limits) as server:
        lines = "".join(f"<p>dog number {'a' * number}</p>" for number in range(101)).encode()
        assert sent(server, "a.html", lines, 400)["error"] == (
            "The file has 101 texts, but this server translates files of at most 100."
        )
        for size, sentence in (
            (5 << 20, "a.docx is larger than 4 MB when it is unpacked."),
            (1 << 19, "The texts of the file have 524,288 characters, but this server translates at most 262,144."),
        ):
            new = docx.Document()
            new.add_paragraph("a" * size)
            file = io.BytesIO()
            new.save(file)
            assert sent(server, "a.docx", file.getvalue(), 400)["error"] == sentence


def test_other_requests_are_answered_while_a_document_is_read(server: Running, monkeypatch: pytest.MonkeyPatch) -> None:
    begun, go_on = Event(), Event()

    def waiting(*given: Any) -> Document:  # noqa: ANN401 - those of `read`
        begun.set()
        assert go_on.wait(30)
        return read(*given)

    monkeypatch.setattr("seq2seq.server.translation.file_translation.read", waiting)
    with ThreadPoolExecutor(1) as pool:
        document = pool.submit(translated, server, "a.html", b"<p>the dog</p>")
        assert begun.wait(30)
        assert server.get("/health") == {"status": "ok"}
        assert server.post("/translate", q="the dog")["translatedText"]
        go_on.set()
        assert document.result()[1]["translated"] == 1
