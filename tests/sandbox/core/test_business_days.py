"""Which days banks are open in the United States."""

from datetime import date, timedelta

import pytest

from pytest_bill.sandbox.core import business_days


@pytest.mark.parametrize(
    ("day", "expected"),
    [
        ((2026, 11, 24), (2026, 11, 25)),
        ((2026, 11, 25), (2026, 11, 27)),
        ((2026, 12, 24), (2026, 12, 28)),
        # A holiday on a Sunday moves to Monday, one on a Saturday does not move.
        ((2027, 7, 2), (2027, 7, 6)),
        ((2026, 7, 2), (2026, 7, 3)),
        ((2026, 1, 16), (2026, 1, 20)),
        ((2026, 5, 22), (2026, 5, 26)),
        ((2026, 9, 4), (2026, 9, 8)),
        ((2026, 12, 31), (2027, 1, 4)),
    ],
)
def test_the_next_business_day(day, expected):
    assert business_days.following_business_day(date(*day)) == date(*expected)


@pytest.mark.parametrize("days", range(7))
def test_it_is_a_weekday_soon(days):
    today = date(2030, 5, 6) + timedelta(days=days)
    assert business_days.following_business_day(today).isoweekday() <= 5
    assert timedelta() < business_days.following_business_day(today) - today <= timedelta(days=3)


def test_several_business_days_on():
    assert business_days.following_business_day(date(2026, 11, 24), 3) == date(2026, 11, 30)
