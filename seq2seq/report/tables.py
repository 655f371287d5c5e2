"""Tables shared by all report formats."""

from collections.abc import Iterator, Sequence

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import Cell, Figure, Section, Table
from seq2seq.report.language import Say, english
from seq2seq.report.report import Report


def sections(report: Report) -> Iterator[Section]:
    """Yield the sections of tables that every report contains."""
    if report.scores:
        yield Section("Scores", [score_table(report.scores)])
    yield Section(loss_title(report), [likelihood_table(report), likelihood_note(report)])
    if report.buckets:
        yield Section("Outputs", [output_table(report)])
        yield Section("By source length", [length_table(report)])


def title(report: Report, say: Say = english) -> str:
    """Return the report's title: task, languages and data."""
    name, _, data = report.title.rpartition(": ")
    return f"{say(name) if name else ''}{say(': ') if name else ''}{say(data)}"


def figure_table(figures: Sequence[Figure]) -> Table:
    """Return the table of key figures."""
    rows = []
    for figure in figures:
        words = ", ".join(filter(None, (figure.unit_words, figure.beside)))
        rows.append([figure.name, f"{figure.shown()}{figure.percent}", figure.interval() or "none", words])
    return Table(["key figure", "value", "95% interval", "note"], rows)


def signatures(report: Report) -> Iterator[Section]:
    """Yield the section of metric signatures, which state how each score was computed; none for running text."""
    if report.scores:
        rows = [[score.name, score.signature] for score in report.scores]
        yield Section("Signatures", [Table(["metric", "signature"], rows)])


def loss_title(report: Report) -> str:
    """Return the heading of the losses."""
    return "Loss of the text" if report.likelihood.note else "Loss of the references"


def score_table(scores: tuple[Score, ...]) -> Table:
    """Return the table of scores."""
    if len({score.name.partition("-")[0] for score in scores}) == 1:  # BLEU-1 to BLEU-4
        scores = tuple(sorted(scores, key=lambda score: score.name))
    rows: list[list[Cell]] = [
        [
            score.name,
            score.value,
            interval(score),
            f"{score.unit}, {'higher' if score.higher_is_better else 'lower'} is better",
        ]
        for score in scores
    ]
    return Table(["metric", "score", "95% interval", "unit"], rows)


def likelihood_table(report: Report) -> Table:
    """Return the table of losses."""
    rows = [[f"per {unit}", *(f"{value:.4f}" for value in values)] for unit, *values in report.likelihood.rows()]
    return Table(["loss", "nats", "bits", "perplexity"], rows)


def likelihood_note(report: Report) -> str:
    """Return an explanation of the losses."""
    likelihood = report.likelihood
    if likelihood.note:
        return likelihood.note
    return (
        f"Negative log probability of {likelihood.sentences:,} references under teacher forcing: "
        f"{likelihood.tokens:,} tokens (pieces and end tokens) and {likelihood.characters:,} characters (the loss "
        "includes end tokens, but the number of characters does not). Only losses per character can be compared across "
        "vocabularies."
    )


def output_table(report: Report) -> Table:
    """Return the table of output lengths and of the numbers of empty and repetitive outputs."""
    count, outputs = len(report.predictions), report.outputs
    rows = [
        ["empty outputs", f"{outputs.empty:,} of {count:,}", f"{100 * outputs.empty / count:.1f} %"],
        [
            "outputs that repeat three pieces",
            f"{outputs.repeating:,} of {count:,}",
            f"{100 * outputs.repeating / count:.1f} %",
        ],
        [
            "length of outputs to references",
            f"{outputs.characters:,} to {outputs.reference_characters:,} characters",
            f"{outputs.length_ratio:.3f}",
        ],
    ]
    return Table(["what", "count", "share"], rows)


def length_table(report: Report) -> Table:
    """Return the table of scores by source length."""
    names = [score.name for score in report.buckets[0].scores]
    columns = ["pieces", "sentences"]
    for name in names:
        columns += [name, "95% interval"]
    rows: list[list[Cell]] = []
    for bucket in report.buckets:
        row: list[Cell] = [bucket.name, bucket.sentences]
        for score in bucket.scores:
            row += [score.value, interval(score)]
        rows.append([*row, bucket.length_ratio])
    return Table([*columns, "length ratio"], rows)


def interval(score: Score) -> str:
    """Return a score's confidence interval as text."""
    return "not computed" if score.low is None or score.high is None else f"{score.low:.2f} to {score.high:.2f}"


EXAMPLES_NOTE = "Chosen by sentence chrF: lowest, around the median, highest; among equals, longer sources first."


def shown_examples(report: Report) -> list[tuple[str, tuple[int, ...]]]:
    """Return (title, indices) for each group of examples shown."""
    groups = [("Worst examples", report.worst), ("Typical examples", report.typical), ("Best examples", report.best)]
    return [(title, numbers) for title, numbers in groups if numbers]
