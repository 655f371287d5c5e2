"""Limits, failures, and clients that leave."""

import asyncio
import json
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any

import pytest

from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.endpoints.application import Access, application, service_of
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.service import Logging, Service
from seq2seq.server.options import Limits
from seq2seq.server.served_models import ServedModels
from seq2seq.tokenization.tokenizer import Tokenizers
from tests.seq2seq import toy_models, toy_task
from tests.seq2seq.server.services import running

SECRET = "a secret text"


def test_an_answer_that_takes_too_long_is_given_up(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    with running(live, tmp_path, of_requests=RequestLimits(timeout=0.001)) as server:
        sentence = "The answer was not complete within 0.001 seconds, the limit of this server."
        assert server.fault("/generate", 504, prompt="the", options={"max_length": 2000}) == sentence
        assert server.fault("/generate", 504, prompt="the", stream=True, options={"max_length": 2000}) == sentence
        answer = server.post("/v1/completions", 504, model="author", prompt="the", max_tokens=2000)
        assert answer["error"] == {"message": sentence, "type": "api_error", "param": None, "code": None}


def test_a_full_queue_tells_when_to_come_again(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    with running(live, tmp_path, limits=Limits(queue=1)) as server:
        answer = server.client.post("/translate", json={"q": ["the dog"] * 20})
        assert answer.status_code == 503
        assert int(answer.headers["retry-after"]) >= 1
        assert answer.json()["error"].startswith("The server is busy: 1 texts are waiting. Try again in ")
        answer = server.client.post("/v1/completions", json={"model": "author", "prompt": ["a"] * 20, "stream": True})
        assert answer.status_code == 503
        assert answer.json()["error"]["type"] == "api_error"
        assert server.post("/translate", q="the dog")["translatedText"]


def test_a_large_body_is_refused(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    with running(live, tmp_path, of_requests=RequestLimits(max_body=100)) as server:
        answer = server.client.post("/translate", json={"q": "a" * 200})
        assert answer.status_code == 413
        assert answer.headers["connection"] == "close"
        assert answer.json() == {
            "error": "The request is larger than 100 bytes, the most that this server reads: send less at a time."
        }
        file = {"file": ("a.txt", b"a" * 200)}
        assert server.client.post("/translate_file", files=file).status_code == 413


@pytest.fixture
def broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, toy_tokenizers: Tokenizers) -> dict[str, LoadedModel]:
    """A model of a plugin with a mistake, whose message quotes the text."""

    def finish(_reader: toy_task.ToyReader, text: str) -> str:
        raise ZeroDivisionError(f"{SECRET} {text}")

    toy_task.install(tmp_path / "site", monkeypatch)
    model = load(toy_models.write(tmp_path / "model", toy_tokenizers))
    monkeypatch.setattr(toy_task.ToyReader, "finish", finish)
    return {"broken": model}


def test_a_mistake_of_the_program_is_told_nobody(
    broken: dict[str, LoadedModel], live: dict[str, LoadedModel], tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    with running({**live, **broken}, tmp_path) as server:
        assert server.fault("/mimic", 500, q="a dog") == "The server made a mistake, which is noted in its log."
        assert server.fault("/v1/completions", 500, model="broken", prompt="a dog")
        assert server.post("/translate", q="the dog")["translatedText"]
    output = capfd.readouterr().err
    assert "seq2seq serve: ZeroDivisionError in " in output
    assert "test_endpoint.py, line " in output
    assert SECRET not in output
    assert "Traceback" not in output


def test_a_traceback_is_shown_on_request(
    broken: dict[str, LoadedModel], tmp_path: Path, capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SEQ2SEQ_TRACEBACK", "1")
    with running(broken, tmp_path) as server:
        assert SECRET not in server.fault("/mimic", 500, q="a dog")
    assert f"ZeroDivisionError: {SECRET}" in capfd.readouterr().err


def test_at_a_local_address_other_names_are_refused(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    access = Access(frozenset({"localhost", "127.0.0.1", "::1", "models.example"}))
    with running(live, tmp_path, access=access) as server:
        for host in ("localhost", "LOCALHOST:8000", "127.0.0.1:1", "[::1]:8000", "models.example"):
            assert server.client.get("/health", headers={"Host": host}).status_code == 200, host
        for host in ("evil.example", "localhost.evil.example", "", "[::2]", "evil.example:8000"):
            assert server.client.get("/health", headers={"Host": host}).status_code == 403, host
        answer = server.client.get("/health", headers={"Host": "evil.example:8000"})
        sentence = "This server does not answer to the name 'evil.example': start it with --allowed_host evil.example."
        assert answer.json() == {"error": sentence}


def test_pages_of_other_origins_read_answers_only_on_request(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    origin = {"Origin": "https://a.example"}
    with running(live, tmp_path) as server:
        answer = server.client.get("/models", headers=origin)
        assert not [name for name in answer.headers if name.startswith("access-control")]
    with running(live, tmp_path, access=Access(origins=("https://a.example",))) as server:
        answer = server.client.get("/models", headers=origin)
        assert answer.headers["access-control-allow-origin"] == "https://a.example"
        answer = server.client.get("/models", headers={"Origin": "https://b.example"})
        assert "access-control-allow-origin" not in answer.headers
        asked = {**origin, "Access-Control-Request-Method": "POST", "Access-Control-Request-Headers": "authorization"}
        assert server.client.options("/translate", headers=asked).status_code == 200


def test_no_answer_can_be_taken_for_a_page(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    with running(live, tmp_path) as server:
        for path in ("/models", "/missing<script>", "/openapi.json", "/page/style.css", "/"):
            answer = server.client.get(path)
            assert answer.headers["x-content-type-options"] == "nosniff", path


async def vanish(service: Service, path: str, fields: Mapping[str, Any], after: int) -> list[MutableMapping[str, Any]]:
    """Send a request, leave after a number of messages of the answer, and return the messages that were sent."""
    app, sent = application(service), list[MutableMapping[str, Any]]()
    is_gone = asyncio.Event()
    requests = [{"type": "http.request", "body": json.dumps(fields).encode(), "more_body": False}]

    async def receive() -> MutableMapping[str, Any]:
        if requests:
            return requests.pop(0)
        if after:
            await is_gone.wait()
        else:
            await asyncio.sleep(0.02)
        return {"type": "http.disconnect"}

    async def send(message: MutableMapping[str, Any]) -> None:
        sent.append(message)
        if len(sent) == after:
            is_gone.set()

    scope = {
        "type": "http",
        "method": "POST",
        "path": path,
        "query_string": b"",
        "headers": [(b"content-type", b"application/json")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 2),
        "scheme": "http",
    }
    await app(scope, receive, send)
    return sent


@pytest.mark.parametrize("is_streamed", [False, True])
def test_a_request_that_nobody_waits_for_leaves_its_batch(
    model_folder: Path, tmp_path: Path, is_streamed: bool
) -> None:
    live = {"scribe": load(model_folder / "scribe")}  # its texts have no end

    async def leave() -> tuple[Service, list[MutableMapping[str, Any]]]:
        log = Logging(requests=False)
        service = service_of(ServedModels(live), Limits(), RequestLimits(max_pieces=10**6), tmp_path, None, log)
        fields = {"prompt": "the", "stream": is_streamed, "options": {"max_length": 10**6}, "n": 1}
        sent = await vanish(service, "/generate", fields, 3 if is_streamed else 0)
        await service.scheduler.close()
        return service, sent

    # A text of a million pieces would take minutes: the server closes at once, because it is not generated.
    service, sent = asyncio.run(asyncio.wait_for(leave(), 20))
    assert service.measurements.all.jobs.value("scribe", "cancelled") == 1
    assert service.measurements.requests.value("/generate", "499") == 1
    assert service.measurements.open.value() == 0
    assert len(sent) < 20
    assert not [message for message in sent if message.get("more_body") is False and is_streamed]
