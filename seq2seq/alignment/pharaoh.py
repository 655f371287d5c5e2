"""Files of word alignments in the Pharaoh format: ``0-0 1-2 ...``, one line per pair, positions from 0.

fast_align, eflomal and GIZA++ scripts write this format.
"""

import re
from collections.abc import Iterable
from typing import NamedTuple

from seq2seq.amounts import amount
from seq2seq.errors import UserError

_LINK = re.compile(r"(\d{1,9})-(\d{1,9})", re.ASCII)
_WORD = re.compile(r"\S+")
_CHARACTER = re.compile(r"\S")

Span = tuple[int, int]
Link = tuple[int, int, int, int]
"""Beginning and end of a source unit, and those of a target unit, in characters of the texts."""


class Units(NamedTuple):
    """The units of a text that positions count.

    Attributes:
        spans: Beginning and end of each unit, in characters.
        noun: What a unit is, for messages.
    """

    spans: list[Span]
    noun: str


def words_of(text: str) -> Units:
    """Return the words of a text, between blanks."""
    return Units([match.span() for match in _WORD.finditer(text)], "word")


def characters_of(text: str) -> Units:
    """Return the characters of a text, without blanks."""
    return Units([match.span() for match in _CHARACTER.finditer(text)], "character")


def tokens_of(text: str, tokens: Iterable[str], place: str) -> Units:
    """Return the given tokens of a text.

    Args:
        text: The text.
        tokens: Its tokens in order; their characters are those of the text, except for blanks.
        place: ``FILE:LINE`` of the tokens, for messages.

    Raises:
        UserError: If the tokens are not those of the text.
    """
    places = [match.start() for match in _CHARACTER.finditer(text)]
    spans = []
    done = 0
    for token in tokens:
        own = places[done : done + len(token)]
        if not own or "".join(text[at] for at in own) != token:
            there = "".join(text[at] for at in own) or "nothing"
            raise UserError(f"{place}: the token '{token}' is not in the text there, which has '{there}'.")
        spans.append((own[0], own[-1] + 1))
        done += len(token)
    if done < len(places):
        raise UserError(f"{place}: the tokens end before the text, which continues with '{text[places[done] :][:20]}'.")
    return Units(spans, "token")


def links_of(line: str, source: Units, target: Units, place: str) -> tuple[Link, ...]:
    """Return the links of a pair, without duplicates, in order of the target.

    Args:
        line: Its line of the file.
        source: The units of its source.
        target: The units of its target.
        place: ``FILE:LINE``, for messages.

    Raises:
        UserError: If the line is malformed, or if a position is out of range.
    """
    found = set()
    for word in line.split():
        match = _LINK.fullmatch(word)
        if match is None:
            raise UserError(
                f"{place}: '{word[:40]}' is no link of an alignment: each line has pairs of a source and a target "
                "position, counted from 0, such as 0-0 1-2."
            )
        for position, units, side in ((match[1], source, "source"), (match[2], target, "target")):
            if int(position) >= len(units.spans):
                raise UserError(
                    f"{place}: {word} names {side} {units.noun} {position}, but the {side} has "
                    f"{amount(len(units.spans), units.noun)}, counted from 0."
                )
        found.add((target.spans[int(match[2])], source.spans[int(match[1])]))
    return tuple((*own, *wanted) for wanted, own in sorted(found))
