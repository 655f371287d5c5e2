"""The kinds of slots in sample reports: names, numbers, dates, times and scores, and words from closed lists."""

import re
from dataclasses import dataclass

from seq2seq_samples.engine.splits import LANGUAGES
from seq2seq_samples.engine.values import MONTHS, Draw, Make, Value, date, listed, name, number, time, word
from seq2seq_samples.summarization import lexicon as lex


@dataclass(frozen=True)
class Slot:
    """A kind of slot: a function that draws its values, and a regular expression that matches them all."""

    make: Make
    expression: str


def _decimal(low: int, high: int) -> Make:
    def make(draw: Draw) -> Value:
        tenths = draw.random.randint(low * 10, high * 10 - 1)
        text = f"{tenths // 10}.{tenths % 10}"
        return Value(text, "number", text, order=(tenths,))

    return make


def _score(language: str, first: int, second: int) -> Value:
    text = f"{first}-{second}" if language == "en" else f"{first}比{second}"
    return Value(text, "score", text, order=(first, second))


def _final(low: int, high: int, margin: int) -> Make:
    def make(draw: Draw) -> Value:
        lost = draw.random.randint(low, high)
        return _score(draw.language, lost + draw.random.randint(1, margin), lost)

    return make


def _half(draw: Draw) -> Value:
    """Draw a half-time score that suits the final score in the slot 'score'; the higher number comes first."""
    lost = draw.value("score").order[1]
    high = draw.random.randint(lost // 2 - 8, lost // 2 + 12)
    return _score(draw.language, high, high - draw.random.randint(1, 12))


def _word(kind: str, entries: str) -> Slot:
    words = listed(entries)
    return Slot(word(kind, words), "|".join(map(re.escape, words)))


_TOWNS, _TEAMS = list(map(str.split, lex.TOWNS)), lex.TEAMS.split()
_NAMES = {
    "en": {
        "person": Slot(name("person", *map(str.split, lex.SURNAMES), endings=()), "[A-Z][a-z]+"),
        "town": Slot(name("town", *_TOWNS, endings=()), "[A-Z][a-z]+"),
        "team": Slot(
            name("team", *_TOWNS, endings=[f" {team}" for team in _TEAMS]), f"[A-Z][a-z]+ (?:{'|'.join(_TEAMS)})"
        ),
        "company": Slot(name("company", *map(str.split, lex.COMPANIES), endings=()), "[A-Z][a-z]+"),
        "date": Slot(date("日"), f"(?:{'|'.join(MONTHS)}) [0-9]+"),
    },
    "zh": {
        "person": Slot(name("person", *lex.PERSONS_ZH), "[\u4e00-\u9fff]{3}"),
        "town": Slot(name("town", *lex.PLACES_ZH, endings=lex.TOWN_ENDINGS_ZH.split()), "[\u4e00-\u9fff]{2}[镇县市]"),
        "team": Slot(name("team", *lex.PLACES_ZH, endings=lex.TEAM_ENDINGS_ZH.split()), "[\u4e00-\u9fff]{4}队"),
        "company": Slot(
            name("company", *lex.COMPANIES_ZH, endings=lex.COMPANY_ENDINGS_ZH.split()),
            "[\u4e00-\u9fff]{2}(?:公司|集团)",
        ),
        "date": Slot(date("日"), "[0-9]+月[0-9]+日"),
    },
}
SLOTS: dict[str, dict[str, Slot]] = {
    language: {
        **_NAMES[language],
        "time": Slot(time(5), "[0-9]+:[0-9]+"),
        "score": Slot(_final(60, 110, 25), "[0-9]+[-比][0-9]+"),  # basketball, the winner's points first
        "half": Slot(_half, "[0-9]+[-比][0-9]+"),
        "goals": Slot(_final(16, 38, 6), "[0-9]+[-比][0-9]+"),  # handball
        "amount": Slot(number("number", 100, 9999), "[0-9]+"),
        "thousands": Slot(number("number", 1000, 9999), "[0-9]+"),
        "sum": Slot(number("number", 100, 999), "[0-9]+"),
        "wind": Slot(number("number", 100, 249), "[0-9]+"),
        "rain": Slot(_decimal(10, 100), r"[0-9]+\.[0-9]"),
        "degrees": Slot(_decimal(20, 45), r"[0-9]+\.[0-9]"),
        **{kind: _word(kind, entries) for kind, entries in lex.WORDS[language].items()},
    }
    for language in LANGUAGES
}
MAKERS = {language: {kind: slot.make for kind, slot in SLOTS[language].items()} for language in LANGUAGES}
"""The functions of `SLOTS` that draw values."""
