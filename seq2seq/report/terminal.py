"""Formats a report for the terminal: verdict first, then the tables."""

from seq2seq.plugin.report_blocks import Table
from seq2seq.report.language import Say, cell, english
from seq2seq.report.report import Report
from seq2seq.report.table_layout import terminal
from seq2seq.report.tables import figure_table, length_table, likelihood_table, output_table, score_table
from seq2seq.report.tables import title as titled
from seq2seq.report.verdict import sentence
from seq2seq.safe_text import in_line

LONGEST = 160
"""Maximum number of characters shown of a text."""


def lines(report: Report, say: Say = english) -> list[str]:
    """Return the report as terminal lines, translated by `say`."""
    shown = [f"{titled(report, say)} ({say(report.size())})"]
    if report.verdict:
        shown.append(sentence(report.verdict, say))
    shown += [*map(say, report.notes), ""]
    if report.figures:
        shown += [*_table(figure_table(report.figures), say), ""]
    shown += _examples(report, say)
    method = report.recipe.get("decoding", {}).get("method")
    if method:
        shown += [f"{say('Outputs')}{say(': ')}{say(method)}{say('.')}", ""]
    if not report.buckets:  # running text
        shown += [*_table(likelihood_table(report), say), "", say(report.likelihood.note), ""]
        for section in report.sections:
            tables = [block for block in section.blocks if isinstance(block, Table)]
            shown += [line for table in tables for line in (f"{say(section.title)}{say(':')}", *_table(table, say), "")]
        return shown
    for table in (score_table(report.scores), likelihood_table(report), output_table(report)):
        shown += [*_table(table, say), ""]
    shown += [f"{say('By source length')}{say(':')}", *_table(length_table(report), say), ""]
    return [*shown, *(score.signature for score in report.scores), ""]


def _examples(report: Report, say: Say) -> list[str]:
    """Return the lines of the three examples."""
    shown: list[str] = []
    for title, number in report.examples.rows() if report.examples else []:
        prediction = report.predictions[number]
        chrf = f", chrF {prediction.chrf:.1f}" if any(prediction.references) else ""
        shown.append(f"{say(title)} ({number + 1:,}{chrf})")
        rows = [("source", prediction.source)] if prediction.source else []
        rows += [("reference", text) for text in prediction.references if text]
        rows.append(("output", prediction.hypothesis))
        table = Table(["", ""], [[say(name), _short(text) or say("(empty)")] for name, text in rows])
        shown += [f"  {line}" for line in terminal(table)[1:]]
        shown.append("")
    return shown


def _short(text: str) -> str:
    shown = in_line(text)
    return shown if len(shown) <= LONGEST else f"{shown[: LONGEST - 1]}…"


def _table(table: Table, say: Say) -> list[str]:
    """Return the lines of a translated table."""
    rows = [[cell(value, say) for value in row] for row in table.rows]
    return terminal(Table([say(name) for name in table.columns], rows))
