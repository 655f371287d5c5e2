"""A run folder is data: what its options name is never imported, by whichever verb and under whichever key."""

import functools
import os
import shutil
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
import yaml
from lightning.pytorch import Callback
from torch.distributed.launcher import api as launcher

from seq2seq.commands import fit
from seq2seq.commands.fit import predict, test, validate
from seq2seq.decoding.options import WritingOptions
from seq2seq.errors import UserError
from seq2seq.plugin import registry
from seq2seq.run_setup.option_parser import data_options
from seq2seq.run_setup.request import Request, plan
from seq2seq.run_setup.stored_options import StoredOptions, Tree, option_tree
from seq2seq.runs.fit import built
from seq2seq.runs.lightning_cli import Application
from tests.seq2seq.trained import here, settle

__all__ = ["here"]

LAMBDA = "lightning.pytorch.callbacks.LambdaCallback"
HOOKS = ("on_fit_start", "on_validation_start", "on_test_start", "on_predict_start")
CLASSES = ("accelerator", "strategy", "logger", "callbacks", "profiler", "plugins")


class Harmless(Callback):
    """A callback of the user's own."""


@pytest.fixture(scope="module")
def trained(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A run of one step."""
    with pytest.MonkeyPatch.context() as patch:
        folder = settle(tmp_path_factory.mktemp("stored"), patch)
        assert fit.main(["reversing", "--run_dir", "run", "--trainer.max_steps", "1"]) == 0
        yield folder / "run"


@pytest.fixture
def run(here: Path, trained: Path) -> Path:
    """A copy of the run, in the working folder."""
    return shutil.copytree(trained, here / "run")


@pytest.fixture
def tree(here: Path) -> Tree:
    """The options of the task."""
    return option_tree(data_options(registry.load("reversing")))


def application(arguments: list[str], run: Path | None) -> Application:
    """Return what a command line asks for."""
    return built(plan(registry.load("reversing"), Request.parse("fit", ["reversing", *arguments]), run))


def store(run: Path, changes: dict[str, Any]) -> None:
    """Change what a run folder stores; names may be dotted."""
    values = yaml.safe_load((run / "config.yaml").read_text(encoding="utf-8"))
    for name, value in changes.items():
        group, _, option = name.partition(".")
        values[group][option] = value
    (run / "config.yaml").write_text(yaml.safe_dump(values), encoding="utf-8")


def attacks(folder: Path) -> dict[str, list[dict[str, Any]]]:
    """Return callbacks that run a hubconf.py, load a shared object, and launch a script, at every moment there is."""
    (folder / "hub").mkdir()
    (folder / "hub" / "hubconf.py").write_text(
        f"open({str(folder / 'hub.ran')!r}, 'w')\n\ndef model():\n    return print\n", encoding="utf-8"
    )
    script = folder / "script.sh"
    script.write_text(f"#!/bin/sh\ntouch {folder / 'elastic.ran'}\n", encoding="utf-8")
    script.chmod(0o755)
    launch = {
        "config": {
            "class_path": "torch.distributed.launcher.api.LaunchConfig",
            "init_args": {"min_nodes": 1, "max_nodes": 1, "nproc_per_node": 1, "rdzv_endpoint": "localhost:0"},
        },
        "entrypoint": str(script),
    }
    called = {
        "hub": ("torch.hub.load", {"repo_or_dir": str(folder / "hub"), "model": "model", "source": "local"}),
        "aot": ("torch._export.aot_load", {"so_path": str(folder / "model.so"), "device": "cpu"}),
        "elastic": ("torch.distributed.launcher.api.elastic_launch", launch),
    }
    return {
        name: [
            {"class_path": LAMBDA, "init_args": {hook: {"class_path": path, "init_args": arguments}}} for hook in HOOKS
        ]
        for name, (path, arguments) in called.items()
    }


@pytest.fixture
def happened(here: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[], list[str]]:
    """Tells which attacks have run code."""

    def spy(name: str, original: Callable[..., object]) -> Callable[..., Callable[..., None]]:
        @functools.wraps(original)
        def called(*given: object, **named: object) -> Callable[..., None]:
            (here / f"{name}.ran").touch()
            return lambda *given, **named: None

        return called

    # A shared object needs a compiler; that PyTorch is asked to load it is as bad.
    monkeypatch.setattr(torch._export, "aot_load", spy("aot", torch._export.aot_load))
    monkeypatch.setattr(launcher, "launch_agent", spy("elastic", launcher.launch_agent))
    return lambda: sorted(found.stem for found in here.glob("*.ran"))


@pytest.mark.parametrize("name", ["hub", "aot", "elastic"])
def test_the_attacks_work_from_a_file_of_ones_own(here: Path, name: str, happened: Callable[[], list[str]]) -> None:
    """Or the next test would prove nothing."""
    content = {"trainer": {"callbacks": attacks(here)[name], "max_steps": 1}}
    (here / "own.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
    assert fit.main(["reversing", "-c", "own.yaml", "--run_dir", "other"]) == 0
    assert happened() == [name]


@pytest.mark.parametrize("verb", ["validate", "test", "predict", "fit"])
def test_a_downloaded_run_runs_no_code(
    here: Path, run: Path, verb: str, happened: Callable[[], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    callbacks = [one for made in attacks(here).values() for one in made]
    store(run, {"trainer.callbacks": callbacks})
    if verb == "fit":
        with pytest.raises(UserError) as refusal:
            fit.main(["--run_dir", "run", "--resume"])
        assert str(refusal.value) == (
            "run/config.yaml names classes for trainer.callbacks, but no class is ever loaded from a run folder: name "
            "them on this command line, as when the run was started, or continue without them: seq2seq fit reversing "
            "--run_dir run --resume --trainer.callbacks null"
        )
    else:
        assert {"validate": validate, "test": test, "predict": predict}[verb].main(["run"]) == 0
        assert capsys.readouterr().err.splitlines() == [
            "run/config.yaml names classes for trainer.callbacks: not read, because run folders are only data."
        ]
    assert happened() == []


@pytest.mark.parametrize("option", CLASSES)
@pytest.mark.parametrize(
    "value",
    [
        "trap.Door",
        "Door",
        ["trap.Door"],
        {"class_path": "trap.Door"},
        [{"class_path": "trap.Door", "init_args": {}}],
        {"init_args": {"root": "x"}},
        {"dict_kwargs": {}},
    ],
)
def test_no_key_imports_anything(here: Path, tree: Tree, option: str, value: object) -> None:
    for content in ({"trainer": {option: value}}, {f"trainer.{option}": value}, {"trainer": {f"{option}+": value}}):
        (here / "config.yaml").write_text(yaml.safe_dump(content), encoding="utf-8")
        stored = StoredOptions.read(here / "config.yaml", tree)
        assert (stored.classes, stored.values) == ((f"trainer.{option}",), {})


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        ("data: {reader: trap.Door}", "data.reader must be a mapping of names to values, but it is a text."),
        ("data: {reader: {class_path: trap.Door}}", "data.reader is a group of options and takes no class"),
        ("model.network: {class_path: trap.Door}", "model.network is a group of options and takes no class"),
        ("search: [trap.Door]", "search must be a mapping of names to values, but it is a list."),
        ("model.class_path: trap.Door", "model is a group of options and takes no class: leave out class_path."),
    ],
)
def test_a_group_of_options_imports_nothing(
    here: Path, content: str, sentence: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Not even from a file of one's own, nor from the command line: no class could be given there."""
    monkeypatch.syspath_prepend(str(here))
    (here / "trap.py").write_text("class Door:\n    pass\n", encoding="utf-8")
    (here / "own.yaml").write_text(content, encoding="utf-8")
    for arguments in (["-c", "own.yaml"], ["--data.reader", "trap.Door"], ["--search=trap.Door"]):
        with pytest.raises(UserError) as refusal:
            application(arguments, None)
        group = arguments[0].lstrip("-").split("=")[0]
        given = f"'{group}' is a group of options: set one by --{group}.NAME VALUE, see --{group}.help."
        assert (sentence if arguments[0] == "-c" else given) in str(refusal.value)
    assert "trap" not in sys.modules
    with pytest.raises(UserError):  # and here it could
        application(["--trainer.callbacks", "trap.Door"], None)
    assert sys.modules.pop("trap")


@pytest.mark.parametrize(
    ("changes", "sentence"),
    [
        ({"trainer.max_epochs": "trap.Door"}, "trainer.max_epochs must be a whole number or null, but it is a text."),
        ({"trainer.max_epochs": 1 << 63}, "max_epochs must be a whole number or null, but it is an integer outside"),
        ({"data.train": 3}, "data.train must be a list or a text, but it is a whole number."),
        ({"data.reader": None}, "data.reader must be a mapping of names to values, but it is null."),
        ({"model.netwrk": {}}, "there is no option 'model.netwrk'. Did you mean 'model.network"),
        ({"model.label_smoothing": [0.1]}, "model.label_smoothing must be a number, but it is a list."),
        ({"data.task": {"class_path": "x"}}, "data.task must be a text, but it is a mapping."),
    ],
)
def test_what_is_stored_has_the_types_of_its_options(run: Path, changes: dict[str, Any], sentence: str) -> None:
    store(run, changes)
    for verb, arguments in ((validate.main, ["run"]), (fit.main, ["--run_dir", "run", "--resume"])):
        with pytest.raises(UserError) as refusal:
            verb(arguments)
        assert str(refusal.value).startswith("run/config.yaml: ")
        assert sentence in str(refusal.value)


@pytest.mark.parametrize(
    "content", ["", "[]", "data: 3", "data: {}", "{a: &a [*a]}", "? [1]\n: 2", "data: {task: null}"]
)
def test_what_is_no_configuration_is_refused(run: Path, content: str) -> None:
    (run / "config.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(UserError, match=r"run/config\.yaml"):
        validate.main(["run"])


def test_classes_are_taken_from_the_command_line(run: Path, capsys: pytest.CaptureFixture[str]) -> None:
    own = "tests.seq2seq.run_setup.test_stored_options.Harmless"
    store(run, {"trainer.callbacks": [{"class_path": own}], "trainer.plugins": own, "trainer.strategy": own})
    resume = ["--run_dir", "run", "--resume", "--trainer.max_steps", "2"]
    without = "--trainer.callbacks null --trainer.plugins null --trainer.strategy auto"
    with pytest.raises(UserError, match=f"without them: seq2seq fit .* {without}$"):
        fit.main(resume)
    Path("own.yaml").write_text(yaml.safe_dump({"trainer": {"callbacks": own}}), encoding="utf-8")
    given = ["--trainer.plugins=null", "--trainer.strategy", "auto"]
    for again in (["-c", "own.yaml"], [f"--trainer.callbacks+={own}"], ["--trainer.callbacks", own]):
        made = application([*resume, *again, *given], run / "config.yaml")
        callbacks = made.config.trainer.callbacks
        assert [one.class_path for one in (callbacks if isinstance(callbacks, list) else [callbacks])] == [own]
    assert fit.main([*resume, "-c", "own.yaml", *given]) == 0
    assert own in (run / "config.yaml").read_text(encoding="utf-8")
    assert capsys.readouterr().out == f"run{os.linesep}"


def test_plain_values_come_back_as_they_were(run: Path, tree: Tree) -> None:
    """Whatever Lightning takes that names no class: words, durations, lists, folders."""
    plain = {
        "trainer.strategy": "auto",
        "trainer.profiler": "simple",
        "trainer.max_time": "00:12:00:00",
        "trainer.devices": [0, 1],
        "trainer.precision": "32-true",
        "trainer.limit_val_batches": 0.5,
        "trainer.default_root_dir": "runs/de.en",
        "trainer.callbacks": [],
        "data.train": ["a.en", "a.zh"],
        "search.banned": ["你好"],
    }
    store(run, plain)
    stored = StoredOptions.read(run / "config.yaml", tree)
    assert plain.items() <= stored.values.items()
    assert not stored.classes
    made = application([], run / "config.yaml")
    assert made.config.trainer.max_time == "00:12:00:00"
    assert made.config_init.search.banned == ("你好",)
    assert made.config.data.train == ["a.en", "a.zh"]


def test_a_run_of_a_language_model_that_stores_beams_goes_on(tmp_path: Path) -> None:
    """Versions before stored every option of a search for language models, too."""
    older = tmp_path / "older.yaml"
    older.write_text("search: {beam_size: 1, n_best: 1, patience: 20, max_length: 9}\n", encoding="utf-8")
    task = registry.load("generation")
    made = plan(task, Request.parse("fit", ["generation", "-c", str(older)]), None)
    assert made.config.search.as_dict() == WritingOptions(max_length=9).to_json()
    assert made.config.search == plan(task, Request.parse("fit", ["generation"]), older).config.search
    older.write_text("search: {patience: 3}\n", encoding="utf-8")
    with pytest.raises(UserError, match=r"There is no option 'search\.patience' for a language model"):
        plan(task, Request.parse("fit", ["generation", "-c", str(older)]), None)
