"""Find runs of characters shared by two texts: possible copies."""

from collections import defaultdict
from collections.abc import Iterable


class Repeats:
    """An index of texts for finding shared runs of a minimum length.

    The texts are cut into blocks of half that length. A run of full length contains a whole block, so looking up every
    substring of block length finds all runs.

    Args:
        texts: Possible sources of copies.
        length: Minimum number of characters per run, at least 1.
    """

    def __init__(self, texts: Iterable[str], length: int) -> None:
        self.length = length
        self._block = (length + 1) // 2
        self._places: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
        for text in texts:
            for start in range(0, len(text) - self._block + 1, self._block):
                self._places[text[start : start + self._block]].append((text, start))

    def find(self, text: str) -> str:
        """Return the first run that a text shares with an indexed text, in full length; '' if there is none."""
        for start in range(len(text) - self._block + 1):
            for other, place in self._places.get(text[start : start + self._block], ()):
                before = _common(reversed(text[:start]), reversed(other[:place]))
                after = _common(text[start:], other[place:])
                if before + after >= self.length:
                    return text[start - before : start + after]
        return ""


def _common(first: Iterable[str], second: Iterable[str]) -> int:
    """Return the length of the common prefix."""
    count = 0
    for here, there in zip(first, second, strict=False):
        if here != there:
            break
        count += 1
    return count
