"""Work that needs translations on its way, so that the caller decides how texts are translated: at once or awaited."""

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Result = TypeVar("Result")
Steps = Generator[Sequence[str], Sequence[str], Result]
"""Yields texts, is sent their translations in order, and returns a result."""
Translate = Callable[[Sequence[str]], Sequence[str]]
"""Translates texts, in order."""


@dataclass(frozen=True)
class Finished(Generic[Result]):
    """The end of steps.

    Args:
        result: Their result.
    """

    result: Result


def advanced(steps: Steps[Result], translations: Sequence[str] | None = None) -> Sequence[str] | Finished[Result]:
    """Advance to the next texts, and return them, or the result.

    Args:
        steps: The steps.
        translations: The translations of the texts before; None at the start.
    """
    try:
        return next(steps) if translations is None else steps.send(translations)
    except StopIteration as end:
        return Finished(end.value)


def finished(steps: Steps[Result], translate: Translate) -> Result:
    """Return the result of steps whose texts a function translates."""
    found = advanced(steps)
    while not isinstance(found, Finished):
        found = advanced(steps, translate(found))
    return found.result
