"""Bodies that cannot be read are refused with a sentence."""

import asyncio
from collections.abc import Mapping
from typing import Any

import pytest
from starlette.requests import Request

from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.request_body import Fields, read_fields
from tests.seq2seq.server.services import Running

JSON = "application/json"


def read(
    body: bytes, kind: str = JSON, query: bytes = b"", method: str = "POST", most_bytes: int = 1000, **headers: str
) -> Fields:
    """Read the fields of a request."""
    messages = [{"type": "http.request", "body": part, "more_body": True} for part in (body[:3], body[3:])]
    messages.append({"type": "http.request", "body": b"", "more_body": False})

    async def receive() -> Any:  # noqa: ANN401 - ASGI
        return messages.pop(0)

    named: Mapping[str, str] = {"content-type": kind, **{name.replace("_", "-"): headers[name] for name in headers}}
    raw = [(name.encode(), value.encode()) for name, value in named.items() if value]
    scope = {"type": "http", "method": method, "query_string": query, "headers": raw, "path": "/"}
    return asyncio.run(read_fields(Request(scope, receive), most_bytes, 5))


def test_a_body_wins_over_the_query() -> None:
    assert read(b'{"q": "a"}', query=b"q=b&source=en") == Fields({"q": "a", "source": "en"}, is_text=False)
    form = read(b"q=a%20b&q=%E5%A4%A7+c", "application/x-www-form-urlencoded", b"q=b&x=")
    assert form == Fields({"q": ["a b", "大 c"], "x": [""]}, is_text=True)


def test_a_form_may_have_letters_of_any_script_as_they_are() -> None:
    form = read("q=大狗%E5%90%83+书".encode(), "application/x-www-form-urlencoded")
    assert form == Fields({"q": ["大狗吃 书"]}, is_text=True)


def test_a_get_request_has_a_query_only() -> None:
    assert read(b"junk", "", b"q=a", method="GET") == Fields({"q": ["a"]}, is_text=True)


@pytest.mark.parametrize(
    ("body", "kind", "status", "sentence"),
    [
        (b"{", JSON, 400, "The body is not JSON: a key in double quotation marks is expected at line 1, column 2"),
        (b"[]", JSON, 400, "The body must be a JSON object with the fields of the request."),
        (b"[" * 900, JSON, 400, "The body is not JSON: "),
        (
            b'{"q": ' + b"[" * 100 + b"]" * 100 + b"}",
            JSON,
            400,
            "The body is not JSON: nested more than 64 levels deep.",
        ),
        (b'{"q": ' + b"9" * 500 + b"}", JSON, 400, "The body is not JSON: a number of more than 400 characters."),
        (b'{"q": "\xff"}', JSON, 400, "The body is not JSON: "),
        (b"q=%FF", "application/x-www-form-urlencoded", 400, "The form is not in UTF-8."),
        (b"q=\xff", "application/x-www-form-urlencoded", 400, "The form is not in UTF-8."),
        (b"a", "text/plain", 415, "The body is 'text/plain', but it must be application/json, "),
        (b"a", "", 415, "The body is 'of no type', but it must be application/json, "),
        (b"a" * 1001, JSON, 413, "The request is larger than 1,000 bytes, the most that this server reads: "),
        (b"junk", "multipart/form-data", 400, "The form "),
        (b"junk", "multipart/form-data; boundary=x", 400, "The form "),
        (b'--x\r\nContent-Disposition: form-data; name="a"\r\n', "multipart/form-data; boundary=x", 400, "The form "),
    ],
)
def test_a_refusal_is_a_sentence(body: bytes, kind: str, status: int, sentence: str) -> None:
    with pytest.raises(RequestError) as fault:
        read(body, kind)
    assert str(fault.value).startswith(sentence)
    assert fault.value.status == status


def test_a_form_has_a_limited_number_of_fields() -> None:
    with pytest.raises(RequestError, match=r"The form has more than 1000 fields\."):
        read(b"&".join(b"a=1" for _ in range(1001)), "application/x-www-form-urlencoded", most_bytes=1 << 20)
    with pytest.raises(RequestError, match=r"The query has more than 1000 fields\."):
        read(b"{}", query=b"&".join(b"a=1" for _ in range(1001)))


def test_an_announced_size_is_refused_before_it_comes() -> None:
    with pytest.raises(RequestError, match="larger than"):
        read(b"{}", content_length="9" * 30)


def test_json_in_a_form_gets_advice(server: Running) -> None:
    answer = server.client.post(
        "/translate", content=b'{"q": "a"}', headers={"Content-Type": "application/x-www-form-urlencoded"}
    )
    assert answer.json() == {
        "error": "q is missing. The body looks like JSON: send it with the header 'Content-Type: application/json'."
    }
    assert server.client.post("/translate").json() == {"error": "q is missing. The body is empty."}
