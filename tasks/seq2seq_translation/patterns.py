"""Statements: each function is one sentence pattern, its English on one line and its Chinese on the next.

Word order follows each language: Chinese puts time and place before the verb, and what qualifies a noun before the noun.
"""

# ruff: noqa: D103 (the name of a pattern describes it)

from collections.abc import Sequence

from seq2seq_translation import lexicon as lex
from seq2seq_translation.grammar import Draw, Noun, Verb, Word, a, amount, one, pattern, that, this
from seq2seq_translation.numerals import MONTHS, chinese, clock, counted, date, day_part, english


def time_of_day(draw: Draw, first: int = 6, last: int = 22) -> tuple[Word, Word]:
    """Draw a time; return it with and without its part of the day."""
    hour = draw.random.randint(first, last)
    minute = draw.random.choice((0, 0, 5, 10, 15, 20, 30, 30, 40, 45, 50, 55))
    draw.fillers += [f"{hour % 12 or 12} o'clock", f"minute {minute}"]
    en, zh = clock((hour - 1) % 12 + 1, minute)
    part_en, part_zh = ("at noon", "中午") if hour == 12 else day_part(hour)
    return (Word(f"{en} {part_en}", part_zh + zh), Word(en, zh)) if hour != 12 else (Word(en, zh), Word(en, zh))


def calendar_date(draw: Draw, first: int = 1950, last: int = 2030) -> Word:
    """Draw a date; year, month and day are fillers."""
    year, month, day = draw.random.randint(first, last), draw.random.randint(1, 12), draw.random.randint(1, 28)
    draw.fillers += [f"year {year}", MONTHS[month - 1], f"day {day}"]
    return Word(*date(year, month, day))


def action(draw: Draw, kinds: Sequence[tuple[list[Verb], list[Noun]]] = lex.ACTIONS) -> tuple[Verb, Noun]:
    """Draw a verb with a thing that it can be done to."""
    verbs, nouns = draw.random.choice(kinds)
    return draw.pick(verbs), draw.pick(nouns)


@pattern
def past_count(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(lex.PEOPLE), draw.pick(lex.PAST), action(draw)
    many = draw.several(n)
    return f"{s.en} {v.past} {many.en} {t.en}.", f"{s.zh}{t.zh}{v.zh}了{many.zh}。"


@pattern
def past_place(draw: Draw) -> tuple[str, str]:
    s, t, p, n, x = (draw.pick(g) for g in (lex.PEOPLE, lex.RECENT, lex.SHOPS, lex.GOODS, lex.COLORS))
    thing = one(n, x)
    return f"{s.en} bought {thing.en} {p.en} {t.en}.", f"{s.zh}{t.zh}在{p.zh}买了{thing.zh}。"


@pattern
def past_negative(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), action(draw, lex.PLANS)
    return f"{s.en} did not {v.en} {this(n).en} {t.en}.", f"{s.zh}{t.zh}没{v.zh}{this(n).zh}。"


@pattern
def progressive(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.PLACES)
    return f"{s.en} {s.be} {v.ing} {p.en} now.", f"{s.zh}现在正在{p.zh}{v.zh}。"


@pattern
def habit(draw: Draw) -> tuple[str, str]:
    s, v, p, often = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.PLACES), draw.pick(lex.FREQUENCIES)
    return f"{s.en} {often.en} {s.present(v)} {p.en}.", f"{s.zh}{often.zh}在{p.zh}{v.zh}。"


@pattern
def schedule(draw: Draw) -> tuple[str, str]:
    s, v, often = draw.pick(lex.PEOPLE), draw.pick(lex.ACTIVITIES), draw.pick(lex.DAILY)
    time = time_of_day(draw)[1]
    return f"{s.en} {s.present(v)} at {time.en} {often.en}.", f"{s.zh}{often.zh}{time.zh}{v.zh}。"


@pattern
def not_on_weekday(draw: Draw) -> tuple[str, str]:
    s, v, day = draw.pick(lex.PEOPLE), draw.pick(lex.ACTIVITIES), draw.pick(lex.WEEKDAYS)
    return f"{s.en} {s.do} not {v.en} on {day.en}s.", f"{s.zh}{day.zh}不{v.zh}。"


