"""Logs: no texts unless asked, and no line that a client could forge."""

import json
import sqlite3
import stat
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.http.api_keys import ApiKeys, new_key
from seq2seq.server.http.exchange_log import ExchangeLog
from seq2seq.server.http.service import Logging
from tests.seq2seq.server.services import Running, running

SECRET = "the dog eats\n2026-01-01T00:00:00Z 127.0.0.1 forged"


def ask(server: Running, key: str = "") -> None:
    """Send requests with a text in every place."""
    fields = {"q": SECRET, "api_key": key, "options": {"method": "greedy"}}
    assert server.client.post("/translate", json=fields).status_code == 200
    assert server.client.post("/translate", params={"q": SECRET, "target": SECRET, "api_key": key}).status_code == 400
    server.post("/generate", prompt=SECRET, stream=False, api_key=key)


def test_by_default_no_text_is_logged(
    live: dict[str, LoadedModel], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    key = new_key(tmp_path / "keys", "ann")
    with running(live, tmp_path, log=Logging(), keys=ApiKeys.read(tmp_path / "keys")) as server:
        ask(server, key)
        server.client.get("/missing/the/dog%0Aforged")
    output = capfd.readouterr().err
    lines = output.splitlines()
    assert [line.split(" ", 1)[1].rsplit(" ", 2)[0] for line in lines] == [
        "testclient ann POST /translate 200",
        "testclient ann POST /translate 400",
        "testclient ann POST /generate 200",
        "testclient GET (no endpoint) 404",
    ]
    assert "dog" not in output
    assert key not in output


def test_texts_are_logged_on_request_in_one_line(
    live: dict[str, LoadedModel], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running(live, tmp_path, log=Logging(texts=True)) as server:
        ask(server, "a key")
    lines = capfd.readouterr().err.splitlines()
    assert len(lines) == 3
    assert "the dog eats" in lines[0]
    assert "translatedText" in lines[0]
    assert "a key" not in "".join(lines)


def test_exchanges_are_stored_on_request(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    path = tmp_path / "exchanges.sqlite"
    for _ in range(2):
        exchanges = ExchangeLog(path)
        with running(live, tmp_path, log=Logging(requests=False, exchanges=exchanges)) as server:
            ask(server, "a key")
            file = {"file": ("a.txt", b"the dog")}
            assert server.client.post("/translate_file", files=file).status_code == 200
        exchanges.close()
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    with sqlite3.connect(path) as database:
        rows = database.execute("SELECT path, status, key, request, answer FROM exchanges ORDER BY id").fetchall()
    assert len(rows) == 8
    assert [row[:3] for row in rows[:4]] == [
        ("/translate", 200, None),
        ("/translate", 400, None),
        ("/generate", 200, None),
        ("/translate_file", 200, None),
    ]
    request, answer = json.loads(rows[0][3]), json.loads(rows[0][4])
    assert request == {"q": SECRET, "options": {"method": "greedy"}}
    assert answer["translatedText"]
    assert json.loads(rows[3][3]) == {"file": ["a.txt: 7 bytes"]}


def test_a_stream_is_stored_with_its_last_event(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    exchanges = ExchangeLog(tmp_path / "exchanges.sqlite")
    with running(live, tmp_path, log=Logging(requests=False, exchanges=exchanges)) as server:
        server.client.post("/generate", json={"prompt": "the", "stream": True})
    exchanges.close()
    with sqlite3.connect(tmp_path / "exchanges.sqlite") as database:
        ((answer,),) = database.execute("SELECT answer FROM exchanges").fetchall()
    assert json.loads(answer)["done"] is True


def test_another_file_cannot_hold_exchanges(tmp_path: Path) -> None:
    path = tmp_path / "novel"
    path.write_text("Call me Ishmael. " * 100, encoding="utf-8")
    with pytest.raises(UserError, match=r"novel cannot hold the exchanges: file is not a database\."):
        ExchangeLog(path)
    with pytest.raises(UserError, match=r"cannot hold the exchanges: unable to open database file\."):
        ExchangeLog(tmp_path / "missing" / "file")
