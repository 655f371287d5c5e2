"""Splits of corpora that have none: determined by hashes, so few examples change their split in a newer version."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence, Sized
from pathlib import Path

SPLITS = ("train", "valid", "test")


def share_of(name: str) -> float:
    """Hash a name to a number in [0, 1)."""
    return int.from_bytes(hashlib.sha256(name.encode("utf-8")).digest()[:8], "big") / 2**64


def split_of(name: str, share: float) -> str:
    """Return the split of a name: 'test' or 'valid' with a probability of `share` each, otherwise 'train'."""
    chance = share_of(name)
    return "test" if chance < share else "valid" if chance < 2 * share else "train"


def grouped_splits(items: Iterable[Sequence[str]], share: float, largest: int) -> list[str]:
    """Split items so that items with a common name stay together.

    The split of a group of such items is determined by its first name in sorted order.

    Args:
        items: Names of each item, at least one.
        share: Fraction of the groups that go to the test set; the validation set gets the same fraction.
        largest: Maximum number of items in a group of the validation or test set; larger groups go to the training set.

    Returns:
        The split of each item.
    """
    parent: dict[str, str] = {}

    def root(name: str) -> str:
        while parent.setdefault(name, name) != name:
            parent[name] = parent[parent[name]]
            name = parent[name]
        return name

    firsts = []
    for first, *others in items:
        firsts.append(first)
        for other in others:
            low, high = sorted((root(first), root(other)))
            parent[high] = low
    groups = [root(first) for first in firsts]
    sizes = Counter(groups)
    return [split_of(group, share if sizes[group] <= largest else 0.0) for group in groups]


def sizes_of(divided: Mapping[str, Sized]) -> str:
    """Return the size of each split, such as ``900 train, 50 valid``."""
    return ", ".join(f"{len(members):,} {split}" for split, members in divided.items())


def report(folder: Path, divided: Mapping[str, Sized], what: str, changed: int) -> None:
    """Print the sizes of the splits in a folder, and the number of files that were written."""
    print(f"{folder}: {sizes_of(divided)} {what}; {changed} files written, the others were up to date")
