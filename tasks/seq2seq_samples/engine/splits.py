"""Generate the splits of a sample corpus from templates in two languages."""

import re
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import chain
from random import Random
from typing import Protocol, TypeVar

from seq2seq.corpus.example import Example

LANGUAGE_NAMES = {"en": "English", "zh": "Chinese"}
LANGUAGES = tuple(LANGUAGE_NAMES)
_PLACE = re.compile("sample (validation|test):([1-9][0-9]*)")


class Named(Protocol):
    """A template with a name."""

    @property
    def name(self) -> str:
        """Name of the template."""


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
    rule: Callable[[Sequence[T]], Callable[[T], bool]] = lambda train: lambda item: True,
    tries: int,
    failure: str,
) -> dict[str, list[T]]:
    """Generate the splits; languages and templates alternate, and no item occurs twice.

    Args:
        patterns: Templates by language, the same number for each.
        sizes: Size of each split, 'train' first.
        seed: Random seed.
        write: Generates an item from a template for a split.
        is_fit: Returns whether an item may enter a split.
        identity: Returns the key of an item; no two items in the corpus share a key.
        rule: Takes all training items; returns the condition that the items of the other splits must also meet.
        tries: Maximum number of attempts per item.
        failure: Error message with the placeholders ``{pattern}`` and ``{split}``.

    Returns:
        The items by split, in random order.

    Raises:
        ValueError: If a template cannot yield enough different items.
    """
    random = Random(seed)
    alternating = list(chain.from_iterable(zip(*patterns.values(), strict=True)))
    seen: set[Hashable] = set()
    splits: dict[str, list[T]] = {}
    is_allowed: Callable[[T], bool] | None = None
    for split, size in sizes.items():
        items: list[T] = []
        for number in range(size):
            pattern = alternating[number % len(alternating)]
            for _ in range(tries):
                item = write(pattern, random, split)
                is_new = identity(item) not in seen
                if is_new and is_fit(item, split) and (is_allowed is None or is_allowed(item)):
                    break
            else:
                raise ValueError(failure.format(pattern=pattern.name, split=split))
            seen.add(identity(item))
            items.append(item)
        if split == "train":
            is_allowed = rule(items)
        random.shuffle(items)
        splits[split] = items
    return splits


def examples(splits: Mapping[str, Sequence[T]], example: Callable[[T, str], Example]) -> dict[str, list[Example]]:
    """Return an example for each item of each split, given its place, such as 'sample test:1'."""
    return {
        split: [example(item, f"sample {split}:{number}") for number, item in enumerate(items, 1)]
        for split, items in splits.items()
    }


def numbered_place(place: str) -> tuple[str, int] | None:
    """Return the split and number of a validation or test example from its place; None for other places."""
    match = _PLACE.fullmatch(place)
    return (match[1], int(match[2])) if match else None
