"""Tables of reports, and their layout in a terminal."""

from seq2seq.plugin.report_blocks import Table
from seq2seq.report.table_layout import terminal
from seq2seq.report.tables import score_table
from seq2seq.safe_text import width
from tests.seq2seq.report.sample_reports import score


def test_a_terminal_table_is_aligned_however_wide_its_characters_are() -> None:
    lines = terminal(Table(["name", "count"], [["我们", 5], ["abc", 1234], ["e\u0301", 7]]))
    assert lines == ["name  count", "我们      5", "abc   1,234", "e\u0301         7"]
    assert {width(line) for line in lines} == {11}
    marked = terminal(Table(["step", "BLEU"], [["10", ""], ["1,000 ★", "12.00"]]))
    assert marked == ["   step   BLEU", "     10", "1,000 ★  12.00"]


def test_scores_of_a_family_are_listed_in_order() -> None:
    family = score_table((score("BLEU-2"), score("BLEU-1"), score("BLEU-3")))
    assert [row[0] for row in family.rows] == ["BLEU-1", "BLEU-2", "BLEU-3"]
    assert [row[0] for row in score_table((score("TER"), score("BLEU"))).rows] == ["TER", "BLEU"]
