"""The description of the server, and a fuzz of the protocol over it: nothing fails, and every answer fits."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.http.options import RequestLimits
from tests.properties import examples
from tests.seq2seq.server.services import Running, running

SMALL = RequestLimits(max_outputs=4, max_beams=4, max_pieces=12, max_texts=4, max_characters=200)
TEXTS = ("", "the dog", "大狗", "a\nb . c", "<b>the</b> &amp;", "\x00", "\ud800", "translator", "partner", "author")
JUNK: list[Any] = [None, True, -1, 0, 1, 2.5, 1e300, [], {}, ["a", 1], {"a": {}}, "", "auto"]


@pytest.fixture(scope="module")
def small(live: dict[str, LoadedModel], tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    """A server with narrow limits."""
    with running(live, tmp_path_factory.mktemp("small"), of_requests=SMALL) as server:
        yield server


@pytest.fixture(scope="module")
def described(small: Running) -> dict[str, Any]:
    """Its description."""
    description: dict[str, Any] = small.get("/openapi.json")
    return description


def validator(described: dict[str, Any], schema: dict[str, Any]) -> Draft202012Validator:
    """Return a validator of a schema that may refer to others of the description."""
    return Draft202012Validator({**schema, "components": described["components"]})


def test_the_description_is_sound_and_complete(server: Running) -> None:
    described = server.get("/openapi.json")
    assert described["openapi"] == "3.1.0"
    for name, schema in described["components"]["schemas"].items():
        Draft202012Validator.check_schema(schema)
        assert schema.get("description"), name
        for field, part in schema.get("properties", {}).items():
            assert part.get("description"), f"{name}.{field}"
    references = set(re.findall(r"#/components/schemas/(\w+)", json.dumps(described)))
    assert references <= set(described["components"]["schemas"])
    operations = [operation for path in described["paths"].values() for operation in path.values()]
    assert len({operation["operationId"] for operation in operations}) == len(operations) > 15
    assert set(described["paths"]) >= {
        "/translate",
        "/detect",
        "/languages",
        "/summarize",
        "/generate",
        "/chat",
        "/models",
        "/v1/models",
        "/v1/models/{model}",
        "/v1/completions",
        "/v1/chat/completions",
    }


def test_the_page_shows_every_endpoint_and_loads_nothing(server: Running) -> None:
    answer = server.client.get("/docs")
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    described = server.get("/openapi.json")
    for path in described["paths"]:
        assert f"<code>{path}</code>" in answer.text
    for name in described["components"]["schemas"]:
        assert f'id="{name}"' in answer.text
    assert "<script" not in answer.text
    assert not re.findall(r'(?:src|href)="(?!#|openapi\.json")', answer.text)


def test_every_answer_of_a_get_endpoint_fits(small: Running, described: dict[str, Any]) -> None:
    for path, operations in described["paths"].items():
        if "get" in operations:
            answer = small.client.get(path.replace("{model}", "author").replace("{name}", "none"))
            require_fit(described, operations["get"], answer)


KINDS = ("application/json", "multipart/form-data; boundary=x", "a/b", "")
VALUES = st.sampled_from(TEXTS) | st.sampled_from(JUNK)


def of_schema(described: dict[str, Any], schema: dict[str, Any]) -> st.SearchStrategy[Any]:
    """Return values that mostly fit a schema."""
    if "$ref" in schema:
        schema = described["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    if "anyOf" in schema:
        return st.one_of([of_schema(described, part) for part in schema["anyOf"]])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    kind = schema["type"]
    if kind == "object":
        properties = schema.get("properties", {})
        fields = {name: mostly(of_schema(described, part)) for name, part in properties.items()}
        required = {name: fields.pop(name) for name in schema.get("required", ())}
        return st.fixed_dictionaries(required, optional={**fields, "unknown": VALUES})
    if kind == "array":
        return st.lists(of_schema(described, schema["items"]), max_size=3)
    kinds: dict[str, st.SearchStrategy[Any]] = {
        "string": st.sampled_from(TEXTS) | st.text(max_size=12),
        "integer": st.integers(-2, 6),
        "number": st.floats(-1, 3) | st.sampled_from([0, 1]),
        "boolean": st.booleans(),
        "null": st.none(),
    }
    return kinds[kind]


def mostly(values: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Return values, of which some are of the wrong kind."""
    return st.one_of(values, values, values, values, values, VALUES)


