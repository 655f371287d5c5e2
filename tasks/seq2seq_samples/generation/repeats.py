"""Runs of characters that two texts have in common: possible copies."""

from collections import defaultdict
from collections.abc import Iterable


class Repeats:
    """An index of texts, in which runs of one length are found.

    The texts are cut into blocks of half that length. Every run of the whole length covers a block, so that looking up
    one half of every run finds them all.

    Args:
        texts: Possible sources of copies.
        length: Characters in a run, at least 1.
    """

    def __init__(self, texts: Iterable[str], length: int) -> None:
        self.length = length
        self._block = (length + 1) // 2
        self._places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for text in texts:
            for start in range(0, len(text) - self._block + 1, self._block):
                self._places[text[start : start + self._block]].append((text, start))

    def find(self, text: str) -> str:
        """Return the longest run around the first that a text has in common with one of the texts; '' if none."""
        for start in range(len(text) - self._block + 1):
            for other, place in self._places.get(text[start : start + self._block], ()):
                before = _common(reversed(text[:start]), reversed(other[:place]))
                after = _common(text[start:], other[place:])
                if before + after >= self.length:
                    return text[start - before : start + after]
        return ""


def _common(one: Iterable[str], other: Iterable[str]) -> int:
    """Return the length of their common prefix."""
    count = 0
    for here, there in zip(one, other, strict=False):
        if here != there:
            break
        count += 1
    return count
