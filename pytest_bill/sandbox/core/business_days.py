"""Days on which money moves: Monday to Friday, without the bank holidays of the United States.

BILL speaks of US business days (https://developer.bill.com/reference/createpayment) and names no
calendar; here it is that of the Federal Reserve Banks, which do not move a holiday that falls on a
Saturday to the Friday before.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import cache

_MONDAY, _THURSDAY = 0, 3


def following_business_day(day: date, count: int = 1) -> date:
    """The business day that is ``count`` business days after ``day``."""
    for _ in range(count):
        day += timedelta(days=1)
        while not is_business_day(day):
            day += timedelta(days=1)
    return day


def is_business_day(day: date) -> bool:
    """Whether banks are open on that day."""
    return day.isoweekday() <= 5 and day not in _holidays(day.year)


@cache
def _holidays(year: int) -> frozenset[date]:
    fixed = (date(year, month, day) for month, day in ((1, 1), (6, 19), (7, 4), (11, 11), (12, 25)))
    last_in_may = date(year, 5, 31)
    return frozenset(
        {
            *(day + timedelta(days=1) if day.isoweekday() == 7 else day for day in fixed),
            _nth(year, 1, _MONDAY, 3),
            _nth(year, 2, _MONDAY, 3),
            last_in_may - timedelta(days=last_in_may.weekday()),
            _nth(year, 9, _MONDAY, 1),
            _nth(year, 10, _MONDAY, 2),
            _nth(year, 11, _THURSDAY, 4),
        }
    )


def _nth(year: int, month: int, weekday: int, number: int) -> date:
    """The first, second, … of a weekday in a month."""
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (number - 1))
