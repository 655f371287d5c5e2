"""Tables of reports, and their layout in a terminal."""

from dataclasses import replace

import pytest

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import COPIED, Figure, Table
from seq2seq.report.report import Bucket
from seq2seq.report.tables import score_table, terminal
from seq2seq.report.terminal import lines as terminal_lines
from seq2seq.safe_text import width
from tests.seq2seq.report.sample_reports import report, score


def test_a_terminal_table_is_aligned_however_wide_its_characters_are() -> None:
    lines = terminal(Table(["name", "count"], [["我们", 5], ["abc", 1234], ["e\u0301", 7]]))
    assert lines == ["name  count", "我们      5", "abc   1,234", "e\u0301         7"]
    assert {width(line) for line in lines} == {11}
    marked = terminal(Table(["step", "BLEU"], [["10", ""], ["1,000 ★", "12.00"]]))
    assert marked == ["   step   BLEU", "     10", "1,000 ★  12.00"]


@pytest.mark.parametrize(
    ("name", "figure"),
    [
        ("BLEU", Figure(COPIED, 18, unit="characters", most=None, beside="reference text: 1,045", digits=0)),
        ("ROUGE-1", Figure("true reply ranked first of ten", 50.0, 40.0, 60.0, beside="by chance: 10.0 %")),
    ],
)
def test_tables_fit_a_terminal_of_80_columns(name: str, figure: Figure) -> None:
    whole = report()
    of_each = (Score(name, 45.0, 40.0, 50.0, name), score("chrF", 60.0))
    buckets = (Bucket(101, 200, 1_000, of_each, 0.9), Bucket(1, 100, 1_000, of_each, 1.1))
    lines = terminal_lines(replace(whole, notes=(), scores=of_each, figures=(figure,), buckets=buckets))
    assert "By source length:" in lines
    assert max(width(line) for line in lines if "  " in line) <= 80  # columns of tables


def test_scores_of_a_family_are_listed_in_order() -> None:
    family = score_table((score("BLEU-2"), score("BLEU-1"), score("BLEU-3")))
    assert [row[0] for row in family.rows] == ["BLEU-1", "BLEU-2", "BLEU-3"]
    assert [row[0] for row in score_table((score("TER"), score("BLEU"))).rows] == ["TER", "BLEU"]
