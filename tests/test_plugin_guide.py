"""The guide's plugin, extracted from the page and installed, does what the guide says."""

import json
import re
import shlex
import sys
from pathlib import Path

import pytest

from seq2seq import cli
from seq2seq.plugin import Task
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
    promises = {name for name in vars(Task) if not name.startswith("_")}
    section = GUIDE.split("## What a task promises\n")[1].split("\n## ")[0]
    described = set(re.findall(r"^\| `(\w+)(?:\(.*?\))?` \|", section, re.MULTILINE))
    assert described == promises


def test_the_three_lines_train_are_scored_and_are_a_verb(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    code = GUIDE.split("```python\n", 1)[1].split("```", 1)[0]
    (tmp_path / "three_lines.py").write_text(code, encoding="utf-8")
    info = tmp_path / "three_lines-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: three-lines\nVersion: 1.0\n", encoding="utf-8")
    (info / "entry_points.txt").write_text("[seq2seq.tasks]\ndates = three_lines:Dates\n", encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    days = [(f"the {day}th of May 2019", f"2019-05-{day}") for day in range(10, 30)]
    days += [(f"二〇一九年五月{day}日", f"2019-05-{day}") for day in range(10, 30)]
    lines = ["source\ttarget", *("\t".join(pair) for pair in days)]
    (tmp_path / "days.tsv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (tmp_path / "input.txt").write_text("the 5th of March, 2019\n二〇一九年三月五日\n", encoding="utf-8")

    assert cli.main(["fit", "dates"]) == 2
    sentence = "Task 'dates' has no sample corpus: name files to train on with --data.train FILE."
    assert sentence in capsys.readouterr().err
    few = ["--size_defaults", "false", "--trainer.max_steps", "2", "--data.tokenizer.vocabulary_size", "60"]
    few += ["--data.tokenizer.byte_fallback", "false", "--model.network.hidden_size", "8", "--threads", "1"]
    files = ["--data.train", "days.tsv", "--data.validation", "days.tsv"]
    assert cli.main(["fit", "dates", *files, *few, "--run_dir", "run"]) == 0
    assert cli.main(["evaluate", "run", "--data", "days.tsv", "--samples", "0", "--output", "report"]) == 0
    scores = json.loads((tmp_path / "report" / "report.json").read_text(encoding="utf-8"))["scores"]
    assert [score["name"] for score in scores] == ["BLEU", "chrF"]
    capsys.readouterr()
    assert cli.main(["normalize", "run", "input.txt"]) == 0
    assert len(capsys.readouterr().out.splitlines()) == 2


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
    # Checked like an independent project, without our settings.
    ruff = [str(Path(sys.executable).parent / "ruff")]
    settings = ["--isolated", "--no-cache", "--line-length", "120"]
    run([*ruff, "check", *settings, "--select", "E,F,W,I,N,UP,B,ANN", str(plugin)], plugin)
    run([*ruff, "format", *settings, "--check", str(plugin)], plugin)


def test_the_corpus_is_the_same_at_every_call_and_shares_no_day(plugin: Path) -> None:
    code = """if True:
        from seq2seq_dates import Dates
        once, again = (Dates().sample(Dates.reader()) for _ in range(2))
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
        "Write dates in English or Chinese as ISO 8601",
    ]
    assert outputs[1].splitlines()[-1] == "runs/dates"
    assert outputs[-1] == "2019-03-05\n"
    (report,) = (tmp_path / "runs" / "dates").rglob("report.json")
    (accuracy,) = (score for score in json.loads(report.read_text())["scores"] if score["name"] == "accuracy")
    assert accuracy["value"] > 90
    assert "By script" in report.with_suffix(".md").read_text(encoding="utf-8")
    code = "import seq2seq; print(seq2seq.load('runs/dates').normalize(['二〇一九年三月五日', '']))"
    assert run([str(environment.python), "-c", code], tmp_path) == "['2019-03-05', '']\n"
