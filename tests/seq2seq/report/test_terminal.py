"""A report in a terminal."""

from dataclasses import replace

import pytest

from seq2seq.metrics.metric import Score
from seq2seq.plugin.report_blocks import COPIED, Figure
from seq2seq.report.report import Bucket
from seq2seq.report.terminal import lines as lines_of
from seq2seq.safe_text import width
from tests.seq2seq.report.sample_reports import report, score


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
    lines = lines_of(replace(whole, notes=(), scores=of_each, figures=(figure,), buckets=buckets))
    assert "By source length:" in lines
    assert max(width(line) for line in lines if "  " in line) <= 80  # columns of tables
