"""The functions beyond the standard give the same for NumPy and PyTorch."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.arrays import (
    at,
    beside,
    capped,
    is_numpy,
    largest,
    namespace,
    running_sum,
    softmax,
    to_numpy,
    topk,
    widened,
)

SHAPES = st.tuples(st.integers(1, 4), st.integers(1, 90), st.integers(0, 2**32 - 1))


@given(SHAPES, st.integers(1, 30), st.booleans())
def test_the_largest_are_pytorchs(shape: tuple[int, int, int], count: int, has_ties: bool) -> None:
    rows, width, seed = shape
    draw = np.random.default_rng(seed)
    scores = draw.integers(0, 6, (rows, width)).astype(np.float32) if has_ties else draw.random((rows, width))
    count = min(count, width)
    values, places = topk(scores, count)
    wanted, _ = topk(torch.from_numpy(scores), count)
    np.testing.assert_array_equal(values, wanted.numpy())
    np.testing.assert_array_equal(np.take_along_axis(scores, places, 1), values)
    assert all(len(set(row)) == count for row in places.tolist())
    # Equal scores keep the order of their places.
    assert all(
        before < after
        for row, ids in zip(values.tolist(), places.tolist(), strict=True)
        for one, other, before, after in zip(row, row[1:], ids, ids[1:], strict=False)
        if one == other
    )


@given(st.integers(0, 5), st.integers(2, 16))
def test_the_places_of_forbidden_scores_are_distinct_too(allowed: int, count: int) -> None:
    scores = np.full((2, 100), -np.inf, np.float32)
    scores[:, 50 : 50 + allowed] = 1
    scores = np.concatenate([scores, np.arange(100, dtype=np.float32)[None]])  # a row without forbidden scores
    before = scores.copy()
    values, places = topk(scores, count)
    assert all(len(set(row)) == count for row in places.tolist())
    assert all(set(row) >= set(range(50, 50 + min(allowed, count))) for row in places.tolist()[:2])
    assert places[2].tolist() == list(range(99, 99 - count, -1))
    np.testing.assert_array_equal(values, np.take_along_axis(scores, places, 1))
    np.testing.assert_array_equal(scores, before)


@given(SHAPES)
def test_values_are_taken_from_each_row(shape: tuple[int, int, int]) -> None:
    rows, width, seed = shape
    draw = np.random.default_rng(seed)
    values, places = draw.integers(0, 99, (rows, width)), draw.integers(0, width, (rows, 3))
    wanted = [[row[place] for place in chosen] for row, chosen in zip(values.tolist(), places.tolist(), strict=True)]
    assert at(values, places).tolist() == wanted
    assert at(torch.from_numpy(values), torch.from_numpy(places)).tolist() == wanted
    small = [[min(value, 50) for value in row] for row in values.tolist()]
    assert capped(values, 50).tolist() == capped(torch.from_numpy(values), 50).tolist() == small


@given(SHAPES, st.booleans())
def test_the_largest_score_of_each_row_is_found_or_a_nan(shape: tuple[int, int, int], has_nan: bool) -> None:
    rows, width, seed = shape
    scores = np.random.default_rng(seed).permutation(rows * width).reshape(rows, width).astype(np.float32)
    wanted = [row.index(max(row)) for row in scores.tolist()]
    if has_nan:
        wanted[0] = seed % width
        scores[0, wanted[0]] = np.nan
    assert largest(scores).tolist() == wanted
    assert largest(torch.from_numpy(scores)).tolist() == wanted


@given(SHAPES)
def test_probabilities_and_sums_are_pytorchs(shape: tuple[int, int, int]) -> None:
    rows, width, seed = shape
    scores = np.random.default_rng(seed).normal(0, 9, (rows, width)).astype(np.float32)
    scores[:, width // 2 + 1 :] = -np.inf
    np.testing.assert_allclose(softmax(scores), softmax(torch.from_numpy(scores)).numpy(), atol=1e-6)
    sums, wanted = running_sum(scores[:, :1]), running_sum(torch.from_numpy(scores[:, :1]))
    np.testing.assert_array_equal(sums, wanted.numpy())
    assert sums.dtype == np.float64


@pytest.mark.parametrize("array", [np.zeros((2, 3), np.float32), torch.zeros(2, 3)])
def test_arrays_stay_in_their_library(array: np.ndarray | torch.Tensor) -> None:
    made = beside([[1, 2]], array)
    assert type(made) is type(array)
    assert made.tolist() == [[1, 2]]
    assert is_numpy(array) == (namespace(array) is np)
    wide = widened(array, 5, -1.0)
    assert type(wide) is type(array)
    assert wide.tolist() == [[0, 0, 0, -1, -1]] * 2
    assert widened(array, 2) is array
    assert isinstance(to_numpy(array), np.ndarray)
