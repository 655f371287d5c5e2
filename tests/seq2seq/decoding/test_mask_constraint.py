"""Masks in outputs: those of the source, each at most once."""

import math

import numpy as np
import torch

from seq2seq.arrays import Array
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.encoded_sources import EncodedSources
from seq2seq.decoding.mask_constraint import MaskConstraint
from seq2seq.decoding.options import SearchOptions
from seq2seq.tokenization.control_pieces import with_masks
from seq2seq.tokenization.tokenizer import Tokenizers


def sources_with(masks: list[list[int]], like: Array) -> EncodedSources:
    return EncodedSources(like[:, :0], like[:, 0], masks=masks)


def test_masks_of_the_source_are_allowed_once() -> None:
    for array in (torch.tensor, np.array):
        lengths = array([[4], [3], [2]])
        constraint = MaskConstraint.of([5, 6, 7], sources_with([[0, 2], [], [1]], lengths))
        assert constraint is not None
        scores = array([[0.0] * 9] * 6)  # two beams of each source
        history = array([[1, 7], [2, 3], [1, 1], [1, 1], [6, 1], [1, 2]])
        constraint.apply(scores, history)
        allowed = [[number for number in (5, 6, 7) if row[number] == 0] for row in scores.tolist()]
        assert allowed == [[5], [5, 7], [], [], [], [6]]
        assert all(row[number] == 0 for row in scores.tolist() for number in (0, 1, 2, 3, 4, 8))
        constraint.select(array([2]))
        scores = array([[0.0] * 9])
        constraint.apply(scores, history[:1, :0])
        assert [number for number, score in enumerate(scores.tolist()[0]) if score] == [5, 7]


def test_without_masks_in_the_sources_none_is_allowed(toy_tokenizers: Tokenizers) -> None:
    target = with_masks(toy_tokenizers).target
    lengths = torch.tensor([[4]])
    given: list[list[list[int]]] = [[[]], [[1]]]
    for masks in given:
        constraints = Constraints(target, SearchOptions(), sources_with(masks, lengths))
        scores = torch.zeros(1, target.vocabulary_size)
        constraints.apply(scores, torch.zeros(1, 0, dtype=torch.int64))
        free = [number for number, token in enumerate(target.masks) if scores[0, token] > -math.inf]
        assert free == masks[0]


def test_sources_are_selected_with_their_masks() -> None:
    sources = sources_with([[0], [1, 2]], torch.tensor([[4], [3]]))
    assert sources.select([1, 1, 0]).masks == [[1, 2], [1, 2], [0]]
