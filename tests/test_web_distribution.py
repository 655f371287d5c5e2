"""The distribution with ONNX Runtime for browsers: what it is built from, and what it holds."""

import hashlib
import runpy
import tarfile
import tomllib
from pathlib import Path
from typing import Any

import pytest

from seq2seq.deployment.web_folder import RUNTIME_FILES, RUNTIME_PACKAGE
from tests.environments import REPOSITORY

FOLDER = REPOSITORY / "packaging" / "web"
PROJECT = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))
HOOK = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]


@pytest.fixture(scope="module")
def script() -> dict[str, Any]:
    return runpy.run_path(str(FOLDER / HOOK["path"]))


def npm_that_answers(content: bytes, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Put a program in the place of npm which writes an archive instead of fetching it."""
    (folder / "archive").write_bytes(content)
    npm = folder / "npm"
    npm.write_text(f'#!/bin/sh\nfor last; do :; done\ncp {folder / "archive"} "$last/package.tgz"\n', encoding="utf-8")
    npm.chmod(0o755)
    monkeypatch.setenv("PATH", f"{folder}:/usr/bin:/bin")


def test_the_page_finds_what_the_distribution_holds(script: dict[str, Any]) -> None:
    main = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert PROJECT["project"]["name"] in main["optional-dependencies"]["web"]
    assert set(main["optional-dependencies"]["onnx"]) < set(main["optional-dependencies"]["web"])
    assert script["PACKAGE"] == RUNTIME_PACKAGE
    assert {*HOOK["files"].values(), *script["LICENCES"]} == set(RUNTIME_FILES)
    assert all(path.is_file() for path in script["licences"]())
    assert HOOK["package"] == f"onnxruntime-web@{PROJECT['project']['version']}"


def test_the_chosen_files_of_the_archive_are_packed(
    script: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    place = tmp_path / "place"
    place.mkdir()
    for name in HOOK["files"]:
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(name, encoding="utf-8")
    with tarfile.open(tmp_path / "packed.tgz", "w:gz") as archive:
        archive.add(tmp_path / "package", "package")
    content = (tmp_path / "packed.tgz").read_bytes()
    npm_that_answers(content, tmp_path, monkeypatch)
    fetched = script["fetch"](HOOK["package"], hashlib.sha512(content).hexdigest(), place)
    chosen = script["unpack"](fetched, HOOK["files"], place)
    assert {path.read_text(encoding="utf-8"): name for path, name in chosen.items()} == {
        name: f"{RUNTIME_PACKAGE}/{new}" for name, new in HOOK["files"].items()
    }


def test_an_archive_with_another_checksum_is_refused(
    script: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "place").mkdir()
    npm_that_answers(b"changed", tmp_path, monkeypatch)
    with pytest.raises(SystemExit, match=f"checksum {hashlib.sha512(b'changed').hexdigest()}, but {HOOK['sha512']} is"):
        script["fetch"](HOOK["package"], HOOK["sha512"], tmp_path / "place")


def test_without_npm_the_build_says_what_to_install(
    script: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(SystemExit, match=r"is not installed: install Node\.js\.$"):
        script["fetch"](HOOK["package"], HOOK["sha512"], tmp_path)
