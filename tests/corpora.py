"""For the tests of corpus recipes: loading a recipe, and the state of the files that it wrote."""

import importlib
from pathlib import Path
from types import ModuleType

from tests.environments import REPOSITORY

DATA = REPOSITORY / "data"


def load(corpus: str) -> ModuleType:
    """The module of a recipe."""
    return importlib.import_module(f"seq2seq.recipes.corpora.{corpus}")


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time of change and its content."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
