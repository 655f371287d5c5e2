"""Pairs that are dropped, and the message about them."""

import json
import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.example import Example, Mark
from seq2seq.corpus.filters import FilterReport, Filters, HashSet, hash_of
from seq2seq.corpus.options import FilterOptions
from seq2seq.errors import UserError


def example(number: int, text: str = "a") -> Example:
    return Example(text, "b", place=f"f.en:{number}")


def test_each_reason_is_counted_with_its_first_line() -> None:
    filters = Filters(FilterOptions(max_source_pieces=50, max_target_pieces=40, max_ratio=3, drop_duplicates=True))
    lengths = [(5, 5), (0, 3), (3, 0), (51, 20), (50, 41), (31, 10), (9, 3), (9, 1), (30, 10)]
    kept = [filters.keep(example(line, str(line)), *both) for line, both in enumerate(lengths, start=1)]
    assert kept == [True, False, False, False, False, False, True, True, True]
    assert not filters.keep(example(10, "1"), 5, 5)
    assert filters.report.kept == 4
    assert filters.report.sentence() == (
        "Dropped 6 of 10 pairs: 2 with an empty side (first at f.en:2), 1 longer than 50 source pieces "
        "(first at f.en:4), 1 longer than 40 target pieces (first at f.en:5), 1 with one side more than 3 times "
        "as long as the other (first at f.en:6), 1 seen before (first at f.en:10)."
    )
    assert FilterReport.from_json(json.loads(json.dumps(filters.report.to_json()))) == filters.report


def test_everything_off_keeps_everything() -> None:
    filters = Filters(FilterOptions(drop_empty=False))
    assert all(filters.keep(example(1), *both) for both in [(0, 0), (1, 5000), (1, 1), (1, 1)])
    assert filters.report.sentence() == "Kept all 4 pairs."


def test_impossible_limits_are_refused() -> None:
    with pytest.raises(UserError, match=r"filters.max_source_pieces is -1, but it must be positive"):
        FilterOptions(max_source_pieces=-1)
    with pytest.raises(UserError, match=r"filters.max_ratio is 0.5, but the longer side"):
        FilterOptions(max_ratio=0.5)


def test_a_mark_is_not_its_name() -> None:
    assert hash_of(Example(("a", Mark.TURN), "b")) != hash_of(Example(("a", "turn"), "b"))
    assert hash_of(Example("a", "b")) == hash_of(Example("a", "b", ("c",), "elsewhere"))


@given(st.lists(st.integers(0, 40)))
def test_the_hash_set_is_a_set(numbers: list[int]) -> None:
    ours, theirs = HashSet(), set()
    ours.BUFFER = 4
    for number in numbers:
        assert ours.add(number << 58 | number) == (number not in theirs)
        theirs.add(number)


def test_the_hash_set_is_small() -> None:
    ours, draw = HashSet(), random.Random(0)
    ours.BUFFER = 64
    numbers = [draw.getrandbits(64) for _ in range(5000)]
    assert all(ours.add(number) for number in numbers)
    assert not any(ours.add(number) for number in numbers)
    assert sum(len(one) for one in ours._sorted) * 8 + 64 * 8 >= 5000 * 8
    assert len(ours._sorted) <= 8
