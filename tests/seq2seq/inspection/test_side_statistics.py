"""Lengths, and signs of a wrong encoding."""

import statistics

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.inspection.side_statistics import MOST_SAMPLED, Lengths, SideStatistics


@given(st.lists(st.integers(0, 100), min_size=1))
def test_quantiles_are_lengths_in_order(lengths: list[int]) -> None:
    found = Lengths.of(lengths)
    assert found is not None
    assert sorted(found.quantiles) == list(found.quantiles)
    assert (found.quantiles[0], found.quantiles[-1]) == (min(lengths), max(lengths))
    assert found.quantiles[2] in (statistics.median_low(lengths), statistics.median_high(lengths))
    assert found.mean == pytest.approx(statistics.fmean(lengths))


def test_no_texts_have_no_lengths() -> None:
    assert Lengths.of([]) is None


@pytest.mark.parametrize(
    ("text", "is_damaged"),
    [
        *((text.encode().decode("cp1252", "ignore"), True) for text in ("café", "it’s", "naïve", "“so”")),
        ("你好吗".encode().decode("latin-1"), True),
        ("a \ufffd b", True),
        *((text, False) for text in ("café", "it’s", "Ça va", "ÄÖÜ", "Âge", "çà et là", "你好吗", "naïve é", "São")),
    ],
)
def test_signs_of_a_wrong_encoding_are_counted(text: str, is_damaged: bool) -> None:
    side = SideStatistics()
    side.add(text, "f:1")
    assert (side.damaged.count, side.damaged.first) == ((1, "f:1") if is_damaged else (0, ""))


def test_a_long_side_is_sampled() -> None:
    side = SideStatistics(pieces=len)
    for number in range(90_000):
        side.add("x" * (number % 3), f"f:{number}")
    assert len(side.characters) == len(side.piece_counts) == 90_000
    assert (side.empty.count, side.empty.first) == (30_000, "f:0")
    assert len(side.sample) == MOST_SAMPLED
    assert side.sample[1000][0] == "f:1036"
