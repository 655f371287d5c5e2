"""The walls of the house: imports run down the list of rooms, nowhere in a circle, and light modules stay light."""

import ast
import subprocess
import sys
from collections import Counter
from collections.abc import Iterable, Mapping
from functools import cache
from pathlib import Path

import pytest

from tests.environments import REPOSITORY

ROOMS = (
    "",
    "files",
    "hub",
    "metrics",
    "network",
    "corpus/formats",
    "corpus/conversations",
    "corpus",
    "documents",
    "documents/formats",
    "tokenization",
    "alignment",
    "batching",
    "decoding/phrases",
    "decoding",
    "decoding/ranking",
    "runtime",
    "plugin",
    "recipes",
    "recipes/corpora",
    "models/joint",
    "models",
    "models/stepwise",
    "deployment",
    "report",
    "report/html",
    "sessions",
    "server",
    "server/decoding_process",
    "server/translation",
    "server/http",
    "server/endpoints",
    "run_setup",
    "training",
    "evaluation",
    "runs/callbacks",
    "runs",
    "command_line",
    "batch_jobs",
    "inspection",
    "repl",
    "commands/data",
    "commands",
    "commands/corpora",
)
"""Folders of ``seq2seq``, ground first: a module may import from its own folder and from those before it."""
DOOR = ("cli", "__main__", "__init__")
"""Modules of ``seq2seq`` itself that may import from every room; no room imports them."""
MOST_MODULES, MOST_LINES = 15, 500
TASKS = "seq2seq_"
LIGHT = (
    *("", "cli", "safe_text", "errors", "options"),
    *("network.options", "corpus.options", "decoding.method"),
    *("run_setup.training_options", "run_setup.data_options", "run_setup.trainer_options"),
    *("corpus.reader", "files.text_lines", "plugin", "plugin.registry", "plugin.config_files", "verbs"),
    *("files.atomic_files", "files.parsing", "files.typed_values"),
    *("recipes.recipe", "recipes.documents", "recipes.dialogues", "recipes.texts", "recipes.catalogue"),
    *("recipes.corpora.csl", "recipes.corpora.chatterbot", "recipes.corpora.debian", "recipes.corpora.tatoeba"),
)
"""What listing tasks, ``--help`` and reading options need; it must import in milliseconds."""
HEAVY = ("torch", "lightning", "sentencepiece", "sacrebleu", "numpy", "jsonargparse", "rouge_score")
LIGHTNING_ROOMS = ("training", "run_setup", "runs/callbacks", "runs")
Imports = Mapping[str, Iterable[str]]
"""By module, as ``folder/name``, the modules that it imports."""


def modules(root: Path) -> dict[str, Path]:
    """Return the modules under a folder by their path without the suffix, packages by ``folder/__init__``."""
    return {path.relative_to(root).with_suffix("").as_posix(): path for path in sorted(root.rglob("*.py"))}


def imported(path: Path) -> frozenset[str]:
    """Return the dotted names that a file imports: at its top, inside functions and for type checking."""
    return names_in(path.read_text(encoding="utf-8"))


