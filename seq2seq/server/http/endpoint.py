"""Endpoints: how a request is read, answered, limited, measured and logged."""

import asyncio
import json
import os
import time
import traceback
from collections.abc import AsyncGenerator, Awaitable, Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, TypeVar

from starlette.requests import Request
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send

from seq2seq.errors import UserError, WorldError
from seq2seq.interruption import announce
from seq2seq.safe_text import encodable
from seq2seq.server.fault_place import place_of
from seq2seq.server.http.exchange_log import Exchange
from seq2seq.server.http.faults import ErrorAnswer, ErrorForm, RequestError, own_form
from seq2seq.server.http.request_body import Fields, read_fields
from seq2seq.server.http.service import Service
from seq2seq.server.http.typed_fields import build, jsonable
from seq2seq.server.scheduler import Closed, QueueFull
from seq2seq.server.served_models import UnknownModelError

CLIENT_GONE = 499
"""Status in logs and metrics of a request whose client left before the answer."""
RETRY_S = 5
"""After how many seconds a client may try again if a failure is not about the queue."""
Result = TypeVar("Result")


@dataclass(frozen=True)
class Call:
    """A request on its way.

    Args:
        request: The request.
    """

    request: Request

    @property
    def base(self) -> str:
        """Address of the server, as the client knows it, with a slash at its end."""
        return str(self.request.base_url)


@dataclass(frozen=True)
class Stream:
    """An answer in parts, sent as server-sent events.

    Args:
        events: The events, dataclasses.
        end: Data of a last event; may be empty.
    """

    events: AsyncGenerator[Any, None]
    end: str = ""


Handler = Callable[[Service, Any, Call], Awaitable[Any]]
"""Answers a request, given its fields as a dataclass: with a dataclass, a `Stream`, or a `Response`."""


@dataclass(frozen=True)
class Endpoint:
    """An endpoint, as the router and the OpenAPI document know it.

    Args:
        method: The HTTP method.
        path: The path.
        summary: One line.
        request: Dataclass of the request's fields.
        answer: Type of the answer: a dataclass, or a tuple of them.
        handle: Answers a request.
        error_form: The form of faults.
        error: Dataclass of faults.
        events: Type of the events, if the answer may be a stream.
        is_open: Whether it needs no API key.
        forms: Whether it reads forms and queries, too.
        media_type: Media type of an answer that is not JSON.
        tag: Heading in the OpenAPI document.
    """

    method: str
    path: str
    summary: str
    request: type
    answer: Any
    handle: Handler
    error_form: ErrorForm = own_form
    error: type = ErrorAnswer
    events: Any = None
    is_open: bool = False
    forms: bool = False
    media_type: str = ""
    tag: str = "Models"


@dataclass
class _Record:
    """What is known of a request when it is logged."""

    status: int = 500
    key: str = ""
    fields: Mapping[str, Any] = field(default_factory=dict)
    answer: Any = None


class _ClientGoneError(Exception):
    """The client has closed the connection."""


