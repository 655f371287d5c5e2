"""The HTML report: well-formed, self-contained, and safe with hostile texts."""

import base64
import hashlib
import json
import re
from dataclasses import replace

import pytest

from seq2seq.plugin.report_blocks import Html, Section, Table
from seq2seq.report.html.attention_table import COPIED_NOTE, SHORT_SOURCE
from seq2seq.report.html.cards import differing
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


def test_what_was_copied_is_marked_and_explained_where_a_network_copies() -> None:
    whole = report("我们去北京")
    copying = replace(whole.predictions[0], copied=(0.91236, 0.2, 0.0))
    shown = replace(whole, predictions=(copying, whole.predictions[1]))
    page = html_report(shown)
    assert (
        '<dt>copied</dt><dd><span class="copied"><span class="most" style="--k:91" title="0.91">我们去北</span>' in page
    )
    assert page.count(COPIED_NOTE) == 1  # if such an example is shown
    assert as_json(shown)["predictions"][0]["copied"] == [0.9124, 0.2, 0.0]
    assert "copied" not in as_json(shown)["predictions"][1]
    assert COPIED_NOTE not in html_report(whole)
    assert "<dt>copied</dt>" not in html_report(whole)


def test_the_attention_of_a_long_source_is_shown_in_its_text() -> None:
    whole = report()
    length = SHORT_SOURCE + 1
    long = replace(whole.predictions[0], source_pieces=("▁a",) * length, attention=((1.0, *[0.0] * (length - 1)),) * 3)
    page = html_report(replace(whole, predictions=(long, whole.predictions[1])))
    assert ".reading:has(#read-0-2:checked) .read-0:is(.s0){--c:100}" in page
    assert "Attention: choose a word of the output" in page
    assert "Attention: rows are output pieces" in page  # the other example's source is short


def test_a_report_without_the_parts_that_may_be_missing() -> None:
    whole = report()
    bare = replace(whole, notes=(), worst=(), best=(), curves=None, sections=())
    page = html_report(bare)
    assert "Worst examples" not in page
    assert "Learning curves" not in page
    assert "Worst examples" not in markdown_report(bare)


def test_what_differs_from_the_reference_is_marked() -> None:
    assert differing("a big dog", "a small dog") == "a <mark>big</mark> dog"
    assert differing("我喜欢猫", "我喜欢狗") == "我喜欢<mark>猫</mark>"
    # Characters also count as words next to digits and letters.
    assert differing("3月15日去了北京", "3月15日去了上海") == "3月15日去了<mark>北京</mark>"
    assert differing("买A股", "卖A股") == "<mark>买</mark>A股"
    assert differing("", "a") == ""
    assert differing("<b> a", "a") == "<mark>&lt;b&gt; </mark>a"


def test_markup_has_a_table_in_the_forms_that_show_none() -> None:
    own = Section("Own", [Html("<p>drawn</p>", Table(["who", "n"], [["我们", 2]])), Html("<p>more</p>")])
    whole = replace(report(), sections=(own,))
    assert "<p>drawn</p><p>more</p>" in html_report(whole)
    assert "| who | n |\n| --- | ---: |\n| 我们 | 2 |" in markdown_report(whole)
    assert as_json(whole)["sections"][0]["blocks"] == [
        {"columns": ["who", "n"], "rows": [["我们", 2]], "caption": ""},
        {"text": ""},
    ]
