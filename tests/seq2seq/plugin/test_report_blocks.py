"""Figures, how they are written and chosen by name; predictions and what follows from their fields."""

from dataclasses import replace

import pytest

from seq2seq.plugin.report_blocks import Figure, Prediction, named


@pytest.mark.parametrize(
    ("figure", "shown", "interval"),
    [
        (Figure("f", 91.449, 90.0, 93.25), "91.4", "90.0 to 93.2"),
        (Figure("f", 1.59321, 1.4, 1.7, most=None), "1.593", "1.400 to 1.700"),
        (Figure("f", 1234.56, None, None, most=None), "1,234.6", ""),
        (Figure("f", 38, 1.0, None, most=None, digits=0), "38", ""),
        (Figure("f", 0.25, most=1.0), "0.250", ""),
    ],
)
def test_digits_follow_the_size(figure: Figure, shown: str, interval: str) -> None:
    assert (figure.shown(), figure.interval()) == (shown, interval)


def test_the_percent_sign_is_apart_from_the_unit() -> None:
    units = [Figure("f", 1.0, unit=unit) for unit in ("%", "% of the replies", "points of 100", "")]
    assert [figure.percent for figure in units] == [" %", " %", "", ""]
    assert [figure.unit_words for figure in units] == ["", "of the replies", "points of 100", ""]


def test_a_prediction_is_equal_to_a_reference_whatever_blanks_surround_it() -> None:
    prediction = Prediction(0, "s", " yes\n", ("no", "yes"), 0, -3.0, -4.0, 2, 3, pieces=("y", "es"))
    assert prediction.is_equal
    assert not replace(prediction, references=("no",)).is_equal
    assert prediction.mean_log_probability == -1.0  # two pieces and the end token
    assert prediction.reference_loss == 2.0
    assert replace(prediction, reference_log_probability=0.0, reference_tokens=0).reference_loss == 0


def test_figures_are_chosen_by_name_in_the_order_asked_for() -> None:
    figures = [Figure(name, 1.0) for name in "abc"]
    assert [figure.name for figure in named(figures, "c", "x", "a")] == ["c", "a"]
