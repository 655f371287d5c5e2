"""Endpoints that describe the server: its OpenAPI document, the page of it, and metrics."""

from collections.abc import Sequence

from starlette.responses import Response

from seq2seq.server.endpoints.languages import NoFields
from seq2seq.server.http.docs_page import docs_page
from seq2seq.server.http.endpoint import Call, Endpoint, Handler, json_response
from seq2seq.server.http.openapi import description
from seq2seq.server.http.service import Service
from seq2seq.server.http.worker_metrics import MEDIA_TYPE

TAG = "The server"
HTML = "text/html"


async def metrics(service: Service, _asked: NoFields, _call: Call) -> Response:
    """Return the metrics."""
    return Response(service.metrics.text(), headers={"Cache-Control": "no-store"}, media_type=MEDIA_TYPE)


def describing(others: Sequence[Endpoint]) -> list[Endpoint]:
    """Return the endpoints that describe the others and themselves."""

    async def openapi(service: Service, _asked: NoFields, _call: Call) -> Response:
        return json_response(description(whole, has_keys=service.keys is not None))

    async def docs(service: Service, _asked: NoFields, call: Call) -> Response:
        shown = docs_page(description(whole, has_keys=service.keys is not None), call.base)
        return Response(shown, headers={"X-Content-Type-Options": "nosniff"}, media_type=HTML)

    own = [
        Endpoint("GET", "/metrics", "Metrics for Prometheus", NoFields, str, metrics, media_type="text/plain", tag=TAG),
        _open("/openapi.json", "Describe the endpoints to programs", openapi, "application/json"),
        _open("/docs", "Describe the endpoints to people", docs, HTML),
    ]
    whole = [*others, *own]
    return own


def _open(path: str, summary: str, handle: Handler, media_type: str) -> Endpoint:
    answer = dict if media_type == "application/json" else str
    return Endpoint(
        "GET",
        path,
        summary,
        NoFields,
        answer,
        handle,
        is_open=True,
        media_type=media_type,
        tag=TAG,
    )
