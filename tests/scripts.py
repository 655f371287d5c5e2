"""Imports a script, that is, a file in a folder that is not a package."""

import importlib.util
from types import ModuleType

from tests.environments import REPOSITORY


def script(path: str) -> ModuleType:
    """Import a script by its path in the repository."""
    file = REPOSITORY / path
    spec = importlib.util.spec_from_file_location(f"{file.parent.name}_{file.stem}", file)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
