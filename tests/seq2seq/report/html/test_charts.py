"""Axes, well-formed SVG, and charts of odd data."""

import math
import xml.etree.ElementTree as ElementTree

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.report.html.charts import Bar, Labels, Line, bar_chart, line_chart, number, ticks

LABELS = Labels("one", "Title <&>", "What & why", "steps", "loss (nats)")
# Training in the same process may have disabled denormal numbers.
Numbers = st.floats(-1e6, 1e6, allow_nan=False, allow_subnormal=False)


@given(Numbers, Numbers)
def test_ticks_are_round_few_and_cover_the_data(one: float, two: float) -> None:
    low, high = min(one, two), max(one, two)
    if high - low < 1e-6:
        high = low
    found = ticks(low, high)
    assert 2 <= len(found) <= 8
    slack = 1e-6 * max(1.0, abs(low), abs(high))
    assert found[0] <= low + slack
    assert found[-1] >= high - slack
    step = found[1] - found[0]
    digits = step / 10 ** math.floor(math.log10(step) + 1e-9)
    assert min(abs(digits - nice) for nice in (1, 2, 5, 10)) < 1e-3


def test_ticks_of_one_value() -> None:
    assert ticks(0, 0)[0] == 0
    assert ticks(0, 0)[-1] == 1
    assert ticks(40, 40)[0] <= 40 <= ticks(40, 40)[-1]


@pytest.mark.parametrize(
    ("value", "label"), [(0.30000000000000004, "0.3"), (2000, "2,000"), (3e6, "3M"), (0.001, "0.001")]
)
def test_labels_of_ticks_are_short(value: float, label: str) -> None:
    assert number(value) == label


def test_lines_are_well_formed_named_and_escaped() -> None:
    chart = line_chart(LABELS, [Line("<train>", [(1, 5), (2, 3)]), Line("validation", [(2, 4)])])
    root = ElementTree.fromstring(chart)
    assert root.find("title").text == "Title <&>"  # type: ignore[union-attr]
    assert root.find("desc").text == "What & why"  # type: ignore[union-attr]
    texts = [one.text for one in root.iter("text")]
    assert {"steps", "loss (nats)", "<train>", "validation"} <= set(texts)
    assert len(list(root.iter("polyline"))) == 2
    assert len(root.findall("circle")) == 3


def test_numbers_that_are_none_are_left_out() -> None:
    assert line_chart(LABELS, []) == ""
    assert line_chart(LABELS, [Line("a", [(1, math.nan), (2, math.inf)])]) == ""
    assert bar_chart(LABELS, [Bar("a", math.nan)]) == ""
    chart = line_chart(LABELS, [Line("a", [(1, math.nan), (2, 1.0), (3, 2.0)])])
    assert "nan" not in chart
    assert len(ElementTree.fromstring(chart).findall("circle")) == 2


def test_bars_stand_in_proportion_with_their_intervals() -> None:
    chart = ElementTree.fromstring(bar_chart(LABELS, [Bar("1–5", 40, 30, 50), Bar("<6>", 20), Bar("7", 0)]))
    heights = [float(one.get("height", "")) for one in chart.iter("rect")]
    assert heights[0] == pytest.approx(2 * heights[1], abs=0.2)
    assert heights[2] == 0
    assert len(list(chart.iter("path"))) == 1
    assert "<6>" in [one.text for one in chart.iter("text")]


def test_long_labels_of_many_bars_shrink() -> None:
    words = Labels("one", "Scores", "Scores by length.", "length", "points")
    few = bar_chart(words, [Bar("1–5", 3.0), Bar("6–10", 4.0)])
    many = bar_chart(words, [Bar(f"{number}01–{number}59", 3.0) for number in range(1, 10)])
    assert "font-size" not in few
    assert 'style="font-size: 10.' in many or 'style="font-size: 9.' in many
