"""What every metric refuses, and the bootstrap that all of them share."""

import numpy as np
import pytest

from seq2seq.errors import UserError
from seq2seq.metrics.metric import interval, resamples
from seq2seq.metrics.sacrebleu_metrics import Bleu


@pytest.mark.parametrize(
    ("hypotheses", "references", "sentence"),
    [
        (["a", "b"], [["a"]], "2 outputs came with references for 1"),
        ([], [], "nothing to score"),
        ("text", ["text"], "one inner list per output"),
        (["a"], ["a"], "one inner list per output"),
        (["a", "b"], [["a"], []], "Sentence 2 has no reference"),
    ],
)
def test_what_cannot_be_scored_is_refused(hypotheses: list[str], references: list[list[str]], sentence: str) -> None:
    with pytest.raises(UserError, match=sentence):
        Bleu().score(hypotheses, references)


def test_each_bootstrap_sample_draws_as_many_sentences_as_there_are() -> None:
    counts = resamples(7, 50, seed=3)
    assert counts.shape == (50, 7)
    assert counts.sum(1).tolist() == [7.0] * 50
    assert counts.tolist() == resamples(7, 50, seed=3).tolist() != resamples(7, 50, seed=4).tolist()


def test_the_interval_leaves_out_the_tails() -> None:
    assert interval(np.arange(1001.0)) == pytest.approx((25.0, 975.0))
