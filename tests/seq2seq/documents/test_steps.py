"""Steps that need translations on their way."""

import pytest

from seq2seq.documents.steps import Finished, Steps, advanced, finished


def twice(texts: list[str]) -> Steps[str]:
    """Translate texts, and their translations once more."""
    first = yield texts
    second = yield first
    return " ".join(second)


def test_steps_yield_texts_and_return_a_result() -> None:
    steps = twice(["a", "狗"])
    assert advanced(steps) == ["a", "狗"]
    assert advanced(steps, ["b", "猫"]) == ["b", "猫"]
    assert advanced(steps, ["c", "鸟"]) == Finished("c 鸟")
    assert finished(twice(["a"]), lambda texts: [f"{text}!" for text in texts]) == "a!!"


def test_the_end_of_a_translator_is_not_the_end_of_the_steps() -> None:
    none = iter(())
    with pytest.raises(StopIteration):
        finished(twice(["a"]), lambda texts: [next(none) for _ in texts])