@pattern
def future(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(lex.PEOPLE), draw.pick(lex.FUTURE), action(draw, lex.PLANS)
    many = draw.several(n)
    return f"{s.en} will {v.en} {many.en} {t.en}.", f"{s.zh}{t.zh}会{v.zh}{many.zh}。"


@pattern
def journey_ahead(draw: Draw) -> tuple[str, str]:
    s, t, c, ride = (draw.pick(g) for g in (lex.PEOPLE, lex.FUTURE, lex.CITIES, lex.FAR_RIDES))
    return f"{s.en} {s.be} going to go to {c.en} {ride.en} {t.en}.", f"{s.zh}打算{t.zh}{ride.zh}去{c.zh}。"


@pattern
def journey(draw: Draw) -> tuple[str, str]:
    s, t, b, ride = (draw.pick(g) for g in (lex.PEOPLE, lex.RECENT, lex.BUILDINGS, lex.RIDES))
    return f"{s.en} went to the {b.en} {ride.en} {t.en}.", f"{s.zh}{t.zh}{ride.zh}去了{b.zh}。"


@pattern
def ownership(draw: Draw) -> tuple[str, str]:
    s, n = draw.pick(lex.PEOPLE), draw.pick([*lex.GOODS, *lex.ANIMALS[:12]])
    many = draw.several(n)
    return f"{s.en} {s.have} {many.en}.", f"{s.zh}有{many.zh}。"


@pattern
def has_but_lacks(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.LOOKS)
    m = draw.pick(lex.GOODS, n)
    return (
        f"{s.en} {s.have} {one(n, x).en}, but {s.pronoun.en} {s.do} not have {a(m.en)}.",
        f"{s.zh}有{one(n, x).zh}，但是{s.pronoun.zh}没有{m.zh}。",
    )


@pattern
def wish(draw: Draw) -> tuple[str, str]:
    s, n, x, p = (draw.pick(g) for g in (lex.PEOPLE, lex.GOODS, lex.LOOKS[:14], lex.SHOPS))
    return f"{s.en} {s.present(lex.WANT)} to buy {one(n, x).en} {p.en}.", f"{s.zh}想在{p.zh}买{one(n, x).zh}。"


@pattern
def deadline(draw: Draw) -> tuple[str, str]:
    s, b, t = draw.pick(lex.PEOPLE), draw.pick(lex.BUILDINGS), draw.pick(lex.NEAR_FUTURE[:1] + lex.NEAR_FUTURE[3:])
    time = time_of_day(draw)[1]
    return f"{s.en} must get to the {b.en} before {time.en} {t.en}.", f"{s.zh}{t.zh}必须在{time.zh}以前到{b.zh}。"


@pattern
def skills(draw: Draw) -> tuple[str, str]:
    s, can = draw.pick(lex.PEOPLE), draw.pick(lex.SKILLS)
    cannot = draw.pick(lex.SKILLS, can)
    return f"{s.en} can {can.en}, but {s.pronoun.en} cannot {cannot.en}.", f"{s.zh}会{can.zh}，但是不会{cannot.zh}。"


@pattern
def not_only(draw: Draw) -> tuple[str, str]:
    s, can = draw.pick(lex.PEOPLE), draw.pick(lex.SKILLS)
    also = draw.pick(lex.SKILLS, can)
    return f"{s.en} can not only {can.en} but also {also.en}.", f"{s.zh}不但会{can.zh}，而且会{also.zh}。"


@pattern
def liking(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.PLACES)
    w = draw.pick(lex.ACTIVITIES, v)
    return f"{s.en} {s.present(lex.LIKE)} to {v.en} {p.en}, but {s.do} not like to {w.en}.", (
        f"{s.zh}喜欢在{p.zh}{v.zh}，但是不喜欢{w.zh}。"
    )


@pattern
def never_been(draw: Draw) -> tuple[str, str]:
    s, c = draw.pick(lex.PEOPLE), draw.pick(lex.CITIES)
    d = draw.pick(lex.CITIES, c)
    return f"{s.en} {s.have} been to {c.en}, but never to {d.en}.", f"{s.zh}去过{c.zh}，但是从来没去过{d.zh}。"


@pattern
def times_been(draw: Draw) -> tuple[str, str]:
    s, c, times = draw.pick(lex.PEOPLE), draw.pick(lex.CITIES), draw.number(1, 12)
    en = {1: "once", 2: "twice"}.get(times, f"{english(times)} times")
    return f"{s.en} {s.have} been to {c.en} {en}.", f"{s.zh}去过{c.zh}{counted(times)}次。"


@pattern
def lived(draw: Draw) -> tuple[str, str]:
    s, c, years = draw.pick(lex.PEOPLE), draw.pick(lex.CITIES), draw.number(2, 40)
    return f"{s.en} {s.have} lived in {c.en} for {english(years)} years.", f"{s.zh}在{c.zh}住了{counted(years)}年了。"


@pattern
def studied(draw: Draw) -> tuple[str, str]:
    s, tongue, months, p = draw.pick(lex.PEOPLE), draw.pick(lex.LANGUAGES), draw.number(2, 11), draw.pick(lex.CITIES)
    return f"{s.en} studied {tongue.en} in {p.en} for {english(months)} months.", (
        f"{s.zh}在{p.zh}学了{counted(months)}个月{tongue.zh}。"
    )


@pattern
def already(draw: Draw) -> tuple[str, str]:
    s, (v, n), t = draw.pick(lex.PEOPLE), action(draw, lex.PLANS), draw.pick(lex.THIS)
    many = draw.several(n)
    return f"{s.en} {s.have} already {v.participle} {many.en} {t.en}.", f"{s.zh}{t.zh}已经{v.zh}了{many.zh}。"


@pattern
def disposal(draw: Draw) -> tuple[str, str]:
    s, v, n, t = (draw.pick(g) for g in (lex.PEOPLE, lex.DISPOSING, lex.HOUSEHOLD, lex.RECENT))
    return f"{s.en} {v.past} the {n.en} {t.en}.", f"{s.zh}{t.zh}把{n.zh}{v.zh}了。"


@pattern
def placing(draw: Draw) -> tuple[str, str]:
    s, n, f = draw.pick(lex.PEOPLE), draw.pick(lex.HANDY), draw.pick(lex.SURFACES)
    x = draw.pick(lex.COLORS)
    return f"{s.en} put the {x.en} {n.en} {f.en}.", f"{s.zh}把{x.attribute}{n.zh}放在了{f.zh}。"


@pattern
def passive(draw: Draw) -> tuple[str, str]:
    n, v, s, t = (draw.pick(g) for g in (lex.HOUSEHOLD, lex.TAKING, lex.SINGLES, lex.RECENT))
    return f"The {n.en} was {v.participle} by {s.en} {t.en}.", f"{n.zh}{t.zh}被{s.zh}{v.zh}了。"


@pattern
def passive_owner(draw: Draw) -> tuple[str, str]:
    s, n, v, j = (draw.pick(g) for g in (lex.NAMES, lex.HOUSEHOLD, lex.TAKING, lex.JOBS))
    return f"{s.en}'s {n.en} was {v.participle} by {a(j.en)}.", f"{s.zh}的{n.zh}被一{j.measure}{j.zh}{v.zh}了。"


@pattern
def comparison(draw: Draw) -> tuple[str, str]:
    n, m, x = draw.pick(lex.GOODS), draw.pick(lex.GOODS), draw.pick(lex.QUALITIES)
    return f"{this(n).en} is {x.more} than {that(m).en}.", f"{this(n).zh}比{that(m).zh}{x.zh}。"


@pattern
def comparison_people(draw: Draw) -> tuple[str, str]:
    s, x = draw.pick(lex.SINGLES), draw.pick(lex.TRAITS)
    o = draw.pick(lex.SINGLES, s)
    return f"{s.en} is {x.more} than {o.en}.", f"{s.zh}比{o.zh}{x.zh}。"


@pattern
def years_older(draw: Draw) -> tuple[str, str]:
    s, x, years = draw.pick(lex.SINGLES), draw.pick(lex.MEASURED), draw.number(2, 25)
    o = draw.pick(lex.SINGLES, s)
    unit, unit_zh = ("years", "岁") if x.en in ("older", "younger") else ("centimeters", "厘米")
    return f"{s.en} is {english(years)} {unit} {x.en} than {o.en}.", f"{s.zh}比{o.zh}{x.zh}{counted(years)}{unit_zh}。"


@pattern
def equality(draw: Draw) -> tuple[str, str]:
    s, x = draw.pick(lex.SINGLES), draw.pick(lex.TRAITS)
    o = draw.pick(lex.SINGLES, s)
    return f"{s.en} is not as {x.en} as {o.en}.", f"{s.zh}没有{o.zh}那么{x.zh}。"


@pattern
def superlative(draw: Draw) -> tuple[str, str]:
    n, x, b = draw.pick(lex.GOODS), draw.pick(lex.QUALITIES), draw.pick(lex.SHOPS[:4])
    return f"This is the {x.most} {n.en} {b.en}.", f"这是{b.zh}里最{x.zh}的{n.zh}。"


@pattern
def age(draw: Draw) -> tuple[str, str]:
    s, years, job = draw.pick(lex.SINGLES), draw.number(25, 65), draw.pick(lex.JOBS[:-1])
    return f"{s.en} is {english(years)} years old and works as {a(job.en)}.", (
        f"{s.zh}{chinese(years)}岁，是一{job.measure}{job.zh}。"
    )


@pattern
def price(draw: Draw) -> tuple[str, str]:
    n, x, unit = draw.pick(lex.GOODS), draw.pick(lex.COLORS), draw.pick(lex.CURRENCIES)
    cost = amount(draw.number(2, 999), unit)
    return f"This {x.en} {n.en} costs {cost.en}.", f"这{n.measure}{x.attribute}{n.zh}{cost.zh}。"


@pattern
def salary(draw: Draw) -> tuple[str, str]:
    s, unit, year = draw.pick(lex.SINGLES), draw.pick(lex.CURRENCIES), draw.pick(lex.CITIES)
    earned = amount(draw.round_number(1000, 99_900, 100), unit)
    return f"{s.en} earned {earned.en} in {year.en} last year.", f"{s.zh}去年在{year.zh}赚了{earned.zh}。"


@pattern
def born(draw: Draw) -> tuple[str, str]:
    s, day, c = draw.pick(lex.SINGLES), calendar_date(draw, 1950, 2005), draw.pick(lex.CITIES)
    return f"{s.en} was born in {c.en} on {day.en}.", f"{s.zh}{day.zh}出生在{c.zh}。"


@pattern
def dated_event(draw: Draw) -> tuple[str, str]:
    e, day = draw.pick(lex.EVENTS), calendar_date(draw, 1990, 2030)
    time = time_of_day(draw, 9, 20)[0]
    return f"The {e.en} begins at {time.en} on {day.en}.", f"{e.zh}{day.zh}{time.zh}开始。"
