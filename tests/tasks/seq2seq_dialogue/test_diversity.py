"""Diversity: distinct-n compared with all draws, unique and frequent replies counted by hand, and intervals."""

import random
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq_dialogue.diversity import budget, distinct, diversity, frequent, is_looping, same, unique

REPLIES = st.lists(st.lists(st.sampled_from("abcd"), max_size=5), min_size=2, max_size=7)
TEXTS = st.lists(
    st.sampled_from(["yes", "Yes!", "no", "我 们", "我们", "", "?", "a b a b a b"]), min_size=1, max_size=30
)


def kinds(replies: list[list[str]], size: int) -> int:
    return len({tuple(one[place : place + size]) for one in replies for place in range(len(one) - size + 1)})


@given(REPLIES, st.integers(1, 2), st.integers(1, 4))
def test_distinct_is_the_mean_over_all_draws_of_whole_replies(replies: list[list[str]], size: int, drawn: int) -> None:
    total = sum(map(len, replies))
    drawn = min(drawn, len(replies))
    if (drawn * total) % len(replies) or not total:
        return  # no whole number of replies has a whole number of words on average
    among = drawn * total // len(replies)
    draws = list(combinations(replies, drawn))
    expected = sum(kinds(list(one), size) for one in draws) / len(draws)
    assert distinct(replies, size, among).value == pytest.approx(100 * expected / among)


@given(REPLIES, st.randoms(use_true_random=False), st.integers(1, 2))
def test_distinct_knows_no_order_and_stays_in_its_bounds(
    replies: list[list[str]], draw: random.Random, size: int
) -> None:
    total = sum(map(len, replies))
    if total < 2:
        return
    found = distinct(replies, size, total // 2)
    mixed = list(replies)
    draw.shuffle(mixed)
    other = distinct(mixed, size, total // 2)
    assert other.value == pytest.approx(found.value)
    assert sorted(other.without) == pytest.approx(sorted(found.without))
    assert 0 <= found.value <= 100 + 1e-9


def test_without_a_reply_is_what_a_test_set_without_it_gives() -> None:
    draw = random.Random(3)
    replies = [draw.choices("abcdefghijklmnop", weights=range(16, 0, -1), k=draw.randint(1, 6)) for _ in range(60)]
    found = distinct(replies, 2, 60)
    expected = [distinct(replies[:place] + replies[place + 1 :], 2, 60).value for place in range(len(replies))]
    # The change of the mean length counts to first order.
    assert found.without == pytest.approx(expected, rel=1e-3)


def test_nine_of_ten_intervals_hold_the_truth() -> None:
    draw = random.Random(5)
    words = [f"w{number}" for number in range(3000)]
    weights = [1 / (number + 1) for number in range(3000)]
    people = [draw.choices(words, weights, k=draw.randint(1, 14)) for _ in range(4000)]
    people += [["i", "do", "not", "know"]] * 1000
    truth = distinct(people, 2, 200).value
    found = [distinct(draw.choices(people, k=150), 2, 200).estimate(100) for _ in range(100)]
    assert np.mean([one.value for one in found]) == pytest.approx(truth, rel=0.02)  # no bias
    held = sum(one.low is not None and one.high is not None and one.low <= truth <= one.high for one in found)
    assert 88 <= held <= 99


def test_equal_words_are_compared_on_equal_numbers() -> None:
    assert budget(["a b c d"] * 300, ["我们"] * 201) == 200
    assert budget(["a"], ["b c"]) == 0
    assert budget(["a b"], ["b c"]) == 1
    assert budget(["!"], ["b c d e"]) == 0


def test_unique_and_frequent_replies_by_hand() -> None:
    spoken = [same(one) for one in ["Yes.", "yes!", "no", "?", "!", "我们", "我们。", "我们"]]
    assert unique(spoken).value == 100 * 5 / 8
    assert unique(spoken).without == pytest.approx([100 * one / 7 for one in (5, 5, 4, 4, 4, 5, 5, 5)])
    assert frequent(spoken).value == 100  # no more than ten
    many = [(str(number),) for number in range(20)] + [("0",), ("0",), ("1",)]
    found = frequent(many)
    assert found.value == pytest.approx(100 * (3 + 2 + 8) / 23)
    # Without a reply that others are as frequent as, one of these takes its place.
    assert found.without[:3] == pytest.approx([100 * 12 / 22, 100 * 12 / 22, 100 * 13 / 22])


@given(TEXTS)
def test_shares_stay_in_their_bounds(replies: list[str]) -> None:
    found = diversity(replies, budget(replies))
    different = len({same(reply) for reply in replies})
    count = len(replies)
    assert found.unique.value == pytest.approx(100 * different / count)
    assert min(10, different) * 100 / count - 1e-9 <= found.frequent.value <= 100
    assert (found.frequent.value == pytest.approx(100)) == (different <= 10)
    assert 0 <= found.looping.value <= 100
    for one in (found.unique, found.frequent, found.looping, found.length):
        estimate = one.estimate(100)
        assert estimate.low is None or 0 <= estimate.low <= estimate.value <= (estimate.high or 0)


def test_loops_and_lengths() -> None:
    assert is_looping("a b c a b c".split())
    assert is_looping("a a a a".split())
    assert not is_looping("a b c a b".split())
    found = diversity(["I do not know, I do not know.", "我们去。", "..."], 1)
    assert found.looping.value == pytest.approx(100 / 3)
    assert found.length.value == pytest.approx((8 + 3) / 3)
    assert diversity(["..."], 0).distinct == ()
