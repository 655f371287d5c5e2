"""Count the unseen names and numbers that a model copies correctly into its summaries."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, numbered_place
from seq2seq_samples.summarization.grammar import Report
from seq2seq_samples.summarization.sample import reports

if TYPE_CHECKING:
    from seq2seq.plugin.report_blocks import Prediction, Section

TITLE = "Names and numbers never seen in training"
FIGURE = "facts copied right"
SEED, SAMPLES = 12345, 1_000
"""Seed and number of samples of the bootstrap."""


@dataclass(frozen=True)
class Copied:
    """Counts of facts.

    Attributes:
        found: Number of facts that occur in the output, verbatim and in full.
        total: Number of facts in the references.
        by_kind: Both numbers by kind of fact, such as 'person' or 'date', in alphabetical order.
        by_language: Both numbers by language.
    """

    found: int
    total: int
    by_kind: dict[str, tuple[int, int]]
    by_language: dict[str, tuple[int, int]]


def copied(predictions: "Sequence[Prediction]") -> Copied:
    """Count the names and numbers of the references that occur in a model's outputs.

    Only outputs for the validation and test splits of the sample corpus count.
    """
    by_kind: dict[str, list[bool]] = {}
    by_language: dict[str, list[bool]] = {name: [] for name in LANGUAGE_NAMES.values()}
    for prediction, report in _pairs(predictions):
        for fact in report.facts:
            is_found = place_of(fact.text, prediction.hypothesis) >= 0
            by_kind.setdefault(fact.kind, []).append(is_found)
            by_language[LANGUAGE_NAMES[report.language]].append(is_found)
    hits = [hit for found in by_kind.values() for hit in found]
    return Copied(
        sum(hits),
        len(hits),
        {kind: (sum(by_kind[kind]), len(by_kind[kind])) for kind in sorted(by_kind)},
        {language: (sum(found), len(found)) for language, found in by_language.items() if found},
    )


def sections(predictions: "Sequence[Prediction]") -> "list[Section]":
    """Return the report section on copied facts, or an empty list if no output belongs to the sample corpus."""
    from seq2seq.plugin.report_blocks import Figure, Section, Table

    count = copied(predictions)
    if not count.total:
        return []
    groups = {**count.by_kind, **{f"in {name}": pair for name, pair in count.by_language.items()}}
    rows = [(name, found, total, 100 * found / total) for name, (found, total) in groups.items()]
    table = Table(
        ("Kind", "Copied", "Of", "Share (%)"),
        [*rows, ("all", count.found, count.total, 100 * count.found / count.total)],
        "Each name, date, time, score and number of the reference summary, which must occur in the output as a whole.",
    )
    text = (
        "No document and no summary of the sample corpus's training split holds any of these. A summary gets them by "
        "copying from its document, where others of their kinds are near."
    )
    low, high = _interval(predictions)
    figure = Figure(FIGURE, 100 * count.found / count.total, low, high, f"% of {count.total:,} facts")
    return [Section(TITLE, (text, table), (figure,))]


def _interval(predictions: "Sequence[Prediction]") -> tuple[float | None, float | None]:
    """Return the confidence interval of the percentage of copied facts, by bootstrap over documents."""
    import numpy as np

    from seq2seq.report.key_figures import bootstrapped

    found = [
        (sum(place_of(fact.text, one.hypothesis) >= 0 for fact in report.facts), len(report.facts))
        for one, report in _pairs(predictions)
    ]
    right, total = np.array(found, dtype=np.float64).T
    return bootstrapped(100 * right, total, seed=SEED, samples=SAMPLES)


def _pairs(predictions: "Sequence[Prediction]") -> "Iterator[tuple[Prediction, Report]]":
    """Pair each output for the sample corpus with its report."""
    for prediction in predictions:
        place = numbered_place(prediction.place)
        if place is None or place[1] > len(reports(place[0])):
            continue
        report = reports(place[0])[place[1] - 1]
        # An example from a user's file may happen to have the same place.
        if report.summary in prediction.references:
            yield prediction, report
