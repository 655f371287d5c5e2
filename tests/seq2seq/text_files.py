"""Files with texts: written and read as pairs."""

import gzip
from pathlib import Path

from seq2seq.corpus.reader import Reader


def pairs(*files: Path, source: str = "source", target: str = "target") -> list[tuple[object, object]]:
    """Return the pairs that a reader makes of files."""
    return [(example.source, example.target) for example in Reader(source, target).read(files)]


def written(path: Path, content: str | bytes) -> Path:
    """Write a file, gzipped if its name ends with ``.gz``."""
    data = content.encode() if isinstance(content, str) else content
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
