"""``report.html``: the report as one self-contained file.

The verdict, the key figures and three examples come first, followed by details; signatures and recipe are collapsed.
The page supports dark mode, narrow screens, print, keyboards and screen readers.
"""

import json
from collections.abc import Sequence
from typing import Any

from seq2seq.plugin.report_blocks import Html, Section, Table
from seq2seq.report.html.attention_table import STYLE as HEAT_STYLE
from seq2seq.report.html.cards import MARKS_NOTE, answer, copied_note, example, three
from seq2seq.report.html.charts import STYLE as PLOT_STYLE
from seq2seq.report.html.curves import curves, lengths, validations
from seq2seq.report.html.output_browser import browser
from seq2seq.report.html.page import page, script, text
from seq2seq.report.html.style import STYLE
from seq2seq.report.language import Say, english
from seq2seq.report.language import cell as said
from seq2seq.report.report import Report
from seq2seq.report.table_layout import numeric, shown
from seq2seq.report.tables import (
    EXAMPLES_NOTE,
    length_table,
    likelihood_note,
    likelihood_table,
    loss_title,
    output_table,
    score_table,
    shown_examples,
    title,
)

SHORT = 18
"""Maximum length in characters of a cell that is not wrapped."""
NARROW = 3
"""Maximum number of columns on a narrow screen; rows of wider tables become lists."""
FOOTER = (
    "Written by seq2seq evaluate. All outputs are in report.json beside this file; seq2seq compare tests two such "
    "files against each other."
)
LENGTHS_NOTE = "The lines on the bars are 95% bootstrap intervals; the fewer the sentences, the longer the line."


def html_report(report: Report, say: Say = english, language: str = "en") -> str:
    """Return the whole report as HTML, translated by `say`; `language` is its language code."""
    parts = list(_parts(report, say))
    links = "".join(f'<a href="#part-{place}">{text(title)}</a>' for place, (title, _, _) in enumerate(parts))
    sections = "".join(_section(place, *part) for place, part in enumerate(parts))
    model, data = report.recipe.get("model", {}), report.recipe.get("data", {})
    description = say(str(data.get("description", report.data)))
    body = (
        f"<header><h1>{text(title(report, say))}</h1>"
        f"<p>{text(description)} · {text(say(report.size()))} · "
        f"<code>{text(str(model.get('path', '')))}</code> · {text(str(report.recipe.get('date', ''))[:10])}</p>"
        f'{answer(report, say)}</header><nav aria-label="{text(say("Parts of the report"))}">{links}</nav>{sections}'
        f"<footer>{text(say(FOOTER))}</footer>"
    )
    return page(
        title(report, say), PLOT_STYLE + HEAT_STYLE + STYLE, body, script=script("report.js"), language=language
    )


def _parts(report: Report, say: Say) -> "list[tuple[str, str, bool]]":
    """Return (heading, content, whether it is collapsed) for each part of the page."""
    parts: list[tuple[str, str, bool]] = []

    def add(name: str, content: str, *, folded: bool = False) -> None:
        parts.append((say(name), content, folded))

    if report.examples:
        add("Three examples", three(report, say))
    for section in report.errors:
        add(section.title, blocks(section, say))
    if report.buckets:
        add(
            "By source length",
            lengths(report, say) + paragraph(LENGTHS_NOTE, say) + table_html(length_table(report), say),
        )
    for section in report.sections:
        add(section.title, blocks(section, say))
    if report.curves:
        values = table_html(validations(report), say)
        folded = f"<details><summary>{text(say('Values as a table'))}</summary>{values}</details>"
        add("Learning curves", curves(report, say) + folded)
    if report.predictions:
        add("All outputs", browser(report, say))
    for name, numbers in shown_examples(report):
        notes = [EXAMPLES_NOTE, MARKS_NOTE, copied_note(report, numbers)]
        cards = "".join(example(report.predictions[number], place == 0, say) for place, number in enumerate(numbers))
        add(name, "".join(paragraph(note, say) for note in notes if note) + cards)
    if report.scores:
        add("Scores", table_html(score_table(report.scores), say))
    add(loss_title(report), table_html(likelihood_table(report), say) + paragraph(likelihood_note(report), say))
    if report.buckets:
        add("Outputs", table_html(output_table(report), say))
    if command := str(report.recipe.get("command", "")):
        add("Reproduce it", _command(command, say))
    if report.scores:
        add("Signatures", _signatures(report), folded=True)
    add("Recipe", _recipe(report.recipe, say), folded=True)
    return parts


