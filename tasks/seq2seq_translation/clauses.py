"""More patterns: questions, requests, relative clauses and sentences of two or three clauses."""

# ruff: noqa: D103 (the name of a pattern describes it)

from seq2seq_translation import lexicon as lex
from seq2seq_translation.grammar import Draw, Word, a, amount, one, pattern, this
from seq2seq_translation.patterns import action, time_of_day


@pattern
def existence(draw: Draw) -> tuple[str, str]:
    n, f = draw.pick(lex.HANDY), draw.pick(lex.SURFACES)
    m = draw.pick(lex.HANDY, n)
    many, others = draw.several(n), draw.several(m)
    return f"There are {many.en} and {others.en} {f.en}.", f"{f.zh}有{many.zh}和{others.zh}。"


@pattern
def absence(draw: Draw) -> tuple[str, str]:
    n, f = draw.pick(lex.HANDY), draw.pick(lex.SURFACES)
    m = draw.pick(lex.HANDY, n)
    return f"There is {a(n.en)} {f.en}, but there is no {m.en}.", f"{f.zh}有一{n.measure}{n.zh}，但是没有{m.zh}。"


@pattern
def relative_thing(draw: Draw) -> tuple[str, str]:
    n, s, t, x = (draw.pick(g) for g in (lex.GOODS, lex.PEOPLE, lex.PAST, lex.QUALITIES))
    return f"The {n.en} that {s.en} bought {t.en} is very {x.en}.", f"{s.zh}{t.zh}买的{n.zh}很{x.zh}。"


@pattern
def relative_person(draw: Draw) -> tuple[str, str]:
    j, v, p, s = (draw.pick(g) for g in (lex.JOBS, lex.INDOORS, lex.PLACES, lex.NAMES))
    return f"The {j.en} who is {v.ing} {p.en} is {s.en}'s friend.", f"正在{p.zh}{v.zh}的{j.zh}是{s.zh}的朋友。"


@pattern
def relative_clothes(draw: Draw) -> tuple[str, str]:
    n, x, s, w = (draw.pick(g) for g in ([*lex.CLOTHES, *lex.WORN], lex.COLORS, lex.NAMES, lex.WHO))
    k = draw.pick(lex.RELATIVES[w.en])
    wear = "戴" if n in lex.WORN else "穿"
    return (
        f"The {w.en} in the {x.en} {n.en} is {s.en}'s {k.en}.",
        f"{wear}{x.attribute}{n.zh}的{w.zh}是{s.zh}的{k.zh}。",
    )


@pattern
def wearing(draw: Draw) -> tuple[str, str]:
    s, n, x, t = (draw.pick(g) for g in (lex.PEOPLE, [*lex.CLOTHES, *lex.WORN], lex.COLORS, lex.THIS[:1]))
    wear = "戴" if n in lex.WORN else "穿"
    return f"{s.en} {s.be} wearing {one(n, x).en} {t.en}.", f"{s.zh}{t.zh}{wear}着{one(n, x).zh}。"


@pattern
def gift_liked(draw: Draw) -> tuple[str, str]:
    s, n, o, t = (draw.pick(g) for g in (lex.PRONOUNS, lex.GIFTS, lex.SINGLES, lex.RECENT))
    return f"{s.en} {s.present(lex.LIKE)} the {n.en} that {o.en} gave {s.object_en} {t.en}.", (
        f"{s.zh}喜欢{o.zh}{t.zh}送给{s.zh}的{n.zh}。"
    )


@pattern
def giving(draw: Draw) -> tuple[str, str]:
    s, v, t = draw.pick(lex.SINGLES), draw.pick(lex.HANDING), draw.pick(lex.RECENT)
    o, n = draw.pick(lex.SINGLES, s), draw.pick(lex.GIFTS)
    many = draw.several(n)
    return f"{s.en} {v.past} {o.en} {many.en} {t.en}.", f"{s.zh}{t.zh}{v.zh}了{o.zh}{many.zh}。"


