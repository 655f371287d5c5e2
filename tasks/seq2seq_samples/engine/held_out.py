"""Assign names and numbers to splits by checksum, and find them in texts."""

import re
from collections.abc import Iterable
from string import ascii_letters, digits
from zlib import crc32

# Percentage of values held out for validation, and for test.
HELD_OUT = 10
_LATIN = frozenset(ascii_letters + digits)
_CONTINUES_BEFORE = re.compile("(?:[0-9A-Za-z]|[0-9][-:.比])$")
_CONTINUES_AFTER = re.compile("[0-9A-Za-z]|[-:.比][0-9]")


def split_of(stem: str, held_out: int = HELD_OUT, of: int = 100) -> str:
    """Return the split of a name or number, determined by its checksum.

    Args:
        stem: The name or number.
        held_out: Share of the validation split, and of the test split.
        of: Sum of all shares.

    Returns:
        'train', 'validation' or 'test'.
    """
    share = crc32(stem.encode()) % of
    return "test" if share < held_out else "validation" if share < 2 * held_out else "train"


def words_of(language: str, text: str) -> list[str]:
    """Return the English words or the Chinese characters of a text, and its punctuation, but no digits."""
    return re.findall("[A-Za-z]+|[^A-Za-z0-9 \n]" if language == "en" else "[^0-9\n]", text)


def without(values: Iterable[str], text: str) -> str:
    """Return a text without some names and numbers."""
    for value in values:
        while (start := place_of(value, text)) >= 0:
            text = text[:start] + text[start + len(value) :]
    return text


def place_of(value: str, text: str) -> int:
    """Return the index of a whole name or number in a text, or -1; '21' is found neither in '210' nor in '9:21'."""
    start = text.find(value)
    while start >= 0:
        end = start + len(value)
        is_cut = (value[0] in _LATIN and _CONTINUES_BEFORE.search(text, max(0, start - 2), start)) or (
            value[-1] in _LATIN and _CONTINUES_AFTER.match(text, end)
        )
        if not is_cut:
            return start
        start = text.find(value, start + 1)
    return -1
