"""Draw fillers for several templates: an action with its object, a time of day, a date."""

from collections.abc import Sequence

from seq2seq_samples.engine.values import MONTHS
from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation.grammar import Draw, Noun, Verb, Word
from seq2seq_samples.translation.numerals import clock, date, day_part


def time_of_day(draw: Draw, first: int = 6, last: int = 22) -> tuple[Word, Word]:
    """Draw a time; return it with and without its part of the day, such as "in the morning"."""
    hour = draw.random.randint(first, last)
    minute = draw.random.choice((0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50, 55))
    draw.fillers += [f"{hour % 12 or 12} o'clock", f"minute {minute}"]
    bare = Word(*clock(hour % 12 or 12, minute))
    if hour == 12:
        return bare, bare
    part_en, part_zh = day_part(hour)
    return Word(f"{bare.en} {part_en}", part_zh + bare.zh), bare


def calendar_date(draw: Draw, first: int = 1950, last: int = 2030) -> Word:
    """Draw a date; its year, month and day are separate fillers."""
    year, month, day = draw.random.randint(first, last), draw.random.randint(1, 12), draw.random.randint(1, 28)
    draw.fillers += [f"year {year}", MONTHS[month - 1], f"day {day}"]
    return Word(*date(year, month, day))


def action(draw: Draw, kinds: Sequence[tuple[list[Verb], list[Noun]]] = lex.ACTIONS) -> tuple[Verb, Noun]:
    """Draw a verb with a suitable object."""
    verbs, nouns = draw.random.choice(kinds)
    return draw.pick(verbs), draw.pick(nouns)
