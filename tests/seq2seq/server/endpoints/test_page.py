"""The files of the page: complete, and sent as a browser should get them."""

import re
from dataclasses import replace

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from seq2seq.decoding.output import EMPTY
from seq2seq.models.unknown_characters import UnknownCharacters
from seq2seq.report.html.page import STYLE
from seq2seq.server.endpoints import page
from seq2seq.server.http.endpoint import AnswerTimeoutError
from seq2seq.server.scheduler import Closed
from seq2seq.sessions.session import truncated
from tests.environments import REPOSITORY
from tests.seq2seq.deployment.javascript import computed, needs_node
from tests.seq2seq.server.services import Running

IMPORT = re.compile(r'from "(\.[^"]*)"')


@pytest.fixture(scope="module")
def client() -> TestClient:
    """Asks for the files of the page."""
    return TestClient(Starlette(routes=page.routes()))


def test_every_module_that_is_imported_is_sent_and_named_in_the_page() -> None:
    files = page.page_files()
    index = files["/"].content.decode()
    modules = {path: file.content.decode() for path, file in files.items() if path.endswith(".js")}
    assert len(modules) > 15
    for path, code in modules.items():
        assert f'"{path[1:]}"' in index, path
        for name in IMPORT.findall(code):
            folder = path.rsplit("/", 1)[0]
            target = f"{folder.rsplit('/', 1)[0]}{name[2:]}" if name.startswith("..") else f"{folder}{name[1:]}"
            assert target in files, f"{path} imports {name}"
    assert not [path for path in files if "/engine/" in path or "/offline/" in path]
    for name in re.findall('(?:src|href)="([^"]*)"', index):
        assert f"/{name}" in files, name


def test_the_style_is_that_of_the_reports_and_of_the_page() -> None:
    style = page.page_files()["/page/style.css"].content.decode()
    assert style.startswith(STYLE)
    assert ".sliders" in style


def test_a_file_is_sent_once_and_with_a_strict_policy(client: TestClient) -> None:
    answer = client.get("/")
    assert answer.status_code == 200
    assert answer.content == page.page_files()["/"].content
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', answer.text)
    assert policy
    # A page cannot forbid by itself that others show it in a frame.
    assert answer.headers["content-security-policy"] == f"{policy[1]}; frame-ancestors 'none'"
    assert "unsafe" not in policy[1]
    known = {"If-None-Match": answer.headers["etag"]}
    again = client.get("/", headers=known)
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", answer.headers["etag"])
    assert client.get("/page/style.css", headers=known).status_code == 200


def test_no_other_file_can_be_asked_for(client: TestClient) -> None:
    for path in (
        "/page/",
        "/page/served/index.html",
        "/page/engine/model.js",
        "/page/../cli.py",
        "/page/%2e%2e/cli.py",
    ):
        assert client.get(path).status_code == 404, path


@needs_node
def test_the_page_knows_the_sentences_of_the_server(server: Running) -> None:
    unknown = UnknownCharacters(server.model("partner").tokenizers.source)
    unknown.add("Ж dog Ы")
    notices = [
        server.post("/chat", messages=[{"role": "user", "content": text}])["notice"]
        for text in ("Ж dog", "the dog eats " * 400, "Ж dog eats " * 400)
    ]
    sentences = [
        *notices,
        unknown.sentence(),
        truncated(replace(EMPTY, source_pieces=("dog",) * 3, lost=2000)),
        server.fault("/translate", q="a" * 20_001),
        server.fault("/translate", q="a", options={"beam_size": 99}),
        server.fault("/translate", q="a", alternatives=99),
        server.fault("/chat", messages=[{"role": "user", "content": ""}]),
        "The server made a mistake, which is noted in its log.",
        *map(str, (AnswerTimeoutError(120), Closed())),
    ]
    module = REPOSITORY / "seq2seq" / "page" / "served" / "server_sentences.js"
    found = computed(module, "phrasesOf", [[sentence] for sentence in sentences])
    assert list(map(len, found)) == [1, 1, 2] + [1] * (len(sentences) - 3)
    for sentence, phrases in zip(sentences, found, strict=True):
        assert " ".join(one["phrase"].format(**one["values"]) for one in phrases) == sentence
        assert "{reason}" not in [one["phrase"] for one in phrases]
    assert computed(module, "phrasesOf", [[""], ["Hello."]]) == [
        [],
        [{"phrase": "{reason}", "values": {"reason": "Hello."}}],
    ]
