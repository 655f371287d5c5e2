"""The pieces that are forbidden, row by row."""

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from seq2seq.corpus.example import Mark
from seq2seq.decoding.constraints import Constraints, block_copies, block_repeats, ngrams, penalize_repeats
from seq2seq.decoding.options import SearchOptions
from tests.seq2seq.tiny import PIECES, VOCABULARY, of_lengths, tiny_tokenizer

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
    constraints = Constraints(TOKENIZER, SearchOptions(min_length=2, max_length=3), of_lengths(torch.tensor([4])))
    assert TOKENIZER.end not in allowed(constraints, [[1]])[0]
    assert TOKENIZER.end in allowed(constraints, [[1, 2]])[0]
    assert allowed(constraints, [[1, 2, 3]]) == [[TOKENIZER.end]]


def test_limits_follow_the_sources_and_their_selection() -> None:
    options = SearchOptions(max_length_ratio=1.0, max_length_extra=0)
    constraints = Constraints(TOKENIZER, options, of_lengths(torch.tensor([1, 3])))
    first, _, third, _ = allowed(constraints, [[1], [1]], beams=2)
    assert first == [TOKENIZER.end]
    assert len(third) > 1
    constraints.select(torch.tensor([1]))
    assert len(allowed(constraints, [[1]])[0]) > 1


def test_a_least_length_raises_a_lower_limit() -> None:
    options = SearchOptions(min_length=4, max_length_ratio=1.0, max_length_extra=0)
    constraints = Constraints(TOKENIZER, options, of_lengths(torch.tensor([1])))
    assert TOKENIZER.end not in allowed(constraints, [[1, 2, 3]])[0]
    assert allowed(constraints, [[1, 2, 3, 4]]) == [[TOKENIZER.end]]


def test_a_forced_piece_keeps_its_score_where_it_would_be_forbidden() -> None:
    scores = torch.randn(2, VOCABULARY)
    before = scores.clone()
    options = SearchOptions(min_length=1, no_repeat_ngram=1)
    constraints = Constraints(
        TOKENIZER, options, of_lengths(torch.tensor([4, 4]), prefixes=[[5, 5], [5, TOKENIZER.start]])
    )
    constraints.apply(scores, torch.tensor([[5], [5]]))
    for row, piece in enumerate((5, TOKENIZER.start)):
        assert scores[row].isfinite().nonzero().flatten().tolist() == [piece]
        assert scores[row, piece] == before[row, piece]


def test_a_prefix_is_forced_even_beyond_the_limit() -> None:
    constraints = Constraints(
        TOKENIZER, SearchOptions(max_length=1), of_lengths(torch.tensor([1, 1]), prefixes=[[5, 6, 7], []])
    )
    assert allowed(constraints, [[], []])[0] == [5]
    assert allowed(constraints, [[5, 6], [1, 1]]) == [[7], [TOKENIZER.end]]
    assert allowed(constraints, [[5, 6, 7], [1, 1, 1]])[0] == [TOKENIZER.end]


