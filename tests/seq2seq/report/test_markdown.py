"""The Markdown report."""

import re

from seq2seq.report.markdown import escaped, markdown_report
from tests.seq2seq.report.sample_reports import report


def test_markdown_keeps_its_tables_whole() -> None:
    text = markdown_report(report("a|b\nc <b> *d*"))
    assert "37.50" in text
    for line in text.splitlines():
        if line.startswith("| BLEU"):
            assert len(re.findall(r"(?<!\\)\|", line)) in (3, 5)  # a row of the signatures, or of the scores
    assert "a\\|b ⏎ c \\<b\\> \\*d\\*" in text
    assert escaped("a\u2028b") == "a ⏎ b"
