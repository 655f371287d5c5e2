"""Compare summarizers in a table: ``python -m benchmarks.summary_table NAME=FOLDER ...``.

Each FOLDER contains a ``report.json`` of ``seq2seq evaluate``, all for the same test set. Prints Markdown: ROUGE F1
with 95 % intervals in brackets, the fraction of trigrams repeated within a summary, and words per summary. The last
rows show the references and the baselines without a model (lead, longest, random, oracle); they are read from the first
report.
"""

from collections.abc import Sequence
from typing import Any

from benchmarks.systems import System, show
from seq2seq.errors import UserError

KINDS = ("ROUGE-1", "ROUGE-2", "ROUGE-L", "ROUGE-Lsum")
REPEATED, WORDS = "repeated 3-grams", "words each"


def main(arguments: Sequence[str] | None = None) -> None:
    """Print the table."""
    show(__doc__, table, arguments)


def table(systems: Sequence[System]) -> list[str]:
    """Return the table's lines.

    Raises:
        UserError: If the systems were not tested on the same documents.
    """
    heads = ["", *KINDS, REPEATED, WORDS]
    lines = [f"| {' | '.join(heads)} |", f"| --- |{' ---: |' * (len(heads) - 1)}"]
    tested = [prediction["references"] for prediction in systems[0].report["predictions"]]
    for system in systems:
        name, report = system.name, system.report
        if [prediction["references"] for prediction in report["predictions"]] != tested:
            raise UserError(
                f"{systems[0].name} and {name} were not tested on the same documents: evaluate both on the same data."
            )
        shares = rows(report, "What the summaries are made of")
        scores = {score["name"]: score for score in report["scores"]}
        cells = [
            f"{scores[kind]['value']:.2f} ({scores[kind]['low']:.2f} to {scores[kind]['high']:.2f})" for kind in KINDS
        ]
        lines.append(f"| {' | '.join([name, *cells, shares[REPEATED][0], shares[WORDS][0]])} |")
    for name, (*scores_of, words) in rows(systems[0].report, "Compared with simple baselines").items():
        if name != "this model":
            lines.append(
                f"| {' | '.join([name, *(f'{float(score):.2f}' for score in scores_of), '', f'{float(words):.1f}'])} |"
            )
    lines.append(f"| references | | | | | {shares[REPEATED][1]} | {shares[WORDS][1]} |")
    return lines


def rows(report: dict[str, Any], title: str) -> dict[str, list[Any]]:
    """Return the rows of a section's table, keyed by their first cell.

    Raises:
        UserError: If the report has no such section, because it is not for a summarizer.
    """
    for section in report["sections"]:
        if section["title"] == title:
            return {
                row[0]: row[1:]
                for block in section["blocks"]
                if isinstance(block, dict)
                for row in block.get("rows", ())
            }
    raise UserError(f"The report has no section '{title}': it is not of a summarizer.")


if __name__ == "__main__":
    main()
