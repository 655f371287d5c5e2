"""Formats a report as Markdown (``report.md``), beginning with the verdict."""

import json
import re
from collections.abc import Sequence

from seq2seq.plugin.report_blocks import Html, Prediction, Section, Table
from seq2seq.report.language import Say, cell, english
from seq2seq.report.report import Report
from seq2seq.report.table_layout import numeric, shown
from seq2seq.report.tables import EXAMPLES_NOTE, figure_table, sections, shown_examples, signatures
from seq2seq.report.tables import title as titled
from seq2seq.report.verdict import explanation, sentence

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def markdown_report(report: Report, say: Say = english) -> str:
    """Return the whole report as Markdown, translated by `say`."""
    lines = [f"# {escaped(titled(report, say))}", ""]
    if report.verdict:
        lines += [f"**{escaped(sentence(report.verdict, say))}**", ""]
    lines += [f"> {escaped(say(note))}\n" for note in report.notes]
    if report.figures:
        lines += [*_table(figure_table(report.figures), say), ""]
    if report.examples:
        lines += [f"## {say('Three examples')}", ""]
        for title, number in report.examples.rows():
            lines += _example(report.predictions[number], say, title)
        lines += [escaped(say(explanation(report.examples))), ""]
    for section in [*sections(report), *report.errors]:
        lines += _section(section, say)
    for title, numbers in shown_examples(report):
        lines += [f"## {say(title)}", "", say(EXAMPLES_NOTE), ""]
        lines += [line for number in numbers for line in _example(report.predictions[number], say)]
    for section in report.sections:
        lines += _section(section, say)
    command = str(report.recipe.get("command", ""))
    if command:
        lines += [f"## {say('Reproduce it')}", "", *_fenced(command), ""]
    lines += [line for section in signatures(report) for line in _section(section, say)]
    lines += [f"## {say('Recipe')}", "", *_fenced(json.dumps(report.recipe, ensure_ascii=False, indent=2), "json"), ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Return a text on one line, escaped for Markdown."""
    return _SPECIAL.sub(r"\\\1", _BREAKS.sub(" ⏎ ", text))


def _fenced(text: str, kind: str = "") -> list[str]:
    """Return a code block whose fence is longer than any run of backticks in the text."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", text)), default=0))
    return [f"{fence}{kind}", text, fence]


def _section(section: Section, say: Say) -> list[str]:
    lines = [f"## {escaped(say(section.title))}", ""]
    for block in (block.text if isinstance(block, Html) else block for block in section.blocks):
        if isinstance(block, str):
            lines += [escaped(say(block)), ""] if block else []
        else:
            lines += [*([escaped(say(block.caption)), ""] if block.caption else []), *_table(block, say), ""]
    return lines


def _table(table: Table, say: Say) -> list[str]:
    right = numeric(table)
    line = "| " + " | ".join("---:" if value else "---" for value in right) + " |"
    rows = ([shown(cell(value, say)) for value in row] for row in table.rows)
    return [_row([say(name) for name in table.columns]), line, *map(_row, rows)]


def _row(cells: Sequence[str]) -> str:
    return "| " + " | ".join(map(escaped, cells)) + " |"


def _example(prediction: Prediction, say: Say, title: str = "") -> list[str]:
    named = f"{escaped(say(title))} · " if title else ""
    chrf = f" (chrF {prediction.chrf:.1f})" if any(prediction.references) else ""
    lines = [f"**{named}{prediction.index + 1}**{chrf}", ""]
    if prediction.source:
        lines.append(f"- {say('source')}: {escaped(prediction.source)}")
    lines += [
        f"- {say('reference')}: {escaped(text)}" for text in prediction.references if text or any(prediction.references)
    ]
    return [*lines, f"- {say('output')}: {escaped(prediction.hypothesis) or say('(empty)')}", ""]
