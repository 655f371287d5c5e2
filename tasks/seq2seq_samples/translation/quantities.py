"""Templates of comparisons and of sentences with ages, prices, dates, times and other numbers."""

# ruff: noqa: D103 (each function's name describes it)

from seq2seq_samples.translation import lexicon as lex
from seq2seq_samples.translation.fillers import calendar_date, time_of_day
from seq2seq_samples.translation.grammar import Draw, Word, a, amount, pattern, that, this
from seq2seq_samples.translation.numerals import chinese, counted, english


@pattern
def comparison(draw: Draw) -> tuple[str, str]:
    kind = draw.random.choice(lex.KINDS)
    n, m, x = draw.pick(kind), draw.pick(kind), draw.pick(lex.QUALITIES)
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
    s, years, job = draw.pick(lex.SINGLES), draw.number(25, 65), draw.pick(lex.PROFESSIONS)
    return f"{s.en} is {english(years)} years old and works as {a(job.en)}.", (
        f"{s.zh}{chinese(years)}岁，是一{job.measure}{job.zh}。"
    )


@pattern
def price(draw: Draw) -> tuple[str, str]:
    n, x, unit = draw.pick(lex.GOODS), draw.pick(lex.COLORS), draw.pick(lex.CURRENCIES)
    cost = amount(draw.number(2, 999), unit)
    return f"This {x.en} {n.en} costs {cost.en}.", f"这{n.measure}{x.attribute}{n.zh}要{cost.zh}。"


@pattern
def salary(draw: Draw) -> tuple[str, str]:
    s, unit, city = draw.pick(lex.SINGLES), draw.pick(lex.CURRENCIES), draw.pick(lex.CITIES)
    earned = amount(draw.number(1000, 49_900, 100), unit)
    return f"{s.en} earned {earned.en} in {city.en} last year.", f"{s.zh}去年在{city.zh}赚了{earned.zh}。"


@pattern
def born(draw: Draw) -> tuple[str, str]:
    s, day, c = draw.pick(lex.SINGLES), calendar_date(draw, 1975, 2004), draw.pick(lex.CITIES)
    return f"{s.en} was born in {c.en} on {day.en}.", f"{s.zh}{day.zh}出生在{c.zh}。"


@pattern
def dated_event(draw: Draw) -> tuple[str, str]:
    e, day = draw.pick(lex.EVENTS), calendar_date(draw, 2024, 2035)
    time = time_of_day(draw, 9, 20)[0]
    return f"The {e.en} begins at {time.en} on {day.en}.", f"{e.zh}{day.zh}{time.zh}开始。"


@pattern
def population(draw: Draw) -> tuple[str, str]:
    b, j = draw.pick(lex.CROWDED), draw.pick(lex.CROWD)
    c, many = draw.pick(lex.CITIES), amount(draw.number(3, 999), Word(j.plural, j.measure + j.zh))
    return f"There are {many.en} in that {b.en} in {c.en}.", f"{c.zh}的那{b.measure}{b.zh}里有{many.zh}。"


@pattern
def sales(draw: Draw) -> tuple[str, str]:
    c, n, t = draw.pick(lex.CITIES), draw.pick(lex.PRODUCTS), draw.pick(lex.PAST[2:4] + lex.PAST[-2:])
    many = amount(draw.number(100, 49_999), Word(n.plural, n.measure + n.zh))
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
