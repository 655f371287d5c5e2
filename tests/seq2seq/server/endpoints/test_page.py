"""The files of the page: complete, and sent as a browser should get them."""

import asyncio
import re
from typing import Any

from starlette.applications import Starlette

from seq2seq.report.html.page import STYLE
from seq2seq.server.endpoints import page

IMPORT = re.compile(r'from "(\.[^"]*)"')


def answer(path: str, **headers: str) -> tuple[int, dict[str, str], bytes]:
    """Return status, headers and body of an answer."""
    messages: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: Any) -> None:  # noqa: ANN401 - as ASGI has it
        messages.append(message)

    given = [(name.replace("_", "-").encode(), value.encode()) for name, value in headers.items()]
    scope = {"type": "http", "method": "GET", "path": path, "headers": given, "query_string": b"", "root_path": ""}
    asyncio.run(Starlette(routes=page.routes())(scope, receive, send))
    found = {name.decode(): value.decode() for name, value in messages[0]["headers"]}
    return messages[0]["status"], found, b"".join(message.get("body", b"") for message in messages[1:])


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


def test_a_file_is_sent_once_and_with_a_strict_policy() -> None:
    status, headers, body = answer("/")
    assert status == 200
    assert body == page.page_files()["/"].content
    assert headers["content-type"] == "text/html; charset=utf-8"
    policy = re.search('http-equiv="Content-Security-Policy" content="([^"]*)"', body.decode())
    assert policy
    # A page cannot forbid by itself that others show it in a frame.
    assert headers["content-security-policy"] == f"{policy[1]}; frame-ancestors 'none'"
    assert "unsafe" not in headers["content-security-policy"]
    status, again, body = answer("/", if_none_match=headers["etag"])
    assert (status, body, again["etag"]) == (304, b"", headers["etag"])
    assert answer("/page/style.css", if_none_match=headers["etag"])[0] == 200


def test_no_other_file_can_be_asked_for() -> None:
    for path in (
        "/page/",
        "/page/served/index.html",
        "/page/engine/model.js",
        "/page/../cli.py",
        "/page/%2e%2e/cli.py",
    ):
        assert answer(path)[0] == 404, path
