"""Draw the values in sample conversations: names, times and numbers of one split, and words from closed lists.

A checksum assigns every name, street, date, time and number to one split, and a conversation contains only values of
its own split. Words from closed lists (days, colours, dishes) occur in every split, but in different combinations.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from seq2seq_samples.dialogue import lexicon as lex
from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.splits import LANGUAGES, kind_of


@dataclass(frozen=True)
class Value:
    """A value for a slot of a template.

    Attributes:
        text: Its text.
        kind: Name of the slot without its number, such as 'person' or 'day'.
        is_held_out: Whether each split has its own values; False for words from closed lists.
        stem: Input of the checksum.
        order: Sort key of times and numbers.
    """

    text: str
    kind: str
    is_held_out: bool
    stem: str
    order: tuple[int, ...] = ()


@dataclass
class Draw:
    """Draws and stores the values of one conversation.

    Attributes:
        random: Random number generator.
        language: 'en' or 'zh'.
        split: Split of the names and numbers.
        values: Current value of each slot.
        drawn: All values, in the order of drawing; no two share a stem.
    """

    random: Random
    language: str
    split: str
    values: dict[str, Value] = field(default_factory=dict)
    drawn: list[Value] = field(default_factory=list)

    def value(self, slot: str) -> Value:
        """Return the value of a slot such as 'time2', drawn at the first call."""
        return self.values[slot] if slot in self.values else self.renew(slot)

    def renew(self, slot: str) -> Value:
        """Draw a new value for a slot, as when a speaker changes their mind.

        Raises:
            KeyError: If the language has no such slot.
        """
        make = SLOTS[self.language][kind_of(slot)]
        taken = {value.stem for value in self.drawn}
        while True:
            value = make(self.random)
            if value.stem not in taken and (not value.is_held_out or split_of(value.stem) == self.split):
                break
        self.values[slot] = value
        self.drawn.append(value)
        return value

    def ascend(self, first: str, second: str) -> None:
        """Draw the values of two slots of the same kind, in ascending order."""
        low, high = sorted((self.value(first), self.value(second)), key=lambda value: value.order)
        self.values |= {first: low, second: high}


Make = Callable[[Random], Value]


def _name(kind: str, *lists: str, blank: str = " ", after: str = "") -> Make:
    parts = [part.split() if blank else list(part) for part in lists]
    endings = after.split() or [""]

    def make(random: Random) -> Value:
        stem = "".join(map(random.choice, parts))
        ending = random.choice(endings)
        return Value(f"{stem}{blank if ending else ''}{ending}", kind, True, stem)

    return make


def _number(kind: str, low: int, high: int) -> Make:
    def make(random: Random) -> Value:
        number = random.randint(low, high)
        return Value(str(number), kind, True, str(number), (number,))

    return make


def _time(language: str) -> Make:
    def make(random: Random) -> Value:
        hour, minute = random.randint(7, 20), random.randint(0, 59)
        stem = f"{hour}:{minute:02}"
        return Value(stem if language == "en" else f"{hour}点{minute:02}分", "time", True, stem, (hour, minute))

    return make


def _date(language: str) -> Make:
    months = lex.MONTHS.split()

    def make(random: Random) -> Value:
        month, day = random.randint(1, 12), random.randint(1, 28)
        text = f"{months[month - 1]} {day}" if language == "en" else f"{month}月{day}号"
        return Value(text, "date", True, text)

    return make


def _word(kind: str, entries: str) -> Make:
    words = [entry.replace("_", " ") for entry in entries.split()]

    def make(random: Random) -> Value:
        word = random.choice(words)
        return Value(word, kind, False, word)

    return make


_NAMES = {
    "en": {
        "person": _name("person", *lex.PERSONS),
        "nickname": _name("nickname", *lex.NICKNAMES),
        "street": _name("street", *lex.STREETS, after="Street Road Lane"),
    },
    "zh": {
        "person": _name("person", *lex.PERSONS_ZH, blank=""),
        "nickname": _name("nickname", *lex.NICKNAMES_ZH, blank=""),
        "street": _name("street", *lex.STREETS_ZH, blank="", after=lex.STREET_ENDINGS_ZH),
    },
}
# Prices and line numbers exceed all minutes, days and shoe sizes, so a held-out value cannot occur as one of these.
SLOTS: dict[str, dict[str, Make]] = {
    language: {
        **_NAMES[language],
        "time": _time(language),
        "date": _date(language),
        "price": _number("price", 61, 999),
        "line": _number("line", 61, 999),
        "room": _number("room", 100, 999),
        "code": _number("code", 1000, 9999),
        **{kind: _word(kind, entries) for kind, entries in lex.WORDS[language].items()},
    }
    for language in LANGUAGES
}
