"""Dates and times before the messages of exported chats, as the phones of many countries write them.

``12/31/23, 9:45 PM``, ``31/12/2023, 21:45``, ``31.12.23, 21:45``, ``31/12/2023 à 21:45``, ``2023/12/31 下午9:45``,
``2023-12-31 21:45:10``. The order of day and month is not written anywhere: it is the one in which all dates of a file
exist and follow one another.
"""

import re
from collections.abc import Iterable
from datetime import date, datetime
from itertools import pairwise

INVISIBLE = "\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff"
"""Marks of the direction of writing, which some phones put around dates, names and placeholders."""
_BLANK = r"[ \t\u00a0\u202f\u2009\u2007]"
_MARK = rf"[{INVISIBLE}]*"
BEFORE_NOON = ("am", "上午", "凌晨", "清晨", "早上", "早晨", "오전", "午前", "ص", "πμ")
AFTER_NOON = ("pm", "下午", "晚上", "傍晚", "오후", "午後", "م", "μμ")
NOON = ("中午",)
_PERIOD_BEFORE = "上午|下午|凌晨|清晨|早上|早晨|中午|晚上|傍晚|오전|오후|午前|午後"
_PERIOD_AFTER = rf"[AaPp]{_BLANK}?\.?{_BLANK}?[Mm]\.?|[صم]|[πμ]\.?μ\.?"
_DATE = (
    rf"{_MARK}(?P<one>\d{{1,4}}){_MARK}{_BLANK}?(?:[./-]|年|년){_MARK}{_BLANK}?(?P<two>\d{{1,2}}){_MARK}{_BLANK}?"
    rf"(?:[./-]|月|월){_MARK}{_BLANK}?(?P<three>\d{{1,4}})(?:日|일|\.)?"
)
_CLOCK = (
    rf"(?:(?P<before>{_PERIOD_BEFORE}){_BLANK}?)?(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?:[:.](?P<second>\d\d))?"
    rf"(?:{_BLANK}?(?P<after>{_PERIOD_AFTER})(?!\w))?"
)
# Between a date and a time some languages write a word: à, às, um, kl., klo, a las.
STAMP = rf"{_DATE}(?:[,،]|T)?{_BLANK}*(?:(?:à|às|um|kl\.?|klo|a{_BLANK}las?|alle|o){_BLANK}+)?{_MARK}{_CLOCK}{_MARK}"
"""Pattern of a date with a time."""
ORDERS = ("dmy", "mdy", "ymd", "ydm")

Parts = tuple[int, int, int]


def parts_of(match: "re.Match[str]") -> Parts:
    """Return the three numbers of a date in the order in which they are written."""
    return int(match["one"]), int(match["two"]), int(match["three"])


def date_order(dates: Iterable[Parts], *, is_american: bool = False) -> str:
    """Return the order of day, month and year in which some dates, given in order of time, are written.

    Args:
        dates: The numbers of each date as they are written.
        is_american: Whether the month comes first if the dates may be read either way.

    Returns:
        One of `ORDERS`; '' if in no order all dates exist.
    """
    given = list(dict.fromkeys(dates))
    best: tuple[int, int, int] | None = None
    chosen = ""
    preferred = ("mdy", "dmy", "ymd", "ydm") if is_american else ORDERS
    for rank, order in enumerate(preferred):
        days = [day_of(parts, order) for parts in given]
        if not all(days):
            continue
        known = [day for day in days if day]
        steps = [(later - earlier).days for earlier, later in pairwise(known)]
        judged = sum(step < 0 for step in steps), sum(map(abs, steps)), rank
        if best is None or judged < best:
            best, chosen = judged, order
    return chosen


def day_of(parts: Parts, order: str) -> date | None:
    """Return a date; None if there is none, because the order is another one."""
    numbers = dict(zip(order, parts, strict=True))
    year = numbers["y"]
    if 100 <= year < 1900 or max(numbers["d"], numbers["m"]) > 31:
        return None
    try:
        return date(year + 2000 if year < 100 else year, numbers["m"], numbers["d"])
    except ValueError:
        return None


def time_of(match: "re.Match[str]", order: str) -> datetime | None:
    """Return the time of a match of `STAMP`; None if there is no such time."""
    day = day_of(parts_of(match), order) if order else None
    hour, minute, second = int(match["hour"]), int(match["minute"]), int(match["second"] or 0)
    period = re.sub(r"[\W]", "", match["before"] or match["after"] or "").lower()
    if period in AFTER_NOON and hour < 12:
        hour += 12
    elif period in BEFORE_NOON and hour == 12:
        hour = 0
    elif period in NOON and hour < 11:
        hour += 12
    if day is None or hour > 23 or minute > 59 or second > 59:
        return None
    return datetime(day.year, day.month, day.day, hour, minute, second)
