"""Ensures that a verb never overwrites its input or its model, and never writes a file twice."""

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from seq2seq.corpus.formats.documents import documents
from seq2seq.errors import UserError
from seq2seq.runtime.graphs import FILES

_OF_MODEL = ("config.json", "model.safetensors", "README.md", "tokenizer", *FILES)
_OF_RUN = ("config.yaml", "metrics.csv", "samples.jsonl", "tokenizer", "checkpoints", "bundle")


def require_apart(
    outputs: Mapping[str, Iterable[Path]], inputs: Iterable[str | None], models: Iterable[Path | None]
) -> None:
    """Reject outputs that would overwrite an input, a part of a model or another output.

    Paths that are spelled differently but lead to the same file are recognised.

    Args:
        outputs: Maps each option to the files that it names for writing.
        inputs: Files and folders of documents, as typed. '-' is standard input; None is an option that was not given.
        models: Model folders to read; their run folders are protected too.

    Raises:
        UserError: If an output would overwrite one of them; the message names the option and the file.
    """
    given = [Path(name).expanduser() for name in inputs if name and name != "-"]
    given += [document for folder in given if folder.is_dir() for document in documents(folder)]
    read = {identity: f"the input {path}" for path in given if (identity := _identity(path))}
    if identity := _file_of(sys.stdin):
        read[identity] = "standard input"
    parts = {part.resolve(): f"a part of the model {model}" for model in models if model for part in _parts(model)}
    written: dict[Path, str] = {}
    for option, places in outputs.items():
        for place in places:
            resolved = place.resolve()
            overwritten = [read.get(_identity(place) or (0, 0)), *map(parts.get, (resolved, *resolved.parents))]
            for what in filter(None, overwritten):
                raise UserError(f"{option} {place} would overwrite {what}: name another file.")
            if resolved in written:
                raise UserError(f"{written[resolved]} and {option} both write {place}: name two files.")
            written[resolved] = option
    printed = _file_of(sys.stdout)
    if printed and printed in read:
        raise UserError(f"Standard output is {read[printed]}: redirect it to another file.")


def _parts(model: Path) -> list[Path]:
    """Return the files and folders of a model folder and of its run folder, if any."""
    own = [model / name for name in _OF_MODEL]
    return own + [model.parent / name for name in _OF_RUN] if model.name == "bundle" else own


def _file_of(stream: IO[str] | None) -> tuple[int, int] | None:
    """Return the identity of the regular file to which a stream is redirected; None for other streams."""
    try:
        status = os.fstat(stream.fileno()) if stream else None
    except (OSError, ValueError):  # closed, or without a file descriptor
        return None
    return (status.st_dev, status.st_ino) if status and stat.S_ISREG(status.st_mode) else None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
