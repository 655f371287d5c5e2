"""The order of day, month and year, and the halves of the day."""

import re
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from seq2seq.corpus.conversations.message_times import ORDERS, STAMP, date_order, time_of
from tests.properties import examples


@examples(100)
@given(st.sampled_from(ORDERS), st.dates(date(2010, 1, 1), date(2030, 1, 1)), st.integers(1, 5))
def test_the_order_of_a_month_of_days_is_found(order: str, first: date, step: int) -> None:
    days = [first + timedelta(days=step * number) for number in range(40)]
    numbers = [tuple({"d": day.day, "m": day.month, "y": day.year}[part] for part in order) for day in days]
    assert date_order([(one, two, three) for one, two, three in numbers]) == order


def test_what_may_be_read_either_way_is_read_by_country() -> None:
    assert date_order([(3, 4, 2023)]) == "dmy"
    assert date_order([(3, 4, 2023)], is_american=True) == "mdy"
    assert date_order([(3, 4, 2023), (4, 4, 2023), (5, 4, 2023)], is_american=True) == "dmy"
    assert date_order([(4, 3, 2023), (4, 4, 2023), (4, 5, 2023)]) == "mdy"
    assert date_order([(40, 40, 40)]) == date_order([(2023, 13, 40)]) == ""


@pytest.mark.parametrize(
    ("text", "clock"),
    [
        ("1/2/23, 12:00 AM", (0, 0)),
        ("1/2/23, 12:30\u202fPM", (12, 30)),
        ("1/2/23, 9:05 p.m.", (21, 5)),
        ("1/2/23, 9:05 p. m.", (21, 5)),
        ("2023/2/1 上午12:10", (0, 10)),
        ("2023/2/1 下午9:05", (21, 5)),
        ("2023年2月1日 凌晨1:05", (1, 5)),
        ("2023年2月1日 中午12:05", (12, 5)),
        ("2023年2月1日 中午1:05", (13, 5)),
        ("2023年2月1日 晚上11:05", (23, 5)),
        ("1.2.2023 klo 21.45", (21, 45)),
        ("01/02/2023 à 21:45", (21, 45)),
        ("٠١/٠٢/٢٠٢٣، ٩:٠٥ م", (21, 5)),
        ("01/02/2023, 25:45", None),
    ],
)
def test_the_halves_of_a_day_have_many_names(text: str, clock: tuple[int, int] | None) -> None:
    match = re.fullmatch(STAMP, text)
    assert match
    order = "ymd" if text.startswith("2023") else "mdy" if "M" in text else "dmy"
    time = time_of(match, order)
    assert (time and (time.hour, time.minute)) == clock


def test_a_day_that_does_not_exist_has_no_time() -> None:
    match = re.fullmatch(STAMP, "31/02/2023, 21:45")
    assert match
    assert time_of(match, "dmy") is None
    assert time_of(match, "") is None
    assert time_of(re.fullmatch(STAMP, "03/02/2023, 21:45"), "dmy") == datetime(2023, 2, 3, 21, 45)  # type: ignore[arg-type]
