"""The order in which banks contribute candidates, and the candidates that continue phrases."""

import math

import numpy as np

from seq2seq.decoding.phrases.beam_allocation import allocated, with_required
from seq2seq.decoding.phrases.required_phrases import Phrase, RequiredPhrases

VALUES = np.log(np.array([[0.9, 0.2, 0.8, 0.3, 0.7, 0.1], [0.1, 0.2, 0.3, 0.4, 0.5, 0.6]], np.float32))


def test_banks_take_turns_and_those_that_lack_least_come_first() -> None:
    lacking = np.array([[2, 0, 2, 0, 1, 2], [0, 0, 0, 0, 0, 0]])
    assert allocated(VALUES, lacking, 6).tolist() == [[3, 4, 0, 1, 2, 5], [5, 4, 3, 2, 1, 0]]
    assert allocated(VALUES, lacking, 2).tolist() == [[3, 4], [5, 4]]


def test_impossible_candidates_come_last() -> None:
    values = VALUES.copy()
    values[0, 3] = values[1, 5] = -math.inf
    lacking = np.array([[2, 0, 2, 0, 1, 2], [3, 3, 3, 3, 3, 0]])
    assert allocated(values, lacking, 6).tolist() == [[1, 4, 0, 2, 5, 3], [4, 3, 2, 1, 0, 5]]


def test_pieces_that_continue_phrases_are_added_once() -> None:
    required = [[[Phrase((3, 4))], [Phrase((3,)), Phrase((1,)), Phrase((5,), is_initial=True)]], []]
    phrases = RequiredPhrases(required, np.ones(6, np.bool_), 0, np.zeros(1, np.int64))
    scores = np.log(np.arange(1, 13, dtype=np.float32).reshape(2, 6))
    pieces = np.array([[[5, 4]], [[5, 4]]])
    values = np.take_along_axis(scores, pieces[:, 0], 1)[:, None] - 1
    living = np.full((2, 1), -1, np.float32)
    found, chosen, lacking = with_required(scores, values, pieces, living, phrases)
    assert found.dtype == np.float32
    is_possible = found[:, 0] > -math.inf
    assert [row[mask].tolist() for row, mask in zip(chosen[:, 0], is_possible, strict=True)] == [[5, 4, 3, 1], [5, 4]]
    assert found[0, 0][is_possible[0]].tolist() == (scores[0, [5, 4, 3, 1]] - 1).tolist()
    # Piece 3 begins the first phrase and completes the second; both together lack 3 pieces.
    assert lacking[0, 0][is_possible[0]].tolist() == [2, 3, 1, 2]
    assert lacking[1, 0].tolist() == [0] * chosen.shape[2]
