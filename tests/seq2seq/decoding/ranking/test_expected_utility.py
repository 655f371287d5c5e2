"""Utilities compared with sacreBLEU, and expectations made by hand."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sacrebleu.metrics.bleu import BLEU
from sacrebleu.metrics.chrf import CHRF

from seq2seq.decoding.ranking.expected_utility import UTILITIES, bleu, chrf, common_ngrams, expected_utilities

TEXTS = st.lists(st.lists(st.sampled_from(["ab", "abc", "大", "大狗", "b", "c."]), max_size=9), min_size=1, max_size=5)


@given(TEXTS)
def test_chrf_is_that_of_sacrebleu(candidates: list[list[str]]) -> None:
    texts = [" ".join(words) for words in candidates]
    wanted = [[CHRF().sentence_score(one, [other]).score for other in texts] for one in texts]
    assert chrf(texts) == pytest.approx(np.array(wanted), abs=1e-6)


@given(TEXTS.filter(lambda candidates: all(candidates)))
def test_bleu_is_that_of_sacrebleu(candidates: list[list[str]]) -> None:
    metric = BLEU(tokenize="none", smooth_method="add-k", smooth_value=1, effective_order=True)
    texts = [" ".join(words) for words in candidates]
    wanted = [[metric.sentence_score(one, [other]).score for other in texts] for one in texts]
    assert bleu(texts, candidates) == pytest.approx(np.array(wanted), abs=1e-6)


def test_ngrams_count_as_often_as_in_the_sequence_where_they_are_rarer() -> None:
    common, counts = common_ngrams(["aaab", "aab", ""], 1)
    assert common.tolist() == [[4, 3, 0], [3, 3, 0], [0, 0, 0]]
    assert counts.tolist() == [4, 3, 0]
    common, counts = common_ngrams([[1, 2, 1, 2], [1, 2]], 2)
    assert common.tolist() == [[3, 1], [1, 1]]
    assert counts.tolist() == [3, 1]


@pytest.mark.parametrize("utility", UTILITIES)
def test_what_most_candidates_are_like_is_best(utility: str) -> None:
    texts = ["the dog eats a bone", "the dog eats the bone", "the cat sleeps", "the dog eats a bone now"]
    pieces = [text.split() for text in texts]
    found = expected_utilities(texts, pieces, [1, 1, 1, 1], utility)
    assert min(found) == found[2]
    likely = expected_utilities(texts, pieces, [0.01, 0.01, 0.9, 0.01], utility)
    assert max(likely) == likely[2]
    assert expected_utilities(texts, pieces, [2, 2, 180, 2], utility) == pytest.approx(likely)
    assert expected_utilities(texts[:1], pieces[:1], [0.3], utility) == pytest.approx([100.0])


@pytest.mark.parametrize("utility", UTILITIES)
def test_empty_candidates(utility: str) -> None:
    assert expected_utilities([], [], [], utility) == []
    found = expected_utilities(["", "a b"], [[], ["a", "b"]], [1.0, 1.0], utility)
    assert np.isfinite(found).all()
    assert found[1] > found[0]
