"""Unicode normalization of texts."""

import re
import unicodedata
from itertools import pairwise
from typing import Literal, cast

NORMALIZATIONS = ("nfc", "nfkc", "layout", "none")
_SPACES = re.compile(r"[^\S\n]+")
_AROUND_LINE_BREAK = re.compile(" ?\n ?")
_SURROGATE = re.compile("[\ud800-\udfff]")
# Invisible: control characters, byte order marks, zero-width spaces and Unicode's noncharacters.
_UNSEEN = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200b\ufeff\ufdd0-\ufdef\ufffe\uffff]")
_UNSEEN_IN_LAYOUT = re.compile(_UNSEEN.pattern.replace("\x09", "\x08"))  # the same without the tab
_MARKS_ONLY = 30
"""Maximum number of consecutive combining marks, as in Unicode's stream-safe text format (UAX 15, section 13)."""
# Finds every text that may contain too many marks in a row. The first character of such a run decomposes into a letter
# and at most three marks, and each further character into at most two marks, so at least 14 characters follow the
# first. To `re`, marks are neither letters nor spaces, except for two half-width Japanese marks.
_MARK_RUN = re.compile("(?:[^\\w\\s]|[\uff9e\uff9f]){14}")
_JOINER = "\u034f"
_NO_LETTER = re.compile(r"[\W_]+")
_CLEAN_ASCII = re.compile(r"(?:[!-~]+(?: [!-~]+)*)?")


def normalize(text: str, how: str) -> str:
    r"""Normalize a text, so texts that look the same have the same code points.

    Args:
        text: Any text.
        how: 'nfc' composes characters (Unicode NFC), removes control characters, byte order marks, zero-width spaces
            and noncharacters, replaces each run of spaces (of any kind) by one, and strips spaces from each line;
            ``\n`` stays. 'nfkc' also replaces compatibility characters (``…`` by ``...``, full-width by half-width
            forms). 'layout' is 'nfc' but keeps every space, tab and line break, for running text in which indentation
            and trailing spaces matter. 'none' changes nothing. Unpaired surrogates, which files cannot contain, always
            become U+FFFD.

    Returns:
        The normalized text; normalizing it again changes nothing.
    """
    if how != "none" and _CLEAN_ASCII.fullmatch(text):
        return text
    text = _SURROGATE.sub("\ufffd", text)
    if how == "none":
        return text
    if how == "layout":
        return unicodedata.normalize("NFC", stream_safe(_UNSEEN_IN_LAYOUT.sub("", text)))
    # Remove characters first, because their neighbors may then compose.
    text = _SPACES.sub(" ", text)
    text = stream_safe(_UNSEEN.sub("", text))
    text = unicodedata.normalize(cast(Literal["NFC", "NFKC"], how.upper()), text)
    # NFKC may create spaces, and removed characters may have separated spaces.
    text = _SPACES.sub(" ", text)
    return _AROUND_LINE_BREAK.sub("\n", text).strip()


def stream_safe(text: str) -> str:
    """Insert an invisible grapheme joiner after every 30 consecutive combining marks.

    Sorting n combining marks into canonical order takes n**2 steps: 100,000 of them would take 16 CPU seconds.
    """
    if not _MARK_RUN.search(text):
        return text
    marks, places = 0, [0]
    for place, character in enumerate(text):
        spelt = unicodedata.normalize("NFKD", character)  # so that composing the text does not change the count
        own = next((size for size, part in enumerate(reversed(spelt)) if not unicodedata.combining(part)), len(spelt))
        marks = marks + own if own == len(spelt) else own
        if marks > _MARKS_ONLY:
            places.append(place)
            marks = own
    if len(places) == 1:
        return text
    return _JOINER.join(text[start:end] for start, end in pairwise([*places, len(text)]))


def comparable(text: str) -> str:
    """Return a key to compare texts: letters and numbers, without case, spaces and punctuation."""
    if text.isascii():
        return _NO_LETTER.sub("", text).lower()
    folded = unicodedata.normalize("NFKC", text).casefold()
    return "".join(character for character in folded if unicodedata.category(character)[0] in "LMN")
