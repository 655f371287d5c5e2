"""A checksum of a sample corpus."""

import json
from collections.abc import Mapping
from hashlib import sha256

from seq2seq.corpus.example import Example, Mark, Text


def digest(corpus: Mapping[str, list[Example]]) -> str:
    """Return the SHA-256 of every field of every example, split by split."""
    content = [
        [
            [_parts(example.source), _parts(example.target), list(map(_parts, example.references)), example.place]
            for example in split
        ]
        for split in (corpus["train"], corpus["validation"], corpus["test"])
    ]
    return sha256(json.dumps(content).encode()).hexdigest()


def _parts(text: Text) -> list[object]:
    """Return the parts of a text, with special tokens distinct from strings."""
    parts = (text,) if isinstance(text, str) else text
    return [[part.value] if isinstance(part, Mark) else part for part in parts]