@cache
def names_in(code: str) -> frozenset[str]:
    """Return the dotted names that some code imports."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            names.update(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert not node.level, f"imports are absolute: {ast.unparse(node)}"
            names.update(f"{node.module}.{alias.name}" for alias in node.names)
    return frozenset(names)


def imports_within(root: Path, package: str) -> dict[str, set[str]]:
    """Return the imports between the modules of a package; a name that a package re-exports counts as the package."""
    files = modules(root)

    def module_of(dotted: str) -> str | None:
        parts = dotted.split(".")[1:]
        while parts:
            name = "/".join(parts)
            if name in files or f"{name}/__init__" in files:
                return name if name in files else f"{name}/__init__"
            parts.pop()
        return "__init__"

    found: dict[str, set[str]] = {}
    for name, path in files.items():
        targets = {module_of(dotted) for dotted in imported(path) if dotted.split(".")[0] == package}
        found[name] = {target for target in targets if target and target not in (name, "__init__")}
    return found


def room_of(name: str) -> str:
    return name.rpartition("/")[0]


def upward(imports: Imports, rooms: tuple[str, ...]) -> list[str]:
    """Return the imports of a room by one before it in the list, and those of the door by a room."""

    def floor(name: str) -> int:
        return len(rooms) if name in DOOR else rooms.index(room_of(name))

    return [
        f"{name} imports {target}"
        for name, targets in sorted(imports.items())
        for target in sorted(targets)
        if floor(target) > floor(name)
    ]


def circles(imports: Imports) -> list[str]:
    """Return each group of modules that import one another, as a sorted list of names."""
    reached = {name: _reached(name, imports) for name in imports}
    groups = {
        tuple(sorted(other for other in reached[name] if name in reached[other]))
        for name in imports
        if name in reached[name]
    }
    return [", ".join(group) for group in sorted(groups)]


def _reached(start: str, imports: Imports) -> set[str]:
    found: set[str] = set()
    waiting = list(imports[start])
    while waiting:
        name = waiting.pop()
        if name not in found:
            found.add(name)
            waiting.extend(imports.get(name, ()))
    return found


def crowded(names: Iterable[str]) -> list[str]:
    """Return the folders with too many modules."""
    counts = Counter(room_of(name) for name in names if not name.endswith("__init__"))
    return [f"{folder}: {count}" for folder, count in sorted(counts.items()) if count > MOST_MODULES]


CORE = imports_within(REPOSITORY / "seq2seq", "seq2seq")
PLUGINS = sorted(path.parent for path in (REPOSITORY / "tasks").glob("*/__init__.py"))


def test_every_room_has_its_floor() -> None:
    assert {room_of(name) for name in CORE} == set(ROOMS), "keep ROOMS in step with the folders"


def test_imports_only_go_down() -> None:
    assert upward(CORE, ROOMS) == []


def test_there_is_no_circle() -> None:
    assert circles(CORE) == []


@pytest.mark.parametrize("plugin", PLUGINS, ids=lambda path: path.name)
def test_no_plugin_has_a_circle(plugin: Path) -> None:
    assert circles(imports_within(plugin, plugin.name)) == []


def test_no_folder_is_crowded() -> None:
    assert crowded(CORE) == []
    for plugin in PLUGINS:
        assert crowded(modules(plugin)) == []


def test_no_file_is_longer_than_500_lines() -> None:
    folders = ("seq2seq", "tasks", "data", "tests", "docs", "benchmarks")
    lines = {
        path: path.read_text(encoding="utf-8").count("\n")
        for name in folders
        for path in (REPOSITORY / name).rglob("*.py")
    }
    assert [str(path.relative_to(REPOSITORY)) for path, count in lines.items() if count > MOST_LINES] == []


def test_the_core_never_imports_a_task() -> None:
    for path in modules(REPOSITORY / "seq2seq").values():
        assert not [target for target in imported(path) if target.startswith(TASKS)], path


def test_only_training_imports_lightning() -> None:
    for name, path in modules(REPOSITORY / "seq2seq").items():
        if any(target.split(".")[0] in ("lightning", "jsonargparse") for target in imported(path)):
            assert room_of(name) in LIGHTNING_ROOMS, f"{name} imports lightning"


def test_light_modules_import_nothing_heavy() -> None:
    names = [f"seq2seq.{name}".rstrip(".") for name in LIGHT] + [path.name for path in PLUGINS]
    code = f"import sys, {', '.join(names)}; print(*sorted(set({HEAVY!r}) & set(sys.modules)))"
    path = f"import sys; sys.path[:0] = {[str(REPOSITORY), str(REPOSITORY / 'tasks')]!r}; "
    done = subprocess.run([sys.executable, "-c", path + code], capture_output=True, encoding="utf-8", check=True)
    assert done.stdout.strip() == ""


# The walls hold only if these checks notice what breaks them.


@pytest.fixture
def house(tmp_path: Path) -> Path:
    """A package with two rooms, the upper of which imports the lower."""
    for name, text in {
        "__init__.py": "",
        "cellar/__init__.py": "",
        "cellar/wine.py": "import os\n",
        "attic/__init__.py": "",
        "attic/trunk.py": "from house.cellar import wine\nfrom house.cellar.wine import taste\n",
    }.items():
        (tmp_path / "house" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "house" / name).write_text(text, encoding="utf-8")
    return tmp_path / "house"


RAFTERS = ("", "cellar", "attic")


def test_a_sound_house_passes(house: Path) -> None:
    found = imports_within(house, "house")
    assert found["attic/trunk"] == {"cellar/wine"}
    assert upward(found, RAFTERS) == circles(found) == crowded(found) == []


@pytest.mark.parametrize(
    "text",
    [
        "from house.attic import trunk\n",
        "import house.attic.trunk\n",
        "from house.attic.trunk import lid\n",
        "def taste():\n    from house.attic import trunk\n",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from house.attic.trunk import Lid\n",
    ],
    ids=["module", "dotted", "name", "in a function", "for types"],
)
def test_an_import_that_goes_up_is_found(house: Path, text: str) -> None:
    (house / "cellar" / "wine.py").write_text(text, encoding="utf-8")
    found = imports_within(house, "house")
    assert upward(found, RAFTERS) == ["cellar/wine imports attic/trunk"]
    assert circles(found) == ["attic/trunk, cellar/wine"]


def test_a_circle_in_a_room_is_found(house: Path) -> None:
    (house / "cellar" / "wine.py").write_text("from house.cellar import cork\n", encoding="utf-8")
    (house / "cellar" / "cork.py").write_text("def pull():\n    from house.cellar import wine\n", encoding="utf-8")
    found = imports_within(house, "house")
    assert upward(found, RAFTERS) == []
    assert circles(found) == ["cellar/cork, cellar/wine"]


def test_a_room_that_imports_the_door_is_found(house: Path) -> None:
    (house / "cli.py").write_text("from house.attic import trunk\n", encoding="utf-8")
    assert upward(imports_within(house, "house"), RAFTERS) == []
    (house / "cellar" / "wine.py").write_text("from house import cli\n", encoding="utf-8")
    assert upward(imports_within(house, "house"), RAFTERS) == ["cellar/wine imports cli"]


def test_a_relative_import_is_refused(house: Path) -> None:
    (house / "cellar" / "wine.py").write_text("from . import cork\n", encoding="utf-8")
    with pytest.raises(AssertionError, match="imports are absolute"):
        imports_within(house, "house")


def test_a_crowded_folder_is_found() -> None:
    assert crowded(f"attic/box_{number}" for number in range(MOST_MODULES)) == []
    assert crowded(f"attic/box_{number}" for number in range(MOST_MODULES + 1)) == ["attic: 16"]
