"""Checks of output files: a verb never writes to its input, to a part of its model, or to the same file twice."""

import os
import stat
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import IO

from seq2seq.corpus.formats.documents import documents
from seq2seq.errors import UserError

STANDARD_INPUT = "-"
_OF_MODEL = ("config.json", "model.safetensors", "README.md", "tokenizer")
_OF_RUN = ("config.yaml", "metrics.csv", "samples.jsonl", "tokenizer", "checkpoints", "bundle")


def require_apart(
    outputs: Mapping[str, Iterable[Path]], inputs: Iterable[str | None], models: Iterable[Path | None]
) -> None:
    """Refuse outputs that would overwrite an input, a part of a model, or each other, whatever their spelling.

    Args:
        outputs: The files that will be written, by the option that names them.
        inputs: Files, and folders of documents, as typed; '-' is standard input. None is an option that was
            not given.
        models: The model folders to read; if one is in a run folder, that run is protected too.

    Raises:
        UserError: If so; names the option, and the file it would overwrite.
    """
    given = [Path(name).expanduser() for name in inputs if name and name != STANDARD_INPUT]
    given += [document for folder in given if folder.is_dir() for document in documents(folder)]
    read = {identity: f"the input {path}" for path in given if (identity := _identity(path))}
    if identity := _file_of(sys.stdin):
        read[identity] = "standard input"
    parts = {part.resolve(): f"a part of the model {model}" for model in models if model for part in _parts(model)}
    written: dict[Path, str] = {}
    for option, places in outputs.items():
        for place in places:
            resolved = place.resolve()
            found = [read.get(_identity(place) or (0, 0)), *map(parts.get, (resolved, *resolved.parents))]
            for what in filter(None, found):
                raise UserError(f"{option} {place} would overwrite {what}: name another file.")
            if resolved in written:
                raise UserError(f"{written[resolved]} and {option} both write {place}: name two files.")
            written[resolved] = option
    printed = _file_of(sys.stdout)
    if printed and printed in read:
        raise UserError(f"Standard output is {read[printed]}: redirect it to another file.")


def _parts(model: Path) -> list[Path]:
    """Return the files and folders of a model folder, and of the run folder that it is in."""
    own = [model / name for name in _OF_MODEL]
    return own + [model.parent / name for name in _OF_RUN] if model.name == "bundle" else own


def _file_of(stream: IO[str] | None) -> tuple[int, int] | None:
    """Return the identity of the regular file that a stream is redirected to; None for anything else."""
    try:
        status = os.fstat(stream.fileno()) if stream else None
    except (OSError, ValueError):  # closed, or no file of the system
        return None
    return (status.st_dev, status.st_ino) if status and stat.S_ISREG(status.st_mode) else None


def _identity(path: Path) -> tuple[int, int] | None:
    try:
        status = path.stat()
    except OSError:
        return None
    return status.st_dev, status.st_ino
