"""The light distribution holds what the verbs of use need and works where PyTorch is not installed."""

import importlib
import json
import os
import re
import runpy
import subprocess
import sys
import tomllib
import urllib.request
import zipfile
from pathlib import Path
from typing import Any

import pytest

from seq2seq import __version__
from seq2seq.plugin.registry import OURS
from seq2seq.verbs import VERBS
from tests.environments import REPOSITORY, Environment, run
from tests.recorded.commands import FILES
from tests.recorded.models import write
from tests.seq2seq.repl.terminal import ENTER, Terminal

FOLDER = REPOSITORY / "packaging" / "light"
PROJECT = tomllib.loads((FOLDER / "pyproject.toml").read_text(encoding="utf-8"))
FULL = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))
CONTENTS = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["hooks"]["custom"]
USED = ("translate", "summarize", "chat", "generate", "score", "serve", "info", "tasks", "new-task", "inspect")
MEGABYTES, RESIDENT = 190, 90
"""Most megabytes that the light distribution takes with what it needs, and that a command with a tiny model takes of
memory."""
UNNEEDED = ("importlib.metadata", "email", "html", "traceback", "yaml", "http", "ssl", "asyncio", "multiprocessing")
"""Modules that must not be imported to translate a line, because importing them takes long."""
NEEDED = ("numpy", "onnxruntime", "sentencepiece", "yaml", "flatbuffers", "packaging", "google")
"""Packages that the light distribution brings, by import name."""
SERVING = (
    "anyio",
    "click",
    "h11",
    "httptools",
    "idna",
    "py3langid",
    "python_multipart",
    "starlette",
    "typing_extensions",
    "uvicorn",
)
"""Packages that the extra `serve` adds, with those that they need."""


def chosen() -> list[str]:
    """Return the files of the distribution."""
    function = runpy.run_path(str(FOLDER / "contents.py"))["contents"]
    return sorted(function(CONTENTS["packages"], CONTENTS["without"], CONTENTS["only"]).values())


def test_both_distributions_are_ours_and_announce_the_same_tasks() -> None:
    project, full = PROJECT["project"], FULL["project"]
    assert (full["name"], project["name"]) == OURS
    assert project["entry-points"] == full["entry-points"]
    assert project["scripts"] == full["scripts"]
    declared = (*full["dependencies"], *full["optional-dependencies"]["onnx"])
    assert project["optional-dependencies"].items() <= full["optional-dependencies"].items()
    pinned = {re.split(r"[^\w-]", one)[0]: one for one in declared}
    assert all(pinned[re.split(r"[^\w-]", one)[0]] == one for one in project["dependencies"])


def test_what_is_left_out_exists() -> None:
    for name in (*CONTENTS["without"], *CONTENTS["only"], *CONTENTS["packages"]):
        assert (REPOSITORY / name).exists(), name


def test_it_holds_no_network_of_pytorch_and_no_training() -> None:
    names = chosen()
    assert "seq2seq/runtime/engine.py" in names
    assert "seq2seq/network/options.py" in names
    assert not [name for name in names if name.startswith(("seq2seq/training", "seq2seq/network/lstm"))]


def test_it_holds_the_page_of_the_server_and_not_the_one_that_computes_itself() -> None:
    names = [name for name in chosen() if name.startswith("seq2seq/page/")]
    assert {"seq2seq/page/served/index.html", "seq2seq/page/source_view.js", "seq2seq/page/style.css"} <= set(names)
    assert not [name for name in names if name.startswith(("seq2seq/page/engine/", "seq2seq/page/offline/"))]


def test_no_module_imports_what_is_left_out_or_what_is_not_installed() -> None:
    """Imports at the top of a module; those in functions belong to what the light distribution cannot do."""
    names = [
        name.removesuffix(".py").removesuffix("/__init__").replace("/", ".")
        for name in chosen()
        if name.endswith(".py")
    ]
    plugins = tuple(f"seq2seq_{task}" for task in ("dialogue", "generation", "summarization", "translation"))
    code = f"""
import importlib, sys
from tests.recorded.without_torch import hide
hide()
names = {names!r}
class LeftOut:
    @staticmethod
    def find_spec(name, path=None, target=None):
        if name.startswith("seq2seq") and name not in names:
            raise ModuleNotFoundError(f"{{name}} is left out", name=name)
sys.meta_path.insert(0, LeftOut())
for name in names:
    is_of_plugin = name.startswith({plugins!r}) and "." in name
    if not is_of_plugin and name != "seq2seq.repl.prompt_toolkit_keyboard":  # the extra `chat`
        importlib.import_module(name)
"""
    path = {"PYTHONPATH": f"{REPOSITORY}:{REPOSITORY / 'tasks'}"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False, env=path)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="session")
