"""Engine of the sample corpus: patterns written as text, and their expansion to conversations with facts.

A pattern is a block of lines; the first is its name. Two people speak in turn. The sign before a line gives its
meaning:

- ``-`` is a turn that is always taken.
- ``?`` is an exchange, two turns with `` / `` between, that takes place half of the time.
- ``2`` before several lines: that many of these exchanges take place, in any order.
- ``<`` is not a turn: it names two slots, the first of which holds the smaller or earlier value.

``{time2}`` is a slot, the second time. ``{+day}`` introduces a new day, which ``{day}`` means from then on. ``[a|b]``
is a choice of wordings, all with the same slots, so that chance never decides what is remembered.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from seq2seq_samples.dialogue.values import Draw, Value
from seq2seq_samples.engine.held_out import place_of

SLOT = re.compile(r"\{(\+?)([a-z]+[0-9]?)\}")
CHOICE = re.compile(r"\[([^]]*)\]")
FAR = 3
"""A fact is far if it was last said at least this number of turns before."""


@dataclass(frozen=True)
class Line:
    """A turn, or an exchange of two, and the sign before it."""

    sign: str
    turns: tuple[str, ...]


@dataclass(frozen=True)
class Pattern:
    """A way that a conversation can go.

    Attributes:
        topic: Such as 'booking'.
        language: 'en' or 'zh'.
        name: Its subject; unique within topic and language.
        lines: Turns and exchanges in their order.
        ascending: Pairs of slots in ascending order.
    """

    topic: str
    language: str
    name: str
    lines: tuple[Line, ...]
    ascending: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Fact:
    """A value in a turn that was said before.

    Attributes:
        value: The value.
        turns_ago: How many turns before it was last said: 1 is the turn that is replied to.
    """

    value: Value
    turns_ago: int


@dataclass(frozen=True)
class Turn:
    """A turn of a generated conversation.

    Attributes:
        text: The turn.
        facts: Values repeated from earlier turns, in order.
        is_certain: Whether the turns before determine this turn's content. Otherwise (one may ask this or that) another
            reply would not be wrong, so its facts are not counted.
    """

    text: str
    facts: tuple[Fact, ...]
    is_certain: bool

    @property
    def far_facts(self) -> tuple[Fact, ...]:
        """The facts that need memory: those from `FAR` or more turns before."""
        return tuple(fact for fact in self.facts if self.is_certain and fact.turns_ago >= FAR)


@dataclass(frozen=True)
class Conversation:
    """A generated conversation.

    Attributes:
        topic: Topic of its pattern.
        language: 'en' or 'zh'.
        pattern: Name of its pattern.
        turns: Its turns; two people speak in turn.
        values: All values of its slots, in order.
    """

    topic: str
    language: str
    pattern: str
    turns: tuple[Turn, ...]
    values: tuple[Value, ...]

    @property
    def way(self) -> tuple[str, str, str]:
        """Topic, language and name of its pattern."""
        return self.topic, self.language, self.pattern

    @property
    def texts(self) -> list[str]:
        """The turns."""
        return [turn.text for turn in self.turns]

    @property
    def far_facts(self) -> list[Fact]:
        """All facts that must be remembered for `FAR` or more turns."""
        return [fact for turn in self.turns for fact in turn.far_facts]


def patterns(topic: str, language: str, table: str) -> list[Pattern]:
    """Read the patterns of one topic and language.

    Args:
        topic: The topic.
        language: 'en' or 'zh'.
        table: Blocks of lines, divided by empty lines.

    Raises:
        ValueError: If a line has no sign, or not as many turns as its sign says; if wordings of a choice differ in
            their slots; if there are fewer exchanges than are to take place.
    """
    return [_pattern(topic, language, block.splitlines()) for block in table.strip().split("\n\n")]


def write(pattern: Pattern, random: Random, split: str) -> Conversation:
    """Draw one conversation of a pattern, with the names and numbers of one split."""
    draw = Draw(random, pattern.language, split)
    for first, second in pattern.ascending:
        draw.ascend(first, second)
    turns: list[Turn] = []
    for text, is_certain in _arranged(pattern, random):
        words, values = _filled(text, draw)
        turns.append(Turn(words, tuple(_facts(values, [turn.text for turn in turns])), is_certain))
    return Conversation(pattern.topic, pattern.language, pattern.name, tuple(turns), tuple(draw.drawn))


def _arranged(pattern: Pattern, random: Random) -> Iterator[tuple[str, bool]]:
    """Choose the exchanges; yield each turn with whether the turns before determine it."""
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


def _filled(text: str, draw: Draw) -> tuple[str, list[Value]]:
    """Choose the wording and fill the slots, from left to right."""
    values: list[Value] = []

    def fill(found: re.Match[str]) -> str:
        values.append(draw.renew(found[2]) if found[1] else draw.value(found[2]))
        return values[-1].text

    text = CHOICE.sub(lambda found: draw.random.choice(found[1].split("|")), text)
    return SLOT.sub(fill, text), values


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


def _pattern(topic: str, language: str, block: Sequence[str]) -> Pattern:
    name, *rest = block
    lines = tuple(_line(text) for text in rest if not text.startswith("< "))
    pairs = [text.split()[1:] for text in rest if text.startswith("< ")]
    for sign, group in groupby(lines, key=lambda line: line.sign):
        if sign.isdigit() and len(list(group)) < int(sign):
            raise ValueError(
                f"The pattern '{name}' has fewer exchanges in a row than the {sign} that are to take place."
            )
    return Pattern(topic, language, name, lines, tuple((first, second) for first, second in pairs))
