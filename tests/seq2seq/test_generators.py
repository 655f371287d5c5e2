"""Return values of generators."""

from collections.abc import Generator

import pytest

from seq2seq.generators import Returning


def countdown(number: int) -> Generator[int, None, str]:
    yield from range(number, 0, -1)
    return "lift-off"


@pytest.mark.parametrize("number", [0, 3])
def test_the_result_is_known_after_the_last_item(number: int) -> None:
    counts = Returning(countdown(number))
    assert not hasattr(counts, "result")
    assert list(counts) == list(range(number, 0, -1))
    assert counts.result == "lift-off"