def light(tmp_path_factory: pytest.TempPathFactory) -> Environment:
    """An environment with the light distribution, which sees only the packages that it needs."""
    folder = tmp_path_factory.mktemp("light")
    build = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(FOLDER)]
    run(build, folder)
    (wheel,) = folder.glob("*.whl")
    assert wheel.name == f"lstm_seq2seq_light-{__version__}-py3-none-any.whl"
    with zipfile.ZipFile(wheel) as archive:
        held = sorted(name for name in archive.namelist() if ".dist-info/" not in name)
        (license_name,) = (name for name in archive.namelist() if name.endswith(".dist-info/licenses/LICENSE"))
        assert archive.read(license_name) == (REPOSITORY / "LICENSE").read_bytes()
    assert held == chosen()
    seen = folder / "packages"
    seen.mkdir()
    for packages in (Path(place) for place in sys.path if Path(place).name == "site-packages"):
        for path in packages.iterdir():
            if path.name.split(".")[0].split("-")[0].lower() in (*NEEDED, "_yaml", "protobuf", "pyyaml"):
                (seen / path.name).symlink_to(path)
    environment = Environment(folder / "environment")
    (environment.packages / "_layer.pth").write_text(f"{seen}\n", encoding="utf-8")
    environment.install(str(wheel))
    return environment


