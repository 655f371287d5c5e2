"""Fetches ONNX Runtime's build for browsers with npm, and adds the files that a page loads to the wheel."""

import hashlib
import shutil
import subprocess
import tarfile
import tempfile
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

PACKAGE = "seq2seq_web_runtime"
LICENCES = ("LICENSE", "ThirdPartyNotices.txt")


def fetch(package: str, sha512: str, folder: Path) -> Path:
    """Fetch an archive with npm, and return its path.

    Args:
        package: Name and version, as npm reads them.
        sha512: The archive's checksum, in hexadecimal digits.
        folder: Where the archive is put.
    """
    npm = shutil.which("npm")
    if npm is None:
        raise SystemExit("npm, which fetches ONNX Runtime for browsers, is not installed: install Node.js.")
    command = [npm, "pack", package, "--silent", "--ignore-scripts", "--pack-destination", str(folder)]
    subprocess.run(command, check=True, cwd=folder, stdout=subprocess.DEVNULL)
    (archive,) = folder.glob("*.tgz")
    checksum = hashlib.sha512(archive.read_bytes()).hexdigest()
    if checksum != sha512:
        raise SystemExit(f"npm fetched {package} with the SHA-512 checksum {checksum}, but {sha512} is expected.")
    return archive


def unpack(archive: Path, files: dict[str, str], folder: Path) -> dict[Path, str]:
    """Write files of an archive into a folder, and return their paths with their names in the wheel.

    Args:
        archive: A compressed tar archive.
        files: Names in the archive, each with its new name.
        folder: Where the files are put.
    """
    chosen: dict[Path, str] = {}
    with tarfile.open(archive) as opened:
        for name, new in files.items():
            content = opened.extractfile(name)
            assert content is not None, name
            (folder / new).write_bytes(content.read())
            chosen[folder / new] = f"{PACKAGE}/{new}"
    return chosen


def licences() -> dict[Path, str]:
    """Return ONNX Runtime's licences, which its Python package has, with their names in the wheel."""
    spec = find_spec("onnxruntime")
    assert spec is not None, "onnxruntime is a build requirement"
    assert spec.origin is not None
    return {Path(spec.origin).with_name(name): f"{PACKAGE}/{name}" for name in LICENCES}


class RuntimeHook(BuildHookInterface[Any]):
    """Adds the files to the wheel."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Fetch the files and name them."""
        self._place = tempfile.TemporaryDirectory()  # needed until the wheel is written
        folder = Path(self._place.name)
        archive = fetch(self.config["package"], self.config["sha512"], folder)
        chosen = unpack(archive, self.config["files"], folder) | licences()
        build_data["force_include"] |= {str(path): name for path, name in chosen.items()}

    def finalize(self, _version: str, _build_data: dict[str, Any], _artifact_path: str) -> None:
        """Remove the fetched files."""
        self._place.cleanup()
