"""Serialization of texts, and the fingerprint of a stored corpus."""

import hashlib
import json
import os
from collections.abc import Sequence
from dataclasses import asdict, fields
from pathlib import Path

import seq2seq
from seq2seq.corpus.example import Example, Mark, Text
from seq2seq.corpus.formats.documents import documents
from seq2seq.corpus.options import FilterOptions
from seq2seq.corpus.reader import Reader
from seq2seq.errors import UserError
from seq2seq.tokenization.tokenizer import Tokenizers

# Increased whenever the format of stores changes; older stores are then rebuilt.
FORMAT = 2
NEWER = ("reverse", "form", "masks", "replier", "pause_hours")
"""Fields of readers that older fingerprints do not contain."""


def packed(text: Text) -> bytes:
    """Serialize a text as UTF-8, or as JSON with each `Mark` as a one-element list; the first letter tells which."""
    if isinstance(text, str):
        return b"s" + text.encode("utf-8", "surrogatepass")
    parts = [[part.value] if isinstance(part, Mark) else part for part in text]
    return b"t" + json.dumps(parts).encode()


def unpacked(stored: bytes) -> Text:
    """Deserialize a text."""
    if stored[:1] == b"s":
        return stored[1:].decode("utf-8", "surrogatepass")
    return tuple(part if isinstance(part, str) else Mark(part[0]) for part in json.loads(stored[1:]))


def packed_references(references: tuple[str, ...]) -> bytes:
    """Serialize references as JSON; empty for an empty tuple."""
    return json.dumps(references, ensure_ascii=False).encode("utf-8", "surrogatepass") if references else b""


def _settings(reader: Reader) -> dict[str, object]:
    """Return the fields of a reader that determine a store; newer ones are omitted at their defaults.

    So older fingerprints stay valid. `tag` determines none.
    """
    defaults = {field.name: field.default for field in fields(reader)}
    values = {name: value for name, value in asdict(reader).items() if name != "tag"}
    return {name: value for name, value in values.items() if name not in NEWER or value != defaults[name]}


def fingerprint(
    corpus: Sequence[Path] | Sequence[Example],
    reader: Reader,
    tokenizers: Tokenizers,
    filters: FilterOptions,
    alignments: str = "",
) -> str:
    """Return a hash of everything that determines the contents of a store.

    ``alignments`` comes from `seq2seq.alignment.aligned_examples.identity`.

    Files are compared by content, not by time, so copying a file rebuilds nothing, and no change is missed. A gigabyte
    takes about a second.
    """
    kind = type(reader)
    total = hashlib.blake2b(digest_size=16)
    settings = [
        FORMAT,
        seq2seq.__version__,
        vars(kind).get("STORED_AS", f"{kind.__module__}.{kind.__qualname__}"),
        _settings(reader),
        tokenizers.digest(),
        filters.to_json(),
    ]
    total.update(json.dumps(settings).encode())
    for item in corpus:
        if isinstance(item, Example):
            for part in (packed(item.source), packed(item.target), packed_references(item.references)):
                total.update(len(part).to_bytes(8, "little") + part)
        else:
            for path in documents(item) if Path(item).is_dir() else [Path(item)]:
                try:
                    with path.open("rb") as file:
                        digest = hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
                except OSError as fault:
                    raise UserError(f"{path} could not be read: {fault.strerror}.") from fault
                total.update(os.fsencode(path.name) + f" {digest}\n".encode())
    total.update(alignments.encode())
    return total.hexdigest()
