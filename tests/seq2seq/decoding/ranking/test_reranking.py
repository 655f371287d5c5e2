"""The scores by which candidates are ranked, and equal candidates."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.decoding.options import RerankOptions, SearchOptions
from seq2seq.decoding.ranking.reranking import distinct, scores


def test_scores_are_those_made_by_hand() -> None:
    options = RerankOptions(reverse_weight=0.5, length_bonus=0.1)
    found = scores([-6.0, -4.0], [3, 2], [-1.0, -2.0], options, SearchOptions())
    assert found == pytest.approx([-6 / 3 - 0.5 + 0.3, -4 / 2 - 1.0 + 0.2])
    plain = scores([-6.0, -4.0], [3, 2], [-1.0, -2.0], options, SearchOptions(length_penalty="none"))
    assert plain == pytest.approx([-6 - 0.5 + 0.3, -4 - 1.0 + 0.2])
    assert scores([], [], [], options, SearchOptions()) == []


@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-9, 0, allow_subnormal=False)), max_size=8))
def test_of_equal_texts_the_likeliest_is_kept(candidates: list[tuple[str, float]]) -> None:
    kept = distinct([text for text, _ in candidates], [value for _, value in candidates])
    assert kept == sorted(kept)
    best = {text: max(value for other, value in candidates if other == text) for text, _ in candidates}
    assert {candidates[number] for number in kept} == set(best.items())
    assert len(kept) == len(best)
