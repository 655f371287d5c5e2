"""``report.md``: the report for places that show Markdown, and for reading in an editor."""

import json
import re

from seq2seq.report import Html, Prediction, Report, Section, Table
from seq2seq.report_tables import EXAMPLES_NOTE, numeric, sections, shown, shown_examples

_SPECIAL = re.compile(r"([\\`*_{}\[\]<>#|~!$])")
_BREAKS = re.compile(r"[\r\n\v\f\x1c-\x1e\x85\u2028\u2029]+")


def markdown_report(report: Report) -> str:
    """Return the whole report."""
    lines = [f"# {escaped(report.title)}", ""]
    lines += [f"> {escaped(note)}\n" for note in report.notes]
    for section in sections(report):
        lines += _section(section)
    for title, numbers in shown_examples(report):
        lines += [f"## {title}", "", EXAMPLES_NOTE, ""]
        lines += [line for number in numbers for line in _example(report.predictions[number])]
    for section in report.sections:
        lines += _section(section)
    lines += ["## Recipe", "", "```json", json.dumps(report.recipe, ensure_ascii=False, indent=2), "```", ""]
    return "\n".join(lines)


def escaped(text: str) -> str:
    """Return a text that Markdown shows as it is, on one line."""
    return _SPECIAL.sub(r"\\\1", _BREAKS.sub(" ⏎ ", text))


def _section(section: Section) -> list[str]:
    lines = [f"## {escaped(section.title)}", ""]
    for block in (one.text if isinstance(one, Html) else one for one in section.blocks):
        if isinstance(block, str):
            lines += [escaped(block), ""] if block else []
        else:
            lines += [*([escaped(block.caption), ""] if block.caption else []), *_table(block), ""]
    return lines


def _table(table: Table) -> list[str]:
    right = numeric(table)
    head = "| " + " | ".join(map(escaped, table.columns)) + " |"
    line = "| " + " | ".join("---:" if one else "---" for one in right) + " |"
    return [head, line, *("| " + " | ".join(escaped(shown(cell)) for cell in row) + " |" for row in table.rows)]


def _example(one: Prediction) -> list[str]:
    lines = [f"**{one.index + 1}** (chrF {one.chrf:.1f})", "", f"- source: {escaped(one.source)}"]
    lines += [f"- reference: {escaped(text)}" for text in one.references]
    return [*lines, f"- output: {escaped(one.hypothesis) or '(empty)'}", ""]
