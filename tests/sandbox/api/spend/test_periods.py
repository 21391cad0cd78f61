"""When the periods of budgets begin and end."""

from datetime import date

import pytest

from pytest_bill.sandbox.api.spend.periods import period_bounds


@pytest.mark.parametrize(
    ("interval", "day", "month", "first", "last"),
    [
        ("DAILY", "2026-02-28", 1, "2026-02-28", "2026-02-28"),
        ("WEEKLY", "2026-11-24", 1, "2026-11-23", "2026-11-29"),
        ("WEEKLY", "2026-11-23", 1, "2026-11-23", "2026-11-29"),
        ("MONTHLY", "2028-02-15", 7, "2028-02-01", "2028-02-29"),
        ("MONTHLY", "2026-12-31", 1, "2026-12-01", "2026-12-31"),
        ("QUARTERLY", "2026-11-24", 1, "2026-10-01", "2026-12-31"),
        ("QUARTERLY", "2026-11-24", 2, "2026-11-01", "2027-01-31"),
        ("QUARTERLY", "2026-01-24", 12, "2025-12-01", "2026-02-28"),
        ("YEARLY", "2026-01-24", 3, "2025-03-01", "2026-02-28"),
        ("YEARLY", "2026-03-01", 3, "2026-03-01", "2027-02-28"),
        ("WEEKLY", "9999-12-31", 1, "9999-12-27", "9999-12-31"),
        ("MONTHLY", "9999-12-31", 1, "9999-12-01", "9999-12-30"),
    ],
)
def test_bounds(interval, day, month, first, last):
    found = period_bounds(interval, date.fromisoformat(day), month)
    assert [each.isoformat() for each in found] == [first, last]
