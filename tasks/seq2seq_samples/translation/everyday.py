"""Templates of everyday sentences: greetings, thanks, introductions, the weather, likes and abilities."""

# ruff: noqa: D103 (each function's name describes it)

from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation import phrases
from seq2seq_samples.translation.grammar import Draw, a, chatty, one
from seq2seq_samples.translation.numerals import chinese, english

ME_AND_YOU = [*lex.PRONOUNS[:1] * 3, lex.YOU, *lex.PRONOUNS[1:]]
ASKED = [lex.YOU, lex.YOU, *lex.THIRD, *lex.NAMES, *phrases.FAMILY]


@chatty
def phrase(draw: Draw) -> tuple[str, str]:
    sentence = draw.pick(phrases.FIXED)
    return sentence.en, sentence.zh


@chatty
def greeting(draw: Draw) -> tuple[str, str]:
    g, s = draw.pick(phrases.GREETINGS), draw.pick(lex.NAMES)
    return f"{g.en}, {s.en}.", f"{g.zh}，{s.zh}。"


@chatty
def greeting_question(draw: Draw) -> tuple[str, str]:
    g, q = draw.pick(phrases.GREETINGS[:5]), draw.pick(phrases.FIRST_QUESTIONS)
    return f"{g.en}, {q.en}?", f"{g.zh}，{q.zh}？"


@chatty
def introduction(draw: Draw) -> tuple[str, str]:
    i, s = draw.pick(phrases.INTRODUCTIONS), draw.pick(lex.NAMES)
    return f"{i.en} {s.en}.", f"{i.zh}{s.zh}。"


@chatty
def greeting_introduction(draw: Draw) -> tuple[str, str]:
    g, i, s = draw.pick(phrases.GREETINGS[:5]), draw.pick(phrases.INTRODUCTIONS[:2]), draw.pick(lex.NAMES)
    return f"{g.en}, {i.en} {s.en}.", f"{g.zh}，{i.zh}{s.zh}。"


@chatty
def how_are(draw: Draw) -> tuple[str, str]:
    s = draw.pick(ASKED)
    return f"how {s.be} {s.en}?", f"{s.zh}好吗？"


@chatty
def thanks_to(draw: Draw) -> tuple[str, str]:
    t, s = draw.pick(phrases.THANKS), draw.pick(lex.NAMES)
    return f"{t.en}, {s.en}.", f"{t.zh}，{s.zh}。"


@chatty
def thanks_for(draw: Draw) -> tuple[str, str]:
    t, n = draw.pick(phrases.THANKS[:1]), draw.pick(phrases.FAVOURS)
    return f"{t.en} for {n.en}.", f"{t.zh}{n.zh}。"


@chatty
def relative_job(draw: Draw) -> tuple[str, str]:
    s, j = draw.pick(phrases.RELATIVES), draw.pick(lex.PROFESSIONS)
    return f"{s.en} is {a(j.en)}.", f"{s.zh}是一{j.measure}{j.zh}。"


@chatty
def possession_colour(draw: Draw) -> tuple[str, str]:
    o, n, x = draw.pick(phrases.OWNERS), draw.pick(phrases.BELONGINGS), draw.pick(lex.COLORS)
    return f"{o.en} {n.en} is {x.en}.", f"{o.zh}的{n.zh}是{x.zh}色的。"


@chatty
def possession_quality(draw: Draw) -> tuple[str, str]:
    o, n, x = draw.pick(phrases.OWNERS), draw.pick(phrases.BELONGINGS), draw.pick(lex.QUALITIES[:6])
    return f"{o.en} {n.en} is very {x.en}.", f"{o.zh}的{n.zh}很{x.zh}。"


@chatty
def relative_name(draw: Draw) -> tuple[str, str]:
    s, n = draw.pick(phrases.RELATIVES), draw.pick(lex.NAMES)
    if draw.random.random() < 0.5:
        return f"{s.en}'s name is {n.en}.", f"{s.zh}叫{n.zh}。"
    return f"what is {s.en}'s name?", f"{s.zh}叫什么名字？"


@chatty
def weather_is(draw: Draw) -> tuple[str, str]:
    w, t = draw.pick(phrases.WEATHER), draw.pick(phrases.WEATHER_TIMES)
    return f"{w.en} {t.en}.", f"{t.zh}{w.zh}。"


@chatty
def weather_in(draw: Draw) -> tuple[str, str]:
    w, c = draw.pick(phrases.WEATHER), draw.pick(lex.CITIES)
    return f"{w.en} in {c.en}.", f"{c.zh}{w.zh}。"


@chatty
def weather_asked(draw: Draw) -> tuple[str, str]:
    c, t = draw.pick(lex.CITIES), draw.pick(phrases.WEATHER_TIMES[:2])
    if draw.random.random() < 0.5:
        return f"how is the weather in {c.en}?", f"{c.zh}天气怎么样？"
    return f"how is the weather in {c.en} {t.en}?", f"{c.zh}{t.zh}天气怎么样？"


@chatty
def weather_ahead(draw: Draw) -> tuple[str, str]:
    w, t = draw.pick(phrases.WEATHER_AHEAD), draw.pick(lex.NEAR_FUTURE)
    return f"it will {w.en} {t.en}.", f"{t.zh}会{w.zh}。"


