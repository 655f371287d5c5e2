"""``report.html``: one file that needs nothing else, readable in light and dark, on wide and narrow screens."""

import difflib
import json
import re
from typing import Any

from seq2seq.heat import COPIED_NOTE, Reading, copied, drawn, legend
from seq2seq.heat import STYLE as HEAT_STYLE
from seq2seq.metrics import Score
from seq2seq.page import EMPTY, page, text
from seq2seq.plots import STYLE as PLOT_STYLE
from seq2seq.plots import Bar, Labels, Line, bar_chart, line_chart
from seq2seq.report import Html, Prediction, Report, Section, Table
from seq2seq.report_tables import (
    EXAMPLES_NOTE,
    interval,
    length_table,
    likelihood_note,
    likelihood_table,
    loss_title,
    numeric,
    output_table,
    score_table,
    shown,
    shown_examples,
)

STYLE = """
nav { display: flex; flex-wrap: wrap; gap: 4px 18px; padding: 14px 0 6px; font-size: 0.92rem; }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(190px, 1fr)); gap: 14px; margin-top: 18px; }
.tile { padding: 14px 18px 16px; }
.tile b { display: block; font-size: 2.1rem; line-height: 1.25; font-weight: 650; font-variant-numeric: tabular-nums; }
.tile span { color: var(--muted); font-size: 0.86rem; display: block; }
.tile .name { font-size: 0.95rem; color: var(--ink); font-weight: 600; }
.scale { position: relative; height: 6px; border-radius: 3px; background: var(--soft); margin-top: 10px; }
.scale i { position: absolute; top: 0; height: 6px; border-radius: 3px; background: var(--series-0); opacity: 0.45; }
.scale u { position: absolute; top: -3px; height: 12px; width: 2px; background: var(--series-0); }
table.data { width: 100%; }
.data th, .data td { padding: 6px 12px 6px 0; text-align: left; vertical-align: top; }
.data th, .data td { border-bottom: 1px solid var(--line); }
.data th { color: var(--muted); font-weight: 600; font-size: 0.84rem; white-space: nowrap; }
.data .n { text-align: right; }
.data .n, .data .s { white-space: nowrap; }
.data tr:last-child td { border-bottom: 0; }
.data caption { text-align: left; color: var(--muted); padding-bottom: 6px; }
pre { overflow-x: auto; background: var(--soft); border-radius: 6px; padding: 12px; margin: 8px 0 0; }
.plots { margin-bottom: 14px; }
.plots { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(100%, 400px), 1fr)); gap: 18px 28px; }
figure { margin: 0; min-width: 0; }
figcaption { color: var(--muted); font-size: 0.86rem; }
section > ul { margin: 12px 0 0; padding: 0; list-style: none; color: var(--muted); line-height: 1.7; }
article { border-top: 1px solid var(--line); padding: 14px 0 16px; }
section > p + article, section > p + .wide { margin-top: 14px; }
article h3 { margin: 0 0 6px; font-size: 0.9rem; color: var(--muted); font-weight: 600; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 0; }
dt { color: var(--muted); font-size: 0.88rem; padding-top: 1px; }
dd { margin: 0; overflow-wrap: anywhere; white-space: pre-wrap; }
mark { background: var(--mark); color: inherit; border-radius: 3px; }
@media (max-width: 560px) {
  .tiles { grid-template-columns: 1fr 1fr; gap: 10px; }
  .tile { padding: 10px 12px 12px; }
  .tile b { font-size: 1.6rem; }
  dl { grid-template-columns: 1fr; gap: 0; }
  dd + dt { margin-top: 6px; }
  svg.plot { font-size: 15px; }
  .data th, .data td { padding-right: 7px; }
  .data th, .data .s { white-space: normal; }
}
@media print { body { background: none; } section, .tile { break-inside: avoid; } nav { display: none; } }
"""
SHORT = 18
"""A cell with at most so many characters is not broken into lines."""
MARKS_NOTE = "Marked are words of the output that the closest reference does not have in this place."
_WORDS = re.compile(r"[\u2e80-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff]|\w+|\s+|.", re.DOTALL)