class Answering:
    """An ASGI application that answers the requests of an endpoint.

    Args:
        endpoint: The endpoint.
        service: What the endpoints share.
    """

    def __init__(self, endpoint: Endpoint, service: Service) -> None:
        self.endpoint, self.service = endpoint, service

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        request, record = Request(scope, receive), _Record()
        began = time.monotonic()
        measurements = self.service.measurements
        measurements.open.add(1)
        try:
            await self._answer(request, record, send)
        except _ClientGoneError:
            record.status = CLIENT_GONE
        except asyncio.CancelledError:  # the server stops before the answer is complete
            record.status = CLIENT_GONE
            raise
        finally:
            seconds = time.monotonic() - began
            measurements.open.add(-1)
            measurements.requests.add(1, self.endpoint.path, str(record.status))
            measurements.took.observe(seconds, self.endpoint.path)
            client = request.client.host if request.client else "-"
            exchange = Exchange(
                self.endpoint.path, record.status, seconds, record.key, dict(record.fields), record.answer
            )
            self.service.log.add(client, request.method, exchange)

    async def _answer(self, request: Request, record: _Record, send: Send) -> None:
        limits = self.service.limits
        try:
            fields = await read_fields(request, limits.max_body, limits.body_timeout)
            if request.path_params:
                fields = replace(fields, values={**fields.values, **request.path_params})
            record.fields = fields.values
            self._authorize(request, fields, record)
            asked = self._built(fields)
            watch = _Watch(request.receive)
            try:
                answer = await watch.bounded(self.endpoint.handle(self.service, asked, Call(request)), limits.timeout)
                if isinstance(answer, Stream):
                    await self._send_stream(answer, record, watch, send)
                    return
            finally:
                watch.close()
        except _ClientGoneError:
            raise
        except Exception as error:
            fault = fault_of(error)
            record.status, record.answer = fault.status, jsonable(self.endpoint.error_form(fault))
            await _send(json_response(record.answer, fault.status, fault.headers), request, send)
            return
        record.status = 200
        if isinstance(answer, Response):
            await _send(answer, request, send)
            return
        record.answer = jsonable(answer)
        await _send(json_response(record.answer), request, send)

    def _authorize(self, request: Request, fields: Fields, record: _Record) -> None:
        """Check the API key, which is sent in a header or as a field.

        Raises:
            RequestError: If it is missing or not accepted.
        """
        keys = self.service.keys
        if keys is None or self.endpoint.is_open:
            return
        scheme, _, key = request.headers.get("authorization", "").partition(" ")
        given = key.strip() if scheme.lower() == "bearer" else fields.text("api_key", "apiKey")
        if not given:
            raise RequestError(
                401,
                "This server needs an API key: send the header 'Authorization: Bearer KEY' or the field api_key.",
                code="invalid_api_key",
                headers={"WWW-Authenticate": "Bearer"},
            )
        name = keys.name_of(given)
        if name is None:
            is_openai = self.endpoint.error is not ErrorAnswer
            raise RequestError(401 if is_openai else 403, "This API key is not accepted.", code="invalid_api_key")
        record.key = name

    def _built(self, fields: Fields) -> Any:  # noqa: ANN401 - the endpoint's dataclass
        try:
            return build(self.endpoint.request, fields.values, is_text=fields.is_text)
        except RequestError as fault:
            raise RequestError(fault.status, f"{fault}{fields.hint}", parameter=fault.parameter) from fault

    async def _send_stream(self, stream: Stream, record: _Record, watch: "_Watch", send: Send) -> None:
        """Send the events of a stream; what fails before the first is an answer of its own."""
        limit = self.service.limits.timeout
        events, event = stream.events, None
        is_begun = False
        try:
            while True:
                try:
                    event = await watch.bounded(anext(events), limit)
                except StopAsyncIteration:
                    break
                except Exception as error:
                    if not is_begun or isinstance(error, _ClientGoneError):
                        raise
                    fault = fault_of(error)
                    record.status, event = fault.status, self.endpoint.error_form(fault)
                    await watch.bounded(_send_event(send, event_of(event)), limit)
                    break
                if not is_begun:
                    await watch.bounded(send(_STREAM_START), limit)
                    is_begun, record.status = True, 200
                await watch.bounded(_send_event(send, event_of(event)), limit)
            if not is_begun:  # there is no event
                await watch.bounded(send(_STREAM_START), limit)
                record.status = 200
            if stream.end and record.status == 200:
                await watch.bounded(_send_event(send, f"data: {stream.end}\n\n".encode()), limit)
        except AnswerTimeoutError as fault:
            if not is_begun:
                raise
            raise _ClientGoneError from fault  # it does not read what is sent
        finally:
            record.answer = jsonable(event)
            await events.aclose()
        await send({"type": "http.response.body", "body": b"", "more_body": False})


