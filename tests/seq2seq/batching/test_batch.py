"""Padding and marks of a batch."""

from dataclasses import replace

import numpy as np
import torch

from seq2seq.batching.batch import Batch, collate
from seq2seq.tokenization.tokenizer import Tokenizers


def batch(tokenizers: Tokenizers) -> Batch:
    sources = [np.array([5, 6, 7], np.uint16), np.array([8], np.uint16)]
    targets = [np.array([1], np.uint16), np.array([2, 3], np.uint16)]
    return collate(sources, targets, np.array([40, 2]), 17, tokenizers)


def test_marks_and_padding_stand_where_they_belong(toy_tokenizers: Tokenizers) -> None:
    made = batch(toy_tokenizers)
    padding, start, end = toy_tokenizers.target.padding, toy_tokenizers.target.start, toy_tokenizers.target.end
    assert made.source.tolist() == [[5, 6, 7], [8, padding, padding]]
    assert made.source_lengths.tolist() == [3, 1]
    assert made.target_input.tolist() == [[start, 1, padding], [start, 2, 3]]
    assert made.target.tolist() == [[1, end, padding], [2, 3, end]]
    assert made.target_lengths.tolist() == [2, 3]
    assert made.indices.tolist() == [40, 2]
    assert made.step_tokens == 17
    assert len(made) == 2
    assert made.source.dtype == made.indices.dtype == torch.int64


def test_an_empty_source_is_an_end_mark(toy_tokenizers: Tokenizers) -> None:
    empty = np.array([], np.uint16)
    made = collate([empty, np.array([5, 6])], [empty, empty], np.array([0, 1]), 2, toy_tokenizers)
    assert made.source.tolist() == [[toy_tokenizers.source.end, toy_tokenizers.source.padding], [5, 6]]
    assert made.source_lengths.tolist() == [1, 2]
    assert made.target.tolist() == [[toy_tokenizers.target.end]] * 2


def test_a_batch_moves_as_a_whole(toy_tokenizers: Tokenizers) -> None:
    moved = batch(toy_tokenizers).to("meta", non_blocking=True)
    tensors = [value for value in vars(moved).values() if isinstance(value, torch.Tensor)]
    assert len(tensors) == 6
    assert {tensor.device.type for tensor in tensors} == {"meta"}
    assert moved.step_tokens == 17


def test_a_batch_twice_has_its_pairs_and_their_links_twice(toy_tokenizers: Tokenizers) -> None:
    made = replace(batch(toy_tokenizers), links=torch.tensor([[0, 0, 2], [1, 1, 0]]), words=(("a",), ()))
    twice = made.twice()
    assert len(twice) == 4
    assert twice.step_tokens == made.step_tokens
    for name in ("source", "source_lengths", "target_input", "target", "target_lengths", "indices"):
        tensor = getattr(made, name)
        assert torch.equal(getattr(twice, name), torch.cat([tensor, tensor]))
    assert twice.links is not None
    assert twice.links.tolist() == [[0, 0, 2], [1, 1, 0], [2, 0, 2], [3, 1, 0]]
    assert twice.words == (("a",), (), ("a",), ())
