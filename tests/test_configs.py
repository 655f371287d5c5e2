"""Every YAML file in ``configs/`` and in the plugins: it can be parsed (quick), and it trains and applies (slow)."""

import io
import json
import random
from pathlib import Path
from typing import Any

import pytest
import yaml

from seq2seq import cli
from seq2seq.plugin import config_files
from seq2seq.plugin.registry import load
from seq2seq.plugin.task import Task, TextTask
from seq2seq.recipes.catalogue import catalogue
from seq2seq.runs.lightning_cli import Application
from tests.environments import REPOSITORY

TOP = REPOSITORY / "configs"
FILES = sorted(TOP.rglob("*.yaml")) + sorted((REPOSITORY / "tasks").glob("*/configs/*.yaml"))
RECIPES = [path for path in FILES if "data" in (yaml.safe_load(path.read_text(encoding="utf-8")) or {})]


def task_of(path: Path) -> str:
    """The task that a file is for; sizes are for all, and tried with translation."""
    package = path.parent.parent.name
    if package.startswith("seq2seq_"):
        return package.removeprefix("seq2seq_")
    return "translation" if path.parent.name in ("configs", "size") else path.parent.name


def name_of(path: Path) -> str:
    return path.relative_to(REPOSITORY).as_posix()


def words(draw: random.Random, count: int, *, is_chinese: bool) -> str:
    """A line of toy words."""
    letters = "".join(map(chr, range(0x4E00, 0x4E20))) if is_chinese else "abcdefghijklmnopqrstuvwxyz"
    known = ["".join(draw.choices(letters, k=draw.randint(1, 6))) for _ in range(100)]
    return ("" if is_chinese else " ").join(draw.choices(known, k=count))


def toy(path: Path, seed: int, task: str, lines: int = 300) -> str:
    """Write a file of toy text: conversations, documents with summaries, or lines of the language in its name."""
    draw = random.Random(seed)
    with path.open("w", encoding="utf-8") as file:
        for number in range(lines):
            if path.suffix == ".jsonl":
                is_chinese = number % 2 == 1
                parts: dict[str, object] = {
                    key: words(draw, count, is_chinese=is_chinese) for key, count in (("source", 20), ("target", 4))
                }
                if task == "generation":
                    parts = {"text": words(draw, 20, is_chinese=is_chinese)}
                if task == "dialogue":
                    parts = {"turns": [words(draw, 4, is_chinese=is_chinese) for _ in range(3)]}
                file.write(json.dumps(parts, ensure_ascii=False) + "\n")
            else:
                file.write(words(draw, 5, is_chinese=path.suffix == ".zh") + "\n")
    return str(path)


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_parses_and_holds_differences_only(path: Path) -> None:
    task = load(task_of(path))
    made = Application(task, ["--config", str(path)])
    plain = Application(task, [])
    for key, value in leaves(yaml.safe_load(path.read_text(encoding="utf-8"))).items():
        assert made.config[key] == value
        if path.parent.name != "size":  # a size is told in full, also where it is the default
            assert plain.config[key] != value, f"{key}: {value} is the default anyway"


def leaves(values: dict[str, Any], prefix: str = "") -> dict[str, Any]:
    """Flatten nested mappings to dotted keys."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= leaves(value, f"{prefix}{key}.") if isinstance(value, dict) else {prefix + key: value}
    return flat


def test_found_by_name() -> None:
    task: Task = load("translation")
    assert config_files.find("size/tiny", task) == TOP / "size" / "tiny.yaml"
    assert config_files.find("translation/multi30k-en-de", task) == TOP / "translation" / "multi30k-en-de.yaml"


@pytest.mark.parametrize("path", RECIPES, ids=name_of)
def test_a_recipe_names_what_its_corpus_makes(path: Path) -> None:
    data = yaml.safe_load(path.read_text(encoding="utf-8"))["data"]
    for name in (name for split in ("train", "validation", "test") for name in data.get(split, [])):
        top, corpus, processed, file = Path(name).parts
        assert (top, processed) == ("data", "processed")
        assert file in catalogue().recipes[corpus].writes, name


@pytest.mark.parametrize("path", [path for path in RECIPES if TOP in path.parents], ids=name_of)
def test_a_recipe_has_settings_of_its_own(path: Path) -> None:
    """So that its results stay what they were, whatever rules for other data become."""
    assert yaml.safe_load(path.read_text(encoding="utf-8"))["size_defaults"] is False


@pytest.mark.slow
@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_trains_and_applies(
    path: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    task = load(task_of(path))
    values = leaves(yaml.safe_load(path.read_text(encoding="utf-8")))
    arguments = ["-c", str(path), "--data.cache_dir", str(tmp_path / "cache"), "--run_dir", str(tmp_path / "run")]
    arguments += ["--trainer.max_epochs=1", "--trainer.limit_train_batches=2", "--trainer.limit_val_batches=1"]
    arguments += ["--model.validation.sentences=2", "--checkpoint.keep=0"]
    few = ["--data.streams.count=2", "--data.streams.window=20"]
    arguments += few if isinstance(task, TextTask) else ["--data.batches.max_tokens=300"]
    if path.name != "sample.yaml":  # that one is for the sample corpus
        for split in ("train", "validation", "test"):
            names = values.get(f"data.{split}", [f"{split}.en", f"{split}.zh"])
            files = [toy(tmp_path / Path(name).name, seed, task.name) for seed, name in enumerate(names)]
            arguments.append(f"--data.{split}={json.dumps(files)}")
        arguments.append("--data.tokenizer.vocabulary_size=400")
    assert cli.main(["fit", task.name, *arguments]) == 0
    capsys.readouterr()
    if isinstance(task, TextTask):
        assert cli.main([task.verb, str(tmp_path / "run"), "--prompt", "cat", "--max_tokens", "5"]) == 0
        assert capsys.readouterr().out.startswith("cat")
        return
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"cat\n\ndog\n"), encoding="utf-8"))
    assert cli.main([task.verb, str(tmp_path / "run"), "--max_length", "5"]) == 0
    assert capsys.readouterr().out.count("\n") == 3
