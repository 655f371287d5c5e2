"""Reads server-sent events."""

import json
from typing import Any

from starlette.testclient import TestClient


def events(client: TestClient, path: str, **fields: Any) -> list[Any]:  # noqa: ANN401 - values of JSON
    """Return the data of the events that a request gets; '[DONE]' as it is."""
    with client.stream("POST", path, json={**fields, "stream": True}) as answer:
        assert answer.status_code == 200
        assert answer.headers["content-type"] == "text/event-stream; charset=utf-8"
        text = answer.read().decode()
    blocks = text.split("\n\n")
    assert blocks.pop() == ""
    data = [block.removeprefix("data: ") for block in blocks]
    return [one if one == "[DONE]" else json.loads(one) for one in data]
