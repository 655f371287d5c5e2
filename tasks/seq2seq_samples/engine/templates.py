"""The notation of templates, and filling them.

Templates are blocks of lines, separated by empty lines; the first line of a block is its name. ``{town2}`` is a slot,
the second town. ``{+day}`` draws a new day, to which ``{day}`` refers from then on. ``[a|b]`` is a choice of wordings.
A line ``< time time2`` names two slots, the first of which holds the smaller or earlier value.
"""

import re
from collections.abc import Sequence

from seq2seq_samples.engine.values import Draw, Value

SLOT = re.compile(r"\{(\+?[a-z]+[0-9]*)\}")
CHOICE = re.compile(r"\[([^]]*)\]")
_ASCENDING = "< "


def blocks(table: str) -> list[tuple[str, list[str]]]:
    """Return the name and the other lines of each block."""
    return [(block[0], block[1:]) for block in map(str.splitlines, table.strip().split("\n\n"))]


def without_pairs(lines: Sequence[str]) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """Separate the lines that name two slots; return the other lines, and the pairs.

    Raises:
        ValueError: If such a line does not name two slots.
    """
    pairs = (line.split()[1:] for line in lines if line.startswith(_ASCENDING))
    return [line for line in lines if not line.startswith(_ASCENDING)], tuple((low, high) for low, high in pairs)


def filled(text: str, draw: Draw) -> tuple[str, list[Value]]:
    """Choose the wordings, then fill the slots from left to right; return the text and the values of its slots."""
    values: list[Value] = []

    def fill(match: re.Match[str]) -> str:
        slot = match[1]
        values.append(draw.renew(slot[1:]) if slot.startswith("+") else draw.value(slot))
        return values[-1].text

    text = CHOICE.sub(lambda match: draw.random.choice(match[1].split("|")), text)
    return SLOT.sub(fill, text), values
