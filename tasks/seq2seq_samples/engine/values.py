"""Draw the values of slots in templates: names, dates and numbers of one split, and words from closed lists.

A checksum assigns every name, date and number to one split, and a text contains only values of its own split. Words
from closed lists occur in every split.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from seq2seq_samples.engine.held_out import split_of

MONTHS = "January February March April May June July August September October November December".split()


@dataclass(frozen=True)
class Value:
    """A value for a slot of a template.

    Attributes:
        text: Its text.
        kind: Its kind, such as 'person' or 'number'.
        stem: Input of the checksum: the text, or its part that differs between the splits.
        is_held_out: Whether each split has its own values; False for words from closed lists.
        order: Sort key of times, dates and numbers.
        pieces: Syllables or characters of a name.
    """

    text: str
    kind: str
    stem: str
    is_held_out: bool = True
    order: tuple[int, ...] = ()
    pieces: tuple[str, ...] = ()


@dataclass
class Draw:
    """Draws and stores the values of one text.

    Attributes:
        random: Random number generator.
        language: 'en' or 'zh'.
        split: Split of the names, dates and numbers.
        makers: Functions that draw a value, by kind of slot.
        values: Current value of each slot.
        drawn: All values, in the order of drawing; no two share a stem.
    """

    random: Random
    language: str
    split: str
    makers: "Mapping[str, Make]"
    values: dict[str, Value] = field(default_factory=dict)
    drawn: list[Value] = field(default_factory=list)

    def value(self, slot: str) -> Value:
        """Return the value of a slot such as 'town2', drawn at the first call."""
        return self.values[slot] if slot in self.values else self.renew(slot)

    def renew(self, slot: str) -> Value:
        """Draw a new value for a slot, as when a speaker changes their mind.

        Raises:
            KeyError: If there is no such kind of slot.
        """
        make = self.makers[kind_of(slot)]
        taken = {value.stem for value in self.drawn}
        while True:
            value = make(self)
            if value.stem not in taken and (not value.is_held_out or split_of(value.stem) == self.split):
                break
        self.values[slot] = value
        self.drawn.append(value)
        return value

    def ascend(self, pairs: Iterable[tuple[str, str]]) -> None:
        """Draw the values of pairs of slots, each pair in ascending order."""
        for first, second in pairs:
            low, high = sorted((self.value(first), self.value(second)), key=lambda value: value.order)
            self.values |= {first: low, second: high}


Make = Callable[[Draw], Value]


def kind_of(slot: str) -> str:
    """Return the name of a slot without its number: 'town' for 'town2'."""
    return re.sub("[0-9].*", "", slot)


def name(kind: str, *parts: Sequence[str], endings: Sequence[str] = ("",)) -> Make:
    """Return a maker of names that join an entry of each part ('-' is empty); the ending is not part of the stem."""

    def make(draw: Draw) -> Value:
        pieces = tuple(piece for piece in map(draw.random.choice, parts) if piece != "-")
        stem = "".join(pieces)
        # Choosing from a single ending also advances the generator, and the corpora depend on it.
        ending = draw.random.choice(endings) if endings else ""
        return Value(stem + ending, kind, stem, pieces=pieces)

    return make


def number(kind: str, low: int, high: int) -> Make:
    """Return a maker of whole numbers; if three and four digits are possible, it draws both about equally often."""

    def make(draw: Draw) -> Value:
        has_three = low < 1000 <= high and draw.random.random() < 0.5
        drawn = draw.random.randint(low, 999 if has_three else high)
        return Value(str(drawn), kind, str(drawn), order=(drawn,))

    return make


def time(step: int, chinese: str = "{}:{:02}") -> Make:
    """Return a maker of times from 7:00 to 20:59, every `step` minutes, with a format for Chinese."""

    def make(draw: Draw) -> Value:
        hour, minute = draw.random.randint(7, 20), draw.random.randrange(0, 60, step)
        stem = f"{hour}:{minute:02}"
        return Value(
            stem if draw.language == "en" else chinese.format(hour, minute), "time", stem, order=(hour, minute)
        )

    return make


def date(chinese_day: str) -> Make:
    """Return a maker of dates without a year, with the character after the day in Chinese."""

    def make(draw: Draw) -> Value:
        month, day = draw.random.randint(1, 12), draw.random.randint(1, 28)
        text = f"{MONTHS[month - 1]} {day}" if draw.language == "en" else f"{month}月{day}{chinese_day}"
        return Value(text, "date", text, order=(month, day))

    return make


def word(kind: str, words: Sequence[str]) -> Make:
    """Return a maker of words from a closed list."""

    def make(draw: Draw) -> Value:
        text = draw.random.choice(words)
        return Value(text, kind, text, is_held_out=False)

    return make


def listed(entries: str) -> list[str]:
    """Return the entries of a closed list, in which an underscore stands for a space."""
    return [entry.replace("_", " ") for entry in entries.split()]
