"""Passages that two texts share are found at any position."""

from hypothesis import given
from hypothesis import strategies as st

from seq2seq_samples.generation.repeats import Repeats

texts = st.lists(st.text("abc", max_size=14), max_size=4)


def runs(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


@given(st.text("ab", max_size=20), texts, st.integers(1, 9))
def test_a_run_of_some_length_is_found_if_there_is_one(text: str, others: list[str], length: int) -> None:
    run = Repeats(others, length).find(text)
    shared = runs(text, length) & {run for other in others for run in runs(other, length)}
    assert bool(run) == bool(shared)
    assert not run or (len(run) >= length and run in text and any(run in other for other in others))


def test_runs_do_not_go_from_one_text_to_the_next() -> None:
    assert not Repeats(["one ", "two"], 7).find("one two")
