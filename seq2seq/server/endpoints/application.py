"""The ASGI application: all endpoints, the page, and what holds for every answer."""

import asyncio
import socket
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from starlette.applications import Starlette
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.cors import CORSMiddleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.server.endpoints import files, languages, openai_chat, page
from seq2seq.server.endpoints.chat import CHAT
from seq2seq.server.endpoints.description import describing
from seq2seq.server.endpoints.generation import GENERATE
from seq2seq.server.endpoints.models import MODELS, OPENAI_MODELS
from seq2seq.server.endpoints.openai_completions import COMPLETIONS
from seq2seq.server.endpoints.texts import verb_endpoint
from seq2seq.server.endpoints.translation import TRANSLATE, VERB
from seq2seq.server.http.api_keys import ApiKeys
from seq2seq.server.http.endpoint import Answering, Endpoint, json_response
from seq2seq.server.http.exchange_log import Exchange
from seq2seq.server.http.faults import RequestError, openai_form, own_form
from seq2seq.server.http.listening import is_loopback
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.service import Logging, RequestMeasurements, Service
from seq2seq.server.http.typed_fields import jsonable
from seq2seq.server.http.worker_metrics import WorkerMetrics
from seq2seq.server.measurements import Measurements
from seq2seq.server.options import Limits
from seq2seq.server.scheduler import Decoder, Scheduler
from seq2seq.server.served_models import SOURCE, ServedModels
from seq2seq.server.translation.documents import Documents


def endpoints(models: ServedModels) -> list[Endpoint]:
    """Return the endpoints of a server; those of its models' verbs, and the ones that every server has."""
    verbs = {"summarize": "Summarize texts"}
    verbs |= {model.task.verb: model.task.summary for model in models if model.kind == SOURCE}
    verbs.pop(VERB, None)
    answering = [
        MODELS,
        TRANSLATE,
        *(verb_endpoint(verb, summary) for verb, summary in verbs.items()),
        GENERATE,
        CHAT,
        *languages.ENDPOINTS,
        *files.ENDPOINTS,
        *OPENAI_MODELS,
        openai_chat.CHAT,
        COMPLETIONS,
    ]
    return [*answering, *describing(answering)]


UNKNOWN = "(no endpoint)"
"""Path in logs and metrics of requests to none of the endpoints: clients choose such paths."""


@dataclass(frozen=True)
class Access:
    """Who may read answers in a browser.

    Args:
        hosts: Names by which clients may call the server; empty for any name. At an address for this machine alone,
            other names would let a page on the web that has its name point to this machine read its answers.
        origins: Origins whose pages may read answers.
    """

    hosts: frozenset[str] = frozenset()
    origins: tuple[str, ...] = ()

    @classmethod
    def of(cls, sockets: Sequence[socket.socket], hosts: Sequence[str], origins: Sequence[str]) -> "Access":
        """Return the access of a server at some sockets; `hosts` are further names."""
        names = frozenset(name.lower() for name in hosts)
        if is_loopback(sockets):
            own = (str(one.getsockname()[0]) for one in sockets)
            names |= {"localhost", "127.0.0.1", "::1", *own}
        return cls(names, tuple(origins))


class HostCheck:
    """ASGI middleware that refuses requests to other hosts.

    Args:
        app: The application.
        hosts: The names that are allowed.
    """

    def __init__(self, app: ASGIApp, hosts: frozenset[str]) -> None:
        self._app, self._hosts = app, hosts

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "http":
            given = Headers(scope=scope).get("host", "")
            name = (given[1:].partition("]")[0] if given.startswith("[") else given.partition(":")[0]).lower()
            if name not in self._hosts:
                sentence = f"This server does not answer to the name '{name}': start it with --allowed_host {name}."
                await json_response(jsonable(own_form(RequestError(403, sentence))), 403)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def service_of(
    models: ServedModels,
    limits: Limits,
    of_requests: RequestLimits,
    folder: Path,
    keys: ApiKeys | None,
    log: Logging,
    worker: int = 0,
    glossary: Glossary | None = None,
    measurements: Measurements | None = None,
    decoder: Decoder | None = None,
) -> Service:
    """Return what the endpoints share.

    Args:
        models: The models.
        limits: Limits of decoding together.
        of_requests: Limits of a request.
        folder: Folder that all workers share.
        keys: The accepted API keys; None accepts every request.
        log: What is logged.
        worker: Number of this worker; 0 if there is only one process.
        glossary: The glossary of all translations, if any.
        measurements: Where everything is counted; by default new ones.
        decoder: What decodes; by default threads of this process.

    Raises:
        UserError: If a translator does not search with several beams by default, which a glossary needs.
    """
    for model in models:
        if glossary is not None and model.task.verb == VERB:
            replace(model.decoding, glossary=glossary)  # checks it
    measurements = measurements or Measurements()
    scheduler = Scheduler(models.live, limits, measurements, decoder)
    return Service(
        models,
        scheduler,
        RequestMeasurements(measurements),
        Documents(folder),
        WorkerMetrics(measurements, folder, worker),
        of_requests,
        keys,
        log,
        glossary,
    )


def application(service: Service, access: Access = Access()) -> Starlette:
    """Return the application of a service."""

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        keeping = asyncio.create_task(service.metrics.keep())
        yield
        keeping.cancel()
        await asyncio.gather(keeping, return_exceptions=True)
        await service.scheduler.close()

    routes = [Route(one.path, Answering(one, service), methods=[one.method]) for one in endpoints(service.models)]
    routes += page.routes()
    middleware = [Middleware(HostCheck, hosts=access.hosts)] if access.hosts else []
    if access.origins:
        middleware.append(
            Middleware(CORSMiddleware, allow_origins=access.origins, allow_methods=["GET", "POST"], allow_headers=["*"])
        )

    async def no_route(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        answer = _no_route(request, error)
        client = request.client.host if request.client else "-"
        service.measurements.requests.add(1, UNKNOWN, str(answer.status_code))
        service.log.add(client, request.method, Exchange(UNKNOWN, answer.status_code, 0.0, "", {}, None))
        return answer

    return Starlette(
        routes=routes, middleware=middleware, lifespan=lifespan, exception_handlers={HTTPException: no_route}
    )


def _no_route(request: Request, error: HTTPException) -> Response:
    """Answer a request for which there is no endpoint."""
    path = request.url.path
    if error.status_code == 405:
        allowed = (error.headers or {}).get("Allow", "")
        sentence = f"{path} does not take {request.method}, but {allowed.replace(', HEAD', '')}."
    else:
        sentence = f"There is no {path} here. GET /openapi.json describes what there is."
    fault = RequestError(error.status_code, sentence, headers=dict(error.headers or {}))
    form = openai_form if path.startswith("/v1/") else own_form
    return json_response(jsonable(form(fault)), fault.status, fault.headers)
