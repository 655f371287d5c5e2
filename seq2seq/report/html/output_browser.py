"""The table of all outputs, with search, filters and sorting by ``report.js``.

The texts are embedded as JSON, which browsers do not execute, and inserted as plain text.
"""

import json
from collections.abc import Iterable, Sequence
from typing import Any

from seq2seq.corpus.languages import language_of_script
from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.error_analysis import repeats
from seq2seq.report.html.cards import MARKS_NOTE
from seq2seq.report.html.page import harmless, text
from seq2seq.report.language import Say
from seq2seq.report.report import Report

CHARACTERS = 8_000_000
"""Approximate maximum number of text characters in a page; the longest texts are truncated to fit."""
FILTERS = ("equal to a reference", "not equal to a reference", "empty", "repeating")
NO_SCRIPT = "Without JavaScript, all outputs are in report.json beside this file."
SCRIPTS = {True: "mainly Chinese characters", False: "other scripts"}
Column = dict[str, Any]


def browser(report: Report, say: Say) -> str:
    """Return the table of all outputs and its controls."""
    has_references = any(any(prediction.references) for prediction in report.predictions)
    columns = _columns(report.predictions, has_references, say)
    limit = longest(report.predictions)
    rows, filters = _rows(report.predictions, has_references, limit)
    words = {"empty": say("(empty)"), "count": say("{0} of {1} outputs")}
    held = {"columns": columns, "rows": rows, "say": words}
    heads = "".join(
        f'<th scope="col" data-column="{number}"{_kind(column)}>'
        f'<button type="button">{text(column["name"])}</button></th>'
        for number, column in enumerate(columns)
    )
    return (
        f"<noscript><p>{text(say(NO_SCRIPT))}</p></noscript>"
        f'<div data-rows="outputs-data" hidden>{_tools(columns, filters, say)}'
        '<p class="count" data-role="count" role="status" aria-live="polite"></p>'
        f'<table class="data all stack"><thead><tr>{heads}</tr></thead><tbody data-role="body"></tbody></table>'
        f'<div class="pages"><button type="button" data-role="back">{text(say("Back"))}</button>'
        f'<span class="count" data-role="place"></span>'
        f'<button type="button" data-role="on">{text(say("Next"))}</button></div></div>'
        f"{_note(limit, has_references, say)}"
        f'<script type="application/json" id="outputs-data">{embedded(held)}</script>'
    )


def embedded(value: object) -> str:
    """Return JSON escaped for a script block, so it cannot end the block or begin a tag."""
    code = harmless(json.dumps(value, ensure_ascii=False, separators=(",", ":")))
    for character in "<>&\u2028\u2029":
        code = code.replace(character, f"\\u{ord(character):04x}")
    return code


def longest(predictions: Iterable[Prediction], most: int = CHARACTERS) -> int:
    """Return the length to which texts must be truncated to fit into a page; 0 if all fit."""
    lengths = sorted(
        len(part)
        for prediction in predictions
        for part in (prediction.source, prediction.hypothesis, *prediction.references)
    )
    left, room = len(lengths), most
    for length in lengths:
        if length * left > room:
            return max(1, room // left)
        room -= length
        left -= 1
    return 0


def _columns(predictions: Sequence[Prediction], has_references: bool, say: Say) -> list[Column]:
    columns: list[Column] = [{"name": "#", "kind": "number", "digits": 0}]
    if any(prediction.source for prediction in predictions):
        columns.append({"name": say("source"), "kind": "text"})
    columns.append({"name": say("output"), "kind": "text"})
    if not has_references:
        return [*columns, {"name": say("log probability per token"), "kind": "number", "digits": 2}]
    columns[-1]["against"] = len(columns)
    columns.append({"name": say("reference"), "kind": "text"})
    columns.append({"name": "chrF", "kind": "number", "digits": 1})
    return [*columns, {"name": say("nats per token"), "kind": "number", "digits": 2}]


def _rows(predictions: Sequence[Prediction], has_references: bool, limit: int) -> tuple[list[list[Any]], list[str]]:
    """Return the rows, and the filters that match some rows but not all.

    The last element of each row is the list of filters that match it.
    """
    rows, seen = [], []
    has_source = any(prediction.source for prediction in predictions)
    for prediction in predictions:
        row: list[Any] = [
            prediction.index + 1,
            *([_cut(prediction.source, limit)] if has_source else []),
            _cut(prediction.hypothesis, limit),
        ]
        names = _names(prediction, has_references)
        if has_references:
            references = [_cut(part, limit) for part in prediction.references]
            row += [references if len(references) > 1 else references[0], round(prediction.chrf, 2)]
            row.append(round(prediction.reference_loss, 3))
        else:
            row.append(round(prediction.mean_log_probability, 3))
        rows.append([*row, names])
        seen.append(set(names))
    filters = [name for name in (*FILTERS, *SCRIPTS.values()) if 0 < sum(name in row for row in seen) < len(seen)]
    return rows, filters


def _names(prediction: Prediction, has_references: bool) -> list[str]:
    names = []
    if has_references:
        names.append(FILTERS[0] if prediction.is_equal else FILTERS[1])
    if not prediction.hypothesis.strip():
        names.append("empty")
    if repeats(prediction.pieces):
        names.append("repeating")
    written = prediction.references[0] or prediction.hypothesis
    return [*names, SCRIPTS[language_of_script([written]) == "zh"]]


def _tools(columns: Sequence[Column], filters: Sequence[str], say: Say) -> str:
    chosen = "".join(f'<option value="{text(name)}">{text(say(name))}</option>' for name in filters)
    orders = []
    for number, column in enumerate(columns):
        up, down = (
            ("shortest first", "longest first") if column["kind"] == "text" else ("lowest first", "highest first")
        )
        orders += [(f"{number}+", f"{column['name']}: {say(up)}"), (f"{number}-", f"{column['name']}: {say(down)}")]
    sorts = "".join(f'<option value="{value}">{text(name)}</option>' for value, name in orders)
    return (
        f'<div class="tools"><label class="search">{text(say("Search (all words)"))}'
        '<input type="search" data-role="search" autocomplete="off" spellcheck="false"></label>'
        f'<label>{text(say("Show"))}<select data-role="filter"><option value="">{text(say("all outputs"))}</option>'
        f"{chosen}</select></label>"
        f'<label>{text(say("Sort by"))}<select data-role="sort">{sorts}</select></label></div>'
    )


def _kind(column: Column) -> str:
    return "" if column["kind"] == "text" or column["name"] == "#" else ' class="figure"'


def _cut(part: str, limit: int) -> str:
    return part if not limit or len(part) <= limit else part[:limit] + " […]"


def _note(limit: int, has_references: bool, say: Say) -> str:
    words = MARKS_NOTE if has_references else ""
    cut = f"Texts are cut to {limit:,} characters here; report.json contains all of them." if limit else ""
    return "".join(f"<p>{text(say(part))}</p>" for part in (words, cut) if part)
