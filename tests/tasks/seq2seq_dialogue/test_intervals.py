"""The interval of a mean equals the textbook formula, and the bootstrap equals the one of the metrics."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_dialogue.intervals import Estimate, Jackknifed, bootstrapped, mean

VALUES = st.lists(st.floats(0, 100), min_size=2, max_size=30)


@given(VALUES)
def test_the_jackknife_of_a_mean_is_its_standard_error(values: list[float]) -> None:
    found = mean(np.array(values)).estimate()
    error = 1.959964 * np.std(values, ddof=1) / math.sqrt(len(values))
    assert found.value == pytest.approx(np.mean(values))
    assert found.low is not None
    assert found.high is not None
    assert found.high == pytest.approx(np.mean(values) + error, abs=1e-6)
    assert found.low == pytest.approx(max(0, np.mean(values) - error), abs=1e-6)


def test_an_interval_ends_where_no_value_can_be() -> None:
    found = mean(np.array([100.0, 100.0, 0.0])).estimate(100)
    assert found.low == pytest.approx(100 * (2 / 3 - 1.959964 / 3))
    assert found.high == 100
    assert mean(np.array([3.0])).estimate() == Estimate(3.0)


def test_what_two_numbers_share_cancels_out() -> None:
    one = Jackknifed(10.0, np.array([9.0, 11.0, 10.0]))
    twice = Jackknifed(20.0, np.array([18.0, 22.0, 20.0]))
    assert twice.against(one) == Estimate(2.0, 2.0, 2.0)


@given(VALUES, st.integers(0, 5))
def test_a_bootstrap_is_seeded_and_surrounds_a_ratio(values: list[float], seed: int) -> None:
    ones = np.ones(len(values))
    found = bootstrapped(np.array(values), ones, seed=seed, samples=200)
    assert found == bootstrapped(np.array(values), ones, seed=seed, samples=200)
    assert found.low is not None
    assert found.high is not None
    assert min(values) - 1e-9 <= found.low <= found.high <= max(values) + 1e-9


def test_a_sample_with_nothing_below_the_line_says_nothing() -> None:
    found = bootstrapped(np.array([1.0, 1.0]), np.array([2.0, 0.0]), seed=1, samples=400)
    assert found == Estimate(1.0, 0.5, 1.0)
    assert bootstrapped(np.array([1.0]), np.array([2.0]), seed=1, samples=0) == Estimate(0.5)


def test_cells_are_read_by_people() -> None:
    assert Estimate(3.0, 1.0, 2000.5).cells() == [3.0, "1.00 to 2,000.50"]
    assert Estimate(3.0).cells() == [3.0, "none"]
