"""``seq2seq inspect FILE...``: describe data files, and warn of duplicates, leakage and the like."""

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seq2seq.errors import UserError

if TYPE_CHECKING:
    import argparse

    from seq2seq.corpus.reader import Reader
    from seq2seq.inspection.inspection import Pieces
    from seq2seq.plugin.task import Task

SUMMARY = "show what would be read from data files, with warnings"
EPILOG = """
Each FILE is a split (training data first): the later ones are compared with the earlier ones. Two files that belong
together are given as SOURCE,TARGET; files whose names differ only in the language, as train.en train.zh, are put
together. The forms of files, with what each contains:
"""


def main(arguments: list[str]) -> int:
    """Print what the files contain."""
    import json

    from seq2seq.command_line.arguments import counted
    from seq2seq.corpus.recognition import NAMES
    from seq2seq.inspection.cases import for_reader, source_of
    from seq2seq.inspection.inspection import Inspection, inspected
    from seq2seq.inspection.terminal import lines
    from seq2seq.options import choice
    from seq2seq.plugin.task import TextTask
    from seq2seq.safe_text import encodable

    options = parser().parse_args(arguments)
    counted("--examples", options.examples, least=0)
    if bool(options.source_field) != bool(options.target_field):
        raise UserError("--source_field and --target_field belong together: give both.")
    if options.form:
        choice("--form", options.form, NAMES)
    fields = (options.source_field, options.target_field) if options.source_field else None
    task, reader, pieces = _reader(options)
    results: list[Inspection] = []
    for files in splits(options.files, is_paired=not isinstance(task, TextTask)):
        if task and reader:
            source = for_reader(reader, files, has_source=not isinstance(task, TextTask))
        else:
            languages = options.source_language or "", options.target_language or ""
            source = source_of(files, options.form or "", fields, languages)
        results.append(inspected(source, options.examples, pieces, results))
    if options.json:
        shown = json.dumps([result.to_json() for result in results], ensure_ascii=False, indent=2)
        print(encodable(shown, is_json=True))
    else:
        print("\n\n".join("\n".join(lines(result)) for result in results))
    return 0


def parser() -> "argparse.ArgumentParser":
    """Return the command's parser."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.corpus.recognition import FORMS

    listed = "\n".join(f"  {form.name:<15}{form.expected}" for form in FORMS)
    parser = Parser(
        "inspect", f"Show what would be read from data files: form, counts, lengths, warnings.\n{EPILOG}{listed}"
    )
    parser.add_argument("files", metavar="FILE", nargs="+", help="a file, two as SOURCE,TARGET, or a folder")
    parser.add_argument("--task", metavar="NAME", help="show the examples that this task makes of them")
    parser.add_argument(
        "--model", metavar="MODEL", help="a run folder or an exported model: also count the pieces of its vocabulary"
    )
    parser.add_argument("--form", metavar="NAME", help="form of the files, such as whatsapp (default: recognized)")
    parser.add_argument("--source_field", metavar="NAME", help="column or key of the sources")
    parser.add_argument("--target_field", metavar="NAME", help="column or key of the targets")
    parser.add_argument("--source_language", metavar="CODE", help="language of the sources, for .tmx, .xlf and .po")
    parser.add_argument("--target_language", metavar="CODE", help="language of the targets, likewise")
    parser.add_argument("--examples", metavar="N", type=int, default=2, help="number of first examples shown (2)")
    parser.add_argument("--json", action="store_true", help="print it as JSON")
    return parser


def splits(given: list[str], *, is_paired: bool = True) -> list[list[Path]]:
    """Return the files of each split.

    Args:
        given: Names as typed: of files, or of two with a comma between them.
        is_paired: Whether two files in a row whose names differ only in the language are put together.
    """
    from seq2seq.corpus.languages import language_of

    groups: list[list[Path]] = []
    for name in given:
        if "," in name and not Path(name).exists():
            groups.append([Path(part.strip()).expanduser() for part in name.split(",") if part.strip()])
            continue
        path = Path(name).expanduser()
        before = groups[-1][0] if groups and len(groups[-1]) == 1 else None
        if is_paired and before and _without_language(before) == _without_language(path) and language_of(before.name):
            groups[-1].append(path)
        else:
            groups.append([path])
    return groups


def _without_language(path: Path) -> tuple[Path, tuple[str, ...]]:
    """Return the folder and the name of a file without the part that names its language."""
    from seq2seq.corpus.languages import language_of

    parts = path.name.split(".")
    kept = [part for part in parts[1:] if not language_of(part)]
    return path.parent, (parts[0], *kept, str(len(parts)))


def _reader(options: "argparse.Namespace") -> "tuple[Task | None, Reader | None, Pieces | None]":
    """Return the task and its reader, and functions that count the pieces of each side, as far as they are wanted.

    Raises:
        UserError: If there is no such task, or if the model is not readable or of another task.
    """
    from seq2seq.plugin import registry

    names = ("source_field", "target_field", "source_language", "target_language", "form")
    changes: dict[str, Any] = {name: getattr(options, name) for name in names if getattr(options, name)}
    if not options.model:
        task = registry.load(options.task) if options.task else None
        return task, task.reader(**changes) if task else None, None

    from seq2seq.inspection.cases import SOURCE, TARGET, TEXT
    from seq2seq.models.bundle import TOKENIZER, find, read_config
    from seq2seq.tokenization.tokenizer import Tokenizers

    folder = find(options.model)
    config = read_config(folder)
    if options.task not in (None, config.task):
        raise UserError(
            f"--task is '{options.task}', but {options.model} is a model for '{config.task}': leave out --task."
        )
    tokenizers = Tokenizers.load(folder / TOKENIZER)

    def targets(text: str) -> int:
        return len(tokenizers.target.encode(config.reader.masked(text).text))

    def sources(text: str) -> int:
        return len(tokenizers.source.encode(config.reader.masked(text).text))

    pieces = {SOURCE: sources, TARGET: targets, TEXT: targets}
    return registry.load(config.task), replace(config.reader, **{"form": "", **changes}), pieces
