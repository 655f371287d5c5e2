"""What two texts have in common is found, wherever it lies."""

from hypothesis import given
from hypothesis import strategies as st

from seq2seq_generation.repeats import Repeats, longest_shared

texts = st.lists(st.text("abc", max_size=14), max_size=4)


def runs(text: str, length: int) -> set[str]:
    return {text[start : start + length] for start in range(len(text) - length + 1)}


@given(texts, texts)
def test_the_longest_shared_run_is_found(some: list[str], others: list[str]) -> None:
    found = longest_shared(some, others)
    every = [run for text in some for length in range(15) for run in runs(text, length)]
    assert len(found) == max((len(run) for run in every if any(run in other for other in others)), default=0)
    assert not found or any(found in text for text in some)
    assert not found or any(found in text for text in others)


@given(st.text("ab", max_size=20), texts, st.integers(1, 9))
def test_a_run_of_some_length_is_found_if_there_is_one(text: str, others: list[str], length: int) -> None:
    found = Repeats(others, length).find(text)
    shared = runs(text, length) & {run for other in others for run in runs(other, length)}
    assert bool(found) == bool(shared)
    assert not found or (len(found) >= length and found in text and any(found in other for other in others))


def test_runs_do_not_go_from_one_text_to_the_next() -> None:
    assert longest_shared(["one two"], ["one ", "two"]) == "one "
    assert longest_shared(["a"], []) == longest_shared([], ["a"]) == ""
