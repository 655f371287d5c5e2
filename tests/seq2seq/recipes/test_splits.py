"""Splits by hashes: stable, of the right sizes, and without names in two splits."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.recipes.splits import grouped_splits, share_of, sizes_of, split_of


def test_a_share_follows_from_the_name() -> None:
    shares = [share_of(f"name {number}") for number in range(1000)]
    assert shares == [share_of(f"name {number}") for number in range(1000)]
    assert 0 <= min(shares) < 0.01
    assert 0.99 < max(shares) < 1
    assert 0.45 < sum(shares) / 1000 < 0.55


def test_validation_and_test_set_get_the_same_share() -> None:
    splits = [split_of(f"name {number}", 0.1) for number in range(1000)]
    assert [splits.count(split) for split in ("valid", "test")] == pytest.approx([100, 100], abs=30)
    assert {split_of(f"name {number}", 0.0) for number in range(1000)} == {"train"}


@given(st.lists(st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=3), max_size=12), st.integers(1, 5))
def test_items_with_a_common_name_stay_together(items: list[list[str]], largest: int) -> None:
    splits = grouped_splits(items, 0.3, largest)
    for number, names in enumerate(items):
        group, size = set(names), 0
        while size < len(group):
            size = len(group)
            group.update(*(other for other in items if group & set(other)))
        members = [place for place, other in enumerate(items) if group & set(other)]
        assert splits[number] == split_of(min(group), 0.3 if len(members) <= largest else 0.0)


def test_sizes_are_listed() -> None:
    assert sizes_of({"train": range(1234), "test": "ab"}) == "1,234 train, 2 test"
