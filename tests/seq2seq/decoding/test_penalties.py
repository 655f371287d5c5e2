"""The penalties of length and coverage, and the likeliest pieces of a row."""

import math

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.options import BeamOptions
from seq2seq.decoding.penalties import coverage_penalty, length_penalty, likeliest, refuse_nan
from seq2seq.errors import WorldError
from tests.properties import examples


@examples(60)
@given(
    seed=st.integers(0, 10_000),
    rows=st.integers(1, 4),
    count=st.integers(1, 12),
    vocabulary=st.integers(1, 3000),
    forbidden=st.sampled_from([0.0, 0.5, 0.999]),
)
def test_the_likeliest_are_those_of_topk(seed: int, rows: int, count: int, vocabulary: int, forbidden: float) -> None:
    generator = torch.Generator().manual_seed(seed)
    scores = torch.randn(rows, vocabulary, generator=generator)
    scores[torch.rand(rows, vocabulary, generator=generator) < forbidden] = -math.inf
    values, pieces = likeliest(scores, count)
    assert torch.equal(values, scores.topk(min(count, vocabulary), -1).values)
    assert torch.equal(scores.gather(1, pieces), values)
    assert all(len(set(row)) == len(row) for row in pieces.tolist())
    found, places = likeliest(scores.numpy(), count)
    assert np.array_equal(found, values.numpy())
    assert np.array_equal(np.take_along_axis(scores.numpy(), places, 1), found)
    assert all(len(set(row)) == len(row) for row in places.tolist())


@pytest.mark.parametrize(
    ("penalty", "expected"), [("none", [1, 1]), ("average", [2, 4]), ("gnmt", [math.sqrt(9 / 6), math.sqrt(21 / 6)])]
)
def test_length_penalties_are_those_of_the_papers(penalty: str, expected: list[float]) -> None:
    options = BeamOptions(length_penalty=penalty, length_alpha=0.5)
    assert length_penalty(torch.tensor([4, 16]), options).tolist() == pytest.approx(expected)


def test_the_coverage_penalty_counts_tokens_that_were_not_attended() -> None:
    coverage, is_token = torch.tensor([[1.5, 0.5, 0.0]]), torch.tensor([[True, True, False]])
    assert coverage_penalty(coverage, is_token, 0.2).item() == pytest.approx(0.2 * math.log(0.5))


def test_scores_that_are_not_numbers_are_refused() -> None:
    for scores in (torch.tensor([0.0, -math.inf]), np.array([0.0, -math.inf])):
        refuse_nan(scores)
        scores[0] = math.nan
        with pytest.raises(WorldError, match="are not numbers"):
            refuse_nan(scores)
