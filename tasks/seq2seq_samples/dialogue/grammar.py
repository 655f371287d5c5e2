"""Parse templates of conversations, and generate conversations and their facts from them.

A template (`Pattern`) is a block of lines; the first is its name. Two speakers alternate. The sign before a line gives
its meaning:

- ``-`` is a turn that always occurs.
- ``?`` is an exchange (two turns separated by `` / ``) that occurs half of the time.
- ``2`` before consecutive exchanges: two of them occur, in random order.

`seq2seq_samples.engine.templates` describes the rest of the notation. All wordings of a choice have the same slots, so
the choice never affects what must be remembered.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from seq2seq_samples.dialogue.values import SLOTS
from seq2seq_samples.engine.held_out import place_of
from seq2seq_samples.engine.templates import CHOICE, SLOT, blocks, filled, without_pairs
from seq2seq_samples.engine.values import Draw, Value

FAR = 3
"""Minimum number of turns since a far fact was last said."""


@dataclass(frozen=True)
class Line:
    """A turn or an exchange, and the sign before it."""

    sign: str
    turns: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """A template of a conversation.

    Attributes:
        topic: Topic, such as 'booking'.
        language: 'en' or 'zh'.
        name: Subject, unique within topic and language.
        lines: Turns and exchanges, in order.
        ascending: Pairs of slots whose values are in ascending order.
    """

    topic: str
    language: str
    name: str
    lines: tuple[Line, ...]
    ascending: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A value that a turn repeats; `turns_ago` is the number of turns since it was last said."""

    value: Value
    turns_ago: int


@dataclass(frozen=True)
class Turn:
    """A turn of a generated conversation.

    Attributes:
        text: Its text.
        facts: Values repeated from earlier turns, in order.
        is_certain: Whether the earlier turns determine its content. If not (for example, if the speaker may ask either
            of two questions), other replies would also be right, so its facts do not count.
    """

    text: str
    facts: tuple[Fact, ...]
    is_certain: bool

    @property
    def far_facts(self) -> tuple[Fact, ...]:
        """Facts that count and were last said `FAR` or more turns ago."""
        return tuple(fact for fact in self.facts if self.is_certain and fact.turns_ago >= FAR)


@dataclass(frozen=True)
class Conversation:
    """A generated conversation.

    Attributes:
        topic: Topic of its template.
        language: 'en' or 'zh'.
        pattern: Name of its template.
        turns: Turns of two alternating speakers.
        values: All slot values, in the order of drawing.
    """

    topic: str
    language: str
    pattern: str
    turns: tuple[Turn, ...]
    values: tuple[Value, ...]

    @property
    def way(self) -> tuple[str, str, str]:
        """Topic, language and name of its template."""
        return self.topic, self.language, self.pattern

    @property
    def texts(self) -> list[str]:
        """Texts of the turns."""
        return [turn.text for turn in self.turns]

    @property
    def text(self) -> str:
        """The turns, one per line."""
        return "\n".join(self.texts)

    @property
    def far_facts(self) -> list[Fact]:
        """Far facts of all turns."""
        return [fact for turn in self.turns for fact in turn.far_facts]


def patterns(topic: str, language: str, table: str) -> list[Pattern]:
    """Parse a table with the templates of one topic and language, separated by empty lines.

    Raises:
        ValueError: If a line has no sign or the wrong number of turns, if the wordings of a choice have different
            slots, or if a number is followed by too few exchanges.
    """
    return [_pattern(topic, language, name, lines) for name, lines in blocks(table)]


def write(pattern: Pattern, random: Random, split: str) -> Conversation:
    """Generate a conversation from a template, with the names and numbers of one split."""
    draw = Draw(random, pattern.language, split, SLOTS[pattern.language])
    draw.ascend(pattern.ascending)
    turns: list[Turn] = []
    for text, is_certain in _arranged(pattern, random):
        words, values = filled(text, draw)
        turns.append(Turn(words, tuple(_facts(values, [turn.text for turn in turns])), is_certain))
    return Conversation(pattern.topic, pattern.language, pattern.name, tuple(turns), tuple(draw.drawn))


def _arranged(pattern: Pattern, random: Random) -> Iterator[tuple[str, bool]]:
    """Choose the exchanges; yield each turn, and whether the earlier turns determine it."""
    was_open = False
    for sign, group in groupby(pattern.lines, key=lambda line: line.sign):
        lines = list(group)
        if sign == "-":
            for line in lines:
                yield line.turns[0], not was_open
                was_open = False
            continue
        chosen = [line for line in lines if random.random() < 0.5] if sign == "?" else random.sample(lines, int(sign))
        for line in chosen:
            yield line.turns[0], False
            yield line.turns[1], True
        was_open = sign == "?"


def _facts(values: Sequence[Value], before: Sequence[str]) -> Iterator[Fact]:
    for value in dict.fromkeys(values):
        for turns_ago, text in enumerate(reversed(before), 1):
            if place_of(value.text, text) >= 0:
                yield Fact(value, turns_ago)
                break


def _line(text: str) -> Line:
    sign, _, rest = text.partition(" ")
    if not re.fullmatch("[-?1-9]", sign):
        raise ValueError(f"A line of a pattern begins with - ? < or a digit and a blank, not '{text}'.")
    turns = tuple(rest.split(" / "))
    if len(turns) != (1 if sign == "-" else 2):
        raise ValueError(f"A line has one turn after -, else two with ' / ' between, not '{text}'.")
    for choice in CHOICE.findall(rest):
        if len({tuple(sorted(SLOT.findall(wording))) for wording in choice.split("|")}) > 1:
            raise ValueError(f"The wordings of a choice hold the same slots, but not in '[{choice}]'.")
    return Line(sign, turns)


def _pattern(topic: str, language: str, name: str, texts: Sequence[str]) -> Pattern:
    turns, ascending = without_pairs(texts)
    lines = tuple(map(_line, turns))
    for sign, group in groupby(lines, key=lambda line: line.sign):
        if sign.isdigit() and len(list(group)) < int(sign):
            raise ValueError(
                f"The pattern '{name}' has fewer exchanges in a row than the {sign} that are to take place."
            )
    return Pattern(topic, language, name, lines, ascending)
