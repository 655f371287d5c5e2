"""Servers in this process, with models of every task, for tests."""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from starlette.testclient import TestClient

from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.models.load import load
from seq2seq.models.loaded_model import LoadedModel
from seq2seq.server.endpoints.application import Access, application, service_of
from seq2seq.server.http.api_keys import ApiKeys
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.service import Logging, Service
from seq2seq.server.options import Limits
from seq2seq.server.served_models import ServedModels

NAMES = ("translator", "summarizer", "partner", "author")
"""A model of each task (`tests.recorded.models`)."""


@dataclass(frozen=True)
class Running:
    """A server in this process.

    Args:
        client: Sends requests to it.
        service: What its endpoints share.
    """

    client: TestClient
    service: Service

    def model(self, name: str) -> LoadedModel:
        """Return a model of the server."""
        return self.service.models.of_name(name).loaded

    def post(self, path: str, status: int = 200, **fields: Any) -> Any:  # noqa: ANN401 - values of JSON
        """Send fields as JSON, check the status of the answer, and return the answer."""
        answer = self.client.post(path, json=fields)
        assert answer.status_code == status, answer.text
        return answer.json()

    def get(self, path: str, status: int = 200) -> Any:  # noqa: ANN401 - values of JSON
        """Send a GET request, check the status of the answer, and return the answer."""
        answer = self.client.get(path)
        assert answer.status_code == status, answer.text
        return answer.json()

    def fault(self, path: str, status: int = 400, **fields: Any) -> str:  # noqa: ANN401 - values of JSON
        """Return the sentence with which a request is refused."""
        error = self.post(path, status, **fields)["error"]
        return str(error if isinstance(error, str) else error["message"])


@contextmanager
def running(
    live: Mapping[str, LoadedModel],
    folder: Path,
    *,
    limits: Limits = Limits(),  # noqa: B008 - frozen
    of_requests: RequestLimits = RequestLimits(),  # noqa: B008 - frozen
    keys: ApiKeys | None = None,
    log: Logging = Logging(requests=False),  # noqa: B008 - frozen
    access: Access = Access(),  # noqa: B008 - frozen
    glossary: Glossary | None = None,
) -> Iterator[Running]:
    """Run a server with some models; see `service_of`."""
    service = service_of(ServedModels(live), limits, of_requests, folder, keys, log, glossary=glossary)
    with TestClient(application(service, access)) as client:
        yield Running(client, service)


def loaded(folder: Path, names: Sequence[str] = NAMES) -> dict[str, LoadedModel]:
    """Return models by name."""
    return {name: load(folder / name) for name in names}
