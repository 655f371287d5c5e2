"""Facts are counted by output and by group."""

import pytest

from seq2seq_samples.engine.facts import FactCounts, count_facts

COUNTS = count_facts([[(True, ("town", "in English")), (False, ("date", "in English"))], [], [(True, ("town",))]])


def test_facts_are_counted_by_output_and_by_group() -> None:
    assert FactCounts(((1, 2), (0, 0), (1, 1)), {"date": (0, 1), "in English": (1, 2), "town": (2, 2)}) == COUNTS
    assert list(COUNTS.groups) == ["date", "in English", "town"]
    assert (COUNTS.right, COUNTS.total) == (2, 3)


def test_rows_show_the_groups_in_the_order_asked_for_and_all_facts() -> None:
    assert COUNTS.rows(["town", "date"]) == [
        ["town", 2, 2, 100],
        ["date", 0, 1, 0],
        ["all", 2, 3, pytest.approx(200 / 3)],
    ]


def test_the_figure_has_an_interval_around_the_percentage() -> None:
    figure = COUNTS.figure("facts")
    assert (figure.name, figure.unit) == ("facts", "% of 3 facts")
    assert figure.value == pytest.approx(200 / 3)
    assert figure.low is not None
    assert figure.high is not None
    assert figure.low <= figure.value <= figure.high


def test_without_facts_nothing_is_right() -> None:
    assert count_facts([]).percent == 0
