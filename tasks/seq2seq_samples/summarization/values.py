"""Draw the names and numbers of the sample reports, each from the values of one split.

A checksum assigns every name and number to one split, and a report (including its distractors) contains only values of
its own split. For town and team names, the checksum covers only the stem.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random

from seq2seq_samples.engine.held_out import split_of
from seq2seq_samples.engine.splits import LANGUAGES, kind_of
from seq2seq_samples.summarization import lexicon as lex


@dataclass(frozen=True)
class Value:
    """A value for a slot of a template.

    Attributes:
        text: Its text.
        kind: 'person', 'town', 'team', 'company', 'date', 'time', 'score' or 'number'; '' for a word from a closed
            list, which is never held out.
        pieces: Syllables or characters of a name; empty for numbers and words.
        stem: Input of the checksum.
        order: Sort key of the values of one kind.
    """

    text: str
    kind: str
    pieces: tuple[str, ...] = ()
    stem: str = ""
    order: tuple[int, ...] = ()


@dataclass(frozen=True)
class Slot:
    """A kind of slot: a function that draws its values, and a regular expression that matches them all."""

    make: Callable[[Random], Value]
    expression: str


@dataclass
class Draw:
    """Draws and stores the values of one report.

    Attributes:
        random: Random number generator.
        language: 'en' or 'zh'.
        split: Split of the values.
        values: Drawn values, by slot.
    """

    random: Random
    language: str
    split: str
    values: dict[str, Value] = field(default_factory=dict)

    def value(self, slot: str) -> Value:
        """Return the value of a slot such as 'town2', drawn at the first call; no two slots share a stem."""
        if slot not in self.values:
            name = kind_of(slot)
            taken = {value.stem for value in self.values.values()}
            while True:
                drawn = self._half() if name == "half" else SLOTS[self.language][name].make(self.random)
                if drawn.stem not in taken and (not drawn.kind or split_of(drawn.stem) == self.split):
                    break
            self.values[slot] = drawn
        return self.values[slot]

    def ascend(self, first: str, second: str) -> None:
        """Draw the values of two slots of the same kind, in ascending order."""
        low, high = sorted((self.value(first), self.value(second)), key=lambda value: value.order)
        self.values |= {first: low, second: high}

    def _half(self) -> Value:
        """Draw a half-time score that suits the final score in the slot 'score'; the higher number comes first."""
        lost = self.value("score").order[1]
        high = self.random.randint(lost // 2 - 8, lost // 2 + 12)
        return _score(self.language, high, high - self.random.randint(1, 12))


def _name(kind: str, *syllables: str) -> Callable[[Random], Value]:
    lists = [part.split() for part in syllables]

    def make(random: Random) -> Value:
        pieces = tuple(piece for piece in map(random.choice, lists) if piece != "-")
        return Value("".join(pieces), kind, pieces, "".join(pieces))

    return make


def _team(random: Random) -> Value:
    town = _TOWN(random)
    return Value(f"{town.text} {random.choice(_TEAMS)}", "team", town.pieces, town.stem)


def _characters(kind: str, lists: tuple[str, ...], endings: str = "") -> Callable[[Random], Value]:
    ends = endings.split() or [""]

    def make(random: Random) -> Value:
        pieces = tuple(map(random.choice, lists))
        stem = "".join(pieces)
        return Value(stem + random.choice(ends), kind, pieces, stem)

    return make


def _number(low: int, high: int) -> Callable[[Random], Value]:
    def make(random: Random) -> Value:
        # If both are possible, draw three and four digits about equally often.
        number = random.randint(low, 999 if low < 1000 <= high and random.random() < 0.5 else high)
        return Value(str(number), "number", (), str(number), (number,))

    return make


def _decimal(low: int, high: int) -> Callable[[Random], Value]:
    def make(random: Random) -> Value:
        tenths = random.randint(low * 10, high * 10 - 1)
        text = f"{tenths // 10}.{tenths % 10}"
        return Value(text, "number", (), text, (tenths,))

    return make


def _time(random: Random) -> Value:
    hour, minute = random.randint(7, 20), random.randrange(0, 60, 5)
    text = f"{hour}:{minute:02}"
    return Value(text, "time", (), text, (hour, minute))


def _date(language: str) -> Callable[[Random], Value]:
    def make(random: Random) -> Value:
        month, day = random.randint(1, 12), random.randint(1, 28)
        text = f"{_MONTHS[month - 1]} {day}" if language == "en" else f"{month}月{day}日"
        return Value(text, "date", (), text, (month, day))

    return make


def _score(language: str, first: int, second: int) -> Value:
    text = f"{first}-{second}" if language == "en" else f"{first}比{second}"
    return Value(text, "score", (), text, (first, second))


def _final(language: str, low: int, high: int, margin: int) -> Callable[[Random], Value]:
    def make(random: Random) -> Value:
        lost = random.randint(low, high)
        return _score(language, lost + random.randint(1, margin), lost)

    return make


def _word(entries: str) -> Slot:
    words = [entry.replace("_", " ") for entry in entries.split()]

    def make(random: Random) -> Value:
        word = random.choice(words)
        return Value(word, "", (), word)

    return Slot(make, "|".join(map(re.escape, words)))


_MONTHS, _TEAMS = lex.MONTHS.split(), lex.TEAMS.split()
_TOWN = _name("town", *lex.TOWNS)
_NAMES = {
    "en": {
        "person": Slot(_name("person", *lex.SURNAMES), "[A-Z][a-z]+"),
        "town": Slot(_TOWN, "[A-Z][a-z]+"),
        "team": Slot(_team, f"[A-Z][a-z]+ (?:{'|'.join(_TEAMS)})"),
        "company": Slot(_name("company", *lex.COMPANIES), "[A-Z][a-z]+"),
        "date": Slot(_date("en"), f"(?:{'|'.join(_MONTHS)}) [0-9]+"),
    },
    "zh": {
        "person": Slot(_characters("person", lex.PERSONS_ZH), "[\u4e00-\u9fff]{3}"),
        "town": Slot(_characters("town", lex.PLACES_ZH, lex.TOWN_ENDINGS_ZH), "[\u4e00-\u9fff]{2}[镇县市]"),
        "team": Slot(_characters("team", lex.PLACES_ZH, lex.TEAM_ENDINGS_ZH), "[\u4e00-\u9fff]{4}队"),
        "company": Slot(
            _characters("company", lex.COMPANIES_ZH, lex.COMPANY_ENDINGS_ZH), "[\u4e00-\u9fff]{2}(?:公司|集团)"
        ),
        "date": Slot(_date("zh"), "[0-9]+月[0-9]+日"),
    },
}
SLOTS: dict[str, dict[str, Slot]] = {
    language: {
        **_NAMES[language],
        "time": Slot(_time, "[0-9]+:[0-9]+"),
        "score": Slot(_final(language, 60, 110, 25), "[0-9]+[-比][0-9]+"),  # basketball, the winner's points first
        "half": Slot(_final(language, 25, 60, 10), "[0-9]+[-比][0-9]+"),
        "goals": Slot(_final(language, 16, 38, 6), "[0-9]+[-比][0-9]+"),  # handball
        "amount": Slot(_number(100, 9999), "[0-9]+"),
        "thousands": Slot(_number(1000, 9999), "[0-9]+"),
        "sum": Slot(_number(100, 999), "[0-9]+"),
        "wind": Slot(_number(100, 249), "[0-9]+"),
        "rain": Slot(_decimal(10, 100), r"[0-9]+\.[0-9]"),
        "degrees": Slot(_decimal(20, 45), r"[0-9]+\.[0-9]"),
        **{name: _word(entries) for name, entries in lex.WORDS[language].items()},
    }
    for language in LANGUAGES
}
