"""Finds recipes by name: those of the suite, and those that installed plugins announce.

A plugin announces a recipe by an entry point in the group ``seq2seq.recipes`` whose value is ``MODULE:RECIPE``. A
recipe that cannot be imported is reported with its cause and does not affect the others.
"""

import importlib
from dataclasses import dataclass, field
from pathlib import Path

from seq2seq.errors import UserError, nearest
from seq2seq.plugin.entry_points import EntryPoint, entry_points
from seq2seq.recipes.recipe import Recipe

GROUP = "seq2seq.recipes"


@dataclass(frozen=True)
class Catalogue:
    """All recipes.

    Args:
        recipes: Usable recipes by name.
        broken: Cause for each recipe of a plugin that cannot be used, by name.
    """

    recipes: dict[str, Recipe] = field(default_factory=dict)
    broken: dict[str, str] = field(default_factory=dict)

    def find(self, name: str) -> Recipe:
        """Return a recipe by name.

        Raises:
            UserError: If there is no such recipe, or if it cannot be used.
        """
        if name in self.recipes:
            return self.recipes[name]
        if name in self.broken:
            raise UserError(self.broken[name])
        names = list(self.recipes)
        raise UserError(f"No corpus named '{name}'. {nearest(name, names)}Corpora: {', '.join(names)}.")


def catalogue() -> Catalogue:
    """Return all recipes, sorted by task and name."""
    found = Catalogue()
    recipes: dict[str, Recipe] = {}
    for path in sorted((Path(__file__).parent / "corpora").glob("*.py")):
        if path.stem != "__init__":
            recipes[path.stem] = importlib.import_module(f"seq2seq.recipes.corpora.{path.stem}").RECIPE
    for entry in sorted(entry_points(GROUP), key=lambda entry: (entry.name, entry.value)):
        try:
            recipe = _loaded(entry)
            if entry.name in recipes:
                raise _fault(entry, "has the name of another recipe: rename it.")
            recipes[entry.name] = recipe
        except UserError as fault:
            found.broken[entry.name] = str(fault)
    found.recipes.update(sorted(recipes.items(), key=lambda named: (named[1].about.task, named[0])))
    return found


def _loaded(entry: EntryPoint) -> Recipe:
    """Import a plugin's recipe, reporting any exception because plugins are third-party code."""
    try:
        recipe = getattr(importlib.import_module(entry.module), entry.attribute)
    except (Exception, SystemExit) as cause:
        raise _fault(entry, f"could not be imported: {type(cause).__name__}: {cause}") from cause
    if not isinstance(recipe, Recipe):
        raise _fault(entry, "is not a seq2seq.recipes.recipe.Recipe.")
    if recipe.about.name != entry.name:
        raise _fault(entry, f"calls itself '{recipe.about.name}': give the recipe and its entry point the same name.")
    return recipe


def _fault(entry: EntryPoint, cause: str) -> UserError:
    return UserError(f"Recipe '{entry.name}' ({entry.value}, from {entry.distribution} {entry.version}) {cause}")
