"""Budgets of Spend & Expense.

Pages: https://developer.bill.com/hc/reference/budgets and the reference pages of the operations,
https://developer.bill.com/docs/budgets-and-users.

Amounts are US dollars, `...Date` fields are yyyy-MM-dd. BILL's pages list the fields of requests;
those of the records here are what public integrations report.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date

from pytest_bill.sandbox import spend_lists
from pytest_bill.sandbox.bodies import Boolean, Date, Field, Number, Object, Text
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.spend_lists import Filterable
from pytest_bill.sandbox.spend_resources import SpendResource

_EPOCH = date(2026, 1, 1)

_FILTERABLE: Mapping[str, Filterable] = {
    "isBudgetGroup": spend_lists.flag("budgetGroup"),
    "budgetIds": Filterable(("eq", "in"), values=lambda budget: (budget["id"], budget["uuid"])),
    # No budget of the sandbox is part of a group: how BILL names the parent is not documented.
    "parentBudgetId": Filterable(("eq",), values=lambda _: ()),
    "name": spend_lists.text("name", "eq", "sw"),
    **spend_lists.RETIRED,
}
_SPENT = Object({name: Number(required=True) for name in ("cleared", "pending", "total")})
_ANSWERED: Mapping[str, Field] = {
    "name": Text(required=True),
    "description": Text(),
    "startDate": Date(required=True),
    "recurringInterval": Text(required=True),
    "recurringLimit": Number(),
    "timezone": Text(),
    "budgetGroup": Boolean(required=True),
    "autoAddUsers": Boolean(),
    "receiptRequired": Boolean(),
    "carryOver": Boolean(),
    "limitlessOverspend": Boolean(),
    "shareFunds": Text(),
    "currentPeriod": Object(
        {"startDate": Date(), "limit": Number(), "assigned": Number(), "spent": _SPENT},
        required=True,
    ),
}

BUDGETS = SpendResource(
    "Budgets",
    "/spend/budgets",
    "budgetId",
    "budgets",
    "Budget",
    "bgt",
    answered=_ANSWERED,
    filterable=_FILTERABLE,
    sortable={
        "name": lambda budget: budget["name"],
        "assigned": lambda budget: budget["currentPeriod"]["assigned"],
        "limit": lambda budget: budget["currentPeriod"]["limit"],
        "spent": lambda budget: budget["currentPeriod"]["spent"]["total"],
    },
)

OPERATIONS: tuple[Operation, ...] = (
    BUDGETS.list("listBudgets", "Get list of budgets"),
    BUDGETS.get("getBudget", "Get budget details"),
)


def fill(call: Call) -> None:
    """45 budgets, the same for the same seed; some of them are retired."""
    for budget in _budgets():
        BUDGETS.put(call, budget)


def _budgets() -> Iterable[Record]:
    """Budgets in the period that began with 2026, whatever the day: answers stay the same."""
    departments = (
        *("Design", "Engineering", "Facilities", "Finance", "Legal"),
        *("Marketing", "People", "Sales", "Support"),
    )
    purposes = ("conferences", "office supplies", "software", "team events", "travel")
    intervals = ("NONE", "MONTHLY", "QUARTERLY", "YEARLY")
    names = [f"{department} {purpose}" for department in departments for purpose in purposes]
    for number, name in enumerate(names):
        limit = 1000.0 + 250 * number
        cleared, pending = 20.5 * number, 5.25 * (number % 4)
        interval = intervals[number % len(intervals)]
        yield {
            "name": name,
            "description": f"Budget for {name}",
            "retired": number % 15 == 14,
            "startDate": _EPOCH.isoformat(),
            "recurringInterval": interval,
            **({} if interval == "NONE" else {"recurringLimit": limit}),
            "timezone": "US/Pacific",
            "budgetGroup": False,
            "autoAddUsers": False,
            "receiptRequired": number % 2 == 0,
            "carryOver": False,
            "limitlessOverspend": False,
            "shareFunds": "DO_NOT_SHARE",
            "currentPeriod": {
                "startDate": _EPOCH.isoformat(),
                "limit": limit,
                "assigned": 100.0 * (number % 7),
                "spent": {"cleared": cleared, "pending": pending, "total": cleared + pending},
            },
        }
