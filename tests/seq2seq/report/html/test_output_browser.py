"""The table of all outputs: its columns and filters, truncated texts, and that no text escapes from its block."""

import json
import re
from dataclasses import replace
from typing import Any

import pytest

from seq2seq.plugin.report_blocks import Prediction
from seq2seq.report.html.output_browser import browser, embedded, longest
from seq2seq.report.language import english, say_in
from seq2seq.report.report import Report
from tests.seq2seq.report.sample_reports import HOSTILE, report


def held(whole: Report, language: str = "en") -> dict[str, Any]:
    """Return the data of the table."""
    page = browser(whole, say_in(language))
    block = re.search(r'<script type="application/json" id="outputs-data">(.*)</script>', page, re.DOTALL)
    assert block is not None
    values: dict[str, Any] = json.loads(block[1])
    return values


def filters(whole: Report) -> list[str]:
    """Return the choices of filters."""
    return re.findall(r'<option value="([A-Za-z ]+)">', browser(whole, english))


def prediction(number: int, output: str, *references: str, source: str = "s") -> Prediction:
    return Prediction(number, source, output, references, 0, -3.0, -2.0, 2, 3, pieces=tuple(output))


def test_columns_follow_what_there_is() -> None:
    whole = replace(report(), predictions=(prediction(0, "a", "a", "b"), prediction(1, "", "c")))
    assert [column["name"] for column in held(whole)["columns"]] == [
        *("#", "source", "output", "reference", "chrF", "nats per token"),
    ]
    rows = held(whole)["rows"]
    assert rows == [
        [1, "s", "a", ["a", "b"], 0.0, 1.0, ["equal to a reference", "other scripts"]],
        [2, "s", "", "c", 0.0, 1.0, ["not equal to a reference", "empty", "other scripts"]],
    ]
    running = replace(whole, predictions=(prediction(0, "a story", "", source=""),))
    assert [column["name"] for column in held(running)["columns"]] == ["#", "output", "log probability per token"]


def test_marks_are_explained_where_there_are_references_to_compare_with() -> None:
    whole = replace(report(), predictions=(prediction(0, "a", "b"),))
    assert "Words of the output that differ" in browser(whole, english)
    assert "that differ" not in browser(replace(whole, predictions=(prediction(0, "a story", "", source=""),)), english)


def test_only_filters_that_choose_something_are_offered() -> None:
    mixed = [prediction(0, "abcabc", "x"), prediction(1, "我们", "我们"), prediction(2, "", "y")]
    assert filters(replace(report(), predictions=tuple(mixed))) == [
        *("equal to a reference", "not equal to a reference", "empty", "repeating"),
        *("mainly Chinese characters", "other scripts"),
    ]
    assert filters(replace(report(), predictions=(mixed[0],))) == []


def test_the_page_s_words_are_translated_and_the_filters_names_are_not() -> None:
    mixed = (prediction(0, "a", "a"), prediction(1, "b", "a"))
    page = browser(replace(report(), predictions=mixed), say_in("zh"))
    assert '<option value="equal to a reference">与参考相同</option>' in page
    assert held(replace(report(), predictions=mixed), "zh")["say"] == {
        "empty": "（空）",
        "count": "共 {1} 个输出，显示 {0} 个",
    }


def test_nothing_in_the_data_can_end_its_block() -> None:
    text = embedded([HOSTILE, "</script><!--", "\u2028\u2029"])
    assert not set("<>&\u2028\u2029\x00\x1b\ud800") & set(text)
    values = json.loads(text)
    assert values[1:] == ["</script><!--", "\u2028\u2029"]
    assert values[0].startswith("<script>alert(1)</script>")


@pytest.mark.parametrize(
    ("lengths", "most", "limit"),
    [
        ([5, 5, 5], 45, 0),  # with sources and references of one letter, all fit
        ([10, 100, 1_000], 300, 133),  # short texts stay whole; the longest share the remaining room
        ([1_000, 1_000], 100, 49),
    ],
)
def test_long_texts_are_cut_to_an_equal_length_until_all_fit(lengths: list[int], most: int, limit: int) -> None:
    cut = longest([prediction(0, "x" * length, "r") for length in lengths], most)
    assert (cut == 0) == (limit == 0)
    total = sum(min(length, cut or length) + 2 for length in lengths)
    assert total <= most
    if cut:
        assert sum(min(length, cut + 1) + 2 for length in lengths) > most - len(lengths)


def test_a_cut_is_said() -> None:
    long = replace(report(), predictions=tuple(prediction(n, "x" * 4_000_000, "y") for n in range(3)))
    page = browser(long, english)
    assert re.search(r"Texts are cut to [\d,]+ characters here; report.json contains all of them.", page)
    assert len(page) < 9_000_000
