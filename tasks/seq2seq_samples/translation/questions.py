"""Templates of questions and requests. In Chinese, the question word takes the position of the answer."""

# ruff: noqa: D103 (each function's name describes it)

from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation.fillers import action, time_of_day
from seq2seq_samples.translation.grammar import Draw, a, pattern, that, this
from seq2seq_samples.translation.numerals import counted, english

ASKED = [*lex.THIRD, lex.YOU, lex.YOU, *lex.NAMES, *lex.KIN, *lex.GROUPS]


@pattern
def does_like(draw: Draw) -> tuple[str, str]:
    s, v, n = draw.pick(ASKED), draw.pick(lex.TASTE), draw.pick(lex.GOODS)
    return f"{s.do} {s.en} {v.en} {this(n).en}?", f"{s.zh}{v.zh}{this(n).zh}吗？"


@pattern
def did_do(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(ASKED), draw.pick(lex.RECENT), action(draw, lex.PLANS)
    many = draw.several(n)
    return f"did {s.en} {v.en} {many.en} {t.en}?", f"{s.zh}{t.zh}{v.zh}了{many.zh}吗？"


@pattern
def ever_been(draw: Draw) -> tuple[str, str]:
    s, c = draw.pick(ASKED), draw.pick(lex.CITIES)
    d = draw.pick(lex.CITIES, c)
    return f"{s.have} {s.en} ever been to {c.en} or {d.en}?", f"{s.zh}去过{c.zh}或者{d.zh}吗？"


@pattern
def which_of_two(draw: Draw) -> tuple[str, str]:
    s, n, t = draw.pick(ASKED), draw.pick(lex.GOODS), draw.pick(lex.NEAR_FUTURE)
    m = draw.pick(lex.GOODS, n)
    return f"will {s.en} buy {a(n.en)} or {a(m.en)} {t.en}?", f"{s.zh}{t.zh}会买{n.zh}还是{m.zh}？"


@pattern
def what_bought(draw: Draw) -> tuple[str, str]:
    s, p, t = draw.pick(ASKED), draw.pick(lex.SHOPS), draw.pick(lex.RECENT)
    return f"what did {s.en} buy {p.en} {t.en}?", f"{s.zh}{t.zh}在{p.zh}买了什么？"


@pattern
def where_bought(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(ASKED), draw.pick(lex.GOODS), draw.pick(lex.COLORS)
    return f"where did {s.en} buy that {x.en} {n.en}?", f"那{n.measure}{x.attribute}{n.zh}{s.zh}是在哪儿买的？"


@pattern
def where_is(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(lex.NAMES), draw.pick(lex.HOUSEHOLD), draw.pick(lex.COLORS)
    return f"where is {s.en}'s {x.en} {n.en}?", f"{s.zh}那{n.measure}{x.attribute}{n.zh}在哪儿？"


@pattern
def who_did(draw: Draw) -> tuple[str, str]:
    (v, n), s, t = action(draw, lex.DISPOSALS), draw.pick(lex.NAMES), draw.pick(lex.RECENT)
    return f"who {v.past} {s.en}'s {n.en} {t.en}?", f"{t.zh}谁把{s.zh}的{n.zh}{v.zh}了？"


@pattern
def who_met(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(ASKED), draw.pick(lex.MEETING), draw.pick(lex.PLACES)
    t = draw.pick(lex.RECENT)
    return f"who did {s.en} {v.en} {p.en} {t.en}?", f"{s.zh}{t.zh}在{p.zh}{v.zh}了谁？"


@pattern
def how_many(draw: Draw) -> tuple[str, str]:
    s, t, (v, n) = draw.pick(ASKED), draw.pick(lex.RECENT), action(draw)
    return f"how many {n.plural} did {s.en} {v.en} {t.en}?", f"{s.zh}{t.zh}{v.zh}了几{n.measure}{n.zh}？"


@pattern
def how_much(draw: Draw) -> tuple[str, str]:
    n, x, p = draw.pick(lex.GOODS), draw.pick(lex.COLORS), draw.pick(lex.SHOPS)
    return f"how much does {a(x.en)} {n.en} cost {p.en}?", f"在{p.zh}，一{n.measure}{x.attribute}{n.zh}多少钱？"


@pattern
def when_go(draw: Draw) -> tuple[str, str]:
    s, c, ride = draw.pick(ASKED), draw.pick(lex.CITIES), draw.pick(lex.FAR_RIDES)
    return f"when will {s.en} go to {c.en} {ride.en}?", f"{s.zh}什么时候{ride.zh}去{c.zh}？"


@pattern
def how_went(draw: Draw) -> tuple[str, str]:
    s, b, t = draw.pick(ASKED), draw.pick(lex.BUILDINGS), draw.pick(lex.RECENT)
    return f"how did {s.en} get to the {b.en} {t.en}?", f"{s.zh}{t.zh}是怎么去{b.zh}的？"


@pattern
def why_not(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(ASKED), draw.pick(lex.INDOORS), draw.pick(lex.ROOMS)
    t = draw.pick(lex.RECENT)
    return f"why did {s.en} not {v.en} {p.en} {t.en}?", f"{s.zh}{t.zh}为什么没在{p.zh}{v.zh}？"


@pattern
def please_do(draw: Draw) -> tuple[str, str]:
    (v, n), s = action(draw, lex.CARE), draw.pick(lex.NAMES)
    return f"please {v.en} {s.en}'s {n.en}.", f"请把{s.zh}的{n.zh}{v.zh}。"


@pattern
def please_put(draw: Draw) -> tuple[str, str]:
    n, f = draw.pick(lex.HANDY), draw.pick(lex.SURFACES)
    number = draw.number(2, 10)
    return (
        f"please put these {english(number)} {n.plural} {f.en}.",
        f"请把这{counted(number)}{n.measure}{n.zh}放在{f.zh}。",
    )


@pattern
def please_bring(draw: Draw) -> tuple[str, str]:
    m, n, o = draw.pick(lex.MASSES), draw.pick(lex.FOOD), draw.pick([*lex.NAMES, *lex.TITLES * 3])
    drink, food = draw.portions(m), draw.several(n)
    return f"please give {o.en} {drink.en} and {food.en}.", f"请给{o.zh}{drink.zh}和{food.zh}。"


@pattern
def prohibition(draw: Draw) -> tuple[str, str]:
    v, p = draw.pick(lex.FORBIDDEN), draw.pick(lex.PLACES)
    time = time_of_day(draw)[1]
    return f"do not {v.en} {p.en} before {time.en}.", f"{time.zh}以前不要在{p.zh}{v.zh}。"


@pattern
def suggestion(draw: Draw) -> tuple[str, str]:
    v, p, t = draw.pick(lex.TOGETHER), draw.pick(lex.ROOMS), draw.pick(lex.NEAR_FUTURE)
    o = draw.pick(lex.SINGLES)
    return f"let's {v.en} with {o.en} {p.en} {t.en}.", f"我们{t.zh}和{o.zh}一起在{p.zh}{v.zh}吧。"


@pattern
def meeting_again(draw: Draw) -> tuple[str, str]:
    s, v, p = draw.pick(lex.PEOPLE), draw.pick(lex.MEETING), draw.pick(lex.PLACES)
    j = draw.pick(lex.JOBS)
    who = draw.several(j)
    return f"{s.en} {v.past} {who.en} {p.en} last week.", f"{s.zh}上个星期在{p.zh}{v.zh}了{who.zh}。"


@pattern
def that_person(draw: Draw) -> tuple[str, str]:
    s, v, j = draw.pick(lex.PEOPLE), draw.pick(lex.MEETING), draw.pick(lex.JOBS)
    t = draw.pick(lex.RECENT)
    return f"{s.en} did not {v.en} {that(j).en} {t.en}.", f"{s.zh}{t.zh}没{v.zh}{that(j).zh}。"
