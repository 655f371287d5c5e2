"""Files and folders as running text: chunks, ends of documents, spaces, and refusals."""

import gzip
import json
from dataclasses import replace
from pathlib import Path

import pytest

import seq2seq_generation.reader as reading
from seq2seq.corpus.example import Example, Mark, plain
from seq2seq.errors import UserError
from seq2seq_generation.reader import TextReader

TEXT = "First:\n  indented\tline \n\n" + "One more line.\n" * 50 + "不同的字"


def joined(examples: list[Example]) -> list[str]:
    """Join the examples of each document."""
    found, text = [], ""
    for one in examples:
        assert one.source == ""
        text += plain(one.target)
        if isinstance(one.target, tuple) and one.target[-1] is Mark.END:
            found.append(text)
            text = ""
    return [*found, text] if text else found


@pytest.fixture(params=[50, 1 << 16])
def chunk(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> int:
    """Small chunks, and chunks of the default size."""
    size: int = request.param
    monkeypatch.setattr(reading, "CHUNK_CHARACTERS", size)
    return size


def write(path: Path, text: str) -> Path:
    path.write_bytes(gzip.compress(text.encode()) if path.suffix == ".gz" else text.encode())
    return path


@pytest.mark.parametrize("name", ["a.txt", "a.txt.gz", "a.md"])
def test_a_file_is_a_document_to_the_byte(chunk: int, tmp_path: Path, name: str) -> None:
    path = write(tmp_path / name, TEXT)
    examples = list(TextReader().read([path]))
    assert joined(examples) == [TEXT]
    assert examples[0].place == f"{path}:1"
    assert (len(examples) > 3) == (chunk == 50)
    assert joined(list(TextReader().read([write(tmp_path / "ended.txt", TEXT + "\n")]))) == [TEXT + "\n"]


def test_normalisation_keeps_the_line_breaks_between_chunks(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "  one \n\n\n two\u0301  three\n\nfour\n")
    reader = TextReader(normalization="nfc")
    monkeypatch.setattr(reading, "CHUNK_CHARACTERS", 1)
    small = joined(list(reader.read([path])))
    # The document's own ends are folded like blanks, as they are where it is one chunk.
    assert small == ["one\n\n\ntw\u00f3 three\n\nfour"]
    monkeypatch.undo()
    assert joined(list(reader.read([path]))) == small


def test_line_ends_of_windows_are_line_ends(tmp_path: Path) -> None:
    assert joined(list(TextReader().read([write(tmp_path / "a.txt", "a\r\n b \r\n")]))) == ["a\n b \n"]


def test_folders_hold_a_document_in_each_file(chunk: int, tmp_path: Path) -> None:
    write(tmp_path / "b.txt", "second\n")
    write(tmp_path / "a.txt", TEXT)
    other = tmp_path / "other"
    other.mkdir()
    third = write(other / "c.txt", "third")
    assert joined(list(TextReader().read([tmp_path, third]))) == [TEXT, "second\n", "third"]


def test_objects_are_documents(tmp_path: Path) -> None:
    lines = [json.dumps({"text": text, "body": "other"}, ensure_ascii=False) for text in (TEXT, "二")]
    path = write(tmp_path / "a.jsonl", "\n".join(lines) + "\n")
    assert joined(list(TextReader().read([path]))) == [TEXT, "二"]
    reader = TextReader(source_field="body", target_field="body")
    assert joined(list(reader.read([path]))) == ["other", "other"]
    with pytest.raises(UserError, match=r"a\.jsonl:1: no key 'txt'. Did you mean 'text'"):
        list(TextReader(target_field="txt").read([path]))


def test_contiguous_text_has_no_ends(chunk: int, tmp_path: Path) -> None:
    files = [write(tmp_path / "a.txt", TEXT), write(tmp_path / "b.txt", "second\n"), write(tmp_path / "c.txt", "third")]
    reader = TextReader(contiguous=True)
    examples = list(reader.read(files))
    assert all(isinstance(one.target, str) for one in examples)
    assert joined(examples) == [TEXT + "\nsecond\nthird"]
    assert reader.begin() is Mark.LINE
    assert TextReader().begin() is None


def test_lines_are_documents(tmp_path: Path) -> None:
    path = write(tmp_path / "a.zh", "一。\n\n二 。\nthree")
    examples = list(TextReader(lines=True).read([path]))
    assert joined(examples) == ["一。", "二 。", "three"]
    assert [one.place for one in examples] == [f"{path}:1", f"{path}:3", f"{path}:4"]


def test_folding_normalizations_are_there_for_who_wants_them(tmp_path: Path) -> None:
    path = write(tmp_path / "a.txt", "a  b\tc \n d\u200b\n")
    assert joined(list(replace(TextReader(), normalization="nfc").read([path]))) == ["a b c\nd"]
    assert joined(list(TextReader().read([path]))) == ["a  b\tc \n d\n"]
    assert TextReader().source("To be \n") == "To be \n"


def test_refusals(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"needs a file or a folder, but none was given"):
        TextReader().read([])
    with pytest.raises(UserError, match=r"No file .*none.txt"):
        TextReader().read([tmp_path / "none.txt"])
    with pytest.raises(UserError, match=r"lines makes each line a document, and .*contiguous has no documents: choose"):
        TextReader(contiguous=True, lines=True)
    with pytest.raises(UserError, match=r"about sources, but running text has none: leave"):
        TextReader(max_source_pieces=3)
    with pytest.raises(UserError, match=r"about sources, but running text has none: leave"):
        TextReader(reverse=True)


def test_running_text_has_no_other_form(tmp_path: Path) -> None:
    with pytest.raises(UserError, match=r"data.reader.form is 'whatsapp', but running text is read as it is: leave it"):
        TextReader(form="whatsapp")
    path = tmp_path / "chat.txt"
    path.write_text("31/12/2023, 21:45 - Ann: Hi\n31/12/2023, 21:46 - Bo: Ho\n", "utf-8")
    assert TextReader().understood([path]) == ""
    assert "".join(plain(one.target) for one in TextReader().read([path])).startswith("31/12/2023")


def test_an_array_of_objects_is_read(tmp_path: Path) -> None:
    path = tmp_path / "texts.json"
    path.write_text('[{"text": "One."}, {"text": "二。"}]', "utf-8")
    assert [plain(one.target) for one in TextReader().read([path])] == ["One.", "二。"]