def _section(place: int, heading: str, content: str, folded: bool) -> str:
    if folded:
        return (
            f'<section id="part-{place}" class="fold-section"><details><summary><h2>{text(heading)}</h2></summary>'
            f"{content}</details></section>"
        )
    return f'<section id="part-{place}"><h2>{text(heading)}</h2>{content}</section>'


def paragraph(words: str, say: Say) -> str:
    """Return a translated paragraph."""
    return f"<p>{text(say(words))}</p>"


def table_html(table: Table, say: Say) -> str:
    """Return a table as HTML, with bars in the column `table.bar`."""
    names = [say(name) for name in table.columns]
    right = [' class="n"' if is_number else "" for is_number in numeric(table)]
    caption = f"<caption>{text(say(table.caption))}</caption>" if table.caption else ""
    head = "".join(f'<th scope="col"{place}>{text(name)}</th>' for name, place in zip(names, right, strict=True))
    rows = []
    for row in table.rows:
        cells = []
        for column, (value, place) in enumerate(zip(row, right, strict=True)):
            words = shown(said(value, say))
            kind = place or (' class="s"' if len(words) <= SHORT else "")
            bar = _bar(value) if column == table.bar else ""
            cells.append(f'<td{kind} data-label="{text(names[column])}">{text(words)}{bar}</td>')
        rows.append(f"<tr>{''.join(cells)}</tr>")
    stack = " stack" if len(names) > NARROW else ""
    inside = f"{caption}<thead><tr>{head}</tr></thead><tbody>{''.join(rows)}</tbody>"
    return f'<div class="wide"><table class="data{stack}">{inside}</table></div>'


def blocks(section: Section, say: Say) -> str:
    """Return the blocks of a section as HTML."""
    parts = []
    for block in section.blocks:
        if isinstance(block, Html):
            parts.append(block.markup(say))
        else:
            parts.append(paragraph(block, say) if isinstance(block, str) else table_html(block, say))
    return "".join(parts)


def _bar(value: object) -> str:
    share = min(100.0, max(0.0, float(value))) if isinstance(value, int | float) else 0.0
    return f'<span class="bar" aria-hidden="true"><i style="width:{share:.1f}%"></i></span>'


def _command(command: str, say: Say) -> str:
    return (
        f'<pre class="command"><code id="command">{text(command)}</code></pre>'
        f'<p><button type="button" class="copy" data-copies="command" data-done="{text(say("Copied"))}" hidden>'
        f"{text(say('Copy'))}</button></p>"
    )


def _signatures(report: Report) -> str:
    return f"<ul>{''.join(f'<li><code>{text(score.signature)}</code></li>' for score in report.scores)}</ul>"


def _recipe(recipe: dict[str, Any], say: Say) -> str:
    rows = []
    for name, value in recipe.items():
        if isinstance(value, dict):
            inner = [f"{key}: {_value(key, entry, say)}" for key, entry in value.items() if key != "files"]
            inner += [f"{file['name']}\n  SHA-256 {file['sha256']}" for file in _files(value)]
            words = text("\n".join(inner))
        else:
            words = f"<code>{text(str(value))}</code>" if name == "command" else text(str(value))
        rows.append(f"<dt>{text(say(name))}</dt><dd>{words}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _files(value: dict[str, Any]) -> Sequence[dict[str, Any]]:
    files: Sequence[dict[str, Any]] = value.get("files", ())
    return files


def _value(name: str, value: object, say: Say) -> str:
    if name in ("method", "description"):
        return say(str(value))
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
