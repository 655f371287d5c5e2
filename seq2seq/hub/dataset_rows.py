"""Datasets of the Hugging Face Hub, ``hf:NAME[:CONFIG]:SPLIT``, converted once to JSONL (the extra `datasets`).

The fields of a row become keys; of a nested mapping, such as ``translation: {"en": ..., "de": ...}``, each key becomes
one. Nothing in a dataset is executed: ``datasets`` 4 and later read only data.
"""

import json
import re
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO, Any

from seq2seq.errors import UserError, WorldError
from seq2seq.files.atomic_files import write_atomically

PREFIX = "hf:"
FOLDER = "datasets"
"""Folder in the cache."""


def local(name: str, folder: Path | None = None) -> str:
    """Return the path of a file; a dataset of the Hub is first converted to a file in the cache, unless it is there.

    Args:
        name: A path, or ``hf:NAME[:CONFIG]:SPLIT``.
        folder: Folder of converted datasets; None for the one in the user's cache.

    Raises:
        UserError: If there is no such dataset or split, or if ``datasets`` is not installed.
        WorldError: If it cannot be downloaded, or if the disk is full.
    """
    if not name.startswith(PREFIX):
        return name
    from seq2seq.files.cache import place

    parts = name.removeprefix(PREFIX).split(":")
    if len(parts) not in (2, 3) or not all(parts):
        raise UserError(f"{name} is no dataset of the Hub: give hf:NAME:SPLIT, or hf:NAME:CONFIG:SPLIT.")
    readable = re.sub(r"[^\w.=-]+", "-", "--".join(parts)).strip("-.")
    path = (place() / FOLDER if folder is None else folder) / f"{readable}.jsonl"
    if not path.is_file():
        rows = _loaded(name, parts[0], parts[1] if len(parts) == 3 else None, parts[-1])
        write_atomically(path, lambda file: _write(rows, file))
    return str(path)


def flat(row: Mapping[str, Any]) -> dict[str, Any]:
    """Return the fields of a row, those of nested mappings included."""
    fields: dict[str, Any] = {}
    for name, value in row.items():
        fields |= value if isinstance(value, Mapping) else {name: value}
    return fields


def _write(rows: Iterable[Mapping[str, Any]], file: IO[bytes]) -> None:
    for row in rows:
        file.write(json.dumps(flat(row), ensure_ascii=False, default=str).encode() + b"\n")


def _loaded(name: str, dataset: str, config: str | None, split: str) -> Any:  # noqa: ANN401 - the library's type
    try:
        from datasets import load_dataset
    except ImportError as fault:
        raise UserError(f"{name} is a dataset of the Hub, which needs datasets: pip install datasets.") from fault
    from huggingface_hub.errors import HfHubHTTPError

    try:
        return load_dataset(dataset, config, split=split)
    except (ConnectionError, HfHubHTTPError) as fault:
        raise WorldError(f"{name} could not be downloaded: {_sentence(fault)} Is the machine offline?") from fault
    except (FileNotFoundError, ValueError, RuntimeError) as fault:
        # Other sentences of the library name the configurations or splits that there are.
        raise UserError(f"{name} could not be loaded: {_sentence(fault)}") from fault


def _sentence(fault: Exception) -> str:
    text = " ".join(str(fault).split())
    return text if text.endswith((".", "?", "!")) else f"{text}."
