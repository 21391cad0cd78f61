"""Spend & Expense: budgets and users, read with the API token alone.

Pages: https://developer.bill.com/docs/authentication-with-api-token,
https://developer.bill.com/hc/reference/budgets (the list) and /getbudget, /listusers, /getuser and
/getcurrentuser beside it, https://developer.bill.com/docs/budgets-and-users,
https://developer.bill.com/changelog/2025-02-28-uuids-in-spend-expense-api.

Every record has an old `id` and a `uuid`, and is found by either. Amounts are US dollars, `...Time`
fields are ISO 8601 with an offset, `...Date` fields are yyyy-MM-dd. BILL's pages list the fields of
requests; those of the records here, the form of both ids among them, are what public integrations
report.

A list takes `max` (1 to 100, 20 by default) and answers `results`, and `nextPage` and `prevPage`
where there are such pages. Unlike the other v3 lists, it takes them back in query parameters of
their own names. Unknown query parameters are ignored, as public clients see it.

Errors are lists, as in all of v3 (https://developer.bill.com/docs/v3-api-response-changes). Not
documented, and so in line with the rest of v3 here: which code is in them, HTTP 404 for an unknown
id, HTTP 400 for a refused query parameter, for a token of the wrong list and for a token sent with
other filters than it was made for, and that lists hold retired records too (public clients sort
them out themselves).
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors, lists
from pytest_bill.sandbox.access import require_spend_token
from pytest_bill.sandbox.clock import timestamp
from pytest_bill.sandbox.operations import Call
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.state import SandboxState

_OWNER = "spend"
_BOOLEANS = frozenset({"true", "false"})
_EPOCH = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


@dataclass(frozen=True)
class _Filterable:
    """A field of `filters`: what a record has there, and which operators and values may ask for it.

    A record may answer to several values, such as its two ids. No `choices` means any value.
    """

    values: Callable[[Record], Collection[str]]
    operators: Collection[str]
    choices: Collection[str] = ()


_BUDGET_FILTERS: Mapping[str, _Filterable] = {
    "isBudgetGroup": _Filterable(lambda budget: _boolean(budget["budgetGroup"]), ["eq"], _BOOLEANS),
    "budgetIds": _Filterable(lambda budget: (budget["id"], budget["uuid"]), ["eq", "in"]),
    # No budget of the sandbox is part of a group: how BILL names the parent is not documented.
    "parentBudgetId": _Filterable(lambda _: (), ["eq"]),
    "name": _Filterable(lambda budget: (budget["name"],), ["eq", "sw"]),
    "retired": _Filterable(lambda budget: _boolean(budget["retired"]), ["eq"], _BOOLEANS),
}
_BUDGET_SORTS: Mapping[str, Callable[[Record], Any]] = {
    "name": lambda budget: budget["name"],
    "assigned": lambda budget: budget["currentPeriod"]["assigned"],
    "limit": lambda budget: budget["currentPeriod"]["limit"],
    "spent": lambda budget: budget["currentPeriod"]["spent"]["total"],
}
_USER_FILTERS: Mapping[str, _Filterable] = {
    "retired": _Filterable(lambda user: _boolean(user["retired"]), ["eq"], _BOOLEANS),
}


def routes(state: SandboxState) -> list[BaseRoute]:
    """Lists and details of budgets and users, and the user that the token belongs to."""
    budgets = state.table(_OWNER, "budgets")
    users = state.table(_OWNER, "users")

    async def list_budgets(request: Request) -> Response:
        """GET /v3/spend/budgets: `nextPage`, `prevPage`, `max`, one `sort`, `filters`."""
        require_spend_token(request, state)
        return JSONResponse(_page(request, budgets.values(), _BUDGET_FILTERS, _BUDGET_SORTS))

    async def get_budget(request: Request) -> Response:
        """GET /v3/spend/budgets/{budgetId}: by id or uuid."""
        require_spend_token(request, state)
        return JSONResponse(_find(budgets, request.path_params["id"]))

    async def list_users(request: Request) -> Response:
        """GET /v3/spend/users: `nextPage`, `prevPage`, `max`, `filters`; there is no `sort`."""
        require_spend_token(request, state)
        return JSONResponse(_page(request, users.values(), _USER_FILTERS))

    async def get_current_user(request: Request) -> Response:
        """GET /v3/spend/users/current: the administrator who generated the token."""
        require_spend_token(request, state)
        return JSONResponse(next(iter(users.values())))

    async def get_user(request: Request) -> Response:
        """GET /v3/spend/users/{userId}: by id or uuid."""
        require_spend_token(request, state)
        return JSONResponse(_find(users, request.path_params["id"]))

    return [
        Route("/connect/v3/spend/budgets", list_budgets, methods=["GET"]),
        Route("/connect/v3/spend/budgets/{id}", get_budget, methods=["GET"]),
        Route("/connect/v3/spend/users", list_users, methods=["GET"]),
        Route("/connect/v3/spend/users/current", get_current_user, methods=["GET"]),
        Route("/connect/v3/spend/users/{id}", get_user, methods=["GET"]),
    ]


def fill(call: Call) -> None:
    """45 budgets and 25 users, the same for the same seed; some of them are retired."""
    _put(call.state, "users", _users(call.state))
    _put(call.state, "budgets", _budgets(call.state))


def _put(state: SandboxState, name: str, records: Iterable[Record]) -> None:
    state.table(_OWNER, name).update({record["uuid"]: record for record in records})


def _users(state: SandboxState) -> Iterable[Record]:
    first_names = ("Amara", "Bruno", "Chandra", "Dorota", "Emeka")
    last_names = ("Alvarez", "Bergström", "Castellano", "Dubois", "Eriksen")
    roles = ("ADMIN", "BOOKKEEPER", "AUDITOR")
    names = [(first, last) for last in last_names for first in first_names]
    for number, (first, last) in enumerate(names):
        yield {
            "id": _old_id("User", 1001 + number),
            "uuid": state.ids.new_uuid("usr"),
            "firstName": first,
            "lastName": last,
            "email": f"spend.user.{number + 1:02}@example.com",
            "retired": number % 12 == 11,
            "role": roles[number] if number < len(roles) else "MEMBER",
            "createdTime": timestamp(_EPOCH + timedelta(hours=number)),
        }


def _budgets(state: SandboxState) -> Iterable[Record]:
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
            "id": _old_id("Budget", 2001 + number),
            "uuid": state.ids.new_uuid("bgt"),
            "name": name,
            "description": f"Budget for {name}",
            "retired": number % 15 == 14,
            "startDate": _EPOCH.date().isoformat(),
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
                "startDate": _EPOCH.date().isoformat(),
                "limit": limit,
                "assigned": 100.0 * (number % 7),
                "spent": {"cleared": cleared, "pending": pending, "total": cleared + pending},
            },
        }


def _old_id(kind: str, number: int) -> str:
    """An `id` as BILL had them before the UUIDs: base64 of the kind and a number."""
    return base64.b64encode(f"{kind}:{number}".encode()).decode()


def _boolean(value: bool) -> Collection[str]:
    return ("true",) if value else ("false",)


def _find(table: Table, id_or_uuid: str) -> Record:
    for record in table.values():
        if id_or_uuid in (record["uuid"], record["id"]):
            return record
    raise errors.no_data_found()


def _page(
    request: Request,
    records: Iterable[Record],
    filterable: Mapping[str, _Filterable],
    sortable: Mapping[str, Callable[[Record], Any]] | None = None,
) -> Record:
    """One page of `records`. A list without `sortable` fields takes no `sort` at all."""
    query = request.query_params
    size = lists.page_size(query)
    filters = query.get("filters", "")
    sort = query.get("sort", "") if sortable else ""
    search = (request.url.path, filters, sort)
    start = _start(query, search)
    matches = _matcher(filters, filterable)
    found = [record for record in records if matches(record)]
    if sortable and sort:
        key, descending = _sort(sort, sortable)
        found.sort(key=key, reverse=descending)
    answer: Record = {"results": found[start : start + size]}
    if start + size < len(found):
        answer["nextPage"] = lists.token(start + size, ("nextPage", *search))
    if start > 0:
        answer["prevPage"] = lists.token(max(0, start - size), ("prevPage", *search))
    return answer


def _matcher(filters: str, filterable: Mapping[str, _Filterable]) -> Callable[[Record], bool]:
    """Whether a record meets every term of `filters`."""
    wanted = [_term(*term, filterable) for term in lists.terms(filters)]
    return lambda record: all(term(record) for term in wanted)


def _term(
    name: str, operator: str, text: str, filterable: Mapping[str, _Filterable]
) -> Callable[[Record], bool]:
    field = filterable.get(name)
    if field is None:
        raise errors.bad_request(errors.invalid_filter_field(name))
    if operator not in field.operators:
        raise errors.bad_request(errors.invalid_filter_operator(operator))
    if field.choices and text not in field.choices:
        raise errors.bad_request(errors.invalid_parameter("filters", text))
    if operator == "sw":
        return lambda record: any(value.startswith(text) for value in field.values(record))
    wanted = set(text.split(",")) if operator == "in" else {text}
    return lambda record: not wanted.isdisjoint(field.values(record))


def _sort(
    text: str, sortable: Mapping[str, Callable[[Record], Any]]
) -> tuple[Callable[[Record], Any], bool]:
    """The key to sort by, and whether the order is descending."""
    name, _, order = text.partition(":")
    if name not in sortable or order not in {"asc", "desc"}:
        raise errors.bad_request(errors.invalid_parameter("sort", text))
    return sortable[name], order == "desc"


def _start(query: Mapping[str, str], search: tuple[str, ...]) -> int:
    """The position that a page token stands for; the beginning without a token."""
    given = [name for name in ("nextPage", "prevPage") if name in query]
    if not given:
        return 0
    # Which one BILL follows when both are sent is not documented.
    if len(given) > 1:
        raise errors.bad_request(*(errors.invalid_parameter(name, query[name]) for name in given))
    return lists.position(query[given[0]], given[0], (given[0], *search))
