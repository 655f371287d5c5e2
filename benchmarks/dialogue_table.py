"""Table of several dialogue systems and human replies: ``python -m benchmarks.dialogue_table NAME=FOLDER ...``.

Each FOLDER holds a ``report.json`` of ``seq2seq evaluate``; all must be of the same test set. Measures that need the
model are read from there; measures of replies are computed from the replies in it, so that distinct-n is on the same
number of words for all systems. Prints Markdown, with 95 % intervals in brackets.
"""

from collections.abc import Sequence

from benchmarks.systems import System, show
from seq2seq.errors import UserError
from seq2seq_dialogue import perplexity, ranking
from seq2seq_dialogue.diversity import budget, diversity
from seq2seq_dialogue.reporting import measures

Cells = dict[str, str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    show(__doc__, table, arguments)


def replies(one: System) -> list[str]:
    """Return a system's replies, in the order of the test set."""
    return [str(made["hypothesis"]) for made in one.report["predictions"]]


def references(one: System) -> list[str]:
    """Return the human replies."""
    return [str(made["references"][0]) for made in one.report["predictions"]]


def table(systems: Sequence[System]) -> list[str]:
    """Return the table's lines: a row for each measure, a column for each system, and people in the last one.

    Raises:
        UserError: If the systems were not tested on the same replies.
    """
    first = systems[0]
    for one in systems[1:]:
        if references(one) != references(first):
            raise UserError(
                f"{first.name} and {one.name} were not tested on the same replies: evaluate both on the same data."
            )
    among = budget(references(first), *(replies(one) for one in systems))
    columns = [{**asked(one), **said(replies(one), among)} for one in systems] + [said(references(first), among)]
    rows = list(dict.fromkeys(name for column in columns for name in column))
    heads = [*(one.name for one in systems), "people"]
    lines = ["|  | " + " | ".join(heads) + " |", "| --- | " + " | ".join("---:" for _ in heads) + " |"]
    lines += [f"| {name} | " + " | ".join(column.get(name, "") for column in columns) + " |" for name in rows]
    return lines


def asked(one: System) -> Cells:
    """Return the measures that need the model, from the report: BLEU, perplexity and the rank of the true reply."""
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


def said(texts: Sequence[str], among: int) -> Cells:
    """Return measures of the diversity of replies."""
    return {name: _cell(one.value, one.low, one.high) for name, one in measures(diversity(texts, among), among)}


def _cell(value: float, low: float | None, high: float | None) -> str:
    interval = "" if low is None or high is None else f" ({low:,.2f} to {high:,.2f})"
    return f"{value:,.2f}{interval}"


if __name__ == "__main__":
    main()