@chatty
def able(draw: Draw) -> tuple[str, str]:
    s, v = draw.pick(ME_AND_YOU), draw.pick(phrases.ABILITIES)
    is_able = draw.pick(phrases.CAN)
    return f"{s.en} {is_able.en} {v.en}.", f"{s.zh}{is_able.zh}{v.zh}。"


@chatty
def able_asked(draw: Draw) -> tuple[str, str]:
    s, v = draw.pick(ASKED), draw.pick(phrases.ABILITIES)
    return f"can {s.en} {v.en}?", f"{s.zh}会{v.zh}吗？"


@chatty
def loving(draw: Draw) -> tuple[str, str]:
    s, v, n = draw.pick(ME_AND_YOU), draw.pick(phrases.LIKING), draw.pick(phrases.LOVED)
    return f"{s.en} {s.present(v)} {n.en}.", f"{s.zh}{v.zh}{n.zh}。"


@chatty
def not_loving(draw: Draw) -> tuple[str, str]:
    s, v, n = draw.pick(ME_AND_YOU), draw.pick(phrases.LIKING), draw.pick(phrases.LOVED)
    return f"{s.en} {s.do} not {v.en} {n.en}.", f"{s.zh}不{v.zh}{n.zh}。"


@chatty
def loving_asked(draw: Draw) -> tuple[str, str]:
    s, v, n = draw.pick(ASKED), draw.pick(phrases.LIKING), draw.pick(phrases.LOVED)
    return f"{s.do} {s.en} {v.en} {n.en}?", f"{s.zh}{v.zh}{n.zh}吗？"


@chatty
def feeling(draw: Draw) -> tuple[str, str]:
    s, x = draw.pick(ME_AND_YOU), draw.pick(lex.STATES)
    if draw.random.random() < 0.5:
        return f"{s.en} {s.be} {x.en}.", f"{s.zh}{x.zh}了。"
    return f"{s.en} {s.be} very {x.en}.", f"{s.zh}很{x.zh}。"


@chatty
def years_old(draw: Draw) -> tuple[str, str]:
    s, years = draw.pick([*ME_AND_YOU, *phrases.RELATIVES]), draw.number(20, 70)
    return f"{s.en} {s.be} {english(years)} years old.", f"{s.zh}{chinese(years)}岁。"


@chatty
def how_old(draw: Draw) -> tuple[str, str]:
    s = draw.pick([*ASKED, *phrases.RELATIVES])
    return f"how old {s.be} {s.en}?", f"{s.zh}多大了？"


@chatty
def where_is_it(draw: Draw) -> tuple[str, str]:
    b = draw.pick([*lex.BUILDINGS, *phrases.STOPS])
    return f"where is the {b.en}?", f"{b.zh}在哪儿？"


@chatty
def where_is_mine(draw: Draw) -> tuple[str, str]:
    o, n = draw.pick(phrases.OWNERS), draw.pick([*phrases.BELONGINGS, *lex.PRIVATE])
    return f"where is {o.en} {n.en}?", f"{o.zh}的{n.zh}在哪儿？"


@chatty
def home(draw: Draw) -> tuple[str, str]:
    s, c, v = draw.pick(ME_AND_YOU), draw.pick(lex.CITIES), draw.random.choice(("from", "live"))
    if v == "from":
        return f"{s.en} {s.be} from {c.en}.", f"{s.zh}来自{c.zh}。"
    return f"{s.en} {'lives' if s.form == 'he' else 'live'} in {c.en}.", f"{s.zh}住在{c.zh}。"


@chatty
def price_asked(draw: Draw) -> tuple[str, str]:
    d, n = draw.pick(phrases.POINTED), draw.pick([*lex.GOODS, *lex.READINGS])
    return f"how much is {d.en} {n.en}?", f"{d.zh}{n.measure}{n.zh}多少钱？"


@chatty
def having(draw: Draw) -> tuple[str, str]:
    s, n = draw.pick(ME_AND_YOU), draw.pick([*phrases.BELONGINGS, *lex.ANIMALS[:12], *lex.GOODS])
    if draw.random.random() < 0.6:
        return f"{s.en} {s.have} {a(n.en)}.", f"{s.zh}有一{n.measure}{n.zh}。"
    return f"{s.en} {s.do} not have {a(n.en)}.", f"{s.zh}没有{n.zh}。"


@chatty
def ordering(draw: Draw) -> tuple[str, str]:
    w, m = draw.pick(phrases.WISHES), draw.pick(lex.MASSES)
    return f"{w.en} {a(m.vessel)} of {m.en}.", f"{w.zh}一{m.measure}{m.zh}。"


@chatty
def this_is(draw: Draw) -> tuple[str, str]:
    o, n = draw.pick(phrases.OWNERS), draw.pick([*phrases.BELONGINGS, *lex.SMALL])
    d = draw.pick(phrases.POINTED_ALONE)
    if draw.random.random() < 0.5:
        return f"{d.en} is {o.en} {n.en}.", f"{d.zh}是{o.zh}的{n.zh}。"
    thing = one(n)
    return f"{d.en} is {thing.en}.", f"{d.zh}是{thing.zh}。"


@chatty
def wanting_to(draw: Draw) -> tuple[str, str]:
    s, v = draw.pick(ME_AND_YOU), draw.pick(lex.ACTIVITIES)
    return f"{s.en} {s.present(lex.WANT)} to {v.en}.", f"{s.zh}想{v.zh}。"
