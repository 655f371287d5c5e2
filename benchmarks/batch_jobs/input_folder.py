"""The input folder of the benchmark: sentences of the translation sample corpus, in files of every kind."""

import gzip
import json
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from random import Random

from seq2seq_samples.translation.grammar import PATTERNS
from seq2seq_samples.translation.sample import sentence

FILE_LINES = 50_000
"""Sources in a file."""
EMPTY_ONE_IN = 500
"""One source in this many is empty."""


def texts(lines: int, seed: int) -> Iterator[str]:
    """Yield English sentences; some are empty, some occur several times."""
    random = Random(seed)
    names = list(PATTERNS)
    for number in range(1, lines + 1):
        yield "" if number % EMPTY_ONE_IN == 0 else sentence(random, random.choice(names)).en


def identifier(number: int) -> str:
    """Return the id of a source by its index in all files together."""
    return f"line-{number:09}"


def write_inputs(folder: Path, lines: int, seed: int, file_lines: int = FILE_LINES) -> list[Path]:
    """Write files of text, gzipped text, JSONL, gzipped JSONL and Parquet in turn, half of them in a subfolder.

    Args:
        folder: A new folder.
        lines: Number of sources.
        seed: Seed of the sentences.
        file_lines: Sources in a file; the last one has the rest.

    Returns:
        Their paths, in the order of the sources.
    """
    drawn = texts(lines, seed)
    paths = []
    kinds = list(WRITERS.items())
    for index, first in enumerate(range(0, lines, file_lines)):
        suffix, write = kinds[index % len(kinds)]
        path = folder / ("odd" if index % 2 else "") / f"{index:04}{suffix}"
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, first, [next(drawn) for _ in range(min(file_lines, lines - first))])
        paths.append(path)
    return paths


def _text(path: Path, _: int, sources: Sequence[str]) -> None:
    path.write_text("".join(f"{source}\n" for source in sources), encoding="utf-8")


def _zipped_text(path: Path, _: int, sources: Sequence[str]) -> None:
    path.write_bytes(gzip.compress("".join(f"{source}\n" for source in sources).encode(), mtime=0))


def _objects(first: int, sources: Sequence[str]) -> bytes:
    rows = ({"id": identifier(number), "source": source} for number, source in enumerate(sources, start=first))
    return "".join(json.dumps(row) + "\n" for row in rows).encode()


def _jsonl(path: Path, first: int, sources: Sequence[str]) -> None:
    path.write_bytes(_objects(first, sources))


def _zipped_jsonl(path: Path, first: int, sources: Sequence[str]) -> None:
    path.write_bytes(gzip.compress(_objects(first, sources), mtime=0))


def _table(path: Path, first: int, sources: Sequence[str]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    identifiers = [identifier(number) for number in range(first, first + len(sources))]
    pq.write_table(pa.table({"id": identifiers, "source": list(sources)}), path)


WRITERS: dict[str, Callable[[Path, int, Sequence[str]], None]] = {
    ".txt": _text,
    ".txt.gz": _zipped_text,
    ".jsonl": _jsonl,
    ".jsonl.gz": _zipped_jsonl,
    ".parquet": _table,
}
"""Functions that write a file of each kind, by its suffix; the index of the first source goes before the sources."""
