"""Compare dialogue systems and human replies: ``python -m benchmarks.dialogue_table NAME=FOLDER ...``.

Each FOLDER contains a ``report.json`` of ``seq2seq evaluate``, all for the same test set. Measures that need the model
are read from these reports. Measures of replies are computed here, because distinct-n must use the same number of words
for all systems. Prints a Markdown table with 95 % intervals in brackets.
"""

from collections.abc import Sequence

from benchmarks.systems import System, show
from seq2seq.errors import UserError
from seq2seq_dialogue import perplexity, ranking
from seq2seq_dialogue.diversity import budget, diversity
from seq2seq_dialogue.report_sections import measures

Cells = dict[str, str]


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    show(__doc__, table, arguments)


def replies(system: System) -> list[str]:
    """Return a system's replies, in the order of the test set."""
    return [str(prediction["hypothesis"]) for prediction in system.report["predictions"]]


def references(system: System) -> list[str]:
    """Return the human replies."""
    return [str(prediction["references"][0]) for prediction in system.report["predictions"]]


def table(systems: Sequence[System]) -> list[str]:
    """Return the lines of a table with a row per measure and a column per system; human replies come last.

    Raises:
        UserError: If the systems were not tested on the same replies.
    """
    first = systems[0]
    for system in systems[1:]:
        if references(system) != references(first):
            raise UserError(
                f"{first.name} and {system.name} were not tested on the same replies: evaluate both on the same data."
            )
    among = budget(references(first), *(replies(system) for system in systems))
    columns = [{**reported(system), **diversities(replies(system), among)} for system in systems]
    columns.append(diversities(references(first), among))
    rows = list(dict.fromkeys(name for column in columns for name in column))
    heads = [*(system.name for system in systems), "people"]
    lines = ["|  | " + " | ".join(heads) + " |", "| --- | " + " | ".join("---:" for _ in heads) + " |"]
    lines += [f"| {name} | " + " | ".join(column.get(name, "") for column in columns) + " |" for name in rows]
    return lines


def reported(system: System) -> Cells:
    """Return the report's BLEU, perplexity and rank of the true reply."""
    cells: Cells = {}
    for score in sorted(system.report["scores"], key=lambda score: str(score["name"])):
        cells[str(score["name"])] = _cell(score["value"], score["low"], score["high"])
    for section in system.report["sections"]:
        if section["title"] not in (perplexity.TITLE, ranking.TITLE):
            continue
        what = "perplexity per " if section["title"] == perplexity.TITLE else ""
        for block in section["blocks"]:
            for name, value, interval, *_ in block.get("rows", ()):
                ends = str(interval).replace(",", "").split(" to ")
                low, high = map(float, ends) if len(ends) == 2 else (None, None)
                cells[f"{what}{name}"] = _cell(float(value), low, high)
    return cells


def diversities(texts: Sequence[str], among: int) -> Cells:
    """Return the diversity measures of replies."""
    return {
        name: _cell(estimate.value, estimate.low, estimate.high)
        for name, estimate in measures(diversity(texts, among), among)
    }


def _cell(value: float, low: float | None, high: float | None) -> str:
    interval = "" if low is None or high is None else f" ({low:,.2f} to {high:,.2f})"
    return f"{value:,.2f}{interval}"


if __name__ == "__main__":
    main()
