"""Run commands where PyTorch cannot be imported: ``python -m tests.recorded.without_torch FOLDER < COMMANDS``.

The commands are a JSON list of pairs, see `tests.recorded.commands.COMMANDS`.
"""

import contextlib
import json
import sys
from importlib.machinery import ModuleSpec

TRAINING = ("torch", "lightning", "jsonargparse", "jaxtyping", "safetensors", "sacrebleu", "rouge_score", "filelock")
MISSING = (*TRAINING, "onnx", "array_api_compat", "prompt_toolkit")
"""Packages that a model needs for training, evaluation or export, but not for use."""


class Missing:
    """Finds that packages are missing; see `importlib.abc.MetaPathFinder`."""

    @staticmethod
    def find_spec(name: str, _path: object = None, _target: object = None) -> ModuleSpec | None:
        """Refuse the packages, and leave the others to the usual finders.

        Raises:
            ModuleNotFoundError: If the package is one that is missing.
        """
        if name.partition(".")[0] in MISSING:
            raise ModuleNotFoundError(f"No module named '{name}'", name=name)
        return None


def main(folder: str) -> None:
    """Print as JSON what each command prints in a folder of models."""
    commands = json.load(sys.stdin)
    sys.meta_path.insert(0, Missing())
    from tests.recorded.recording import run

    with contextlib.chdir(folder):
        found = dict(run(command, given) for command, given in commands)
    assert not sorted({name.partition(".")[0] for name in sys.modules} & set(MISSING))
    json.dump(found, sys.stdout)


if __name__ == "__main__":
    main(sys.argv[1])
