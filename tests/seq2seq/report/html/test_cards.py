"""Examples in the HTML report: differences from the reference, copied pieces, attention; and cards of figures."""

from dataclasses import replace

from seq2seq.plugin.report_blocks import Figure
from seq2seq.report.html.attention_table import COPIED_NOTE, SHORT_SOURCE
from seq2seq.report.html.cards import card, differing
from seq2seq.report.html.document import html_report
from seq2seq.report.language import english
from seq2seq.report.report_file import as_json
from tests.seq2seq.report.sample_reports import report


def test_what_differs_from_the_reference_is_marked() -> None:
    assert differing("a big dog", "a small dog") == "a <mark>big</mark> dog"
    assert differing("我喜欢猫", "我喜欢狗") == "我喜欢<mark>猫</mark>"
    # Characters also count as words next to digits and letters.
    assert differing("3月15日去了北京", "3月15日去了上海") == "3月15日去了<mark>北京</mark>"
    assert differing("买A股", "卖A股") == "<mark>买</mark>A股"
    assert differing("", "a") == ""
    assert differing("<b> a", "a") == "<mark>&lt;b&gt; </mark>a"


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


def test_a_card_has_the_number_its_unit_and_its_scale() -> None:
    share = card(Figure("f", 50.0, 40.0, 60.0, "% of 380 facts", beside="by chance: 10.0 %"), english)
    assert (
        "<b>50.0<small> %</small></b><span>40.0 to 60.0 (95%)</span><span>of 380 facts, higher is better</span>"
        in share
    )
    assert '<i style="left:40.0%;width:20.0%"></i>' in share
    assert '<u style="left:50.0%"></u>' in share
    loss = card(Figure("f", 1.25, unit="bits", higher_is_better=False, most=None), english)
    assert loss.endswith("<b>1.250</b><span>bits, lower is better</span></div>")
