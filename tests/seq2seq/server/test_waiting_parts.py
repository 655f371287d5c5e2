"""Which parts are decoded together: those of similar length, within a budget, the oldest among them."""

from dataclasses import dataclass
from typing import cast

from hypothesis import given
from hypothesis import strategies as st

from seq2seq.models.stepwise.job import Part
from seq2seq.server.ticket import Ticket
from seq2seq.server.waiting_parts import Waiting, group


@dataclass(eq=False)
class Sender:
    """Somebody who sends a part; grouping looks at the part only."""


def part(length: int, rows: int) -> Waiting:
    return Waiting(Part(0, "key", length, rows, (0,), None), cast(Ticket, Sender()))


PARTS = st.lists(st.tuples(st.integers(1, 60), st.integers(1, 5)), min_size=1, max_size=30)


@given(
    sizes=PARTS,
    chosen=st.integers(0, 29),
    tokens=st.integers(1, 600),
    most=st.integers(1, 30),
    most_rows=st.none() | st.integers(1, 40),
)
def test_a_group_fits_the_budget(
    sizes: list[tuple[int, int]], chosen: int, tokens: int, most: int, most_rows: int | None
) -> None:
    waiting = [part(length, rows) for length, rows in sizes]
    first = waiting[chosen % len(waiting)]
    found = group(first, waiting, tokens, most, most_rows)
    assert first in found
    assert len({id(entry) for entry in found}) == len(found) <= most
    cost = max(entry.part.length for entry in found) * sum(entry.part.rows for entry in found)
    assert len(found) == 1 or cost <= tokens
    rows = sum(entry.part.rows for entry in found)
    assert len(found) == 1 or most_rows is None or rows <= most_rows
    # They are neighbours in the order of their lengths: none of the others lies between them.
    lengths = [entry.part.length for entry in found]
    others = [entry.part.length for entry in waiting if entry not in found]
    assert not [length for length in others if min(lengths) < length < max(lengths)]
    # The next ones in this order do not fit any more.
    order = sorted(waiting, key=lambda entry: entry.part.length)
    begin, end = order.index(found[0]), order.index(found[-1]) + 1
    if len(found) < most:
        for entry in (*order[max(0, begin - 1) : begin], *order[end : end + 1]):
            longest = max(entry.part.length, *lengths)
            more = rows + entry.part.rows
            assert longest * more > tokens or (most_rows is not None and more > most_rows)
