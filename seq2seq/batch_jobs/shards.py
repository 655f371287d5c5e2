"""Shards: consecutive sources of a file, which one worker decodes and whose outputs are written as a whole."""

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from seq2seq.batch_jobs.inputs import InputFile, Record
from seq2seq.command_line.lines import chunked
from seq2seq.corpus.reader import Reader

SHARD_LINES = 10_000
"""Default number of sources in a shard: what is decoded again if a worker is killed."""


@dataclass(frozen=True)
class Shard:
    """Sources that are decoded together.

    Args:
        file: Relative path of the output file.
        path: Path of the input file, for messages.
        kind: Kind of the input file, see `seq2seq.batch_jobs.inputs`.
        number: Index of the shard in the file.
        first: Index of its first source in the file.
        count: Number of sources.
        content: The records, as a JSON array of arrays.
    """

    file: str
    path: str
    kind: str
    number: int
    first: int
    count: int
    content: bytes = field(repr=False)

    @property
    def key(self) -> tuple[str, int]:
        """What identifies it within a job."""
        return self.file, self.number

    @property
    def digest(self) -> str:
        """SHA-256 of everything that its outputs depend on, apart from model and options."""
        head = json.dumps([self.path, self.kind, self.first]).encode()
        return hashlib.sha256(head + b"\n" + self.content).hexdigest()

    @property
    def head(self) -> dict[str, Any]:
        """All fields but the content, for JSON."""
        return {name: value for name, value in vars(self).items() if name != "content"}

    def records(self) -> Iterator[Record]:
        """Yield the sources."""
        for record in json.loads(self.content):
            yield Record(*record)

    def __str__(self) -> str:
        return f"{self.path}, sources {self.first + 1:,} to {self.first + self.count:,}"


@dataclass(frozen=True)
class Result:
    """Outputs of a shard.

    Args:
        count: Number of sources that were decoded or failed.
        failures: Line or row of each source that failed, with the reason.
        cut: Number of sources that were longer than the model reads.
        payload: Lines of the output file; for Parquet, the new columns of each row as JSON.
    """

    count: int
    failures: Sequence[tuple[int, str]]
    cut: int
    payload: bytes = field(repr=False)

    @property
    def head(self) -> dict[str, Any]:
        """All fields but the payload, for JSON."""
        return {"count": self.count, "failures": list(map(list, self.failures)), "cut": self.cut}

    @classmethod
    def of(cls, head: Mapping[str, Any], payload: bytes) -> "Result":
        """Return the result with a head that came through JSON."""
        failures = [(int(number), str(fault)) for number, fault in head["failures"]]
        return cls(int(head["count"]), failures, int(head["cut"]), payload)


def cut(file: InputFile, reader: Reader, shard_lines: int) -> Iterator[Shard]:
    """Cut a file into shards.

    A shard consists of whole chunks as one process would decode them (`seq2seq.command_line.lines`), so its batches are
    the same ones. That matters for models in 8-bit integers, which scale their activations by the whole batch.

    Args:
        file: The file.
        reader: Says which columns of a table are needed.
        shard_lines: Minimum number of sources in a shard, rounded up to whole chunks; the last one of a file may have
            fewer.
    """
    number = first = 0
    for records in _grouped(chunked(file.records(reader), size_by(reader)), shard_lines):
        # One call for all: calls for single records would take most of the reader's time.
        content = json.dumps(records, ensure_ascii=False, default=str).encode()
        yield Shard(file.name, str(file.path), file.kind, number, first, len(records), content)
        number, first = number + 1, first + len(records)


def _grouped(chunks: Iterable[list[Record]], shard_lines: int) -> Iterator[list[Record]]:
    gathered: list[Record] = []
    for chunk in chunks:
        gathered += chunk
        if len(gathered) >= shard_lines:
            yield gathered
            gathered = []
    if gathered:
        yield gathered


def size_by(reader: Reader) -> Callable[[Record], int]:
    """Return a function that measures a record in characters, as `seq2seq.command_line.inputs` does."""

    def size(record: Record) -> int:
        fields = record.value
        value = fields.get(reader.source_field) if isinstance(fields, dict) else fields
        return len(value) if isinstance(value, str) else 0

    return size