class AnswerTimeoutError(RequestError):
    """An answer takes too long."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(504, f"The answer was not complete within {timeout_s:g} seconds, the limit of this server.")


class _Watch:
    """Stops the work for a request if the client leaves or if it takes too long.

    The work runs in the request's own task; a second task only waits for the client to leave.

    Args:
        receive: The ASGI function that receives messages; the whole body was received.
    """

    def __init__(self, receive: Receive) -> None:
        self._receive = receive
        self._is_gone = False
        self._limit: asyncio.Timeout | None = None
        self._task = asyncio.create_task(self._wait())

    async def bounded(self, work: Awaitable[Result], timeout_s: float) -> Result:
        """Return the result of some work, which is cancelled if the client leaves or if it takes too long.

        Raises:
            AnswerTimeoutError: If it takes too long.
            _ClientGoneError: If the client leaves.
        """
        try:
            async with asyncio.timeout(0 if self._is_gone else timeout_s) as limit:
                self._limit = limit
                return await work
        except TimeoutError as fault:
            if not limit.expired():  # the work's own
                raise
            raise (_ClientGoneError() if self._is_gone else AnswerTimeoutError(timeout_s)) from fault
        finally:
            self._limit = None

    def close(self) -> None:
        """End the watch."""
        self._task.cancel()

    async def _wait(self) -> None:
        while (await self._receive())["type"] != "http.disconnect":
            pass
        self._is_gone = True
        if self._limit is not None:
            self._limit.reschedule(0)  # the time is up


_STREAM_START: Message = {
    "type": "http.response.start",
    "status": 200,
    "headers": [
        (b"content-type", b"text/event-stream; charset=utf-8"),
        (b"cache-control", b"no-store"),
        (b"x-accel-buffering", b"no"),  # a proxy must not collect the events
        (b"x-content-type-options", b"nosniff"),
    ],
}


def event_of(answer: Any) -> bytes:  # noqa: ANN401 - a dataclass
    """Return a server-sent event."""
    return b"data: " + as_json(jsonable(answer)) + b"\n\n"


async def _send_event(send: Send, event: bytes) -> None:
    await send({"type": "http.response.body", "body": event, "more_body": True})


async def _send(response: Response, request: Request, send: Send) -> None:
    await response(request.scope, request.receive, send)


_ENCODER = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":"))


def as_json(value: Any) -> bytes:  # noqa: ANN401 - values of JSON
    """Return values as JSON in one line; half characters, which no text can have, are replaced."""
    text = _ENCODER.encode(value)
    try:
        return text.encode()
    except UnicodeEncodeError:
        return encodable(text, is_json=True).encode()


def json_response(value: Any, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:  # noqa: ANN401
    """Return an answer in JSON."""
    return Response(
        as_json(value),
        status,
        {"Cache-Control": "no-store", "X-Content-Type-Options": "nosniff", **(headers or {})},
        "application/json",
    )


def fault_of(error: Exception) -> RequestError:
    """Return the fault that a client is told; of an error in the program it learns nothing."""
    if isinstance(error, RequestError):
        return error
    if isinstance(error, UnknownModelError):
        return RequestError(404, str(error), code="model_not_found", parameter="model")
    if isinstance(error, UserError):
        return RequestError(400, str(error))
    if isinstance(error, QueueFull):
        return RequestError(503, str(error), headers={"Retry-After": str(error.retry_after_s)})
    if isinstance(error, Closed | WorldError):
        return RequestError(503, str(error), headers={"Retry-After": str(RETRY_S)})
    # Messages of Python's errors may quote texts of users, so only the place is logged.
    announce(f"seq2seq serve: {type(error).__name__} in {place_of(error)}.")
    if os.environ.get("SEQ2SEQ_TRACEBACK") == "1":
        traceback.print_exception(error)
    return RequestError(500, "The server made a mistake, which is noted in its log.")
