"""``seq2seq report FOLDER``: write an index page of all runs in a folder."""

from pathlib import Path
from typing import TYPE_CHECKING

from seq2seq.errors import UserError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from seq2seq.report.language import Say
    from seq2seq.report.run_list import Run

SUMMARY = "write a page that lists all runs of a folder"
EPILOG = """
Looks for runs, model folders and reports in FOLDER, and writes FOLDER/index.html: for each task a table with scores,
intervals, size, training time, date and a link to each report. Broken and unfinished runs are listed with the
reason. A report of one model is written by seq2seq evaluate.
"""
NAME = "index.html"
HEAD_CHARACTERS = 2_000
"""Number of characters at the start of a page that are searched for the generator tag."""


def main(arguments: list[str]) -> int:
    """Write the page, and print its path."""
    from seq2seq.command_line.arguments import Parser
    from seq2seq.files.atomic_files import write_atomically
    from seq2seq.report.html.index import index_page
    from seq2seq.report.language import language_for
    from seq2seq.report.run_list import runs_in
    from seq2seq.safe_text import encodable

    parser = Parser("report", f"List all runs of a folder on one page: seq2seq report [FOLDER]\n{EPILOG}")
    parser.add_argument("folder", metavar="FOLDER", nargs="?", default="runs", help="a folder of runs (default: runs)")
    parser.add_argument("--output", metavar="FILE", help=f"the page (default: {NAME} in FOLDER)")
    parser.add_argument(
        "--language",
        choices=("en", "zh"),
        help="language of the page (default: your locale's, or that of all-Chinese models)",
    )
    options = parser.parse_args(arguments)
    folder = Path(options.folder).expanduser()
    place = Path(options.output).expanduser() if options.output else folder / NAME
    runs = runs_in(folder)
    require_own(place)
    spoken = {code for run in runs for code in run.languages}
    language = options.language or language_for(*(("zh", "zh") if spoken == {"zh"} else ("", "")))
    content = encodable(index_page(folder, runs, place, _say_in(language, runs), language)).encode()
    write_atomically(place, lambda file: file.write(content))
    print(place)
    return 0


def require_own(place: Path) -> None:
    """Check that a path is free or was written by this command.

    Raises:
        UserError: If it is a folder, or a file that this command did not write.
    """
    from seq2seq.report.html.index import MADE_BY

    if place.is_dir():
        raise UserError(f"{place} is a folder, but --output is a file: give --output {place / NAME}.")
    if not place.exists():
        return
    with place.open(encoding="utf-8", errors="replace") as file:
        is_own = MADE_BY in file.read(HEAD_CHARACTERS)
    if not is_own:
        raise UserError(f"{place} exists and was not written by seq2seq report: name another file with --output.")


def _say_in(language: str, runs: "Sequence[Run]") -> "Say":
    """Return the translator for a language, including the phrases of the runs' tasks."""
    from seq2seq.plugin import registry
    from seq2seq.plugin.phrases import phrases
    from seq2seq.report.language import say_in

    words: dict[str, str] = {}
    for name, task in registry.surveyed().tasks.items():  # phrases of broken plugins stay English
        if name in {run.task for run in runs}:
            try:
                words.update(phrases(task, language))
            except UserError:  # `seq2seq evaluate` reports this error
                continue
    return say_in(language, words)
