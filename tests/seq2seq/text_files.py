"""Files with texts: written and read as pairs."""

import gzip
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from seq2seq.corpus.reader import Reader


def pairs(*files: Path, source: str = "source", target: str = "target") -> list[tuple[object, object]]:
    """Return the pairs that a reader makes of files."""
    return [(example.source, example.target) for example in Reader(source, target).read(files)]


def written(path: Path, content: str | bytes) -> Path:
    """Write a file, gzipped if its name ends with ``.gz``."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_parquet(path: Path, columns: Mapping[str, Sequence[object]]) -> None:
    """Write a table."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    pq.write_table(pa.table(dict(columns)), path)


def read_parquet(path: Path) -> dict[str, list[Any]]:
    """Return the columns of a table."""
    import pyarrow.parquet as pq

    columns: dict[str, list[Any]] = pq.read_table(path).to_pydict()
    return columns
