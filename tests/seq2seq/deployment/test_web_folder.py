"""The folder of a page: complete, checked, without other hosts, and in both languages."""

import json
import re
from importlib.util import find_spec
from pathlib import Path

import pytest

from seq2seq.commands import export
from seq2seq.deployment import web_folder
from seq2seq.deployment.web_folder import RUNTIME_FILES, contents, integrity, runtime_folder
from seq2seq.errors import UserError
from seq2seq.report.html.page import STYLE


@pytest.fixture
def runtime(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Stand-ins for the files of ONNX Runtime, which a test of the folder does not need."""
    folder = tmp_path / "runtime"
    folder.mkdir()
    for name in RUNTIME_FILES:
        (folder / name).write_text(name, encoding="utf-8")
    monkeypatch.setattr(web_folder, "runtime_folder", lambda: folder)
    return folder


def listed(folder: Path) -> dict[str, dict[str, object]]:
    """Return the files in ``contents.js``."""
    found = re.search(r"files: (\{.*\}) \};", (folder / "contents.js").read_text(encoding="utf-8"), re.DOTALL)
    assert found
    files: dict[str, dict[str, object]] = json.loads(found[1])
    return files


def test_every_file_is_listed_with_its_size_and_checksum(runtime: Path, models: Path, tmp_path: Path) -> None:
    folder = tmp_path / "page"
    assert export.main([str(models / "translator"), str(folder), "--format", "web"]) == 0
    files = listed(folder)
    for name, facts in files.items():
        content = (folder / name).read_bytes()
        assert facts == {"size": len(content), "integrity": integrity(content)}, name
    unlisted = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file()} - set(files)
    assert unlisted == {
        *("README.md", "contents.js", "service_worker.js", "runtime/LICENSE", "runtime/ThirdPartyNotices.txt")
    }
    assert {
        *("index.html", "source_view.js", "offline/page.js", "engine/model.js", "model/model.json"),
        "runtime/onnxruntime.wasm",
    } <= set(files)
    assert not [name for name in files if name.startswith("served/")]
    assert (folder / "style.css").read_text(encoding="utf-8").startswith(STYLE)


def test_a_changed_file_changes_the_version(tmp_path: Path) -> None:
    (tmp_path / "index.html").write_text("one", encoding="utf-8")
    one = contents(tmp_path)
    assert contents(tmp_path) == one
    (tmp_path / "index.html").write_text("two", encoding="utf-8")
    versions = [re.search('version: "(.*?)"', text) for text in (one, contents(tmp_path))]
    assert all(versions)
    assert versions[0][1] != versions[1][1]  # type: ignore[index]


def test_without_the_runtime_a_sentence_says_what_to_install(
    models: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(web_folder, "find_spec", lambda name: None)
    with pytest.raises(UserError, match=r"^--format web needs ONNX Runtime for browsers: pip install .*make web\.$"):
        export.main([str(models / "translator"), str(tmp_path / "page"), "--format", "web"])
    assert not (tmp_path / "page").exists()


def test_weights_are_not_stored_in_half_precision(models: Path, tmp_path: Path) -> None:
    with pytest.raises(UserError, match="--format web stores weights in int8 or float32, not in float16"):
        export.main([str(models / "translator"), str(tmp_path / "page"), "--format", "web", "--half"])


@pytest.mark.skipif(find_spec("seq2seq_web_runtime") is None, reason="ONNX Runtime for browsers: make web")
def test_the_installed_runtime_is_complete_and_small() -> None:
    folder = runtime_folder()
    assert (folder / "onnxruntime.wasm").read_bytes()[:4] == b"\0asm"
    assert sum((folder / name).stat().st_size for name in RUNTIME_FILES) < 15e6
