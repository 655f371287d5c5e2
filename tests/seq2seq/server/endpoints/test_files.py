"""LibreTranslate's endpoints for files."""

import json
from typing import Any

import pytest

from seq2seq.documents.suffixes import SUFFIXES
from tests.seq2seq.server.services import Running

NO_FORMAT = f"A file is translated if its name ends in .txt, .jsonl, {', '.join(SUFFIXES[:-1])} or {SUFFIXES[-1]}."


def sent(server: Running, name: str, content: bytes, status: int = 200, **fields: Any) -> Any:  # noqa: ANN401
    """Send a file, and return the answer."""
    answer = server.client.post("/translate_file", files={"file": (name, content)}, data=fields)
    assert answer.status_code == status, answer.text
    return answer.json()


def fetched(server: Running, name: str, content: bytes, **fields: Any) -> str:  # noqa: ANN401 - text fields
    """Send a file, and fetch its translation."""
    url = sent(server, name, content, **fields)["translatedFileUrl"]
    answer = server.client.get(url)
    assert answer.headers["content-type"] == "text/plain; charset=utf-8"
    suffix = name.rpartition(".")[2].lower()
    assert answer.headers["content-disposition"] == f'attachment; filename="translation.{suffix}"'
    return answer.content.decode()


def outputs(server: Running, texts: list[str]) -> list[str]:
    """Return the model's own outputs."""
    return [found[0].text for found in server.model("translator").decode(texts)]


def test_a_text_file_is_translated_line_by_line(server: Running) -> None:
    first, second = outputs(server, ["the dog", "the cat eats"])
    assert fetched(server, "a.txt", b"the dog\r\n\r\nthe cat eats\n") == f"{first}\r\n\r\n{second}\n"
    assert fetched(server, "a.TXT", "the dog".encode("utf-16"), source="en", target="zh") == first


def test_objects_get_their_translations(server: Running) -> None:
    (first,) = outputs(server, ["the dog"])
    content = json.dumps({"source": "the dog", "id": 7}).encode() + b"\n\n"
    assert json.loads(fetched(server, "a.jsonl", content)) == {"source": "the dog", "id": 7, "target": first}


@pytest.mark.parametrize(
    ("name", "content", "sentence"),
    [
        ("a.pdf", b"a", NO_FORMAT),
        ("../../etc/passwd", b"a", NO_FORMAT),
        ("a.txt", b"\n" * 20_000, "The file has 20,001 texts, but this server translates files of at most 20,000."),
        ("a.txt", b"\xff\xfa", "The file is not UTF-8 text: save it as UTF-8."),
        ("a.jsonl", b"[1]", "Line 1 of the file is not a JSON object: a line of .jsonl is {...}."),
        ("a.jsonl", b"{}", "Line 1 of the file: no key 'source'. There are: none."),
    ],
)
def test_a_refusal_is_a_sentence(server: Running, name: str, content: bytes, sentence: str) -> None:
    assert sent(server, name, content, 400) == {"error": sentence}


def test_a_file_must_be_sent(server: Running) -> None:
    assert server.fault("/translate_file", file="a.txt") == "file must be a file, but it is a text."
    answer = server.client.post("/translate_file", data={"file": "a.txt"})
    assert answer.json() == {"error": "file must be a file, but it is a text."}
    answer = server.client.post("/translate_file", files={"other": ("a.txt", b"a")})
    assert answer.json() == {"error": "file is missing."}
    answer = server.client.post("/translate", files={"q": ("a.txt", b"a")})
    assert answer.json() == {"error": "q must be a text or a list of texts, but it is a file."}


@pytest.mark.parametrize("name", ["x.txt", "..%2f..%2fetc%2fpasswd", "%2e%2e", "0" * 32 + ".docx", "0" * 32 + ".py"])
def test_no_other_file_is_sent(server: Running, name: str) -> None:
    answer = server.client.get(f"/download_file/{name}")
    assert answer.status_code == 404
    assert "error" in answer.json()
