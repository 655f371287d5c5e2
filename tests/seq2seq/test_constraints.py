"""What is forbidden, row by row."""

import math

import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.constraints import Constraints, block_repeats
from seq2seq.options import SearchOptions
from tests.seq2seq.tiny import PIECES, VOCABULARY, tiny_tokenizer

TOKENIZER = tiny_tokenizer()


@settings(max_examples=50, deadline=None)
@given(
    rows=st.lists(st.lists(st.integers(0, PIECES - 1), min_size=6, max_size=6), min_size=1, max_size=4),
    ngram=st.integers(1, 4),
)
def test_blocked_are_exactly_the_pieces_that_would_repeat(rows: list[list[int]], ngram: int) -> None:
    scores = torch.zeros(len(rows), VOCABULARY)
    block_repeats(scores, torch.tensor(rows), ngram)
    for row, ids in enumerate(rows):
        seen = {tuple(ids[place : place + ngram]) for place in range(len(ids) - ngram + 1)}
        for piece in range(VOCABULARY):
            is_repeat = tuple([*ids, piece][-ngram:]) in seen
            assert (scores[row, piece] == -math.inf) == is_repeat


def test_short_histories_have_nothing_to_repeat() -> None:
    scores = torch.zeros(1, VOCABULARY)
    block_repeats(scores, torch.tensor([[1, 2]]), 3)
    assert (scores == 0).all()


def allowed(constraints: Constraints, history: list[list[int]], beams: int = 1) -> list[list[int]]:
    scores = torch.zeros(len(history) * beams, VOCABULARY)
    constraints.apply(scores, torch.tensor(history, dtype=torch.long).repeat_interleave(beams, 0))
    return [row.isfinite().nonzero().flatten().tolist() for row in scores]


def test_end_comes_neither_too_early_nor_too_late() -> None:
    constraints = Constraints(TOKENIZER, SearchOptions(min_length=2, max_length=3), torch.tensor([4]))
    assert TOKENIZER.end not in allowed(constraints, [[1]])[0]
    assert TOKENIZER.end in allowed(constraints, [[1, 2]])[0]
    assert allowed(constraints, [[1, 2, 3]]) == [[TOKENIZER.end]]


def test_limits_follow_the_sources_and_their_selection() -> None:
    options = SearchOptions(max_length_ratio=1.0, max_length_extra=0)
    constraints = Constraints(TOKENIZER, options, torch.tensor([1, 3]))
    first, _, third, _ = allowed(constraints, [[1], [1]], beams=2)
    assert first == [TOKENIZER.end]
    assert len(third) > 1
    constraints.select(torch.tensor([1]))
    assert len(allowed(constraints, [[1]])[0]) > 1


def test_a_least_length_raises_a_lower_limit() -> None:
    options = SearchOptions(min_length=4, max_length_ratio=1.0, max_length_extra=0)
    constraints = Constraints(TOKENIZER, options, torch.tensor([1]))
    assert TOKENIZER.end not in allowed(constraints, [[1, 2, 3]])[0]
    assert allowed(constraints, [[1, 2, 3, 4]]) == [[TOKENIZER.end]]


def test_a_forced_piece_keeps_its_score_where_it_would_be_forbidden() -> None:
    scores = torch.randn(2, VOCABULARY)
    before = scores.clone()
    options = SearchOptions(min_length=1, no_repeat_ngram=1)
    constraints = Constraints(TOKENIZER, options, torch.tensor([4, 4]), [[5, 5], [5, TOKENIZER.start]])
    constraints.apply(scores, torch.tensor([[5], [5]]))
    for row, piece in enumerate((5, TOKENIZER.start)):
        assert scores[row].isfinite().nonzero().flatten().tolist() == [piece]
        assert scores[row, piece] == before[row, piece]


def test_a_prefix_is_forced_even_beyond_the_limit() -> None:
    constraints = Constraints(TOKENIZER, SearchOptions(max_length=1), torch.tensor([1, 1]), [[5, 6, 7], []])
    assert allowed(constraints, [[], []])[0] == [5]
    assert allowed(constraints, [[5, 6], [1, 1]]) == [[7], [TOKENIZER.end]]
    assert allowed(constraints, [[5, 6, 7], [1, 1, 1]])[0] == [TOKENIZER.end]