@pytest.fixture(scope="session")
def models(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with exported models of all tasks."""
    from seq2seq.deployment.onnx_folder import write_onnx
    from seq2seq.models import bundle

    folder = tmp_path_factory.mktemp("models")
    write(folder / "weights")
    for name in ("translator", "summarizer", "partner", "author", "backward"):
        write_onnx(folder / name, bundle.load(folder / "weights" / name), "int8", ())
    for name, content in FILES.items():
        (folder / name).write_text(content, encoding="utf-8")
    return folder


def said(environment: Environment, folder: Path, *words: str) -> Any:  # noqa: ANN401 - a finished process
    """Run a command that may fail."""
    command = [str(environment.bin / "seq2seq"), *words]
    alone = {name: value for name, value in os.environ.items() if name != "PYTHONPATH"}
    return subprocess.run(command, cwd=folder, capture_output=True, encoding="utf-8", check=False, env=alone)


@pytest.mark.slow
def test_every_verb_of_use_works_without_pytorch(light: Environment, models: Path) -> None:
    code = "import importlib.util; print([n for n in ('torch', 'lightning', 'onnx') if importlib.util.find_spec(n)])"
    assert run([str(light.python), "-c", code], models).strip() == "[]"
    count = len(FILES["texts.txt"].splitlines())
    for words, lines in (
        (["translate", "translator", "texts.txt"], count),
        (["translate", "translator", "texts.txt", "--reverse", "backward", "--beam_size", "3"], count),
        (["translate", "translator", "texts.txt", "--lm", "author", "--lm_weight", "0.3"], count),
        (["summarize", "summarizer", "texts.txt", "--sample"], count),
        (["score", "translator", "sources.txt", "targets.txt"], len(FILES["targets.txt"].splitlines())),
        (["score", "author", "texts.txt"], count),
    ):
        assert len(light.seq2seq(*words, folder=models).splitlines()) == lines, words
    many = ["translate", "translator", "texts.txt", "--output", "many", "--workers", "2"]
    assert f"many: {count} sources in 1 file;" in light.seq2seq(*many, folder=models)
    alone = light.seq2seq("translate", "translator", "texts.txt", folder=models)
    assert (models / "many" / "texts.txt").read_text(encoding="utf-8") == alone
    assert light.seq2seq("chat", "partner", folder=models, text="the dog\nthe cat\n").count("\n") == 2
    assert light.seq2seq("generate", "author", "--prompt", "the", "--max_tokens", "9", folder=models).startswith("the")
    assert "ONNX Runtime" in light.seq2seq("info", "translator", folder=models)
    assert len(light.seq2seq("tasks", folder=models).splitlines()) == 4
    assert "pairs" in light.seq2seq(
        "inspect", "pairs.tsv", "--task", "translation", "--source_field", "1", "--target_field", "2", folder=models
    )
    assert "lights contains the task 'lights'" in light.seq2seq("new-task", "lights", folder=models)
    assert (models / "seq2seq-lights" / "pyproject.toml").is_file()
    shown = light.seq2seq("--help", folder=models)
    assert all(f"\n  {verb} " in shown for verb in USED)
    assert "\n  fit " not in shown
    assert "\n  new-task " in shown


@pytest.mark.slow
def test_its_size_is_bounded(light: Environment) -> None:
    (layer,) = (light.packages / "_layer.pth").read_text(encoding="utf-8").split()
    places = [light.packages, *(path.resolve() for path in Path(layer).iterdir())]
    files = [path for place in places for path in (place.rglob("*") if place.is_dir() else [place])]
    size = sum(path.stat().st_size for path in files if path.is_file())
    assert 60e6 < size < MEGABYTES * 1e6


@pytest.mark.slow
def test_a_line_is_translated_without_delay(light: Environment, models: Path) -> None:
    code = f"""
import os, resource, sys
sys.argv = ["seq2seq", "translate", "translator"]
from seq2seq.cli import main
assert main() == 0
print([name for name in {UNNEEDED!r} if name in sys.modules], os.environ["OPENBLAS_NUM_THREADS"])
print(int(next(line for line in open("/proc/self/status") if line.startswith("VmHWM")).split()[1]) / 1000)
"""
    _, imported, resident = run([str(light.python), "-c", code], models, "the dog\n").splitlines()
    assert imported == "[] 1"
    assert float(resident) < RESIDENT


@pytest.mark.slow
def test_nothing_is_written_elsewhere_or_reported(light: Environment, models: Path, tmp_path: Path) -> None:
    environment = {"HOME": str(tmp_path), "PATH": "/usr/bin:/bin", "LANG": "C.UTF-8"}
    command = [str(light.bin / "seq2seq"), "translate", "translator", "texts.txt"]
    done = subprocess.run(command, cwd=models, capture_output=True, text=True, check=False, env=environment)
    assert (done.returncode, done.stderr) == (0, "")
    assert list(tmp_path.iterdir()) == []  # ONNX Runtime's reports leave an identifier in the cache folder


@pytest.mark.slow
def test_attention_is_drawn(light: Environment, models: Path) -> None:
    for name in ("weights.html", "weights.svg", "weights.jsonl"):
        assert light.seq2seq("translate", "translator", "texts.txt", "--attention", name, folder=models)
        assert "dog" in (models / name).read_text(encoding="utf-8")


@pytest.mark.slow
@pytest.mark.parametrize(
    ("words", "line"),
    [
        ("translate translator --interactive --greedy", "the dog eats"),
        ("chat partner --greedy", "the dog eats"),
        ("generate author --interactive --max_tokens 9 --greedy", "the dog"),
    ],
)
def test_it_talks_at_a_terminal(words: str, line: str, light: Environment, models: Path, tmp_path: Path) -> None:
    environment = {"PATH": "/usr/bin:/bin", "TERM": "xterm", "LANG": "C.UTF-8", "XDG_STATE_HOME": str(tmp_path)}
    piped = light.seq2seq(*words.replace("--interactive", "").split(), folder=models, text=line).strip()
    with Terminal([str(light.bin / "seq2seq"), *words.split()], environment, models) as terminal:
        terminal.wait("> ")
        terminal.type(line + ENTER)
        terminal.wait(piped.removeprefix(line).strip())
        terminal.type("/help" + ENTER)
        terminal.wait("/quit")
        terminal.wait("> ")
        terminal.type("/quit" + ENTER)
        assert terminal.end() == 0


@pytest.mark.slow
def test_it_serves_with_the_extra(light: Environment, models: Path, tmp_path: Path) -> None:
    done = said(light, models, "serve", "translator")
    assert done.returncode == 2
    assert done.stderr == (
        "seq2seq: seq2seq serve needs starlette, uvicorn, httptools, python_multipart, py3langid: pip install "
        "'lstm-seq2seq-light[serve]'.\n"
    )
    for name in SERVING:
        file = Path(str(importlib.import_module(name).__file__))
        found = file.parent if file.stem == "__init__" else file
        (tmp_path / found.name).symlink_to(found)
    command = [str(light.bin / "seq2seq"), "serve", "translator", "partner", "--port", "0"]
    environment = {**os.environ, "PYTHONPATH": str(tmp_path)}
    with subprocess.Popen(command, cwd=models, stdout=subprocess.PIPE, encoding="utf-8", env=environment) as server:
        assert server.stdout is not None
        address = server.stdout.readline().strip().removeprefix("Serving at ")
        wanted = light.seq2seq("translate", "translator", folder=models, text="the dog\n").rstrip("\n")
        with urllib.request.urlopen(f"{address}/translate", data=b"q=the+dog") as answer:
            assert json.load(answer)["translatedText"] == wanted
        with urllib.request.urlopen(f"{address}/") as answer:
            assert answer.status == 200
        server.terminate()
        assert server.wait(30) == 0


@pytest.mark.slow
def test_from_python_it_works_too(light: Environment, models: Path) -> None:
    code = """
import seq2seq
model = seq2seq.load("translator")
print(model.translate("the dog eats") != "", model.decode(["the dog"])[0][0].score < 0)
print(seq2seq.load("partner").session().say("the dog") != "")
"""
    assert run([str(light.python), "-c", code], models).split() == ["True", "True", "True"]


@pytest.mark.slow
def test_what_it_cannot_do_is_a_sentence(light: Environment, models: Path) -> None:
    for verb in sorted(set(VERBS) - set(USED)):
        done = said(light, models, verb, "translation")
        assert done.returncode == 2
        assert done.stderr == (
            f"seq2seq: This installation only uses models and has no '{verb}'. To train, evaluate and export, install "
            "the whole: pip uninstall lstm-seq2seq-light, then pip install lstm-seq2seq.\n"
        )
    done = said(light, models, "translate", "weights/translator", "texts.txt")
    assert done.returncode == 2
    assert done.stderr == (
        "seq2seq: weights/translator is a model for PyTorch, which is not installed: where it is, export the model "
        "with seq2seq export weights/translator FOLDER --format onnx, and use that folder here.\n"
    )
