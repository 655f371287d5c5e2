"""Generates a plugin skeleton with a passing test (``seq2seq new-task NAME``)."""

import keyword
from pathlib import Path
from string import Template

from seq2seq.errors import UserError
from seq2seq.plugin.registry import installed, reserved, surveyed

TEMPLATE = Path(__file__).parent / "template"
SUFFIX = ".template"


def require_free(name: str, verb: str) -> None:
    """Check that a task name and verb are valid and free.

    Raises:
        UserError: If the name or verb is not a lower-case identifier, if an installed task or the suite already uses
            it, or if models have an attribute with the name of the verb.
    """
    for kind, word in (("name", name), ("verb", verb)):
        is_identifier = word.isascii() and word.isidentifier() and word == word.lower() and not keyword.iskeyword(word)
        if not is_identifier or word.startswith("_"):
            raise UserError(
                f"'{word}' cannot be the {kind} of a task: use lower-case letters, digits and _, a letter first."
            )
    if name in [plugin.name for plugin in installed()]:
        raise UserError(f"There is a task '{name}' already: choose another name. seq2seq tasks lists them.")
    if reason := reserved(verb):
        raise UserError(f"'{verb}' {reason}: choose another verb with --verb.")
    for task in surveyed().tasks.values():
        if task.verb == verb:
            raise UserError(f"'{verb}' is the verb of task '{task.name}': choose another one with --verb.")


def write(folder: Path, name: str, verb: str) -> None:
    """Write the files of a plugin to a folder, which is created if missing."""
    class_name = "".join(word.capitalize() for word in name.split("_"))
    package = f"seq2seq_{name}"
    words = {
        "name": name,
        "verb": verb,
        "class_name": class_name,
        "reader": f"{class_name}Reader",
        "package": package,
        "distribution": package.replace("_", "-"),
        "summary": f"{verb.replace('_', ' ').capitalize()} texts",
    }
    for path in sorted(TEMPLATE.rglob(f"*{SUFFIX}")):
        place = folder / path.relative_to(TEMPLATE).as_posix().removesuffix(SUFFIX).replace("package", package)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(Template(path.read_text(encoding="utf-8")).substitute(words), encoding="utf-8")
