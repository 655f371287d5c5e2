"""Continuing a prompt: read in parts, within a bounded history."""

import pytest
import torch

from seq2seq.decoding import prompt_continuation
from seq2seq.decoding.constraints import Constraints
from seq2seq.decoding.options import ConstraintOptions
from seq2seq.decoding.prompt_continuation import continue_prompt, read
from tests.seq2seq.network.test_language_network import SHAPES, network_of
from tests.seq2seq.searches import finished
from tests.seq2seq.tiny import PIECES, tiny_tokenizer


def test_a_prompt_read_in_parts_is_the_prompt_read_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    network = network_of(SHAPES[1])
    ids = [tiny_tokenizer().start, *(place % PIECES for place in range(30))]
    whole = finished(read(network, ids))[1]
    monkeypatch.setattr(prompt_continuation, "PART", 7)
    torch.testing.assert_close(finished(read(network, ids))[1], whole, rtol=0, atol=1e-5)


def test_the_history_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    sizes: list[int] = []
    apply = Constraints.apply

    def watched(self: Constraints, scores: torch.Tensor, history: torch.Tensor, length: int) -> None:
        sizes.append(history.shape[1])
        apply(self, scores, history, length)

    monkeypatch.setattr(Constraints, "apply", watched)
    monkeypatch.setattr(prompt_continuation, "LONGEST_HISTORY", 8)
    target, options = tiny_tokenizer(), ConstraintOptions(min_length=20, max_length=20)
    pieces = continue_prompt(network_of(SHAPES[0]), [1, 2, 3, 4], target, options, None, begin=target.start)
    assert len(list(pieces)) == 20
    assert sizes[:6] == [4, 5, 6, 7, 8, 8]
    assert max(sizes) == 8
