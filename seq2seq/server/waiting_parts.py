"""The parts of jobs that wait, and which of them are decoded together next."""

import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from seq2seq.models.loaded_model import LoadedModel
from seq2seq.models.stepwise.job import Part
from seq2seq.server.ticket import Ticket


@dataclass(frozen=True, eq=False)
class Waiting:
    """A part that waits.

    Args:
        part: The part.
        ticket: Its job.
        is_alone: Whether it is decoded alone, because a batch with it failed.
    """

    part: Part
    ticket: Ticket
    is_alone: bool = False

    def fits(self, other: "Waiting") -> bool:
        """Return whether another part may be decoded in the same batch."""
        if self is other:
            return True
        is_free = not (self.is_alone or other.is_alone)
        return is_free and self.ticket.model is other.ticket.model and self.part.key == other.part.key


class WaitingParts:
    """Parts in the order of their arrival. The caller must hold a lock."""

    def __init__(self) -> None:
        self._waiting: list[Waiting] = []

    def __len__(self) -> int:
        return len(self._waiting)

    def add(self, more: Iterable[Waiting]) -> None:
        """Add parts at the end."""
        self._waiting += more

    def discard(self, ticket: Ticket) -> None:
        """Remove the parts of a job."""
        self._waiting = [entry for entry in self._waiting if entry.ticket is not ticket]

    def oldest(self, may_take: Callable[[Waiting], bool]) -> Waiting | None:
        """Return the part that has waited longest, of those that `may_take` accepts."""
        return next((entry for entry in self._waiting if may_take(entry)), None)

    def alike(self, first: Waiting) -> list[Waiting]:
        """Return a part and those that may be decoded with it, in the order of their arrival."""
        return [entry for entry in self._waiting if first.fits(entry)]

    def matching(self, model: LoadedModel, key: object) -> list[Waiting]:
        """Return the parts of a model and key."""
        return [
            entry
            for entry in self._waiting
            if not entry.is_alone and entry.ticket.model is model and entry.part.key == key
        ]

    def take(self, entries: Sequence[Waiting]) -> None:
        """Remove parts, which are decoded now."""
        taken = set(map(id, entries))
        self._waiting = [entry for entry in self._waiting if id(entry) not in taken]


def group(
    first: Waiting, alike: Sequence[Waiting], batch_tokens: int, most: int, most_rows: int | None = None
) -> list[Waiting]:
    """Return parts of similar length, `first` among them, for one batch.

    Args:
        first: The part that has waited longest.
        alike: The parts that may be decoded with it, itself included.
        batch_tokens: Maximum number of pieces that are read, padding and rows included; `first` may exceed it.
        most: Maximum number of parts.
        most_rows: Maximum number of rows, if there is one; `first` may exceed it.
    """
    order = sorted(alike, key=lambda entry: entry.part.length)
    begin = order.index(first)
    end = begin + 1
    limit = math.inf if most_rows is None else most_rows
    lowest, highest = 0, len(order)  # what lies beyond does not fit
    rows, longest = first.part.rows, first.part.length
    while end - begin < most:
        shorter = order[begin - 1].part if begin > lowest else None
        longer = order[end].part if end < highest else None
        if shorter and (not longer or first.part.length - shorter.length <= longer.length - first.part.length):
            if (rows + shorter.rows) * longest > batch_tokens or rows + shorter.rows > limit:
                lowest = begin
            else:
                begin, rows = begin - 1, rows + shorter.rows
        elif longer:
            if (rows + longer.rows) * longer.length > batch_tokens or rows + longer.rows > limit:
                highest = end
            else:
                end, rows, longest = end + 1, rows + longer.rows, longer.length
        else:
            break
    return order[begin:end]
