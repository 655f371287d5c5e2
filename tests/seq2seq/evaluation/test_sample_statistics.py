"""Statistics of samples compared with a reference text."""

from seq2seq.evaluation.sample_statistics import _first


def test_the_first_of_texts_are_cut_in_the_last_of_them() -> None:
    assert _first(["abc", "def", "ghi"], 5) == ["abc", "de"]
    assert _first([("a", "b"), ("c",)], 1) == [("a",)]
    assert _first(["abc"], 0) == []
