"""The guide's plugin, extracted from the page and installed, does what the guide says."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from seq2seq.plugin.task import Task
from tests.environments import REPOSITORY, Environment, run

GUIDE = (REPOSITORY / "docs" / "plugins.md").read_text(encoding="utf-8")
FILE = re.compile(r"^`seq2seq-dates/([\w./-]+)`:\n\n```\w+\n(.*?)^```$", re.DOTALL | re.MULTILINE)
CONSOLE = re.compile(r"^```console\n(.*?)^```$", re.DOTALL | re.MULTILINE)


@pytest.fixture(scope="module")
def plugin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder that the guide builds."""
    folder = tmp_path_factory.mktemp("guide") / "seq2seq-dates"
    for name, text in FILE.findall(GUIDE):
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_every_promise_of_a_task_is_in_the_guide() -> None:
    promises = {name for name in (*Task.__annotations__, *vars(Task)) if not name.startswith("_")}
    described = set(re.findall(r"^\| `(\w+)(?:\(.*?\))?` \|", GUIDE, re.MULTILINE))
    assert described == promises


def test_the_plugin_is_whole_and_clean(plugin: Path) -> None:
    names = sorted(path.relative_to(plugin).as_posix() for path in plugin.rglob("*") if path.is_file())
    package = "seq2seq_dates"
    modules = [
        f"{package}/__init__.py",
        f"{package}/accuracy.py",
        f"{package}/configs/sample.yaml",
        f"{package}/corpus.py",
    ]
    assert names == ["pyproject.toml", *modules]
    # As a project of its own would be checked: our settings are not at hand.
    ruff = [str(Path(sys.executable).parent / "ruff")]
    settings = ["--isolated", "--no-cache", "--line-length", "120"]
    run([*ruff, "check", *settings, "--select", "E,F,W,I,N,UP,B,ANN", str(plugin)], plugin)
    run([*ruff, "format", *settings, "--check", str(plugin)], plugin)


def test_the_corpus_is_the_same_at_every_call_and_shares_no_day(plugin: Path) -> None:
    code = """if True:
        from seq2seq_dates import Dates
        once, again = Dates().sample(), Dates().sample()
        assert once == again
        days = [{example.target for example in part} for part in (once.train, once.validation, once.test)]
        assert sum(map(len, days)) == len(set.union(*days)) == 5600
        import sys
        assert not {"torch", "lightning", "numpy", "sacrebleu"} & set(sys.modules)
        reader = once.reader
        assert reader.source("The 5th  of MARCH") == "the 5th of march"
        assert [reader.finish(text) for text in ("2019-03-05", "2019-02-30", "x")] == ["2019-03-05", "?", "?"]
    """
    path = f"import sys; sys.path[:0] = {[str(plugin), str(REPOSITORY)]!r}\n"
    run([sys.executable, "-c", path + code], plugin)


@pytest.mark.slow
def test_the_plugin_has_types(plugin: Path) -> None:
    mypy = [sys.executable, "-m", "mypy", "--strict", "--config-file", "", "--cache-dir", str(plugin.parent / "cache")]
    run([*mypy, "-p", "seq2seq_dates"], plugin)


@pytest.mark.slow
def test_the_guide_works_as_it_stands(plugin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environment = Environment(tmp_path / "environment")
    environment.install("-e", str(REPOSITORY))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv("PATH", str(environment.bin), prepend=":")
    (block,) = CONSOLE.findall(GUIDE)
    said = {}
    for command in (line.removeprefix("$ ") for line in block.splitlines() if line.startswith("$ ")):
        if command.startswith("pip install "):
            environment.install(str(plugin.parent / shlex.split(command)[-1]))
        else:
            said[command] = run(["bash", "-euo", "pipefail", "-c", command], tmp_path)
    outputs = list(said.values())
    assert outputs[0].splitlines()[0].split(maxsplit=2) == [
        "dates",
        "1.0",
        "write dates in English or Chinese as ISO 8601",
    ]
    assert outputs[1].splitlines()[-1] == "runs/dates"
    assert outputs[-1] == "2019-03-05\n"
    (report,) = (tmp_path / "runs" / "dates").rglob("report.json")
    (accuracy,) = (score for score in json.loads(report.read_text())["scores"] if score["name"] == "accuracy")
    assert accuracy["value"] > 90
    assert "By script" in report.with_suffix(".md").read_text(encoding="utf-8")
    code = "import seq2seq; print(seq2seq.load('runs/dates').normalize(['二〇一九年三月五日', '']))"
    assert run([str(environment.python), "-c", code], tmp_path) == "['2019-03-05', '']\n"
