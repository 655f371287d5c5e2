"""The HTML report: well-formed, self-contained, and safe with hostile texts."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest

from seq2seq.plugin.report_blocks import Html, Section, Table
from seq2seq.report.html.document import html_report
from seq2seq.report.html.page import script
from seq2seq.report.markdown import markdown_report
from seq2seq.report.report_file import as_json
from tests.seq2seq.report.sample_reports import HOSTILE, Checker, report


@pytest.mark.parametrize("text", ["plain", HOSTILE, ""])
def test_html_is_well_formed_and_needs_nothing_else(text: str) -> None:
    page = html_report(report(text))
    checker = Checker()
    checker.feed(page)
    checker.close()
    assert checker.open == []
    assert len(set(checker.identities)) == len(checker.identities)
    assert not re.search(r"https?://|@import|url\(", page)
    # One block of data, which browsers do not execute, and our script, whose hash is the only one allowed.
    assert checker.scripts == [{"type": "application/json", "id": "outputs-data"}, {}]
    data, code = checker.codes
    assert code == script("report.js")
    assert not set("<>&") & set(data)
    policy = re.search('Content-Security-Policy" content="([^"]*)"', page)
    assert policy is not None
    digest = base64.b64encode(hashlib.sha256(code.encode()).digest()).decode()
    assert policy[1].startswith("default-src 'none'; style-src 'unsafe-inline'; ")
    assert f"script-src 'sha256-{digest}';" in policy[1]
    rows = json.loads(data)["rows"]
    assert rows[1][:4] == [2, "fine", "fine output", ["fine reference", "another"]]
    assert "prefers-color-scheme: dark" in page
    assert "Noto Sans CJK SC" in page
    page.encode("utf-8")
    if text == HOSTILE:
        read_out = "".join(checker.texts)
        assert "<script>alert(1)</script>" in read_out
        assert not set("\x00\x1b\ud800") & set(page)


def test_html_shows_scores_intervals_signatures_attention_curves_sections_and_recipe() -> None:
    page = html_report(report("我们去北京"))
    for expected in (
        "37.50",
        "36.00 to 39.00",
        "BLEU|nrefs:1|tok:13a",
        "7.3891",  # exp(20/10), perplexity per token
        "--w:90",
        'title="0.90"',
        "Validation BLEU by step",
        "BLEU by source length",
        "<b>own</b> markup",
        "1,234",
        "SHA-256 0123",
        "another",
    ):
        assert expected in page, expected


def test_a_report_without_the_parts_that_may_be_missing() -> None:
    whole = report()
    bare = replace(whole, notes=(), worst=(), best=(), curves=None, sections=())
    page = html_report(bare)
    assert "Worst examples" not in page
    assert "Learning curves" not in page
    assert "Worst examples" not in markdown_report(bare)


def test_markup_has_a_table_in_the_forms_that_show_none() -> None:
    own = Section("Own", [Html("<p>drawn</p>", Table(["who", "n"], [["我们", 2]])), Html("<p>more</p>")])
    whole = replace(report(), sections=(own,))
    assert "<p>drawn</p><p>more</p>" in html_report(whole)
    assert "| who | n |\n| --- | ---: |\n| 我们 | 2 |" in markdown_report(whole)
    assert as_json(whole)["sections"][0]["blocks"] == [
        {"columns": ["who", "n"], "rows": [["我们", 2]], "caption": ""},
        {"text": ""},
    ]
