"""Recipes by name: those of the suite agree with `data/` and `configs/`, and those of plugins are found and checked."""

import re
from pathlib import Path

import pytest

from seq2seq.errors import UserError
from seq2seq.plugin import config_files
from seq2seq.plugin.registry import load
from seq2seq.recipes.catalogue import catalogue
from tests.corpora import DATA

OURS = catalogue().recipes
PLUGIN = """
from seq2seq.recipes.recipe import About, Recipe

def prepare(request):
    request.folder.mkdir(parents=True)
    (request.folder / "given.txt").write_text(str(request.given), encoding="utf-8")

RECIPE = Recipe("Names", About("names", "translation", ("en",), "3 lines", "here", "CC0"), "x.txt", ("x.txt",), prepare)
NOTHING = 3
"""


def announce(site: Path, monkeypatch: pytest.MonkeyPatch, **entries: str) -> None:
    """Install a distribution that announces recipes."""
    info = site / "lists-1.0.dist-info"
    info.mkdir(parents=True)
    (site / "lists_of_names.py").write_text(PLUGIN, encoding="utf-8")
    (info / "METADATA").write_text("Name: lists\nVersion: 1.0\n", encoding="utf-8")
    lines = "".join(f"{name} = {value}\n" for name, value in entries.items())
    (info / "entry_points.txt").write_text(f"[seq2seq.recipes]\n{lines}", encoding="utf-8")
    monkeypatch.syspath_prepend(str(site))


def test_every_recipe_has_a_folder_of_data_and_its_name() -> None:
    assert set(OURS) == {path.parent.name for path in DATA.glob("*/README.md")}
    for name, recipe in OURS.items():
        script = (DATA / name / "prepare.py").read_text(encoding="utf-8")
        assert f'"prepare", "{name}"' in script
        assert recipe.about.name == name


@pytest.mark.parametrize("name", OURS)
def test_its_configs_exist_and_its_readme_says_the_same(name: str) -> None:
    about, readme = OURS[name].about, (DATA / name / "README.md").read_text(encoding="utf-8")
    task = load(about.task)
    assert about.configs
    for configs in about.configs:
        for config in configs.split():
            assert config_files.find(config, task).is_file()
    assert f"seq2seq fit {about.task} -c {about.configs[0].replace(' ', ' -c ')}" in readme
    for digest in OURS[name].checksums.values():
        assert digest in readme
    licence = next(line for line in readme.splitlines() if line.startswith("| licence |"))
    first = re.split(r"[;,]| by | stated| of each", about.licence)[0]
    assert first in re.sub(r"[\[\]]", "", licence)


def test_the_list_is_sorted_by_task() -> None:
    keys = [(recipe.about.task, name) for name, recipe in OURS.items()]
    assert keys == sorted(keys)


def test_a_plugin_adds_a_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(tmp_path, monkeypatch, names="lists_of_names:RECIPE")
    assert catalogue().find("names").title == "Names"


def test_a_broken_recipe_is_named_with_its_cause(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    entries = {"gone": "no_such_module:RECIPE", "other": "lists_of_names:RECIPE", "zero": "lists_of_names:NOTHING"}
    announce(tmp_path, monkeypatch, csl="lists_of_names:RECIPE", **entries)
    found = catalogue()
    assert set(found.recipes) == set(OURS)
    causes = {
        "csl": "calls itself 'names': give the recipe and its entry point the same name.",
        "gone": "could not be imported: ModuleNotFoundError: No module named 'no_such_module'",
        "other": "calls itself 'names'",
        "zero": "is not a seq2seq.recipes.recipe.Recipe.",
    }
    for name, cause in causes.items():
        assert f"Recipe '{name}' (" in found.broken[name]
        assert cause in found.broken[name]
        assert "from lists 1.0" in found.broken[name]
    with pytest.raises(UserError, match=r"Recipe 'zero' .* is not a"):
        found.find("zero")


def test_a_name_that_is_taken_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    announce(tmp_path, monkeypatch, csl="seq2seq.recipes.corpora.csl:RECIPE")
    assert "has the name of another recipe: rename it." in catalogue().broken["csl"]


def test_an_unknown_name_gets_a_hint() -> None:
    with pytest.raises(UserError, match=r"No corpus named 'multi30'. Did you mean 'multi30k'\? Corpora: chatterbot, "):
        catalogue().find("multi30")