def html_report(report: Report) -> str:
    """Return the whole report."""
    parts: list[tuple[str, str]] = [("Scores", _scores(report))] if report.scores else []
    parts.append((loss_title(report), _table(likelihood_table(report)) + _paragraph(likelihood_note(report))))
    if report.buckets:
        parts += [("Outputs", _table(output_table(report))), ("By source length", _lengths(report))]
    if report.curves:
        parts.append(("Learning curves", _curves(report)))
    parts += [(section.title, _blocks(section)) for section in report.sections]
    for title, numbers in shown_examples(report):
        legend = f" Copied: {COPIED_NOTE}" if any(report.predictions[number].copied for number in numbers) else ""
        parts.append(
            (
                title,
                _paragraph(f"{EXAMPLES_NOTE} {MARKS_NOTE}{legend}")
                + "".join(
                    example(report.predictions[number], is_open=place == 0) for place, number in enumerate(numbers)
                ),
            )
        )
    parts.append(("Recipe", _recipe(report.recipe)))
    links = "".join(f'<a href="#part-{place}">{text(title)}</a>' for place, (title, _) in enumerate(parts))
    sections = "".join(
        f'<section id="part-{place}"><h2>{text(title)}</h2>{content}</section>'
        for place, (title, content) in enumerate(parts)
    )
    notes = "".join(f'<p class="note">{text(note)}</p>' for note in report.notes)
    model, data = report.recipe.get("model", {}), report.recipe.get("data", {})
    body = (
        f"<header><h1>{text(report.title)}</h1>"
        f"<p>{text(str(data.get('description', report.data)))}, {report.size()}</p>"
        f"<p>Model <code>{text(str(model.get('path', '')))}</code>, {text(str(report.recipe.get('date', ''))[:10])}</p>"
        f'</header>{notes}{_tiles(report)}<nav aria-label="Parts">{links}</nav>{sections}'
        f"<footer>Written by seq2seq evaluate. All outputs are in report.json beside this file; "
        f"<code>seq2seq compare</code> tests two of those against each other.</footer>"
    )
    return page(report.title, PLOT_STYLE + HEAT_STYLE + STYLE, body)


def example(one: Prediction, is_open: bool) -> str:
    """Return an example with its attention, drawn at once or when it is asked for: pictures make long pages."""
    closest = max(one.references, key=lambda reference: _matcher(one.hypothesis, reference).ratio())
    nats = -one.reference_log_probability / max(1, one.reference_tokens)
    rows = [("source", text(one.source))]
    rows += [("reference", text(reference)) for reference in one.references]
    rows.append(("output", differing(one.hypothesis, closest)))
    if one.copied:
        rows.append(("copied", copied(one.pieces, one.copied)))
    listed = "".join(f"<dt>{name}</dt><dd>{value or EMPTY}</dd>" for name, value in rows)
    place = f" · {text(one.place)}" if one.place else ""
    return (
        f"<article><h3>{one.index + 1:,} · chrF {one.chrf:.1f} · reference {nats:.2f} nats per token{place}</h3>"
        f"<dl>{listed}</dl>{attention(one, is_open)}</article>"
    )


def differing(output: str, reference: str) -> str:
    """Return an output as HTML with the words marked that the reference does not have in this order."""
    words = _WORDS.findall(output)
    parts = []
    for kind, start, end, _, _ in _matcher(output, reference).get_opcodes():
        piece = text("".join(words[start:end]))
        parts.append(piece if kind == "equal" or not piece.strip() else f"<mark>{piece}</mark>")
    return "".join(parts)


def attention(one: Prediction, is_open: bool) -> str:
    """Return the attention of an example; nothing where there is none."""
    if not one.attention:
        return ""
    reading = Reading(one.source_pieces, one.pieces, one.attention)
    return (
        f"<details{' open' if is_open else ''}><summary>Attention: {legend(reading)}</summary>"
        f"{drawn(reading, f'read-{one.index}')}</details>"
    )


def _matcher(output: str, reference: str) -> "difflib.SequenceMatcher[str]":
    return difflib.SequenceMatcher(None, _WORDS.findall(output), _WORDS.findall(reference), autojunk=False)


def _paragraph(words: str) -> str:
    return f"<p>{text(words)}</p>"


def _table(table: Table) -> str:
    right = [' class="n"' if one else "" for one in numeric(table)]

    def _cell(words: str, place: str) -> str:
        kind = place or (' class="s"' if len(words) <= SHORT else "")
        return f"<td{kind}>{text(words)}</td>"

    caption = f"<caption>{text(table.caption)}</caption>" if table.caption else ""
    head = "".join(f"<th{place}>{text(name)}</th>" for name, place in zip(table.columns, right, strict=True))
    rows = "".join(
        "<tr>" + "".join(_cell(shown(cell), place) for cell, place in zip(row, right, strict=True)) + "</tr>"
        for row in table.rows
    )
    inside = f"{caption}<thead><tr>{head}</tr></thead><tbody>{rows}</tbody>"
    return f'<div class="wide"><table class="data">{inside}</table></div>'


