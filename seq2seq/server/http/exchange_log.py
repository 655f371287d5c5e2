"""The log of exchanges on request: every request with its texts and its answer, in an SQLite file."""

import json
import sqlite3
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.interruption import announce

TABLE = """CREATE TABLE IF NOT EXISTS exchanges (
    id INTEGER PRIMARY KEY, time TEXT NOT NULL, path TEXT NOT NULL, status INTEGER NOT NULL, seconds REAL NOT NULL,
    key TEXT, request TEXT NOT NULL, answer TEXT NOT NULL)"""
INSERT = "INSERT INTO exchanges (time, path, status, seconds, key, request, answer) VALUES (?, ?, ?, ?, ?, ?, ?)"
BUSY_S = 10.0
"""How long a write waits for another process that writes to the same file."""
SECRETS = ("api_key", "apiKey")


@dataclass(frozen=True)
class Exchange:
    """A request with its answer.

    Args:
        path: Path of the endpoint.
        status: Status code of the answer.
        seconds: How long it took.
        key: Name of the API key; '' if there is none.
        request: The fields of the request.
        answer: The answer; of a stream, its last event.
    """

    path: str
    status: int
    seconds: float
    key: str
    request: Any
    answer: Any


class ExchangeLog:
    """Writes exchanges to an SQLite file, in a thread of its own.

    Args:
        path: The file, which may exist, and which several processes may write to.

    Raises:
        UserError: If it is not such a file, or if it cannot be written.
    """

    def __init__(self, path: Path) -> None:
        self._path = path
        self._thread = ThreadPoolExecutor(1, "exchange log")
        try:
            self._thread.submit(self._open).result()
        except sqlite3.Error as fault:
            self._thread.shutdown()
            raise UserError(f"{path} cannot hold the exchanges: {fault}.") from fault

    def add(self, exchange: Exchange) -> None:
        """Write an exchange soon."""
        moment = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        request = without_secrets(exchange.request)
        row = (moment, exchange.path, exchange.status, round(exchange.seconds, 6), exchange.key or None)
        self._thread.submit(self._write, (*row, as_json(request), as_json(exchange.answer)))

    def close(self) -> None:
        """Write what is left, and close the file."""
        self._thread.submit(self._database_close)
        self._thread.shutdown()

    def _open(self) -> None:
        if not self._path.exists() and self._path.parent.is_dir():
            self._path.touch(0o600)  # it has the texts of users
        self._database = sqlite3.connect(self._path, timeout=BUSY_S)
        self._database.execute("PRAGMA journal_mode=WAL")
        self._database.execute(TABLE)
        self._database.execute("SELECT time, path, status, seconds, key, request, answer FROM exchanges LIMIT 1")
        self._database.commit()

    def _write(self, row: tuple[Any, ...]) -> None:
        try:
            with self._database:
                self._database.execute(INSERT, row)
        except sqlite3.Error as fault:  # a full disk must not stop the server
            announce(f"seq2seq serve: an exchange could not be written to {self._path}: {fault}.")

    def _database_close(self) -> None:
        self._database.close()


def without_secrets(fields: Any) -> Any:  # noqa: ANN401 - the fields of a request
    """Return the fields of a request without API keys."""
    if not isinstance(fields, dict):
        return fields
    return {name: value for name, value in fields.items() if name not in SECRETS}


def as_json(value: Any) -> str:  # noqa: ANN401 - values of JSON, and uploads
    """Return fields as JSON; of a file, its name and its size."""
    return json.dumps(value, ensure_ascii=False, default=lambda one: f"{one.name}: {len(one.content):,} bytes")
