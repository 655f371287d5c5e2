"""Run commands where PyTorch cannot be imported: ``python -m tests.recorded.without_torch FOLDER < COMMANDS``.

The commands are a JSON list of pairs, see `tests.recorded.commands.COMMANDS`.
"""

import contextlib
import json
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec
from typing import Any

TRAINING = ("torch", "lightning", "jsonargparse", "jaxtyping", "safetensors", "sacrebleu", "rouge_score", "filelock")
MISSING = (*TRAINING, "onnx", "array_api_compat", "prompt_toolkit")
"""Packages that a model needs for training, evaluation or export, but not for use."""


class Blind:
    """A finder of modules that does not find some packages.

    Args:
        finder: Finds everything else; see `importlib.abc.MetaPathFinder`.
    """

    def __init__(self, finder: Any) -> None:  # noqa: ANN401 - Python's finders have no common class
        self._finder = finder

    def find_spec(self, name: str, path: Sequence[str] | None = None, target: Any = None) -> ModuleSpec | None:  # noqa: ANN401
        """Find a module, unless it belongs to a package that is missing."""
        return None if name.partition(".")[0] in MISSING else self._finder.find_spec(name, path, target)


def hide() -> None:
    """Hide the packages from this process."""
    sys.meta_path[:] = [Blind(finder) for finder in sys.meta_path]


def main(folder: str) -> None:
    """Print as JSON what each command prints in a folder of models."""
    commands = json.load(sys.stdin)
    hide()
    from tests.recorded.recording import run

    with contextlib.chdir(folder):
        found = dict(run(command, given) for command, given in commands)
    assert not sorted({name.partition(".")[0] for name in sys.modules} & set(MISSING))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
