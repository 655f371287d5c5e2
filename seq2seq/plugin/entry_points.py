"""Finds the entry points of installed distributions.

`importlib.metadata` does the same, but it imports Python's e-mail parser, which slows down the start of every command.
It is used only if distributions are not in folders (zip files, finders of other programs).
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path

_SUFFIXES = (".dist-info", ".egg-info")
_SECTION = re.compile(r"\[(.*)\]$")
_VALUE = re.compile(r"([\w.]+)\s*(?::\s*([\w.]+)\s*)?(?:\[.*\]\s*)?$")


@dataclass(frozen=True)
class EntryPoint:
    """An entry point, as a distribution announces it.

    Args:
        name: Its name.
        value: ``module:attribute``.
        distribution: Name of the distribution.
        version: Version of the distribution.
    """

    name: str
    value: str
    distribution: str
    version: str

    @property
    def module(self) -> str:
        """The module."""
        match = _VALUE.match(self.value)
        return match[1] if match else self.value

    @property
    def attribute(self) -> str:
        """The attribute of the module; '' if none is named."""
        match = _VALUE.match(self.value)
        return (match[2] if match else "") or ""


def entry_points(group: str) -> list[EntryPoint]:
    """Return the entry points of a group in all distributions on the import path.

    Of several distributions with the same name, the first on the path counts.
    """
    places = [Path(place) for place in dict.fromkeys(sys.path)]
    others = [finder for finder in sys.meta_path if finder is not PathFinder and hasattr(finder, "find_distributions")]
    if others or any(place.is_file() for place in places):
        return _of_every_kind(group)
    return list(_of_folders(group, places))


def _of_every_kind(group: str) -> list[EntryPoint]:
    from importlib.metadata import entry_points

    return [
        EntryPoint(entry.name, entry.value, entry.dist.name, entry.dist.version)
        for entry in entry_points(group=group)
        if entry.dist is not None
    ]


def _of_folders(group: str, places: Iterable[Path]) -> Iterator[EntryPoint]:
    seen: set[str] = set()
    for place in places:
        for info in _infos(place):
            name = re.sub(r"[-_.]+", "-", info.stem.partition("-")[0]).lower()
            if name in seen:
                continue
            seen.add(name)
            announced = info / "entry_points.txt"
            if not announced.is_file():
                continue
            entries = _section(announced.read_text(encoding="utf-8"), group)
            if entries:
                distribution, version = _described(info)
                yield from (EntryPoint(*entry, distribution, version) for entry in entries)


def _infos(place: Path) -> list[Path]:
    """Return the folders with metadata in a place of the import path, in order."""
    try:
        names = os.listdir(place)  # noqa: PTH208 - without a path for each of hundreds of names
    except OSError:  # a place that does not exist or must not be read has no distributions
        return []
    return [place / name for name in sorted(names) if name.endswith(_SUFFIXES)]


def _section(text: str, group: str) -> list[tuple[str, str]]:
    """Return the entries of a section of ``entry_points.txt``, each with its value."""
    entries, is_wanted = [], False
    for line in map(str.strip, text.splitlines()):
        if section := _SECTION.match(line):
            is_wanted = section[1] == group
        elif is_wanted and line and not line.startswith("#"):
            name, _, value = line.partition("=")
            entries.append((name.strip(), value.strip()))
    return entries


def _described(info: Path) -> tuple[str, str]:
    """Return the name and version of a distribution, from the head of its metadata."""
    described = info / ("METADATA" if info.suffix == ".dist-info" else "PKG-INFO")
    fields = {"Name": "", "Version": ""}
    if described.is_file():
        head = described.read_text(encoding="utf-8", errors="replace").partition("\n\n")[0]
        for line in head.splitlines():
            field, colon, value = line.partition(":")
            if colon and field in fields:
                fields[field] = value.strip()
    name, _, version = info.stem.partition("-")
    return fields["Name"] or name, fields["Version"] or version
