"""The charts of ``report.html``: scores by source length, and learning curves with the evaluated step marked."""

from seq2seq.plugin.report_blocks import Cell, Table
from seq2seq.report.html.charts import Bar, Labels, Line, Mark, bar_chart, line_chart
from seq2seq.report.html.page import text
from seq2seq.report.key_figures import metric_name
from seq2seq.report.language import Say
from seq2seq.report.report import Report

LISTED = 200
"""Maximum number of validations in the table; if there are more, evenly spaced ones are listed."""


def lengths(report: Report, say: Say) -> str:
    """Return a chart of each score by source length."""
    charts = []
    for place, score in enumerate(report.buckets[0].scores):
        scores = [(bucket.name, bucket.scores[place]) for bucket in report.buckets]
        values = ", ".join(f"{name}: {score.value:.1f}" for name, score in scores)
        chart = bar_chart(
            Labels(
                f"length-{place}",
                say(f"{score.name} by source length"),
                values,
                say("source length (pieces)"),
                f"{score.name} ({say(score.unit)})",
            ),
            [Bar(name, score.value, score.low, score.high) for name, score in scores],
        )
        charts.append(f"<figure>{chart}</figure>")
    return f'<div class="plots">{"".join(charts)}</div>'


def curves(report: Report, say: Say) -> str:
    """Return the charts of loss and metric by step."""
    assert report.curves is not None
    points = report.curves.points
    lines = [
        Line(say(split), [(point.step, point.loss) for point in points if point.split == split])
        for split in ("train", "validation")
    ]
    step = best_step(report)
    mark = Mark(step, say(f"best: step {step:,}")) if step is not None else None
    labels = Labels(
        "curve-loss",
        say("Loss by step"),
        say("Loss of training and validation at each optimizer step."),
        say("optimizer steps"),
        say("loss (nats per token)"),
    )
    charts = [line_chart(labels, lines, mark)]
    name = metric_name(report.curves.metric)
    labels = Labels(
        "curve-metric",
        say(f"Validation {name} by step"),
        say(f"Validation {name} at each optimizer step."),
        say("optimizer steps"),
        say(f"validation {name}"),
    )
    metric = [(point.step, point.metric) for point in points if point.metric is not None]
    charts.append(line_chart(labels, [Line(name, [(float(step), value) for step, value in metric])], mark))
    figures = "".join(f"<figure>{chart}</figure>" for chart in charts if chart)
    return f'<div class="plots">{figures}</div><p>{text(say(note(report)))}</p>'


def note(report: Report) -> str:
    """Return the explanation of the curves."""
    best = " The dashed line marks the step whose weights were evaluated." if best_step(report) is not None else ""
    return (
        "Each training loss is the mean since the previous point, with dropout on; neither loss includes label "
        f"smoothing. Validation decodes with its own, faster search settings.{best}"
    )


def best_step(report: Report) -> int | None:
    """Return the step of the evaluated weights; None if it was not validated, as for averaged weights."""
    step = report.recipe.get("model", {}).get("steps")
    steps = {point.step for point in report.curves.points if point.split == "validation"} if report.curves else set()
    return step if isinstance(step, int) and step in steps else None


def validations(report: Report) -> Table:
    """Return the validations as a table, for accessibility."""
    assert report.curves is not None
    points = [point for point in report.curves.points if point.split == "validation"]
    if len(points) > LISTED:
        points = [points[round(place * (len(points) - 1) / (LISTED - 1))] for place in range(LISTED)]
    best = best_step(report)
    rows: list[list[Cell]] = [
        [
            f"{point.step:,}{' ★' if point.step == best else ''}",
            f"{point.loss:.4f}",
            "" if point.metric is None else f"{point.metric:.2f}",
        ]
        for point in points
    ]
    return Table(["step", "validation loss", f"validation {metric_name(report.curves.metric)}"], rows)
