"""The index page of a folder of runs: a sortable, searchable table per task, with links to the reports."""

import os
from collections.abc import Sequence
from pathlib import Path
from urllib.parse import quote

from seq2seq.amounts import amount
from seq2seq.plugin.report_blocks import Figure
from seq2seq.report.html.page import page, script, text
from seq2seq.report.html.style import STYLE
from seq2seq.report.language import Say, english
from seq2seq.report.run_list import Run, by_task

FIGURES = 3
"""Maximum number of columns for a task's key figures."""
MADE_BY = '<meta name="generator" content="seq2seq report">'
"""Identifies index pages, which a later call may overwrite."""
FOOTER = (
    "Written by seq2seq report from the folders' contents; run it again after training or evaluating. Scores on "
    "different test sets cannot be compared; seq2seq compare tests two reports on the same one."
)
VALIDATED = "validation"
"""Note on scores of the validation set, by which the weights were selected."""
INDEX_STYLE = """
.index td { min-width: 4.5em; }
.index td:first-child { min-width: 11em; font-weight: 600; }
.index td:nth-child(2) { min-width: 8em; }
.index th { overflow-wrap: normal; }
.index td small { display: block; color: var(--muted); font-weight: 400; font-size: 0.82rem; }
.index td .fault { color: var(--series-1); }
.index td.links a { display: block; }
@media (max-width: 700px) {
  .index.stack thead { position: static; width: auto; height: auto; clip-path: none; display: block; }
  .index.stack thead tr { display: flex; flex-wrap: wrap; gap: 6px; border: 0; }
  .index.stack th { border: 1px solid var(--line); border-radius: 6px; padding: 3px 9px; }
  .index.stack th:not(:has(button)) { display: none; }
  .index:has(tbody tr:only-child) thead { display: none; }
  .index td:first-child { font-size: 1rem; }
  .index td.n small { display: inline; margin-left: 8px; }
  .index td:first-child::before { content: none; }
}
"""


def index_page(folder: Path, runs: Sequence[Run], place: Path, say: Say = english, language: str = "en") -> str:
    """Return the index page of a folder's runs, newest first; links are relative to `place`, the path of the page."""
    groups = by_task(runs)
    tables = [f"runs-{number}" for number in range(len(groups))]
    name = folder.resolve().name or str(folder)
    heading = f"{say('Runs')}{say(': ')}{name}"
    search = (
        f'<div class="tools" hidden><label class="search">{text(say("Search (all words)"))}'
        f'<input type="search" data-search="{" ".join(tables)}" autocomplete="off" spellcheck="false"></label></div>'
    )
    sections = "".join(
        _section(task, group, table, place, say) for (task, group), table in zip(groups.items(), tables, strict=True)
    )
    body = (
        f"<header><h1>{text(heading)}</h1><p>{text(_summary(runs, say))}</p></header>{search}{sections}"
        f"<footer>{text(say(FOOTER))}</footer>"
    )
    whole = page(heading, STYLE + INDEX_STYLE, body, script=script("report.js"), language=language)
    return whole.replace("<title>", f"{MADE_BY}<title>", 1)


def duration(seconds: float) -> str:
    """Format a duration, such as '3 min 20 s'."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes, rest = divmod(whole, 60)
    if minutes < 60:
        return f"{minutes} min {rest} s"
    return f"{minutes // 60} h {minutes % 60} min"


def _summary(runs: Sequence[Run], say: Say) -> str:
    evaluated = sum(bool(run.evaluations) for run in runs)
    incomplete = sum(bool(run.faults) for run in runs)
    parts = [amount(len(runs), "run"), f"{evaluated:,} evaluated"]
    if incomplete:
        parts.append(f"{incomplete:,} incomplete or damaged")
    return " · ".join(map(say, parts))


def _section(task: str, runs: Sequence[Run], table: str, place: Path, say: Say) -> str:
    names = _figures(runs)
    columns = ["run", "training data", *names, "steps", "weights", "training time", "date"]
    heads = "".join(
        f'<th scope="col"{_right(column, names)}><button type="button">{text(say(column))}</button></th>'
        for column in columns
    )
    heads += f'<th scope="col">{text(say("report"))}</th>'
    rows = "".join(_row(run, names, place, say) for run in runs)
    title = say(task.capitalize()) if task else say("Task unknown")
    return (
        f'<section><h2>{text(title)}</h2><div class="wide"><table class="data stack index sortable" id="{table}">'
        f"<thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></section>"
    )


def _figures(runs: Sequence[Run]) -> list[str]:
    """Return the names of the first `FIGURES` key figures, in the task's order."""
    names: dict[str, None] = {}
    for run in sorted(runs, key=lambda run: run.is_validated):  # only reports list figures in the task's order
        for figure in run.figures[:FIGURES]:
            names[figure.name] = None
    return list(names)[:FIGURES]


def _row(run: Run, names: Sequence[str], place: Path, say: Say) -> str:
    notes = f"<small>{text(say(run.state))}</small>" if run.state else ""
    notes += "".join(f'<small class="fault">{text(say(fault))}</small>' for fault in run.faults)
    known = {figure.name: figure for figure in run.figures}
    cells = [
        _cell(say("run"), f"{text(run.name)}{notes}", run.name),
        _cell(say("training data"), text(say(run.data)), run.data),
    ]
    cells += [_figure(name, known.get(name), run.is_validated, say) for name in names]
    cells += [
        _number(say("steps"), run.steps),
        _number(say("weights"), run.weights),
        _cell(
            say("training time"),
            "" if run.seconds is None else text(say(duration(run.seconds))),
            "" if run.seconds is None else f"{run.seconds:.0f}",
            "n",
        ),
        _cell(say("date"), text(run.date[:10]), run.date, "n"),
    ]
    links = "".join(
        f'<a href="{text(_address(evaluation.page, place))}">{text(say(evaluation.name))}</a>'
        for evaluation in run.evaluations
        if evaluation.page
    )
    cells.append(_cell(say("report"), links, kind="links"))
    return f"<tr>{''.join(cells)}</tr>"


def _figure(name: str, figure: Figure | None, is_validated: bool, say: Say) -> str:
    if figure is None:
        return _cell(say(name), "", "", "n")
    interval = f"<small>{text(say(figure.interval()))}</small>" if figure.interval() else ""
    note = f"<small>{text(say(VALIDATED))}</small>" if is_validated else ""
    return _cell(say(name), f"{figure.shown()}{figure.percent}{interval}{note}", repr(figure.value), "n")


def _number(name: str, value: int | None) -> str:
    return _cell(name, "" if value is None else f"{value:,}", "" if value is None else str(value), "n")


def _cell(name: str, content: str, key: str = "", kind: str = "") -> str:
    """Return a cell with its column name (shown on narrow screens), sort key ('' sorts last) and CSS class."""
    return f'<td{f" class={kind!r}" if kind else ""} data-label="{text(name)}" data-sort="{text(key)}">{content}</td>'


def _right(column: str, names: Sequence[str]) -> str:
    return ' class="n"' if column in (*names, "steps", "weights", "training time", "date") else ""


def _address(target: Path, place: Path) -> str:
    """Return a relative URL between two files, beginning with ./ or ../ so no file name is parsed as a scheme."""
    path = os.path.relpath(target.resolve(), place.resolve().parent)
    return quote(os.fsencode(path if path.startswith("../") else f"./{path}"))
