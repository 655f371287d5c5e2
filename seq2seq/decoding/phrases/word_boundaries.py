"""Word boundaries in scripts with and without spaces between words.

A word of a script that separates words by spaces ends where no letter, digit or combining mark follows. In Chinese,
Japanese, Korean, Thai, Lao, Burmese and Khmer, a word may end after every character.
"""

import re
import unicodedata
from functools import lru_cache

# Kana, bopomofo, Han, Hangul, Thai, Lao, Burmese and Khmer.
_UNSPACED = re.compile(
    "[\u0e01-\u0eff\u1000-\u109f\u1100-\u11ff\u1780-\u17ff\u3005-\u3007\u3021-\u318f\u31a0-\u31bf\u31f0-\u31ff\u3400-\u4dbf"
    "\u4e00-\u9fff\ua960-\ua97f\uac00-\ud7ff\uf900-\ufaff\uff66-\uffdc\U0001aff0-\U0001b16f\U00020000-\U0003ffff]"
)

UNSPACED = frozenset("zh ja th lo km my yue wuu lzh".split())
"""Languages without spaces between words."""


def has_spaces(language: str) -> bool:
    """Return whether a language separates words by spaces; so does an unknown one, ''."""
    return language.split("-")[0].lower() not in UNSPACED


def is_free(before: str, after: str) -> bool:
    """Return whether a word boundary is possible between `before` (a character) and `after` (a text)."""
    return not (is_in_word(before) and is_in_word(after[0]))


@lru_cache(maxsize=1 << 12)
def is_in_word(character: str) -> bool:
    """Return whether a character is part of a space-separated word."""
    return unicodedata.category(character)[0] in "LMN" and not _UNSPACED.match(character)


def is_spaced(character: str) -> bool:
    """Return whether a space separates a word that begins with a character from the word before it."""
    return not _UNSPACED.match(character) or unicodedata.name(character, "").startswith("HANGUL")


def is_whole(text: str, start: int, end: int) -> bool:
    """Return whether a part of a text, not empty, begins and ends at a word boundary."""
    is_begun = start == 0 or is_free(text[start - 1], text[start])
    return is_begun and (end == len(text) or is_free(text[end - 1], text[end]))
