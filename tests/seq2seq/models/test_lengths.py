"""Lengths seen in training, and the limits that follow."""

import numpy as np

from seq2seq.decoding.options import SearchOptions
from seq2seq.files.typed_values import Fields
from seq2seq.models.lengths import Lengths, LongSources, has_limits_of, limited


def test_limits_hold_nearly_all_targets_of_the_training() -> None:
    draw = np.random.default_rng(1)
    sources = draw.integers(5, 60, 5000).astype(np.int32)
    targets = (sources * 1.3 + draw.integers(0, 6, 5000)).astype(np.int32)
    lengths = Lengths.of(sources, targets)
    assert lengths is not None
    growing = lengths.fitted(SearchOptions(), is_growing=True)
    assert (targets <= growing.max_length_ratio * sources + growing.max_length_extra).mean() >= 0.999
    assert 1.2 < growing.max_length_ratio < 1.8
    fixed = lengths.fitted(SearchOptions(min_length=3), is_growing=False)
    assert (fixed.max_length, fixed.max_length_ratio) == (0, 0.0)
    assert (targets <= fixed.max_length_extra).mean() >= 0.999
    assert fixed.max_length_extra < 1.5 * targets.max()
    assert fixed.min_length == 3


def test_one_outlier_does_not_make_the_limit() -> None:
    sources, targets = np.full(5000, 100, np.int32), np.full(5000, 20, np.int32)
    targets[7] = 5000
    lengths = Lengths.of(sources, targets)
    assert lengths is not None
    assert lengths.fitted(SearchOptions(), is_growing=False).max_length_extra == 30


def test_no_pairs_have_no_lengths_and_few_have_some() -> None:
    none = np.zeros(0, np.int32)
    assert Lengths.of(none, none) is None
    lengths = Lengths.of(np.array([0], np.int32), np.array([0], np.int32))
    assert lengths == Lengths(0, 0, 0.0)
    assert lengths.fitted(SearchOptions(min_length=9), is_growing=False).max_length_extra == 9
    assert Fields(lengths.to_json(), "options").build(Lengths) == lengths


def test_limits_that_were_typed_are_known() -> None:
    assert has_limits_of(SearchOptions(beam_size=2), SearchOptions())
    assert not has_limits_of(SearchOptions(max_length=60), SearchOptions())
    assert not has_limits_of(SearchOptions(max_length_extra=60), SearchOptions())
    lengths, typed = Lengths(50, 30, 1.0), SearchOptions(max_length=60)
    assert limited(typed, lengths, SearchOptions(), is_growing=False) == typed
    assert limited(SearchOptions(), None, SearchOptions(), is_growing=False) == SearchOptions()
    fitted = lengths.fitted(SearchOptions(), is_growing=True)
    assert limited(SearchOptions(), lengths, SearchOptions(), is_growing=True) == fitted


def test_long_sources_are_told_in_one_sentence() -> None:
    seen = LongSources(Lengths(50, 30, 1.0))
    seen.add(100, "a:1")
    assert seen.sentence() == ""
    seen.add(101, "a:2")
    assert seen.sentence() == (
        "1 source is much longer than any in training, where the longest had 50 pieces (first at a:2, 101 pieces): "
        "check its output."
    )
    seen.add(5000, "a:9")
    assert seen.sentence().startswith("2 sources are much longer than any in training")
    assert "first at a:2" in seen.sentence()
    unknown = LongSources(None)
    unknown.add(10**6, "a:1")
    assert unknown.sentence() == ""