def _scores(report: Report) -> str:
    table = score_table(report.scores)
    signatures = "".join(f"<li><code>{text(score.signature)}</code></li>" for score in report.scores)
    return f"{_table(Table(table.columns[:4], [row[:4] for row in table.rows]))}<ul>{signatures}</ul>"


def _blocks(section: Section) -> str:
    parts = []
    for block in section.blocks:
        if isinstance(block, str):
            parts.append(_paragraph(block))
        else:
            parts.append(block.html if isinstance(block, Html) else _table(block))
    return "".join(parts)


def _tiles(report: Report) -> str:
    tiles = [_tile(score) for score in report.scores]
    _, nats, _, perplexity = report.likelihood.rows()[0]
    tiles.append(
        f'<div class="tile"><span class="name">Perplexity</span><b>{perplexity:.2f}</b>'
        f"<span>per token; {nats:.3f} nats</span></div>"
    )
    return f'<div class="tiles">{"".join(tiles)}</div>'


def _tile(score: Score) -> str:
    words = "no interval" if score.low is None else f"{interval(score)} (95%)"
    scale = ""
    if score.low is not None and score.high is not None:
        low, high, middle = (min(100.0, max(0.0, value)) for value in (score.low, score.high, score.value))
        scale = (
            f'<div class="scale"><i style="left:{low:.1f}%;width:{max(0.5, high - low):.1f}%"></i>'
            f'<u style="left:{middle:.1f}%"></u></div>'
        )
    direction = "higher is better" if score.higher_is_better else "lower is better"
    return (
        f'<div class="tile"><span class="name">{text(score.name)}</span><b>{score.value:.2f}</b>'
        f"<span>{text(words)}</span><span>{text(score.unit)}, {direction}</span>{scale}</div>"
    )


def _lengths(report: Report) -> str:
    charts = []
    for place, score in enumerate(report.buckets[0].scores):
        found = [(bucket.name, bucket.scores[place]) for bucket in report.buckets]
        chart = bar_chart(
            Labels(
                f"length-{place}",
                f"{score.name} by source length",
                f"{score.name} for sources of {', '.join(name for name, _ in found)} pieces: "
                f"{', '.join(f'{one.value:.1f}' for _, one in found)}.",
                "source length (pieces)",
                f"{score.name} ({score.unit})",
            ),
            [Bar(name, one.value, one.low, one.high) for name, one in found],
        )
        charts.append(f"<figure>{chart}</figure>")
    note = "Lines on the bars are 95% bootstrap intervals. Few sentences make them long."
    return f'<div class="plots">{"".join(charts)}</div>{_paragraph(note)}{_table(length_table(report))}'


def _curves(report: Report) -> str:
    assert report.curves is not None
    points = report.curves.points
    lines = [
        Line(split, [(point.step, point.loss) for point in points if point.split == split])
        for split in ("train", "validation")
    ]
    metric = [(point.step, point.metric) for point in points if point.metric is not None]
    labels = Labels(
        "curve-loss",
        "Loss by step",
        "Loss of training and validation at each optimizer step.",
        "optimizer steps",
        "loss (nats per token)",
    )
    charts = [line_chart(labels, lines)]
    name = report.curves.metric.upper() if report.curves.metric in ("bleu", "ter") else report.curves.metric
    labels = Labels(
        "curve-metric",
        f"Validation {name} by step",
        f"Validation {name} at each optimizer step.",
        "optimizer steps",
        f"validation {name}",
    )
    charts.append(line_chart(labels, [Line(name, [(step, value) for step, value in metric])]))
    note = (
        "Training losses are means since the point before, with dropout on; neither loss has label smoothing. "
        "Validation decodes with its own, faster search settings."
    )
    figures = "".join(f"<figure>{chart}</figure>" for chart in charts if chart)
    return f'<div class="plots">{figures}</div>{_paragraph(note)}'


def _recipe(recipe: dict[str, Any]) -> str:
    rows = []
    for name, value in recipe.items():
        if isinstance(value, dict):
            inner = [f"{key.replace('_', ' ')}: {_value(one)}" for key, one in value.items() if key != "files"]
            inner += [f"{one['name']}\n  SHA-256 {one['sha256']}" for one in value.get("files", ())]
            shown_value = text("\n".join(inner))
        else:
            shown_value = f"<code>{text(str(value))}</code>" if name == "command" else text(str(value))
        rows.append(f"<dt>{text(name)}</dt><dd>{shown_value}</dd>")
    return f"<dl>{''.join(rows)}</dl>"


def _value(value: object) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
