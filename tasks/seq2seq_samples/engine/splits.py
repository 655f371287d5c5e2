"""Writing the splits of a corpus from patterns of two languages."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from random import Random
from typing import Protocol, TypeVar

LANGUAGES = ("en", "zh")
LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
_PLACE = re.compile("sample (validation|test):([1-9][0-9]*)")


class Named(Protocol):
    """A pattern with a name."""

    @property
    def name(self) -> str:
        """Name of the pattern."""


P = TypeVar("P", bound=Named)
T = TypeVar("T")


def in_turns(
    patterns: Mapping[str, Sequence[P]],
    sizes: Mapping[str, int],
    seed: int,
    write: Callable[[P, Random, str], T],
    *,
    is_fit: Callable[[T, str], bool],
    identity: Callable[[T], Hashable],
    learn: Callable[[Sequence[T]], None] = lambda train: None,
    tries: int,
    failure: str,
) -> dict[str, list[T]]:
    """Write the splits; languages and patterns alternate, and nothing occurs twice.

    Args:
        patterns: The patterns of each language, equally many.
        sizes: Size of each split, train first.
        seed: Seed of all draws.
        write: Writes one item of a pattern for a split.
        is_fit: Whether an item may enter a split.
        identity: Identity of an item; no two items of the corpus share one.
        learn: Called with the items of train once they are complete.
        tries: Attempts per item before giving up.
        failure: Message of the error, with ``{pattern}`` and ``{split}``.

    Returns:
        The items by split, in random order.

    Raises:
        ValueError: If a pattern cannot provide the requested number.
    """
    random = Random(seed)
    alternating = list(chain.from_iterable(zip(*patterns.values(), strict=True)))
    seen: set[Hashable] = set()
    splits: dict[str, list[T]] = {}
    for split, size in sizes.items():
        items: list[T] = []
        for number in range(size):
            pattern = alternating[number % len(alternating)]
            for _ in range(tries):
                item = write(pattern, random, split)
                if identity(item) not in seen and is_fit(item, split):
                    break
            else:
                raise ValueError(failure.format(pattern=pattern.name, split=split))
            seen.add(identity(item))
            items.append(item)
        if split == "train":
            learn(items)
        random.shuffle(items)
        splits[split] = items
    return splits


def kind_of(slot: str) -> str:
    """Return the name of a slot without its number: 'town2' is a 'town'."""
    return re.sub("[0-9].*", "", slot)


def numbered_place(place: str) -> tuple[str, int] | None:
    """Return split and number of an example of validation or test by its place; None for any other place."""
    match = _PLACE.fullmatch(place)
    return (match[1], int(match[2])) if match else None
