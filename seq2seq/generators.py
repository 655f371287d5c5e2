"""Iterate over a generator, and keep its return value."""

from collections.abc import Generator, Iterator
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")


class Returning(Iterator[Item], Generic[Item, Result]):
    """Iterates over the items of a generator; after the last one, sets `result` to the generator's return value."""

    result: Result

    def __init__(self, generator: Generator[Item, None, Result]) -> None:
        self._generator = generator

    def __next__(self) -> Item:
        try:
            return next(self._generator)
        except StopIteration as end:
            self.result = end.value
            raise