def require_fit(described: dict[str, Any], operation: dict[str, Any], answer: Any) -> None:  # noqa: ANN401 - a response
    """Check that an answer has a status and a form that the description names."""
    assert answer.status_code < 500, answer.text
    named = operation["responses"].get(str(answer.status_code))
    assert named, f"{answer.status_code} is not described: {answer.text}"
    kind = answer.headers["content-type"].partition(";")[0]
    assert kind in named["content"], f"{kind} is not described"
    schema = named["content"][kind]["schema"]
    if kind == "application/json":
        validator(described, schema).validate(answer.json())
    elif kind == "text/event-stream":
        *blocks, rest = answer.text.split("\n\n")
        assert rest == ""
        for block in blocks:
            data = block.removeprefix("data: ")
            if data != "[DONE]":
                event = json.loads(data)
                error = operation["responses"]["400"]["content"]["application/json"]["schema"]
                validator(described, error if "error" in event else schema).validate(event)


@pytest.mark.parametrize("path", ["/translate", "/detect", "/summarize", "/generate", "/chat", "/v1/completions"])
@examples(60)
@given(data=st.data())
def test_any_request_gets_an_answer_that_fits(
    small: Running, described: dict[str, Any], path: str, data: st.DataObject
) -> None:
    require_answer(small, described, path, data)


@examples(60)
@given(data=st.data())
def test_any_conversation_gets_an_answer_that_fits(
    small: Running, described: dict[str, Any], data: st.DataObject
) -> None:
    require_answer(small, described, "/v1/chat/completions", data)


def require_answer(small: Running, described: dict[str, Any], path: str, data: st.DataObject) -> None:
    """Send a request that is made from the description, and check the answer."""
    operation = described["paths"][path]["post"]
    content = operation["requestBody"]["content"]
    fields = data.draw(of_schema(described, content["application/json"]["schema"]))
    kind = data.draw(st.sampled_from(sorted(content)))
    if kind == "application/x-www-form-urlencoded":
        pairs = [
            f"{quote(name)}={quote(str(one), errors='replace')}"
            for name, value in fields.items()
            for one in (value if isinstance(value, list) else [value])
        ]
        answer = small.client.post(path, content="&".join(pairs), headers={"Content-Type": kind})
    elif kind == "multipart/form-data":
        forms = {
            name: (None, str(value).encode("utf-8", "replace")) for name, value in fields.items() if value is not None
        }
        answer = small.client.post(path, files={**forms, "other": (None, b"")})
    else:
        answer = small.client.post(path, content=json.dumps(fields), headers={"Content-Type": kind})
    require_fit(described, operation, answer)


@examples(100)
@given(
    body=st.binary(max_size=60),
    kind=st.sampled_from(["application/json", "multipart/form-data; boundary=x", "a/b", ""]),
)
def test_any_bytes_get_an_answer(small: Running, described: dict[str, Any], body: bytes, kind: str) -> None:
    answer = small.client.post("/translate", content=body, headers={"Content-Type": kind})
    require_fit(described, described["paths"]["/translate"]["post"], answer)


def test_the_metrics_count_requests_and_texts(live: dict[str, LoadedModel], tmp_path: Path) -> None:
    with running(live, tmp_path) as server:
        server.post("/translate", q=["the dog", "a cat"])
        server.fault("/translate", q=1)
        server.get("/nothing", 404)
        answer = server.client.get("/metrics")
    assert answer.headers["content-type"] == "text/plain; version=0.0.4; charset=utf-8"
    assert 'seq2seq_requests_total{path="/translate",status="200"} 1\n' in answer.text
    assert 'seq2seq_requests_total{path="/translate",status="400"} 1\n' in answer.text
    assert 'seq2seq_requests_total{path="(no endpoint)",status="404"} 1\n' in answer.text
    assert 'seq2seq_request_seconds_count{path="/translate"} 2\n' in answer.text
    assert 'seq2seq_jobs_total{model="translator",end="done"} 2\n' in answer.text
    assert "seq2seq_open_requests 1\n" in answer.text
    assert "nothing" not in answer.text
