"""The periods of budgets: when one begins and ends, and what happens to funds in between.

Page: https://developer.bill.com/hc/reference/createbudget. A budget is reset at 12 AM: each day,
each Monday, on the 1st of each month, of every third month or of one month of the year, counted
from ``recurMonth``. With ``carryOver``, the funds of users and cards carry over to the next period.
"""

from __future__ import annotations

from datetime import date, timedelta

from pytest_bill.sandbox.api.spend import memberships
from pytest_bill.sandbox.core.operations import Call
from pytest_bill.sandbox.core.records import Record

NEVER = "NONE"
INTERVALS = (NEVER, "DAILY", "WEEKLY", "MONTHLY", "QUARTERLY", "YEARLY")
SHORT_INTERVALS = frozenset({"DAILY", "WEEKLY"})
MONTHS_APART = {"MONTHLY": 1, "QUARTERLY": 3, "YEARLY": 12}


def period_bounds(interval: str, day: date, month: int) -> tuple[date, date]:
    """The first and the last day of the period that ``day`` is in; not for budgets without periods.

    ``month`` is one in which a quarterly or yearly budget is reset.
    """
    if interval == "DAILY":
        return day, day
    if interval == "WEEKLY":
        monday = day - timedelta(days=day.weekday())
        return monday, date.fromordinal(min(monday.toordinal() + 6, date.max.toordinal()))
    apart = MONTHS_APART[interval]
    index = 12 * day.year + day.month - 1
    start = index - (index - (month - 1)) % apart
    return _first(start), _first(start + apart) - timedelta(days=1)


def _first(index: int) -> date:
    """The first day of a month, counted from the year 0; the last date there is beyond it."""
    year, month = divmod(index, 12)
    return date(year, month + 1, 1) if year <= date.max.year else date.max


def period_of(budget: Record, day: date, month: int) -> Record:
    """``startDate`` and ``endDate`` of the budget's period that ``day`` is in."""
    interval = budget["recurringInterval"]
    if interval == NEVER:
        ends = budget.get("expirationDate")
        return {"startDate": budget["startDate"], **({"endDate": ends} if ends else {})}
    first, last = period_bounds(interval, day, month)
    return {
        "startDate": max(first.isoformat(), budget["startDate"]),
        "endDate": last.isoformat(),
    }


def begin_due_period(call: Call, budget: Record) -> None:
    """Begin the period that the sandbox's day is in, unless it has begun."""
    today = call.state.clock.now().date()
    old = budget["currentPeriod"]
    if (
        budget["retired"]
        or budget["recurringInterval"] == NEVER
        or today.isoformat() <= old["endDate"]
    ):
        return
    members = memberships.members_of(call, budget)
    cards = memberships.cards_of(call, budget)
    for member in members.values():
        member["limit"] = _next_limit(budget, member, member["limit"], member["spent"])
        member["spent"] = 0
    for card in cards.values():
        period = card["currentPeriod"]
        limit = _next_limit(budget, card, period["limit"], period["spent"])
        card["currentPeriod"] = {"limit": limit, "spent": 0}
    month = budget.get("recurMonth", date.fromisoformat(budget["startDate"]).month)
    budget["currentPeriod"] = {
        **old,
        **period_of(budget, today, month),
        "limit": budget.get("recurringLimit", old["limit"]),
        "spent": {"cleared": 0, "pending": 0, "total": 0},
    }
    memberships.assign_funds(budget, members, cards)


def _next_limit(budget: Record, holder: Record, limit: float, spent: float) -> float:
    left = max(0, limit - spent) if budget["carryOver"] else 0
    return float(round(holder.get("recurringLimit", 0) + left, 2))