@pattern
def sending(draw: Draw) -> tuple[str, str]:
    s, o, t, n = (draw.pick(g) for g in (lex.PEOPLE, lex.NAMES, lex.NEAR_FUTURE, lex.GIFTS))
    many = draw.several(n)
    return f"{s.en} will mail {many.en} to {o.en} {t.en}.", f"{s.zh}{t.zh}会寄给{o.zh}{many.zh}。"


@pattern
def because(draw: Draw) -> tuple[str, str]:
    s, t, b, ride = (draw.pick(g) for g in (lex.PEOPLE, lex.RECENT, lex.BUILDINGS, lex.RIDES))
    weather = draw.pick([past for past, _ in lex.WEATHER])
    return f"Because {weather.en}, {s.en} did not go to the {b.en} {ride.en} {t.en}.", (
        f"因为{weather.zh}，所以{s.zh}{t.zh}没{ride.zh}去{b.zh}。"
    )


@pattern
def condition(draw: Draw) -> tuple[str, str]:
    s, t, v, p = (draw.pick(g) for g in (lex.PEOPLE, lex.NEAR_FUTURE, lex.INDOORS, lex.PLACES))
    weather = draw.pick([present for _, present in lex.WEATHER])
    return f"If {weather.en} {t.en}, {s.en} will {v.en} {p.en}.", f"如果{t.zh}{weather.zh}，{s.zh}就会在{p.zh}{v.zh}。"


@pattern
def arrival(draw: Draw) -> tuple[str, str]:
    s, b, v = draw.pick(lex.SINGLES), draw.pick(lex.BUILDINGS), draw.pick(lex.ACTIVITIES)
    o, t = draw.pick(lex.SINGLES, s), draw.pick(lex.RECENT)
    return f"When {s.en} arrived at the {b.en} {t.en}, {o.en} was {v.ing}.", (
        f"{s.zh}{t.zh}到{b.zh}的时候，{o.zh}正在{v.zh}。"
    )


@pattern
def afterwards(draw: Draw) -> tuple[str, str]:
    s, n, b, ride = (draw.pick(g) for g in (lex.PEOPLE, lex.GOODS, lex.BUILDINGS, lex.RIDES))
    many = draw.several(n)
    return f"After buying {many.en}, {s.en} went to the {b.en} {ride.en}.", (
        f"{s.zh}买了{many.zh}以后，{ride.zh}去了{b.zh}。"
    )


@pattern
def although(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.QUALITIES)
    t = draw.pick(lex.NEAR_FUTURE)
    return f"Although {this(n).en} is very {x.en}, {s.en} will not buy it {t.en}.", (
        f"虽然{this(n).zh}很{x.zh}，但是{s.zh}{t.zh}不会买。"
    )


@pattern
def drinks(draw: Draw) -> tuple[str, str]:
    s, m, v, t = (draw.pick(g) for g in (lex.PEOPLE, lex.MASSES, lex.DRINKING, lex.RECENT))
    n = draw.pick(lex.FOOD)
    drink, food = draw.portions(m), draw.several(n)
    return f"{s.en} bought {food.en} and {v.past} {drink.en} {t.en}.", (
        f"{s.zh}{t.zh}买了{food.zh}，{v.zh}了{drink.zh}。"
    )


@pattern
def groceries(draw: Draw) -> tuple[str, str]:
    s, m, p = draw.pick(lex.PEOPLE), draw.pick(lex.GROCERIES), draw.pick(lex.SHOPS)
    other, n = draw.pick(lex.GROCERIES, m), draw.pick(lex.FOOD)
    first, second, third = draw.portions(m), draw.portions(other), draw.several(n)
    return (
        f"{s.en} got {first.en}, {second.en} and {third.en} {p.en}.",
        f"{s.zh}在{p.zh}买了{first.zh}、{second.zh}和{third.zh}。",
    )


@pattern
def contrast(draw: Draw) -> tuple[str, str]:
    s, (v, n), t = draw.pick(lex.SINGLES), action(draw), draw.pick(lex.RECENT)
    o, (w, m) = draw.pick(lex.SINGLES, s), action(draw)
    many, others = draw.several(n), draw.several(m)
    return f"{t.en}, {s.en} {v.past} {many.en}, but {o.en} {w.past} {others.en}.", (
        f"{t.zh}{s.zh}{v.zh}了{many.zh}，但是{o.zh}{w.zh}了{others.zh}。"
    )


