"""Virtual environments for tests of the installed package, layered over this one so that nothing is downloaded."""

import os
import subprocess
import sys
import venv
from collections.abc import Sequence
from pathlib import Path

REPOSITORY = Path(__file__).parents[1]


class Environment:
    """A virtual environment that sees this one's dependencies, but not its editable checkout.

    Args:
        folder: Where it is made.
        extra: Folders that it sees as well.
    """

    def __init__(self, folder: Path, extra: Sequence[Path] = ()) -> None:
        venv.create(folder, with_pip=False, symlinks=True)
        self.bin = folder / "bin"
        self.python = self.bin / "python"
        here = [path for path in sys.path if Path(path).name == "site-packages"]
        # A path that comes from a .pth file has its own .pth files ignored: the editable checkout stays out.
        (self.packages / "_layer.pth").write_text("\n".join([*map(str, extra), *here]) + "\n", encoding="utf-8")

    @property
    def packages(self) -> Path:
        """The environment's own site-packages."""
        return next((self.bin.parent / "lib").glob("python*")) / "site-packages"

    def install(self, *what: str) -> None:
        """Install with this environment's pip, without dependencies and without the network."""
        pip = [sys.executable, "-m", "pip", "--python", str(self.python), "install", "--quiet"]
        run([*pip, "--no-deps", "--no-index", "--no-build-isolation", *what], REPOSITORY)

    def seq2seq(self, *arguments: str, folder: Path, text: str = "") -> str:
        """Run the command in a folder and return what it prints; it must succeed."""
        return run([str(self.bin / "seq2seq"), *arguments], folder, text)


def run(command: Sequence[str], folder: Path, text: str = "") -> str:
    """Run a command that must succeed, in a folder, as if nothing of this repository were on Python's path."""
    hidden = ("PYTHONPATH", "PYTEST_CURRENT_TEST", "PYTEST_XDIST_WORKER")
    environment = {name: value for name, value in os.environ.items() if name not in hidden}
    done = subprocess.run(command, cwd=folder, input=text, capture_output=True, encoding="utf-8", env=environment)
    assert done.returncode == 0, (
        f"{' '.join(map(str, command))} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
    )
    return done.stdout
