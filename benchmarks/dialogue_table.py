"""The table of several dialogue systems beside people: ``python benchmarks/dialogue_table.py NAME=FOLDER ...``.

Each FOLDER holds a ``report.json`` of ``seq2seq evaluate``; all must be of the same test set. What is measured by the
model is read from there; what is measured on replies is computed from the replies in it, so that distinct-n is on
the same number of words for all systems. Prints Markdown, with 95 % intervals in brackets.
"""

import argparse
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from seq2seq.errors import UserError
from seq2seq.report import JSON, read
from seq2seq_dialogue import perplexity, ranking
from seq2seq_dialogue.diversity import budget, diversity
from seq2seq_dialogue.reporting import measures

Cells = dict[str, str]


@dataclass(frozen=True)
class System:
    """A system of the table.

    Attributes:
        name: What it is called in the table.
        report: Its ``report.json``.
    """

    name: str
    report: dict[str, Any]

    @property
    def replies(self) -> list[str]:
        """Its replies, in the order of the test set."""
        return [str(one["hypothesis"]) for one in self.report["predictions"]]

    @property
    def references(self) -> list[str]:
        """What people replied."""
        return [str(one["references"][0]) for one in self.report["predictions"]]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("systems", metavar="NAME=FOLDER", nargs="+", help="a name and the folder of its report")
    typed = parser.parse_args(arguments)
    try:
        print("\n".join(table([system(one) for one in typed.systems])))
    except UserError as fault:
        parser.exit(2, f"{fault}\n")


def system(typed: str) -> System:
    """Read a system.

    Args:
        typed: ``NAME=FOLDER``.

    Raises:
        UserError: If there is no name, or no report in the folder.
    """
    name, separator, folder = typed.partition("=")
    if not (name and separator and folder):
        raise UserError(f"'{typed}' names no system: type NAME=FOLDER, such as beam=runs/chat/evaluation-test.")
    return System(name, read(Path(folder).expanduser() / JSON))


def table(systems: Sequence[System]) -> list[str]:
    """Return the table's lines: a row for each measure, a column for each system, and people in the last one.

    Raises:
        UserError: If the systems were not tested on the same replies.
    """
    first = systems[0]
    for one in systems[1:]:
        if one.references != first.references:
            raise UserError(
                f"{first.name} and {one.name} were not tested on the same replies: evaluate both on the same data."
            )
    among = budget(first.references, *(one.replies for one in systems))
    columns = [{**asked(one), **said(one.replies, among)} for one in systems] + [said(first.references, among)]
    rows = list(dict.fromkeys(name for column in columns for name in column))
    heads = [*(one.name for one in systems), "people"]
    lines = ["|  | " + " | ".join(heads) + " |", "| --- | " + " | ".join("---:" for _ in heads) + " |"]
    lines += [f"| {name} | " + " | ".join(column.get(name, "") for column in columns) + " |" for name in rows]
    return lines


def asked(one: System) -> Cells:
    """Return what only the model could be asked, from the report: BLEU, perplexity and the rank of the true reply."""
    found: Cells = {}
    for score in sorted(one.report["scores"], key=lambda score: str(score["name"])):
        found[str(score["name"])] = _cell(score["value"], score["low"], score["high"])
    for section in one.report["sections"]:
        if section["title"] not in (perplexity.TITLE, ranking.TITLE):
            continue
        what = "perplexity per " if section["title"] == perplexity.TITLE else ""
        for block in section["blocks"]:
            for name, value, interval, *_ in block.get("rows", ()):
                ends = str(interval).replace(",", "").split(" to ")
                low, high = map(float, ends) if len(ends) == 2 else (None, None)
                found[f"{what}{name}"] = _cell(float(value), low, high)
    return found


def said(replies: Sequence[str], among: int) -> Cells:
    """Return how varied replies are."""
    return {name: _cell(one.value, one.low, one.high) for name, one in measures(diversity(replies, among), among)}


def _cell(value: float, low: float | None, high: float | None) -> str:
    interval = "" if low is None or high is None else f" ({low:,.2f} to {high:,.2f})"
    return f"{value:,.2f}{interval}"


if __name__ == "__main__":
    main()
