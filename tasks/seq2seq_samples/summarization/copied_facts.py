"""Count the unseen names and numbers that a model copies correctly into its summaries."""

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from seq2seq_samples.engine.facts import FactCounts, count_facts
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.splits import LANGUAGE_NAMES, LANGUAGES, numbered_place
from seq2seq_samples.summarization.grammar import Report
from seq2seq_samples.summarization.sample import reports

if TYPE_CHECKING:
    from seq2seq.plugin.report_blocks import Prediction, Section

TITLE = "Names and numbers never seen in training"
FIGURE = "facts copied right"


def copied(predictions: "Sequence[Prediction]") -> FactCounts:
    """Count the names and numbers of the references that occur, verbatim and in full, in a model's outputs.

    Only outputs for the validation and test splits of the sample corpus count. The facts are grouped by kind, such as
    'person' or 'date', and by language, such as 'in English'.
    """
    return count_facts(
        [(place_of(fact.text, prediction.hypothesis) >= 0, (fact.kind, _in(report.language))) for fact in report.facts]
        for prediction, report in _pairs(predictions)
    )


def sections(predictions: "Sequence[Prediction]") -> "list[Section]":
    """Return the report section on copied facts, or an empty list if no output belongs to the sample corpus."""
    from seq2seq.plugin.report_blocks import Section, Table

    counts = copied(predictions)
    if not counts.total:
        return []
    languages = list(map(_in, LANGUAGES))
    kinds = [name for name in counts.groups if name not in languages]
    table = Table(
        ("Kind", "Copied", "Of", "Share (%)"),
        counts.rows([*kinds, *(name for name in languages if name in counts.groups)]),
        "Each name, date, time, score and number of the reference summary, which must occur in the output as a whole.",
    )
    text = (
        "No document and no summary of the sample corpus's training split holds any of these. A summary gets them by "
        "copying from its document, where others of their kinds are near."
    )
    return [Section(TITLE, (text, table), (counts.figure(FIGURE),))]


def _in(language: str) -> str:
    return f"in {LANGUAGE_NAMES[language]}"


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
