"""What the endpoints share: models, scheduler, limits, keys and logs."""

import sys
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from seq2seq.decoding.phrases.glossary import Glossary
from seq2seq.safe_text import in_line, sentence
from seq2seq.server.http.exchange_log import Exchange, ExchangeLog, as_json, without_secrets
from seq2seq.server.http.faults import RequestError
from seq2seq.server.http.options import RequestLimits
from seq2seq.server.http.worker_metrics import WorkerMetrics
from seq2seq.server.measurements import SECONDS, Counter, Gauge, Histogram, Measurements
from seq2seq.server.requested_decoding import DecodingLimits
from seq2seq.server.served_models import ServedModels

if TYPE_CHECKING:
    from seq2seq.server.http.api_keys import ApiKeys
    from seq2seq.server.scheduler import Scheduler
    from seq2seq.server.translation.documents import Documents

CONVERSATION = 10
"""How many times as long as a text a conversation may be."""


@dataclass(frozen=True)
class Logging:
    """What is logged.

    Args:
        requests: Whether a line is written for each request.
        texts: Whether the line has the texts of the request and of the answer.
        exchanges: Where exchanges are stored; None nowhere.
    """

    requests: bool = True
    texts: bool = False
    exchanges: ExchangeLog | None = None

    def add(self, client: str, method: str, exchange: Exchange) -> None:
        """Log a request."""
        if self.requests:
            moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
            who = f"{client} {exchange.key}".strip()
            line = f"{moment} {who} {method} {exchange.path} {exchange.status} {exchange.seconds * 1000:.0f} ms"
            if self.texts:
                line += f" {as_json(without_secrets(exchange.request))} -> {as_json(exchange.answer)}"
            print(in_line(line) if self.texts else sentence(line), file=sys.stderr, flush=True)
        if self.exchanges is not None:
            self.exchanges.add(exchange)


class RequestMeasurements:
    """Metrics of requests, added to those of decoding.

    Attributes:
        requests: Requests by path and status code.
        took: Histogram of the seconds from a request to the end of its answer, by path.
        open: Requests that are being answered.
    """

    def __init__(self, measurements: Measurements) -> None:
        self.all = measurements
        self.requests = measurements.add(Counter("seq2seq_requests_total", "Requests, by answer.", ("path", "status")))
        self.took = measurements.add(
            Histogram("seq2seq_request_seconds", "From a request to the end of its answer.", SECONDS, ("path",))
        )
        self.open = measurements.add(Gauge("seq2seq_open_requests", "Requests that are being answered."))


@dataclass(frozen=True)
class Service:
    """What the endpoints share.

    Args:
        models: The models.
        scheduler: Decodes.
        measurements: Metrics.
        documents: Translated files that wait to be fetched.
        metrics: The metrics of all workers.
        limits: Limits of a request.
        keys: The API keys that are accepted; None accepts every request.
        log: What is logged.
        glossary: The glossary of all translations, if any.
    """

    models: ServedModels
    scheduler: "Scheduler"
    measurements: RequestMeasurements
    documents: "Documents"
    metrics: WorkerMetrics
    limits: RequestLimits = field(default_factory=RequestLimits)
    keys: "ApiKeys | None" = None
    log: Logging = field(default_factory=Logging)
    glossary: Glossary | None = None

    @property
    def decoding_limits(self) -> DecodingLimits:
        """The most work that a request may ask for."""
        return DecodingLimits(self.limits.max_beams, self.limits.max_pieces, self.limits.max_outputs)

    def require_conversation_size(self, *texts: str) -> None:
        """Refuse a conversation that is too long; a model forgets its beginning, so it may be longer than a text.

        Raises:
            RequestError: If it is.
        """
        self._require_length(sum(map(len, texts)), CONVERSATION * self.limits.max_characters)

    def require_size(self, *texts: str) -> None:
        """Refuse texts that are too many or too long.

        Raises:
            RequestError: If they are.
        """
        if len(texts) > self.limits.max_texts:
            raise RequestError(
                400,
                f"{len(texts):,} texts were given, but this server takes at most {self.limits.max_texts:,} at a time.",
            )
        self._require_length(sum(map(len, texts)), self.limits.max_characters)

    def _require_length(self, length: int, most: int) -> None:
        if length > most:
            raise RequestError(
                400,
                f"The text has {length:,} characters, but this server takes at most {most:,}: send it in parts.",
                code="context_length_exceeded",
            )
