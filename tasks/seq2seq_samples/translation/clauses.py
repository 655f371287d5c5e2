"""Templates of relative clauses, sentences with several clauses, and other longer statements."""

# ruff: noqa: D103 (each function's name describes it)

from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation.fillers import action
from seq2seq_samples.translation.grammar import Draw, a, one, pattern, this


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
    n, s, t = draw.pick(lex.GOODS), draw.pick(lex.PEOPLE), draw.pick(lex.PAST)
    x = draw.pick(lex.QUALITIES)
    return f"The {n.en} that {s.en} bought {t.en} is very {x.en}.", f"{s.zh}{t.zh}买的{n.zh}很{x.zh}。"


@pattern
def relative_person(draw: Draw) -> tuple[str, str]:
    j, v, p = draw.pick(lex.JOBS), draw.pick(lex.INDOORS), draw.pick(lex.ROOMS)
    s = draw.pick(lex.NAMES)
    return f"The {j.en} who is {v.ing} {p.en} is {s.en}'s friend.", f"正在{p.zh}{v.zh}的{j.zh}是{s.zh}的朋友。"


@pattern
def relative_clothes(draw: Draw) -> tuple[str, str]:
    n, x, s = draw.pick(lex.GARMENTS), draw.pick(lex.COLORS), draw.pick(lex.NAMES)
    w = draw.pick(lex.WHO)
    k = draw.pick(lex.RELATIVES[w.en])
    wear = "戴" if n in lex.WORN else "穿"
    return (
        f"The {w.en} in the {x.en} {n.en} is {s.en}'s {k.en}.",
        f"{wear}{x.zh}色{n.zh}的{w.zh}是{s.zh}的{k.zh}。",
    )


@pattern
def wearing(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick([*lex.PRONOUNS[:3], *lex.SINGLES]), draw.pick(lex.GARMENTS), draw.pick(lex.COLORS)
    t = draw.pick(lex.THIS[:1])
    wear = "戴" if n in lex.WORN else "穿"
    return f"{s.en} {s.be} wearing {one(n, x).en} {t.en}.", f"{s.zh}{t.zh}{wear}着{one(n, x).zh}。"


@pattern
def gift_liked(draw: Draw) -> tuple[str, str]:
    s, n, o = draw.pick(lex.PRONOUNS), draw.pick(lex.GIFTS), draw.pick(lex.SINGLES)
    t = draw.pick(lex.RECENT)
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
    s, o, t = draw.pick(lex.PEOPLE), draw.pick(lex.NAMES), draw.pick(lex.NEAR_FUTURE)
    n = draw.pick(lex.GIFTS)
    many = draw.several(n)
    return f"{s.en} will mail {many.en} to {o.en} {t.en}.", f"{s.zh}{t.zh}会寄给{o.zh}{many.zh}。"


@pattern
def because(draw: Draw) -> tuple[str, str]:
    s, t, b = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), draw.pick(lex.BUILDINGS)
    ride = draw.pick(lex.NEAR_RIDES)
    weather = draw.pick([past for past, _ in lex.WEATHER])
    return f"Because {weather.en}, {s.en} did not go to the {b.en} {ride.en} {t.en}.", (
        f"因为{weather.zh}，所以{s.zh}{t.zh}没{ride.zh}去{b.zh}。"
    )


@pattern
def condition(draw: Draw) -> tuple[str, str]:
    s, t, v = draw.pick(lex.PEOPLE), draw.pick(lex.NEAR_FUTURE), draw.pick(lex.INDOORS)
    p = draw.pick(lex.ROOMS)
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
    s, n, b = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.BUILDINGS)
    ride = draw.pick(lex.NEAR_RIDES)
    many = draw.several(n)
    return f"After buying {many.en}, {s.en} went to the {b.en} {ride.en}.", (
        f"{s.zh}买了{many.zh}以后，{ride.zh}去了{b.zh}。"
    )


