"""The inputs of a verb: lines, objects and documents, in chunks, each with its place."""

import gzip
import io
import json
from pathlib import Path

import pytest

from seq2seq.command_line import lines
from seq2seq.command_line.inputs import Input, Inputs
from seq2seq.corpus.example import Example
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError


@pytest.fixture
def documents(tmp_path: Path) -> Path:
    """A folder of four documents; one is empty, one ends with a line break."""
    folder = tmp_path / "documents"
    folder.mkdir()
    for name, text in (("b.txt", "b\r\nB\n"), ("a.txt", "一\n二"), ("d.txt", "d"), ("c.txt", ""), ("x.md", "no")):
        (folder / name).write_bytes(text.encode())
    return folder


def given(*files: Path | str, is_document: bool = False) -> list[list[Input]]:
    """Return all chunks."""
    inputs = Inputs([str(file) for file in files], Reader(), is_document=is_document)
    inputs.check()
    return list(inputs)


def test_a_folder_holds_documents_in_the_order_of_their_names(documents: Path) -> None:
    (chunk,) = given(documents)
    texts = {"a.txt": "一\n二", "b.txt": "b\nB", "c.txt": "", "d.txt": "d"}
    assert chunk == [Input(text, str(documents / name)) for name, text in texts.items()]


def test_the_objects_of_jsonl_hold_one_source_each(tmp_path: Path) -> None:
    path = tmp_path / "a.jsonl.gz"
    text = '\n{"source": "a  \\nb", "id": 7}\n\n{"source": ""}\n'
    path.write_bytes(gzip.compress(text.encode()))
    assert given(path) == [[Input(Example("a\nb", ""), f"{path}:2"), Input(Example("", ""), f"{path}:4")]]


def test_published_objects_give_their_sources(tmp_path: Path) -> None:
    path = tmp_path / "train.json"
    chats = [{"id": "0", "dialogue": "Ann: 茶？\r\nBo: Yes.", "summary": "Tea."}]
    path.write_text(json.dumps(chats), "utf-8")
    for reader, source in (
        (Reader(), "Ann: 茶？\nBo: Yes."),
        (Reader(source_field="summary"), "Tea."),
        (Reader(source_field="dialogue"), "Ann: 茶？\nBo: Yes."),
        (Reader(source_field="target", reverse=True), "Tea."),
    ):
        (inputs,) = Inputs([str(path)], reader)
        assert inputs == [Input(Example(source, ""), f"{path}, item 1")]


def test_a_file_or_standard_input_can_be_one_document(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO("\ufeff一\r\n\ntwo\n".encode())))
    (tmp_path / "a.gz").write_bytes(gzip.compress(b"one\n\ntwo\n"))
    found = given(documents / "b.txt", "-", documents / "c.txt", tmp_path / "a.gz", is_document=True)
    expected = [
        *((documents / "b.txt", "b\nB"), ("standard input", "一\n\ntwo")),
        *((documents / "c.txt", ""), (tmp_path / "a.gz", "one\n\ntwo")),
    ]
    assert found == [[Input(text, str(place))] for place, text in expected]


def test_lines_know_their_places_across_chunks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "CHUNK_LINES", 2)
    path = tmp_path / "a.txt"
    path.write_text("a\n\nc\n", encoding="utf-8")
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"d\ne\n")))
    assert given(path, "-") == [
        [Input("a", f"{path}:1"), Input("", f"{path}:2")],
        [Input("c", f"{path}:3")],
        [Input("d", "standard input:1"), Input("e", "standard input:2")],
    ]


def test_long_documents_come_in_smaller_chunks(
    documents: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lines, "CHUNK_CHARACTERS", 5)
    assert [len(chunk) for chunk in given(documents)] == [2, 2]
    path = tmp_path / "a.jsonl"
    path.write_text(json.dumps({"source": "123456"}) * 1 + "\n" + json.dumps({"source": "1"}) + "\n", encoding="utf-8")
    assert [len(chunk) for chunk in given(path)] == [1, 1]


def test_all_before_a_fault_is_handed_out_first(documents: Path, tmp_path: Path) -> None:
    (documents / "d.txt").write_bytes(b"\xe9t\xe9")
    inputs = iter(Inputs([str(documents)], Reader()))
    assert len(next(inputs)) == 3
    with pytest.raises(UserError, match=r"documents/d.txt, line 1: not UTF-8 \(byte 0xe9 at position 1\)"):
        next(inputs)
    path = tmp_path / "a.jsonl"
    for line, sentence in (
        ("no JSON", r"a.jsonl:2: not JSON \(.*\); the line begins with: no JSON"),
        ('["a"]', r"a.jsonl:2: a JSON object like \{...\} is needed, but the line begins with: \[\"a\"\]"),
        ('{"sorce": "a"}', r"a.jsonl:2: no key 'source'. Did you mean 'sorce'\? There are: sorce."),
        ('{"source": 1}', r"a.jsonl:2: 'source' must be a text, but it is 1."),
    ):
        path.write_text(f'{{"source": "a"}}\n{line}\n', encoding="utf-8")
        inputs = iter(Inputs([str(path)], Reader()))
        assert len(next(inputs)) == 1
        with pytest.raises(UserError, match=sentence):
            next(inputs)


def test_what_is_missing_is_found_at_once(documents: Path, tmp_path: Path) -> None:
    empty = tmp_path / "empty"
    empty.mkdir()
    (tmp_path / "a.jsonl").write_text("{}\n", encoding="utf-8")
    for file, is_document, sentence in (
        (empty, False, r"empty contains no document: a file NAME.txt. It is empty."),
        (documents / "e.txt", False, r"No file .*e.txt. Did you mean"),
        (documents / "e.txt", True, r"No file .*e.txt. Did you mean"),
        (documents / "c.txt", False, r"c.txt is empty."),
        (
            "I have two.",
            False,
            r"^No file 'I have two\.'\. To give the text itself, pipe it in: echo TEXT \| seq2seq VERB",
        ),
        (tmp_path / "a.jsonl", True, r"a.jsonl contains a document in each line: leave out --document."),
    ):
        with pytest.raises(UserError, match=sentence):
            Inputs([str(documents), str(file)], Reader(), is_document=is_document).check()


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("a.tmx", "a translation memory"),
        ("A.XLIFF", "a translation memory"),
        ("a.po", "a gettext catalogue"),
        ("a.srt.gz", "a file of subtitles"),
        ("a.html", "markup"),
        ("a.docx", "a formatted document"),
    ],
)
@pytest.mark.parametrize("is_document", [False, True])
def test_markup_is_not_taken_for_text(tmp_path: Path, name: str, kind: str, is_document: bool) -> None:
    path = tmp_path / name
    path.write_bytes(b"<x>\n")
    with pytest.raises(UserError, match=rf"{name} is {kind}.*extract its text into a plain file first"):
        given(path, is_document=is_document)
