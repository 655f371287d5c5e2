"""Reads the fields of a request from its query and body, with limits."""

import asyncio
import re
from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import Request

from seq2seq.files.parsing import json_cause, json_value, size
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.typed_fields import Upload

MOST_FIELDS = 1000
"""Most fields of a form or a query."""
JSON, URLENCODED, MULTIPART = "application/json", "application/x-www-form-urlencoded", "multipart/form-data"


@dataclass(frozen=True)
class Fields:
    """The fields of a request.

    Args:
        values: The values by name; of a form or a query, lists.
        is_text: Whether they come from a form or a query.
        hint: Advice if a field is missing; may be empty.
    """

    values: Mapping[str, Any]
    is_text: bool
    hint: str = ""

    def text(self, *names: str) -> str:
        """Return the first of some fields that is a text; '' if there is none."""
        for name in names:
            value = self.values.get(name)
            value = value[0] if isinstance(value, list) and value else value
            if isinstance(value, str):
                return value
        return ""


async def read_fields(request: Request, most_bytes: int, timeout_s: float) -> Fields:
    """Read the fields of a request: those of its query, and those of its body, which win.

    Args:
        request: The request.
        most_bytes: Most bytes of the body.
        timeout_s: Time in which the client must send it.

    Raises:
        RequestError: If the body is too large, comes too slowly, or cannot be read.
    """
    query = _pairs(request.scope["query_string"], "The query")
    if request.method in ("GET", "HEAD"):
        return Fields(query, is_text=True)
    body = await _body(request, most_bytes, timeout_s)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if not body.strip():
        return Fields(query, is_text=True, hint=" The body is empty." if not query else "")
    if kind == JSON or kind.endswith("+json"):
        values = _json(body)
        if not query:
            return Fields(values, is_text=False)
        return Fields({**{name: texts[0] for name, texts in query.items()}, **values}, is_text=False)
    if kind == MULTIPART:
        return Fields({**query, **await _multipart(request, body)}, is_text=True)
    if kind == URLENCODED:
        is_json = body.lstrip()[:1] in (b"{", b"[")
        hint = f" The body looks like JSON: send it with the header 'Content-Type: {JSON}'." if is_json else ""
        return Fields({**query, **_pairs(body, "The form")}, is_text=True, hint=hint)
    raise RequestError(
        415,
        f"The body is '{kind or 'of no type'}', but it must be {JSON}, {URLENCODED} or {MULTIPART}: "
        "set the header Content-Type.",
    )


async def _body(request: Request, most_bytes: int, timeout_s: float) -> bytes:
    announced = request.headers.get("content-length", "")
    if announced.isdecimal() and int(announced[:20]) > most_bytes:
        raise _too_large(most_bytes)
    parts, count = [], 0
    try:
        async with asyncio.timeout(timeout_s):
            is_whole = False
            while not is_whole:
                message = await request.receive()
                if message["type"] == "http.disconnect":
                    sentence = "The client closed the connection before it had sent the whole request."
                    raise RequestError(400, sentence)
                part = message.get("body", b"")
                count += len(part)
                if count > most_bytes:
                    raise _too_large(most_bytes)
                parts.append(part)
                is_whole = not message.get("more_body", False)
    except TimeoutError as fault:
        raise RequestError(
            408, f"The body did not arrive within {timeout_s:g} seconds.", headers={"Connection": "close"}
        ) from fault
    return b"".join(parts)


def _too_large(most_bytes: int) -> RequestError:
    # The rest of the body is not read, so the connection cannot be used again.
    return RequestError(
        413,
        f"The request is larger than {size(most_bytes)}, the most that this server reads: send less at a time.",
        headers={"Connection": "close"},
    )


def _json(body: bytes) -> Mapping[str, Any]:
    try:
        value = json_value(body.decode("utf-8-sig"))
    except ValueError as fault:
        raise RequestError(400, f"The body is not JSON: {json_cause(fault)}.") from fault
    if not isinstance(value, dict):
        raise RequestError(400, "The body must be a JSON object with the fields of the request.")
    return value


def _pairs(text: bytes, place: str) -> dict[str, list[Any]]:
    try:
        pairs = parse_qsl(
            text.decode("utf-8"), keep_blank_values=True, max_num_fields=MOST_FIELDS, encoding="utf-8", errors="strict"
        )
    except UnicodeDecodeError as fault:
        raise RequestError(400, f"{place} is not in UTF-8.") from fault
    except ValueError as fault:
        raise RequestError(400, f"{place} has more than {MOST_FIELDS} fields.") from fault
    return _listed(pairs)


async def _multipart(request: Request, body: bytes) -> dict[str, list[Any]]:
    boundary = re.search(r'boundary="?([^";]+)', request.headers.get("content-type", ""))
    if boundary is None or f"--{boundary[1].strip()}--".encode("latin-1") not in body:
        raise RequestError(400, "The form ends without its boundary: it is not whole, or not multipart/form-data.")

    async def stream() -> AsyncGenerator[bytes, None]:
        yield body

    parser = MultiPartParser(
        request.headers, stream(), max_files=1, max_fields=MOST_FIELDS, max_part_size=max(1, len(body))
    )
    parser.spool_max_size = len(body) + 1  # a text that is only to be translated is not written to a disk
    try:
        form = await parser.parse()
    except MultiPartException as fault:
        raise RequestError(400, f"The form cannot be read: {fault.message.rstrip('.')}.") from fault
    except (KeyError, UnicodeDecodeError, ValueError) as fault:
        raise RequestError(400, "The form is not in the format multipart/form-data.") from fault
    try:
        pairs: list[tuple[str, str | Upload]] = []
        for name, value in form.multi_items():
            if isinstance(value, str):
                pairs.append((name, value))
            else:
                pairs.append((name, Upload(value.filename or "", await value.read())))
    finally:
        await form.close()
    return _listed(pairs)


def _listed(pairs: Any) -> dict[str, list[Any]]:  # noqa: ANN401 - pairs of names and values
    values: dict[str, list[Any]] = {}
    for name, value in pairs:
        values.setdefault(name, []).append(value)
    return values
