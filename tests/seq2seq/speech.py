"""A slow definition of whether a text contains a word or phrase."""

import re
import unicodedata

UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "HANGUL", "THAI", "LAO", "MYANMAR", "KHMER")


def joins(character: str) -> bool:
    """Whether a character belongs to a word between blanks, by the names that Unicode gives it."""
    return unicodedata.category(character)[0] in "LMN" and not unicodedata.name(character, "").startswith(UNSPACED)


def says(text: str, phrase: str) -> bool:
    """Whether a text says a phrase, letter for letter as the documentation defines it."""
    text = re.sub(r"\s+", " ", text.casefold())
    phrase = " ".join(phrase.casefold().split())
    if phrase not in text:
        return False
    for place in range(len(text) - len(phrase) + 1):
        end = place + len(phrase)
        if text[place:end] == phrase:
            before = place > 0 and joins(text[place - 1]) and joins(phrase[0])
            after = end < len(text) and joins(text[end]) and joins(phrase[-1])
            if not before and not after:
                return True
    return False
