"""Batches computed at a time: in order, in several threads, and no further after a fault."""

import threading

import pytest

from seq2seq.errors import UserError
from seq2seq.runtime.parallel_batches import computed


@pytest.mark.parametrize("at_a_time", [1, 2, 5])
def test_results_come_in_order(at_a_time: int) -> None:
    assert computed(lambda number: number * number, range(20), at_a_time) == [number * number for number in range(20)]
    assert computed(lambda number: number, [], at_a_time) == []


def test_items_are_computed_at_a_time() -> None:
    together = threading.Barrier(3, timeout=30)  # broken unless three threads wait
    assert computed(lambda _: threading.get_ident() if together.wait() >= 0 else 0, range(3), 3) != []
    here = threading.get_ident()
    assert computed(lambda _: threading.get_ident(), range(3), 1) == [here] * 3
    assert computed(lambda _: threading.get_ident(), range(1), 3) == [here]


def test_a_fault_ends_the_rest() -> None:
    begun: list[int] = []

    def failing(number: int) -> None:
        begun.append(number)
        raise UserError(f"number {number}")

    with pytest.raises(UserError, match="number 0"):
        computed(failing, range(1000), 2)
    assert len(begun) < 1000
