"""Chooses the files of the light distribution from the source tree."""

from pathlib import Path, PurePosixPath
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

REPOSITORY = Path(__file__).resolve().parents[2]


def contents(packages: list[str], without: list[str], only: list[str]) -> dict[Path, str]:
    """Return the files of the distribution, each with its path in it.

    Args:
        packages: Folders of packages, relative to the repository.
        without: Folders and files that are left out.
        only: The files to keep of their folders, of which all others are left out.
    """
    partly = {PurePosixPath(name).parts[:2] for name in only}
    chosen: dict[Path, str] = {}
    for package in packages:
        folder = REPOSITORY / package
        for path in sorted(folder.rglob("*")):
            name = path.relative_to(REPOSITORY)
            if not path.is_file() or "__pycache__" in name.parts or name.name == "README.md":
                continue
            if any(name.as_posix() == other or name.as_posix().startswith(f"{other}/") for other in without):
                continue
            if name.parts[:2] in partly and name.as_posix() not in only:
                continue
            chosen[path] = path.relative_to(folder.parent).as_posix()
    return chosen


class ContentsHook(BuildHookInterface[Any]):
    """Adds the files to the wheel."""

    def initialize(self, _version: str, build_data: dict[str, Any]) -> None:
        """Name the files."""
        chosen = contents(self.config["packages"], self.config["without"], self.config["only"])
        build_data["force_include"] |= {str(path): name for path, name in chosen.items()}
