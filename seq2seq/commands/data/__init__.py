"""``seq2seq data list|info|prepare``: public corpora by name."""

from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from seq2seq.recipes.recipe import Recipe

SUMMARY = "list, describe and prepare public corpora"
EPILOG = """
  seq2seq data list                         list the corpora: name, task, languages, size and licence
  seq2seq data info NAME                    describe a corpus: source, files, checksums, and how to train on it
  seq2seq data prepare NAME --from FOLDER   prepare a corpus from your copy of its original files

prepare copies the original files to data/NAME/raw and writes data/NAME/processed, where the config files of
the corpus expect it. Preparing a corpus again changes nothing.
"""
ACTIONS = ("list", "info", "prepare")


def main(arguments: list[str]) -> int:
    """List, describe or prepare corpora.

    Raises:
        UserError: If there is no such corpus, or if it does not have an option.
    """
    from seq2seq.command_line.arguments import Parser
    from seq2seq.commands.data.listing import described, listing
    from seq2seq.recipes.catalogue import catalogue

    parser = Parser("data", f"List, describe and prepare public corpora: seq2seq data ACTION [NAME]\n{EPILOG}")
    parser.add_argument("action", metavar="ACTION", choices=ACTIONS, help="list, info or prepare")
    parser.add_argument("name", metavar="NAME", nargs="?", help="a corpus (see: seq2seq data list)")
    parser.add_argument("--from", dest="given", metavar="FOLDER", help="prepare: folder with the original files")
    parser.add_argument("--download", action="store_true", help="prepare: download the original files (untested)")
    parser.add_argument(
        "--output", metavar="FOLDER", help="prepare: folder for raw/ and processed/ (default: data/NAME)"
    )
    parser.add_argument("--languages", metavar="LANGUAGE", nargs="+", help="prepare: languages, for corpora of several")
    options = parser.parse_args(arguments)
    if options.action == "list" and options.name:
        raise UserError(f"seq2seq data list takes no name: type seq2seq data info {options.name}.")
    if options.action != "prepare":
        for option, value in (("--from", options.given), ("--download", options.download)):
            if value:
                raise UserError(f"{option} is an option of seq2seq data prepare, not of {options.action}.")
    known = catalogue()
    if options.action == "list":
        print("\n".join(listing(known)))
        return 0
    if not options.name:
        raise UserError(f"seq2seq data {options.action} needs a NAME. Corpora: {', '.join(known.recipes)}.")
    recipe = known.find(options.name)
    if options.action == "info":
        print("\n".join(described(recipe)))
        return 0
    prepare(recipe, options.given, options.output, tuple(options.languages or ()), is_download=options.download)
    return 0


def prepare(
    recipe: "Recipe", given: str | None, output: str | None, languages: "tuple[str, ...]", *, is_download: bool
) -> None:
    """Prepare a corpus and print how to train on it.

    Raises:
        UserError: If the corpus does not have an option, or if its files are missing or damaged.
        WorldError: If a download fails.
    """
    from seq2seq.commands.data.listing import training
    from seq2seq.recipes.recipe import Request

    name = recipe.about.name
    if is_download and not recipe.has_download:
        raise UserError(f"{name} has no --download: it reads {recipe.accepted}. See seq2seq data info {name}.")
    if languages and not recipe.languages:
        raise UserError(f"{name} has no choice of languages: leave out --languages.")
    folder = Path(output).expanduser() if output else Path("data") / name
    recipe.prepare(Request(folder, Path(given).expanduser() if given else None, is_download, languages))
    if not output and recipe.about.configs:
        print("\n".join(f"Train on it: {command}" for command in training(recipe)))
