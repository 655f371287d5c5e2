"""``seq2seq new-task NAME``: write a plugin to start from, with a test that passes once it is installed."""

import keyword
from pathlib import Path
from string import Template

from seq2seq.errors import UserError

SUMMARY = "write a plugin of your own to start from"
TEMPLATE = Path(__file__).parents[1] / "plugin" / "template"
SUFFIX = ".template"


def main(arguments: list[str]) -> int:
    """Write the plugin and print what to do next.

    Raises:
        UserError: If the name or the verb cannot be used, or the folder holds something.
    """
    from seq2seq.command_line.arguments import Parser

    parser = Parser("new-task", "Write a plugin to start from: seq2seq new-task NAME")
    parser.add_argument("name", metavar="NAME", help="the task's name: letters, digits and _, such as dates")
    parser.add_argument("--verb", metavar="VERB", help="the command that applies a trained model (default: NAME)")
    parser.add_argument("--folder", metavar="FOLDER", help="a new folder for it (default: seq2seq-NAME)")
    options = parser.parse_args(arguments)
    verb = options.verb or options.name
    require_free(options.name, verb)
    folder = Path(options.folder or f"seq2seq-{options.name.replace('_', '-')}").expanduser()
    if folder.is_file() or (folder.is_dir() and any(folder.iterdir())):
        raise UserError(f"{folder} exists already: choose another place with --folder, or remove it.")
    write(folder, options.name, verb)
    print(f"{folder} holds the task '{options.name}'. Next:\n")
    print(f"  cd {folder}\n  pip install -e '.[dev]'\n  pytest\n  seq2seq fit {options.name} --data.train FILE.tsv\n")
    print("docs/plugins.md describes what a task can do.")
    return 0


def require_free(name: str, verb: str) -> None:
    """Refuse a name or a verb that a task cannot have.

    Raises:
        UserError: If one is not an identifier in lower case, or an installed task or the suite has it.
    """
    from seq2seq.plugin.registry import installed, surveyed
    from seq2seq.verbs import VERBS

    for kind, word in (("name", name), ("verb", verb)):
        is_identifier = word.isascii() and word.isidentifier() and word == word.lower() and not keyword.iskeyword(word)
        if not is_identifier or word.startswith("_"):
            raise UserError(
                f"'{word}' cannot be the {kind} of a task: use lower-case letters, digits and _, a letter first."
            )
    if name in [plugin.name for plugin in installed()]:
        raise UserError(f"There is a task '{name}' already: choose another name. seq2seq tasks lists them.")
    if verb in VERBS:
        raise UserError(f"'{verb}' is a command of the suite: choose another verb with --verb.")
    for task in surveyed().tasks.values():
        if task.verb == verb:
            raise UserError(f"'{verb}' is the verb of task '{task.name}': choose another one with --verb.")


def write(folder: Path, name: str, verb: str) -> None:
    """Write the files of a plugin.

    Args:
        folder: Its folder; made if missing.
        name: The task's name.
        verb: Its verb.
    """
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