@pattern
def sequence(draw: Draw) -> tuple[str, str]:
    s, b, n, p, v = (draw.pick(g) for g in (lex.PEOPLE, lex.BUILDINGS, lex.GOODS, lex.SHOPS, lex.INDOORS))
    many = draw.several(n)
    return (
        f"First {s.en} went to the {b.en}, then {s.pronoun.en} bought {many.en} {p.en}, "
        f"and finally {s.pronoun.en} {v.past} at home.",
        f"{s.zh}先去了{b.zh}，然后在{p.zh}买了{many.zh}，最后在家{v.zh}。",
    )


@pattern
def too_tired(draw: Draw) -> tuple[str, str]:
    s, x, v, t = (draw.pick(g) for g in (lex.PEOPLE, lex.STATES, lex.ACTIVITIES, lex.RECENT))
    return f"{s.en} {s.was} too {x.en} to {v.en} {t.en}.", f"{s.zh}{t.zh}太{x.zh}了，不能{v.zh}。"


@pattern
def opinion(draw: Draw) -> tuple[str, str]:
    s, n, x, y = (draw.pick(g) for g in (lex.PEOPLE, lex.GOODS, lex.COLORS, lex.QUALITIES))
    return f"{s.en} {s.present(lex.THINK)} that this {x.en} {n.en} is too {y.en}.", (
        f"{s.zh}觉得这{n.measure}{x.attribute}{n.zh}太{y.zh}了。"
    )


@pattern
def report(draw: Draw) -> tuple[str, str]:
    s, b, t = draw.pick(lex.SINGLES), draw.pick(lex.BUILDINGS), draw.pick(lex.NEAR_FUTURE)
    o, ride = draw.pick(lex.SINGLES, s), draw.pick(lex.RIDES)
    return f"{s.en} says that {o.en} will go to the {b.en} {ride.en} {t.en}.", (
        f"{s.zh}说{o.zh}{t.zh}会{ride.zh}去{b.zh}。"
    )


@pattern
def population(draw: Draw) -> tuple[str, str]:
    b, j = draw.pick(lex.BUILDINGS), draw.pick(lex.JOBS)
    c, many = draw.pick(lex.CITIES), amount(draw.number(3, 999), Word(j.plural, j.measure + j.zh))
    return f"There are {many.en} in that {b.en} in {c.en}.", f"{c.zh}的那{b.measure}{b.zh}里有{many.zh}。"


@pattern
def sales(draw: Draw) -> tuple[str, str]:
    c, n, t = draw.pick(lex.CITIES), draw.pick(lex.GOODS), draw.pick(lex.PAST[2:4] + lex.PAST[-2:])
    many = amount(draw.number(100, 99_999), Word(n.plural, n.measure + n.zh))
    return f"The factory in {c.en} sold {many.en} {t.en}.", f"{c.zh}的工厂{t.zh}卖了{many.zh}。"


@pattern
def distance(draw: Draw) -> tuple[str, str]:
    c = draw.pick(lex.CITIES)
    d, far = draw.pick(lex.CITIES, c), amount(draw.number(101, 19_999), Word("kilometers", "公里"))
    return f"It is {far.en} from {c.en} to {d.en}.", f"从{c.zh}到{d.zh}有{far.zh}。"


@pattern
def departure(draw: Draw) -> tuple[str, str]:
    c, day, v = draw.pick(lex.CITIES), draw.pick(lex.WEEKDAYS), draw.pick(lex.TRANSPORT)
    d, time = draw.pick(lex.CITIES, c), time_of_day(draw)[0]
    return f"The {v.en} to {c.en} leaves {d.en} at {time.en} on {day.en}.", (
        f"去{c.zh}的{v.zh}{day.zh}{time.zh}从{d.zh}出发。"
    )
