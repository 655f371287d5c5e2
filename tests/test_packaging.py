"""The wheel holds every module and configuration and nothing else, and works from an empty folder."""

import ast
import re
import shutil
import subprocess
import sys
import tomllib
import zipfile
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest

from seq2seq import __version__
from tests.environments import REPOSITORY, Environment, run

PROJECT = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))


def python_files() -> Iterator[Path]:
    for package in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]:
        yield from sorted((REPOSITORY / package).rglob("*.py"))


def test_every_plugin_is_packed_checked_and_announced() -> None:
    plugins = {path.parent.name for path in (REPOSITORY / "tasks").glob("*/__init__.py")}
    build = PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]
    assert set(build["packages"]) == {"seq2seq", *(f"tasks/{name}" for name in plugins)}
    assert set(PROJECT["tool"]["check-wheel-contents"]["toplevel"]) == {"seq2seq", *plugins}
    announced = PROJECT["project"]["entry-points"]["seq2seq.tasks"].values()
    assert {value.partition(":")[0] for value in announced} == plugins - {"seq2seq_samples"}


def test_every_imported_distribution_is_a_dependency() -> None:
    project = PROJECT["project"]
    extras = project["optional-dependencies"]
    wanted = [*project["dependencies"], *extras["tensorboard"], *extras["chat"], *extras["onnx"], *extras["serve"]]
    wanted += [*extras["parquet"], *extras["ray"], *extras["hub"], *extras["datasets"]]
    wanted += extras["formats"]
    declared = {re.split(r"[^\w.-]", one)[0].replace("_", "-").lower() for one in wanted}
    distributions = packages_distributions()
    ours = {Path(name).name for name in PROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]}
    for path in python_files():
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            if isinstance(node, ast.ImportFrom) and node.module and not node.level:
                names = [node.module]
            for name in {name.split(".")[0] for name in names} - ours - set(sys.stdlib_module_names):
                owners = {owner.replace("_", "-").lower() for owner in distributions.get(name, [name])}
                assert owners & declared, f"{path.name} imports {name}, which pyproject.toml does not declare"


def test_malicious_releases_are_excluded() -> None:
    (lightning,) = (one for one in PROJECT["project"]["dependencies"] if one.startswith("lightning"))
    assert "!=2.6.2" in lightning
    assert "!=2.6.3" in lightning


def test_no_address_of_a_package_index_is_in_the_repository() -> None:
    hosts = "|".join(
        (r"py" + r"pi\.org", r"python" + r"hosted\.org", r"download\.py" + r"torch\.org", r"npm" + r"js\.org")
    )
    found = subprocess.run(
        ["git", "grep", "-nIE", hosts], cwd=REPOSITORY, capture_output=True, encoding="utf-8", check=False
    )
    assert found.stdout == ""


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("wheel")
    run([sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(folder), str(REPOSITORY)], folder)
    (built,) = folder.glob("*.whl")
    return built


@pytest.mark.slow
def test_wheel_holds_everything_and_nothing_else(wheel: Path) -> None:
    assert wheel.name == f"lstm_seq2seq-{__version__}-py3-none-any.whl"
    run([str(Path(sys.executable).parent / "check-wheel-contents"), str(wheel)], REPOSITORY)
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    tracked = run(["git", "ls-files", "seq2seq", "tasks", "configs"], REPOSITORY).split()
    wanted = {re.sub("^tasks/", "", re.sub("^configs/", "seq2seq/configs/", name)) for name in tracked}
    assert held == {name for name in wanted if not name.endswith("README.md")}


@pytest.mark.slow
def test_wheel_works_from_an_empty_folder(wheel: Path, tmp_path: Path) -> None:
    environment = Environment(tmp_path / "environment")
    environment.install(str(wheel))
    empty = tmp_path / "empty"
    empty.mkdir()
    where = run([str(environment.python), "-c", "import seq2seq; print(seq2seq.__file__)"], empty)
    assert Path(where.strip()).parent == environment.packages / "seq2seq"
    assert "translate" in environment.seq2seq("--help", folder=empty)
    script = [str(environment.python), "-c", "from seq2seq.report.html.page import script; print(script('report.js'))"]
    assert (
        run(script, empty).strip()
        == (REPOSITORY / "seq2seq" / "report" / "html" / "report.js").read_text(encoding="utf-8").strip()
    )
    lines = environment.seq2seq("tasks", folder=empty).splitlines()
    assert ["translation", __version__] in [line.split()[:2] for line in lines]
    assert len(environment.seq2seq("data", "list", folder=empty).splitlines()) == 15
    (empty / "mine").mkdir()
    for split in ("train", "valid", "test"):
        (empty / "mine" / f"ptb.{split}.txt").write_text(f" a text of {split} \n", encoding="utf-8")
    environment.seq2seq("data", "prepare", "ptb", "--from", "mine", folder=empty)
    assert (empty / "data" / "ptb" / "processed" / "test.txt").read_text(encoding="utf-8") == "a text of test\n"
    for name in ("mine", "data"):
        shutil.rmtree(empty / name)
    limits = ["--trainer.max_steps", "2", "--data.cache_dir", str(tmp_path / "cache")]
    # `size/tiny` is found by name, inside the wheel.
    shown = environment.seq2seq("fit", "translation", "-c", "size/tiny", *limits, "--run_dir", "run", folder=empty)
    assert shown.splitlines()[-1] == "run"
    out = environment.seq2seq("translate", "run", "--max_length", "5", folder=empty, text="Three cats.\n\nHello.\n")
    assert len(out.splitlines()) == 3
    assert sorted(path.name for path in empty.iterdir()) == ["run"]
