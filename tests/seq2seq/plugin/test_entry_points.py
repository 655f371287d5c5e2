"""Tests of the search for entry points: it finds what `importlib.metadata` finds."""

import importlib.metadata
import sys
import zipfile
from pathlib import Path

import pytest

from seq2seq.plugin.entry_points import EntryPoint, entry_points


def known(group: str) -> set[EntryPoint]:
    """Return what Python's own search finds."""
    return {
        EntryPoint(entry.name, entry.value, entry.dist.name, entry.dist.version)
        for entry in importlib.metadata.entry_points(group=group)
        if entry.dist
    }


def write(place: Path, folder: str, metadata: str, announced: str) -> None:
    """Write the metadata of a distribution."""
    (place / folder).mkdir(parents=True)
    (place / folder / ("PKG-INFO" if folder.endswith("egg-info") else "METADATA")).write_text(
        metadata, encoding="utf-8"
    )
    (place / folder / "entry_points.txt").write_text(announced, encoding="utf-8")


@pytest.mark.parametrize("group", ["seq2seq.tasks", "console_scripts", "pytest11", "no.such.group"])
def test_it_finds_what_python_finds(group: str) -> None:
    found = entry_points(group)
    assert set(found) == known(group)
    assert len(found) == len(set(found))


def test_names_comments_extras_and_the_order_of_the_path(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first, second = tmp_path / "first", tmp_path / "second"
    announced = "# a comment\n[other]\nx = y:Z\n\n[probe]\n  # another\none = pack.module:Kind\ntwo=pack:Kind [extra]\n"
    described = "Metadata-Version: 2.1\nName: Long.Name\nVersion: 1.5\nSummary: 中文\n\nName: not this one\n"
    write(first, "long_name-1.5.dist-info", described, announced)
    write(second, "Long_Name-1.4.dist-info", described.replace("1.5", "1.4"), announced)  # hidden by the first
    write(second, "old.egg-info", "Name: old\nVersion: 3\n", "[probe]\nthree = old\n")
    (second / "silent-1.dist-info").mkdir()
    for place in (tmp_path / "missing", second, first):
        monkeypatch.syspath_prepend(str(place))
    found = entry_points("probe")
    assert set(found) == known("probe")
    assert [(entry.name, entry.module, entry.attribute, entry.distribution, entry.version) for entry in found] == [
        ("one", "pack.module", "Kind", "Long.Name", "1.5"),
        ("two", "pack", "Kind", "Long.Name", "1.5"),
        ("three", "old", "", "old", "3"),
    ]


def test_a_zip_file_on_the_path_is_searched_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "packed.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("packed-2.dist-info/METADATA", "Metadata-Version: 2.1\nName: packed\nVersion: 2\n\n")
        archive.writestr("packed-2.dist-info/entry_points.txt", "[probe]\none = pack:Kind\n")
    monkeypatch.setattr(sys, "path", [str(path), *sys.path])
    assert entry_points("probe") == [EntryPoint("one", "pack:Kind", "packed", "2")]
