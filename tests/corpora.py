"""What tests of the corpus recipes share: loading a recipe, and the state of the files it made."""

import importlib.util
from pathlib import Path
from types import ModuleType

from tests.environments import REPOSITORY

DATA = REPOSITORY / "data"


def load(corpus: str) -> ModuleType:
    """The module of a recipe, which is a script in a folder that is no package."""
    spec = importlib.util.spec_from_file_location(f"prepare_{corpus}", DATA / corpus / "prepare.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """Every file with its time of change and its content."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes()) for path in files}
