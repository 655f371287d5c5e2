"""Numbers, dates and times of day in English and Chinese words.

The name `numbers` would collide with a module of the standard library.
"""

from seq2seq_samples.engine.values import MONTHS

SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
DIGITS = "零一二三四五六七八九"
LARGEST = 99_999


def english(number: int) -> str:
    """Return a number in British English words: three hundred and five.

    Raises:
        ValueError: If it is not between 0 and 99,999.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}.")
    if number < 20:
        return SMALL[number]
    if number < 100:
        return TENS[number // 10] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{SMALL[number // 100]} hundred" + (f" and {english(number % 100)}" if number % 100 else "")
    rest = number % 1000
    link = "" if not rest else " " if rest >= 100 else " and "
    return f"{english(number // 1000)} thousand{link}{english(rest) if rest else ''}"


def chinese(number: int) -> str:
    """Return a number in Chinese: 三百零五, 一万零二十, 两千二百.

    A leading 2 before 百, 千 or 万 is 两, any other 2 is 二; several zeros inside the number become one 零.

    Raises:
        ValueError: If it is not between 0 and 99,999.
    """
    if not 0 <= number <= LARGEST:
        raise ValueError(f"{number} is not between 0 and {LARGEST}.")
    if number == 0:
        return DIGITS[0]
    words = ""
    gap = False
    for value, unit in ((10_000, "万"), (1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // value % 10
        if digit == 0:
            gap = bool(words)
            continue
        words += "零" if gap else ""
        gap = False
        if value == 10 and digit == 1 and not words:
            words += "十"
        elif value >= 100 and digit == 2 and not words:
            words += f"两{unit}"
        else:
            words += DIGITS[digit] + unit
    return words


def counted(number: int) -> str:
    """Return a number as it is written before a measure word, with 两 instead of 二."""
    return "两" if number == 2 else chinese(number)


def clock(hour: int, minute: int) -> tuple[str, str]:
    """Return a time of day on the twelve-hour clock: (half past three, 三点半).

    Raises:
        ValueError: If the hour is not from 1 to 12, or if the minute is not a multiple of 5 below 60.
    """
    if not 1 <= hour <= 12 or minute not in range(0, 60, 5):
        raise ValueError(f"{hour}:{minute} is not a time of day in steps of five minutes.")
    zh = f"{counted(hour)}点"
    following = english(hour % 12 + 1)
    if minute == 0:
        return f"{english(hour)} o'clock", zh
    if minute == 15:
        return f"a quarter past {english(hour)}", f"{zh}一刻"
    if minute == 30:
        return f"half past {english(hour)}", f"{zh}半"
    if minute == 45:
        return f"a quarter to {following}", f"{zh}三刻"
    zh += f"{'零' if minute < 10 else ''}{chinese(minute)}分"
    return (f"{english(minute)} past {english(hour)}" if minute < 30 else f"{english(60 - minute)} to {following}"), zh


def day_part(hour: int) -> tuple[str, str]:
    """Return the part of the day for an hour of the 24-hour clock: (in the afternoon, 下午)."""
    if hour < 12:
        return "in the morning", "早上" if hour < 9 else "上午"
    return ("in the afternoon", "下午") if hour < 18 else ("in the evening", "晚上")


def date(year: int, month: int, day: int) -> tuple[str, str]:
    """Return a date in American English and in Chinese: (March 3, 2021, 2021年3月3日)."""
    return f"{MONTHS[month - 1]} {day}, {year}", f"{year}年{month}月{day}日"