@pattern
def although(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.ATTRACTIONS)
    t = draw.pick(lex.NEAR_FUTURE)
    return f"Although {this(n).en} is very {x.en}, {s.en} will not buy it {t.en}.", (
        f"虽然{this(n).zh}很{x.zh}，但是{s.zh}{t.zh}不会买。"
    )


@pattern
def drinks(draw: Draw) -> tuple[str, str]:
    s, m, v = draw.pick(lex.PEOPLE), draw.pick(lex.MASSES), draw.pick(lex.DRINKING)
    t = draw.pick(lex.RECENT)
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
    return f"{t.en}, {s.en} {v.past} {many.en}, while {o.en} {w.past} {others.en}.", (
        f"{t.zh}{s.zh}{v.zh}了{many.zh}，而{o.zh}{w.zh}了{others.zh}。"
    )


@pattern
def sequence(draw: Draw) -> tuple[str, str]:
    s, b, n = draw.pick(lex.PEOPLE), draw.pick(lex.BUILDINGS), draw.pick(lex.GOODS)
    p, v = draw.pick(lex.SHOPS), draw.pick(lex.INDOORS)
    many = draw.several(n)
    return (
        f"First {s.en} went to the {b.en}, then {s.pronoun.en} bought {many.en} {p.en}, "
        f"and finally went home to {v.en}.",
        f"{s.zh}先去了{b.zh}，然后在{p.zh}买了{many.zh}，最后回家{v.zh}。",
    )


@pattern
def too_tired(draw: Draw) -> tuple[str, str]:
    s, x, v = draw.pick(lex.PEOPLE), draw.pick(lex.STATES), draw.pick(lex.ACTIVITIES)
    t = draw.pick(lex.RECENT)
    return f"{s.en} {s.was} too {x.en} to {v.en} {t.en}.", f"{s.zh}{t.zh}太{x.zh}了，不能{v.zh}。"


@pattern
def opinion(draw: Draw) -> tuple[str, str]:
    s, n, x = draw.pick(lex.PEOPLE), draw.pick(lex.GOODS), draw.pick(lex.COLORS)
    y = draw.pick(lex.EXCESSES)
    return f"{s.en} {s.present(lex.THINK)} that this {x.en} {n.en} is too {y.en}.", (
        f"{s.zh}觉得这{n.measure}{x.attribute}{n.zh}太{y.zh}了。"
    )


@pattern
def report(draw: Draw) -> tuple[str, str]:
    s, b, t = draw.pick(lex.SINGLES), draw.pick(lex.BUILDINGS), draw.pick(lex.NEAR_FUTURE)
    o, ride = draw.pick(lex.SINGLES, s), draw.pick(lex.NEAR_RIDES)
    return f"{s.en} says that {o.en} will go to the {b.en} {ride.en} {t.en}.", (
        f"{s.zh}说{o.zh}{t.zh}会{ride.zh}去{b.zh}。"
    )


@pattern
def relative_food(draw: Draw) -> tuple[str, str]:
    s, n, p = draw.pick(lex.PEOPLE), draw.pick(lex.FOOD), draw.pick(lex.SHOPS)
    x = draw.pick(lex.TASTES)
    return f"the {n.plural} that {s.en} bought {p.en} are very {x.en}.", f"{s.zh}在{p.zh}买的{n.zh}很{x.zh}。"


@pattern
def zoo(draw: Draw) -> tuple[str, str]:
    s, t, c, n = draw.pick(lex.PEOPLE), draw.pick(lex.RECENT), draw.pick(lex.CITIES), draw.pick(lex.ANIMALS)
    m = draw.pick(lex.ANIMALS, n)
    many, others = draw.several(n), draw.several(m)
    return f"{s.en} saw {many.en} and {others.en} in the zoo in {c.en} {t.en}.", (
        f"{s.zh}{t.zh}在{c.zh}的动物园看见了{many.zh}和{others.zh}。"
    )
