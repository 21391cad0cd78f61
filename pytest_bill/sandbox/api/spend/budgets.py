"""Budgets of Spend & Expense: list, get, create, update, delete.

Pages: https://developer.bill.com/docs/budgets-and-users,
https://developer.bill.com/hc/reference/budgets,
https://developer.bill.com/hc/reference/createbudget,
https://developer.bill.com/reference/deletebudget and the reference pages of the other operations,
https://developer.bill.com/changelog/2024-06-28-spend-expense-redesign.

A budget has ``id``, ``uuid`` (begins with bgt_), ``name``, ``description``, ``startDate``,
``expirationDate``, ``recurringInterval`` (NONE, DAILY, WEEKLY, MONTHLY, QUARTERLY or YEARLY),
``recurringLimit``, ``recurMonth``, ``timezone``, ``budgetGroup``, ``autoAddUsers``,
``receiptRequired``, ``carryOver``, ``maxTxSize``, ``limitlessOverspend``, ``limitlessGoal``,
``shareFunds``, ``default``, ``retired`` and ``currentPeriod``, with ``startDate``, ``endDate``,
``limit``, ``overspendBuffer``, ``assigned`` and ``spent`` (``cleared``, ``pending``, ``total``).
Amounts are US dollars, dates are yyyy-MM-dd. BILL's pages list the fields of requests; those of the
records are those of BILL's Postman collection, as are the values of ``shareFunds``, the status 200
of a creation and that a deletion answers nothing. That there is a ``recurMonth`` in an answer is
what public clients report.

As the pages ask: a ``limit`` unless the overspend is limitless; a ``recurringLimit`` for what
recurs; a ``recurMonth`` only by quarter or year; a ``limitlessGoal`` only with limitless overspend;
an ``overspendBuffer`` only without it; neither of these two by day or week. What a budget has given
to members and cards is its ``assigned``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from pytest_bill.sandbox.api.spend import lists, memberships, periods
from pytest_bill.sandbox.api.spend.periods import INTERVALS, NEVER, SHORT_INTERVALS
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.api.spend.users import USERS, current_user
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.errors import Problem
from pytest_bill.sandbox.core.fields import (
    Boolean,
    Date,
    Field,
    Integer,
    Many,
    Number,
    Object,
    Text,
)
from pytest_bill.sandbox.core.filters import Filterable
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

_TIMEZONE = "US/Pacific"
_TIMEZONES = tuple(
    f"US/{zone}"
    for zone in (
        *("Alaska", "Aleutian", "Arizona", "Central", "East-Indiana", "Eastern", "Hawaii"),
        *("Indiana-Starke", "Michigan", "Mountain", "Pacific", "Samoa"),
    )
)
_ROLES = {
    "owners": memberships.OWNER,
    "members": memberships.MEMBER,
    "observers": memberships.OBSERVER,
}
_WITH_RECUR_MONTH = frozenset({"QUARTERLY", "YEARLY"})

_CHANGEABLE: dict[str, Field] = {
    "name": Text(required=True),
    "description": Text(),
    "expirationDate": Date(clearable=True),
    "recurMonth": Integer(minimum=1, maximum=12),
    "timezone": Text(choices=_TIMEZONES),
    "autoAddUsers": Boolean(),
    "receiptRequired": Boolean(),
    "maxTxSize": Number(minimum=0),
    "carryOver": Boolean(),
    "limitlessOverspend": Boolean(),
    "limit": Number(minimum=0),
    "recurringLimit": Number(minimum=0),
    "limitlessGoal": Number(minimum=0),
    "overspendBuffer": Number(minimum=0),
    "shareFunds": Text(choices=memberships.SHARE_FUNDS),
}
_FIELDS: dict[str, Field] = {
    **_CHANGEABLE,
    "recurringInterval": Text(required=True, choices=INTERVALS),
    "owners": Many(Text(), required=True),
    "members": Many(Text()),
    "observers": Many(Text()),
    "parentBudgetId": Text(),
    "budgetGroup": Boolean(),
}
_OF_THE_PERIOD = ("limit", "overspendBuffer")
"""Fields of a body that stand in ``currentPeriod`` of the record."""

_DEFAULTS: Mapping[str, object] = {
    "timezone": _TIMEZONE,
    "budgetGroup": False,
    "autoAddUsers": False,
    "receiptRequired": False,
    "carryOver": False,
    "limitlessOverspend": False,
    "shareFunds": memberships.DO_NOT_SHARE,
    "default": False,
}

_FILTERABLE: Mapping[str, Filterable] = {
    "isBudgetGroup": lists.by_flag("budgetGroup"),
    "budgetIds": lists.by_ids(),
    "parentBudgetId": lists.by_ids("parentBudget", operators=("eq",)),
    "name": lists.by_text("name", "eq", "sw"),
    **lists.RETIRED,
}
_SPENT = Object({name: Number(required=True) for name in ("cleared", "pending", "total")})
_ANSWERED: Mapping[str, Field] = {
    "name": Text(required=True),
    "description": Text(),
    "startDate": Date(required=True),
    "expirationDate": Date(),
    "recurringInterval": Text(required=True),
    "recurringLimit": Number(),
    "recurMonth": Integer(),
    "timezone": Text(required=True),
    "maxTxSize": Number(),
    "limitlessGoal": Number(),
    "shareFunds": Text(required=True),
    "parentBudgetId": Text(),
    "parentBudgetUuid": Text(),
    **{
        name: Boolean(required=True)
        for name in (
            *("budgetGroup", "autoAddUsers", "receiptRequired"),
            *("carryOver", "limitlessOverspend", "default"),
        )
    },
    "currentPeriod": Object(
        {
            "startDate": Date(required=True),
            "endDate": Date(),
            "limit": Number(required=True),
            "overspendBuffer": Number(),
            "assigned": Number(required=True),
            "spent": _SPENT,
        },
        required=True,
    ),
}


def _complete(call: Call, body: Record) -> Record:
    problems = [*_problems(body), *_unknown_users(call, body)]
    parent = None
    if "parentBudgetId" in body:
        parent = BUDGETS.active(call, body["parentBudgetId"])
        if parent is None or not parent["budgetGroup"]:
            problems.append(errors.invalid_value("parentBudgetId", body["parentBudgetId"]))
    if problems:
        raise errors.bad_request(*problems)
    today = call.state.clock.now().date()
    apart = {*_ROLES, *_OF_THE_PERIOD, "parentBudgetId"}
    budget: Record = {
        **_DEFAULTS,
        **{name: value for name, value in body.items() if name not in apart and value is not None},
        "startDate": today.isoformat(),
    }
    if parent is not None:
        budget |= {"parentBudgetId": parent["id"], "parentBudgetUuid": parent["uuid"]}
    if body["recurringInterval"] in _WITH_RECUR_MONTH:
        budget.setdefault("recurMonth", today.month)
    budget["currentPeriod"] = _period(budget, body, today)
    return budget


def _period(budget: Record, body: Record, today: date) -> Record:
    period = periods.period_of(budget, today, budget.get("recurMonth", today.month))
    period["limit"] = body.get("limit", 0)
    if "overspendBuffer" in body:
        period["overspendBuffer"] = body["overspendBuffer"]
    return {**period, "assigned": 0, "spent": {"cleared": 0, "pending": 0, "total": 0}}


def _problems(settings: Record) -> Iterator[Problem]:
    """What contradicts itself in the fields of a budget."""
    interval = settings["recurringInterval"]
    limitless = settings.get("limitlessOverspend", False)
    if not limitless and "limit" not in settings:
        yield errors.missing_data("limit")
    if interval != NEVER and "recurringLimit" not in settings:
        yield errors.missing_data("recurringLimit")
    refused = {
        "recurMonth": interval not in _WITH_RECUR_MONTH,
        "limitlessGoal": not limitless,
        "overspendBuffer": limitless or interval in SHORT_INTERVALS,
    }
    for name, is_refused in refused.items():
        if is_refused and name in settings:
            yield errors.invalid_value(name, settings[name])
    if limitless and interval in SHORT_INTERVALS:
        yield errors.invalid_value("limitlessOverspend", limitless)


def _unknown_users(call: Call, body: Record) -> Iterator[Problem]:
    for field in _ROLES:
        for index, user in enumerate(body.get(field, ())):
            if USERS.active(call, user) is None:
                yield errors.invalid_value(f"{field}[{index}]", user)


def _added(call: Call, budget: Record, body: Record) -> None:
    """The body's users become members; who stands in several lists has the first one's role."""
    for field, role in _ROLES.items():
        for given in body.get(field, ()):
            user = USERS.active(call, given)
            if user is not None and user["uuid"] not in memberships.members_of(call, budget):
                memberships.join_budget(call, budget, user, role)


def _change(_call: Call, budget: Record, body: Record) -> None:
    period = budget["currentPeriod"]
    now = {name: period[name] for name in _OF_THE_PERIOD if name in period}
    settings = {**budget, **now, **body}
    if not settings["limitlessOverspend"]:
        # A goal that was set before goes with the limitless overspend.
        settings = {k: v for k, v in settings.items() if k != "limitlessGoal" or k in body}
    problems = list(_problems(settings))
    if problems:
        raise errors.bad_request(*problems)
    for name, value in body.items():
        if value is None:
            budget.pop(name, None)
        elif name in _OF_THE_PERIOD:
            period[name] = value
        else:
            budget[name] = value
    if "limitlessGoal" not in settings:
        budget.pop("limitlessGoal", None)
    if "expirationDate" in body and budget["recurringInterval"] == NEVER:
        period.pop("endDate", None)
        period |= periods.period_of(budget, date.fromisoformat(budget["startDate"]), 1)


_MISSING = (
    "Budgets are reset at 12 AM UTC whatever their timezone; nothing happens on the day they "
    "expire; the limits of a budget group do not bound those of its budgets."
)

BUDGETS = SpendResource(
    "Budgets",
    "/spend/budgets",
    "budgetId",
    memberships.BUDGETS,
    "Budget",
    "bgt",
    fields=_FIELDS,
    answered=_ANSWERED,
    filterable=_FILTERABLE,
    sortable={
        "name": lambda budget: budget["name"],
        "assigned": lambda budget: budget["currentPeriod"]["assigned"],
        "limit": lambda budget: budget["currentPeriod"]["limit"],
        "spent": lambda budget: budget["currentPeriod"]["spent"]["total"],
    },
    complete=_complete,
    change=_change,
    after_insert=_added,
    before_archiving=memberships.end_memberships_of_budget,
    refresh=periods.begin_due_period,
    missing=_MISSING,
    unsure="That an answer has recurMonth is what public clients report.",
)


OPERATIONS: tuple[Operation, ...] = (
    BUDGETS.operations.list("listBudgets", "Get list of budgets"),
    BUDGETS.operations.create(
        "createBudget",
        "Create a budget",
        unsure="Not documented: the refusal of unknown users and groups and of contradicting "
        "fields, here BDC_1117 and BDC_1119; the time zone of the company, here "
        f"{_TIMEZONE}; who shares all funds from the start, here whom the name of shareFunds says: "
        "everybody, the owners, or nobody; the limit of a budget without one, here 0.",
    ),
    BUDGETS.operations.get("getBudget", "Get budget details"),
    BUDGETS.operations.update(
        "updateBudget",
        "Update a budget",
        body=_CHANGEABLE,
        unsure="The interval, the group and the people of a budget cannot be changed here, as "
        "public clients report.",
    ),
    BUDGETS.operations.delete(
        "deleteBudget",
        "Delete a budget: retired, its members too, its cards deleted",
        unsure="What becomes of the cards is not documented, nor of the budgets in a deleted "
        "group: they stay.",
    ),
)


def fill(call: Call) -> None:
    """45 budgets, the same for the same seed; some of them are retired."""
    for budget in _budgets(call.state.clock.now().date()):
        _people(call, BUDGETS.insert_complete(call, budget))


def _people(call: Call, budget: Record) -> None:
    """An owner, and members with funds of their own."""
    users = [user for user in USERS.all(call) if not user["retired"]]
    memberships.join_budget(call, budget, current_user(call), memberships.OWNER)
    number = len(call.table(BUDGETS.table))
    for shift in range(number % 3):
        user = users[1 + (number + shift) % (len(users) - 1)]
        member = memberships.join_budget(call, budget, user, memberships.MEMBER)
        member["limit"] = 50.0 * (number % 7)
        if member["recurring"]:
            member["recurringLimit"] = member["limit"]
    members = memberships.members_of(call, budget)
    for member in members.values():
        member["retired"] = budget["retired"]
    memberships.assign_funds(budget, members, {})


def _budgets(today: date) -> Iterator[Record]:
    """Budgets that began with this year; their periods, with today's."""
    departments = (
        *("Design", "Engineering", "Facilities", "Finance", "Legal"),
        *("Marketing", "People", "Sales", "Support"),
    )
    purposes = ("conferences", "office supplies", "software", "team events", "travel")
    intervals = (NEVER, "MONTHLY", "QUARTERLY", "YEARLY")
    names = [f"{department} {purpose}" for department in departments for purpose in purposes]
    for number, name in enumerate(names):
        limit = 1000.0 + 250 * number
        cleared, pending = 20.5 * number, 5.25 * (number % 4)
        interval = intervals[number % len(intervals)]
        budget: Record = {
            **_DEFAULTS,
            "name": name,
            "description": f"Budget for {name}",
            "retired": number % 15 == 14,
            "startDate": date(today.year, 1, 1).isoformat(),
            "recurringInterval": interval,
            **({} if interval == NEVER else {"recurringLimit": limit}),
            **({"recurMonth": 1} if interval in _WITH_RECUR_MONTH else {}),
            "receiptRequired": number % 2 == 0,
        }
        yield {
            **budget,
            "currentPeriod": {
                **periods.period_of(budget, today, 1),
                "limit": limit,
                "assigned": 0,
                "spent": {"cleared": cleared, "pending": pending, "total": cleared + pending},
            },
        }
