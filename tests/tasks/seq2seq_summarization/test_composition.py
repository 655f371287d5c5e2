"""Novel, repeated and copied words, counted by hand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_summarization.composition import Share, composition, length_ratio

TEXTS = st.lists(st.sampled_from("cat dog bird 猫 狗 .".split()), max_size=12).map(" ".join)


def test_counts_of_an_english_summary() -> None:
    found = composition(["The dog saw the dog, the red dog!"], ["A dog saw the bird. The dog ran."])
    assert found.words == 8
    assert found.mean_words == 8
    assert found.copied == Share(7, 8)
    # Different words: the dog saw red; pairs: the-dog dog-saw saw-the dog-the the-red red-dog.
    assert found.novel == (Share(1, 4), Share(3, 6), Share(5, 6), Share(5, 5))
    # All pairs: seven, of them the-dog twice; no run of three stands twice.
    assert found.repeated == (Share(1, 7), Share(0, 6))


def test_chinese_goes_by_character() -> None:
    found = composition(["我们走了，我们走"], ["昨天我们走。"])
    assert found.words == 7
    assert found.copied == Share(6, 7)
    assert found.novel[:2] == (Share(1, 4), Share(2, 4))
    assert found.repeated == (Share(2, 6), Share(1, 5))


def test_summaries_are_counted_together_and_empty_ones_have_no_say() -> None:
    found = composition(["a b", "", "c"], ["a b c", "x", "d"])
    assert (found.summaries, found.words, found.mean_words) == (3, 3, 1)
    assert found.novel == (Share(1, 3), Share(0, 1), Share(), Share())
    assert [str(one) for one in found.novel] == ["33.3 %", "0.0 %", "none", "none"]
    assert composition([], []).mean_words == 0


def test_lengths_are_compared_with_the_mean_reference() -> None:
    assert length_ratio(["one two three", "我们"], [["one", "one two three"], ["我们走了"]]) == pytest.approx(5 / 6)
    assert length_ratio(["one"], [["..."]]) is None


@given(TEXTS, TEXTS)
def test_a_part_of_the_source_is_never_new(before: str, after: str) -> None:
    found = composition([before], [f"{before} {after}"])
    assert all(share.part == 0 for share in found.novel)
    assert found.copied.part == found.copied.whole
    twice = composition([f"{before} {after}"], [""])
    assert all(share.part == share.whole for share in twice.novel)
    assert twice.copied.part == 0
