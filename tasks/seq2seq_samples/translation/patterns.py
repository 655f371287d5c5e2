"""Templates of statements: each function returns an English sentence and its Chinese translation.

Chinese puts time and place before the verb, and modifiers before the noun.
"""

# ruff: noqa: D103 (each function's name describes it)

from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation.fillers import action, calendar_date, time_of_day
from seq2seq_samples.translation.grammar import Draw, a, one, pattern, this
from seq2seq_samples.translation.numerals import counted, english


@pattern
def past_count(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), action(draw)
    many = draw.several(n)
    return f"{s.en} {v.past} {many.en} {t.en}.", f"{s.zh}{t.zh}{v.zh}了{many.zh}。"


@pattern
def past_place(draw: Draw) -> tuple[str, str]:
    s, t, p = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), draw.pick(lex.SHOPS)
    n, x = draw.pick(lex.GOODS), draw.pick(lex.COLORS)
    thing = one(n, x)
    return f"{s.en} bought {thing.en} {p.en} {t.en}.", f"{s.zh}{t.zh}在{p.zh}买了{thing.zh}。"


@pattern
def past_negative(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), action(draw, lex.PLANS)
    return f"{s.en} did not {v.en} {this(n).en} {t.en}.", f"{s.zh}{t.zh}没{v.zh}{this(n).zh}。"


@pattern
def progressive(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.ROOMS)
    return f"{s.en} {s.be} {v.ing} {p.en} now.", f"{s.zh}现在正在{p.zh}{v.zh}。"


@pattern
def habit(draw: Draw) -> tuple[str, str]:
    s, v, p, often = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.ROOMS), draw.pick(lex.FREQUENCIES)
    return f"{s.en} {often.en} {s.present(v)} {p.en}.", f"{s.zh}{often.zh}在{p.zh}{v.zh}。"


@pattern
def schedule(draw: Draw) -> tuple[str, str]:
    s, v, often = draw.pick(lex.PEOPLE), draw.pick(lex.ACTIVITIES), draw.pick(lex.DAILY)
    time = time_of_day(draw, 6, 11)[1]
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
    s, t, c = draw.pick(lex.PEOPLE), draw.pick(lex.FUTURE), draw.pick(lex.CITIES)
    ride = draw.pick(lex.FAR_RIDES)
    return f"{s.en} {s.be} going to go to {c.en} {ride.en} {t.en}.", f"{s.zh}打算{t.zh}{ride.zh}去{c.zh}。"


@pattern
def journey(draw: Draw) -> tuple[str, str]:
    s, t, b = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), draw.pick(lex.BUILDINGS)
    ride = draw.pick(lex.NEAR_RIDES)
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
    s, n, x = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.WANTED)
    p = draw.pick(lex.SHOPS)
    return f"{s.en} {s.present(lex.WANT)} to buy {one(n, x).en} {p.en}.", f"{s.zh}想在{p.zh}买{one(n, x).zh}。"


@pattern
def deadline(draw: Draw) -> tuple[str, str]:
    s, b, t = draw.pick(lex.PEOPLE), draw.pick(lex.BUILDINGS), draw.pick(lex.DAYS_AHEAD)
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
    s, v, p = draw.pick(lex.PEOPLE), draw.pick(lex.INDOORS), draw.pick(lex.ROOMS)
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
    s, (v, n), t = draw.pick(lex.PEOPLE), action(draw, lex.DISPOSALS), draw.pick(lex.RECENT)
    return f"{s.en} {v.past} the {n.en} {t.en}.", f"{s.zh}{t.zh}把{n.zh}{v.zh}了。"


@pattern
def placing(draw: Draw) -> tuple[str, str]:
    s, n, f = draw.pick(lex.PEOPLE), draw.pick(lex.HANDY), draw.pick(lex.SURFACES)
    x = draw.pick(lex.COLORS)
    return f"{s.en} put the {x.en} {n.en} {f.en}.", f"{s.zh}把{x.attribute}{n.zh}放在了{f.zh}。"


@pattern
def passive(draw: Draw) -> tuple[str, str]:
    (v, n), s, t = action(draw, lex.LOSSES), draw.pick(lex.SINGLES), draw.pick(lex.RECENT)
    return f"the {n.en} was {v.participle} by {s.en} {t.en}.", f"{n.zh}{t.zh}被{s.zh}{v.zh}了。"


@pattern
def passive_owner(draw: Draw) -> tuple[str, str]:
    s, (v, n), j = draw.pick(lex.NAMES), action(draw, lex.LOSSES), draw.pick(lex.JOBS)
    return f"{s.en}'s {n.en} was {v.participle} by {a(j.en)}.", f"{s.zh}的{n.zh}被一{j.measure}{j.zh}{v.zh}了。"


@pattern
def acquaintance(draw: Draw) -> tuple[str, str]:
    s, j, c = draw.pick(lex.PEOPLE), draw.pick(lex.PROFESSIONS), draw.pick(lex.CITIES)
    b = draw.pick(lex.WORKPLACES)
    return f"{s.en} {s.present(lex.KNOW)} {a(j.en)} who lives in {c.en} and works in a {b.en}.", (
        f"{s.zh}认识一{j.measure}住在{c.zh}、在一{b.measure}{b.zh}工作的{j.zh}。"
    )


@pattern
def moving(draw: Draw) -> tuple[str, str]:
    s, day, n, c = (
        draw.pick(lex.PEOPLE),
        calendar_date(draw, 1990, 2020),
        draw.pick(lex.ESTATE),
        draw.pick(lex.CITIES),
    )
    d = draw.pick(lex.CITIES, c)
    return f"on {day.en}, {s.en} sold the {n.en} and moved from {c.en} to {d.en}.", (
        f"{day.zh}，{s.zh}把{n.zh}卖掉了，从{c.zh}搬到了{d.zh}。"
    )
