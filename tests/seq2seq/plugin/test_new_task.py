"""Tests of writing a plugin: what it refuses, and that the result passes its own test."""

import sys
from pathlib import Path

import pytest

from seq2seq import cli
from tests.environments import REPOSITORY, Environment, run


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["my-task"], "'my-task' cannot be the name of a task: use lower-case letters, digits and _, a letter"),
        (["Dates"], "'Dates' cannot be the name of a task"),
        (["日期"], "'日期' cannot be the name of a task"),
        (["class"], "'class' cannot be the name of a task"),
        (["dates", "--verb", "write iso"], "'write iso' cannot be the verb of a task"),
        (["translation"], "There is a task 'translation' already: choose another name. seq2seq tasks lists them."),
        (["dates", "--verb", "fit"], "'fit' is a command of the suite: choose another verb with --verb."),
        (["score"], "'score' is a command of the suite: choose another verb with --verb."),
        (["search"], "'search' is a method or an attribute of models: choose another verb with --verb."),
        (["dates", "--verb", "chat"], "'chat' is the verb of task 'dialogue': choose another one with --verb."),
        (["dates", "--folder", "full"], "full exists already: choose another place with --folder, or remove it."),
        (["dates", "--folder", "full/file"], "full/file exists already: choose another place with --folder"),
    ],
)
def test_what_cannot_be_a_task_is_refused_and_nothing_written(
    words: list[str],
    sentence: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "file").touch()
    assert cli.main(["new-task", *words]) == 2
    assert sentence in capsys.readouterr().err
    assert [path.name for path in tmp_path.rglob("*")] == ["full", "file"]


def written(folder: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(folder)
    assert cli.main(["new-task", "iso_dates", "--verb", "normalize"]) == 0
    return folder / "seq2seq-iso-dates"


def test_the_plugin_is_clean_and_passes_its_own_test(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    plugin = written(tmp_path, monkeypatch)
    assert "seq2seq-iso-dates contains the task 'iso_dates'. Next:" in capsys.readouterr().out
    names = sorted(path.relative_to(plugin).as_posix() for path in plugin.rglob("*") if path.is_file())
    package = "seq2seq_iso_dates"
    wanted = [f"{package}/__init__.py", f"{package}/reader.py", f"tests/test_{package}.py"]
    assert names == ["README.md", "pyproject.toml", *wanted]
    ruff = [str(Path(sys.executable).parent / "ruff")]
    settings = ["--isolated", "--no-cache", "--line-length", "120"]
    run([*ruff, "check", *settings, "--select", "E,F,W,I,N,UP,B,ANN", str(plugin)], plugin)
    run([*ruff, "format", *settings, "--check", str(plugin)], plugin)
    # The files that pip would install; a slow test installs the plugin with pip.
    info = plugin / "seq2seq_iso_dates-0.1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: seq2seq-iso-dates\nVersion: 0.1.0\n")
    (info / "entry_points.txt").write_text(f"[seq2seq.tasks]\niso_dates = {package}:IsoDates\n")
    paths = f"import sys; sys.path[:0] = {[str(plugin), str(REPOSITORY), str(REPOSITORY / 'tasks')]!r}; "
    code = f"{paths}import pytest; sys.exit(pytest.main(['-q', '-p', 'no:cacheprovider', 'tests']))"
    assert "3 passed" in run([sys.executable, "-c", code], plugin)


@pytest.mark.slow
def test_the_plugin_passes_its_test_when_pip_has_installed_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    plugin = written(tmp_path, monkeypatch)
    environment = Environment(tmp_path / "environment")
    environment.install("-e", str(REPOSITORY))
    environment.install(str(plugin))  # not editable, because hatchling would need another package for that
    assert "3 passed" in run([str(environment.python), "-m", "pytest", "-q", "tests"], plugin)