@settings(max_examples=50, deadline=None)
@given(
    sources=st.lists(st.lists(st.integers(0, 4), min_size=6, max_size=6), min_size=1, max_size=3),
    beams=st.integers(1, 3),
    ngram=st.integers(1, 4),
    data=st.data(),
)
def test_copied_are_exactly_the_n_grams_of_the_own_source(
    sources: list[list[int]], beams: int, ngram: int, data: st.DataObject
) -> None:
    length = data.draw(st.integers(0, 5))
    one = st.lists(st.integers(0, 4), min_size=length, max_size=length)
    rows = data.draw(st.lists(one, min_size=len(sources) * beams, max_size=len(sources) * beams))
    apart = 4  # no n-gram goes across it
    scores = torch.zeros(len(rows), VOCABULARY)
    grams = ngrams(torch.tensor(sources), ngram, [apart])
    block_copies(scores, torch.tensor(rows, dtype=torch.long).view(len(rows), length), grams)
    for row, ids in enumerate(rows):
        source = sources[row // beams]
        found = {tuple(source[place : place + ngram]) for place in range(len(source) - ngram + 1)}
        for piece in range(VOCABULARY):
            end = tuple([*ids, piece][-ngram:])
            is_copy = len(end) == ngram and end in found and apart not in end
            assert (scores[row, piece] == -math.inf) == is_copy


def test_sources_that_are_too_short_have_no_n_grams() -> None:
    assert ngrams(torch.tensor([[1, 2]]), 3, [9]).shape == (1, 0, 3)
    scores = torch.zeros(1, VOCABULARY)
    block_copies(scores, torch.tensor([[1, 2]]), torch.zeros(1, 0, 3, dtype=torch.long))
    assert (scores == 0).all()


def test_no_n_gram_of_the_source_goes_across_marks() -> None:
    copies = torch.tensor([[1, 2, TOKENIZER.marks[Mark.LINE], 3, TOKENIZER.padding, 5, 6]])
    options = SearchOptions(no_repeat_source_ngram=2)
    constraints = Constraints(TOKENIZER, options, of_lengths(torch.tensor([7]), copies=copies))
    free = allowed(constraints, [[0]])[0]
    assert set(free) - set(allowed(constraints, [[1]])[0]) == {2}
    assert set(free) - set(allowed(constraints, [[5]])[0]) == {6}
    for piece in (2, 3):
        assert allowed(constraints, [[piece]])[0] == free
    both = Constraints(TOKENIZER, options, of_lengths(torch.tensor([7, 2]), copies=torch.cat([copies * 0, copies])))
    both.select(torch.tensor([1]))
    assert set(free) - set(allowed(both, [[1]])[0]) == {2}


def test_sources_must_be_known_to_be_blocked() -> None:
    with pytest.raises(ValueError, match="no_repeat_source_ngram blocks pieces of the sources: give them as copies"):
        Constraints(TOKENIZER, SearchOptions(no_repeat_source_ngram=2), of_lengths(torch.tensor([7])))


@given(rows=st.lists(st.lists(st.integers(0, PIECES - 1), min_size=4, max_size=4), min_size=1, max_size=4))
def test_repeated_pieces_are_penalized_once(rows: list[list[int]]) -> None:
    scores = torch.randn(len(rows), VOCABULARY).log_softmax(-1)
    before = scores.clone()
    penalize_repeats(scores, torch.tensor(rows), 1.5)
    for row, ids in enumerate(rows):
        for piece in range(VOCABULARY):
            by = 1.5 if piece in ids else 1.0
            assert scores[row, piece] == before[row, piece] * by


def test_the_penalty_is_an_option() -> None:
    scores = torch.full((1, VOCABULARY), -2.0)
    options = SearchOptions(repetition_penalty=2.0)
    Constraints(TOKENIZER, options, of_lengths(torch.tensor([4]))).apply(scores, torch.tensor([[1, 1, 3]]))
    assert (scores == -4).nonzero()[:, 1].tolist() == [1, 3]


def test_an_output_ends_too_early_when_nothing_else_is_left() -> None:
    everything = [*range(PIECES), TOKENIZER.marks[Mark.LINE]]
    options = SearchOptions(no_repeat_ngram=1, min_length=12)
    constraints = Constraints(TOKENIZER, options, of_lengths(torch.tensor([4, 4])))
    assert allowed(constraints, [everything, [1] * 9]) == [
        [TOKENIZER.end],
        [piece for piece in everything if piece != 1],
    ]


def test_a_ban_yields_to_a_prefix_and_knows_its_source() -> None:
    ab = TOKENIZER.encode("ab")
    options = SearchOptions(banned=("ab", "cats"), max_length=20)
    begun = Constraints(TOKENIZER, options, of_lengths(torch.tensor([4]), prefixes=[ab]))
    for place in range(len(ab)):
        assert allowed(begun, [ab[:place]]) == [[ab[place]]]
    assert len(allowed(begun, [ab])[0]) > 1
    words = ((), ("\u2581cats",), ("\u2581dogs", "s"))
    constraints = Constraints(TOKENIZER, options, of_lengths(torch.tensor([4, 4, 4]), words=words))
    constraints.select(torch.tensor([1, 2]))
    scores = torch.zeros(4, VOCABULARY + 2)  # two beams each
    constraints.apply(scores, torch.tensor([[0]] * 4))
    assert scores[:, VOCABULARY].isinf().tolist() == [True, True, False, False]
    last = TOKENIZER.encode("ab")[-1]
    free, banned = torch.zeros(1, VOCABULARY), torch.zeros(1, VOCABULARY)
    Constraints(TOKENIZER, options, of_lengths(torch.tensor([4]))).apply(
        banned, torch.tensor([ab[:-1]], dtype=torch.long)
    )
    Constraints(TOKENIZER, SearchOptions(), of_lengths(torch.tensor([4]))).apply(
        free, torch.tensor([ab[:-1]], dtype=torch.long)
    )
    assert last in (free.isfinite() & banned.isinf()).nonzero()[:, 1].tolist()
