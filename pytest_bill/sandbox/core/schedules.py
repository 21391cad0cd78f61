"""The schedules of recurring bills and invoices: which due dates have come, which is the next."""

from __future__ import annotations

from calendar import monthrange
from datetime import date, timedelta

from pytest_bill.sandbox.core.fields import Date, Integer, Object, Text
from pytest_bill.sandbox.core.records import Record

MOST_A_DAY = 100
"""How many due dates of one schedule come in a day: a date long past must cost little."""

_MONTHS = {"MONTHLY": 1, "YEARLY": 12}
_DAYS = {"DAILY": 1, "WEEKLY": 7}

SCHEDULE = Object(
    {
        "period": Text(required=True, choices=(*_DAYS, *_MONTHS)),
        "frequency": Integer(minimum=1),
        "nextDueDate": Date(required=True),
        "endDate": Date(),
        "daysInAdvance": Integer(minimum=0),
    },
    required=True,
)


def complete_schedule(schedule: Record) -> Record:
    """The schedule with what a body may leave out."""
    return {"frequency": 1, "daysInAdvance": 0, **schedule}


def take_due(schedule: Record, today: date) -> list[date]:
    """The due dates that have come, ``daysInAdvance`` before they are there; the next is set."""
    due = date.fromisoformat(schedule["nextDueDate"])
    end = date.fromisoformat(schedule.get("endDate", date.max.isoformat()))
    taken: list[date] = []
    while (
        len(taken) < MOST_A_DAY
        and (due - today).days <= schedule["daysInAdvance"]
        and due <= end
        and due != date.max
    ):
        taken.append(due)
        due = _following(due, schedule)
    schedule["nextDueDate"] = due.isoformat()
    return taken


def _following(due: date, schedule: Record) -> date:
    """The due date after ``due``; the last date there is if it would be later."""
    period, frequency = schedule["period"], schedule["frequency"]
    try:
        if period in _DAYS:
            return due + timedelta(days=_DAYS[period] * frequency)
        year, month = divmod(due.year * 12 + due.month - 1 + _MONTHS[period] * frequency, 12)
        return date(year, month + 1, min(due.day, monthrange(year, month + 1)[1]))
    except (OverflowError, ValueError):
        return date.max
