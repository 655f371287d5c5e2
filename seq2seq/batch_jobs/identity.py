"""What the outputs of a batch job depend on: the files of its models, and the options of decoding."""

import argparse
import hashlib
from pathlib import Path
from typing import Any

from seq2seq.files.atomic_folders import is_temporary
from seq2seq.models.bundle import find

FREE = (
    *("model", "files", "output", "verb", "workers", "cluster", "shard_lines", "threads", "interactive", "no_history"),
    "drawing_seed_option",
)
"""Arguments that do not change the outputs, and the model, which counts by its content."""
MODELS = ("reverse", "lm", "ensemble")
"""Options that name further models."""
FILES = ("banned_file", "glossary")
"""Options that name files with words."""


def model_files(folder: Path) -> dict[str, Path]:
    """Return the files of a model folder by their relative paths, without its card."""
    paths = (path for path in sorted(folder.rglob("*")) if path.is_file() and not is_temporary(path.name))
    return {path.relative_to(folder).as_posix(): path for path in paths if path.name != "README.md"}


def fingerprint(folder: Path) -> str:
    """Return the SHA-256 of a model's files and their names."""
    total = hashlib.sha256()
    for name, path in model_files(folder).items():
        total.update(f"{name} {sha256(path)}\n".encode())
    return total.hexdigest()


def sha256(path: Path) -> str:
    """Return the SHA-256 of a file."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def options_of(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options that were given and change the outputs, with the contents of files instead of their names."""
    given = {name: value for name, value in vars(options).items() if name not in FREE and value not in (None, False)}
    for name in MODELS:
        if name in given:
            named = given[name]
            given[name] = (
                [fingerprint(find(one)) for one in named] if isinstance(named, list) else fingerprint(find(named))
            )
    for name in FILES:
        if name in given:
            given[name] = sha256(Path(given[name]))
    return given
