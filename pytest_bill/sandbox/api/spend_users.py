"""Users of Spend & Expense.

Pages: https://developer.bill.com/docs/authentication-with-api-token,
https://developer.bill.com/docs/budgets-and-users, and the reference pages of the operations.

BILL's pages list the fields of requests; those of the records here are what public integrations
report. `createdTime` is ISO 8601 with an offset.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pytest_bill.sandbox.bodies import Text
from pytest_bill.sandbox.clock import timestamp
from pytest_bill.sandbox.operations import Call, Operation
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.spend_resources import SpendResource

_EPOCH = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)


def current(call: Call) -> Record:
    """The administrator who generated the token."""
    return next(iter(call.table(USERS.table).values()))


USERS = SpendResource(
    "Users",
    "/spend/users",
    "userId",
    "users",
    "User",
    "usr",
    answered={
        name: Text(required=True)
        for name in ("firstName", "lastName", "email", "role", "createdTime")
    },
)

OPERATIONS: tuple[Operation, ...] = (
    USERS.list("listUsers", "Get list of users"),
    USERS.operation("GET", "/current", "getCurrentUser", "Get current user details", current),
    USERS.get("getUser", "Get user details"),
)


def fill(call: Call) -> None:
    """25 users, the same for the same seed; some of them are retired."""
    for user in _users():
        USERS.put(call, user)


def _users() -> Iterable[Record]:
    first_names = ("Amara", "Bruno", "Chandra", "Dorota", "Emeka")
    last_names = ("Alvarez", "Bergström", "Castellano", "Dubois", "Eriksen")
    roles = ("ADMIN", "BOOKKEEPER", "AUDITOR")
    names = [(first, last) for last in last_names for first in first_names]
    for number, (first, last) in enumerate(names):
        yield {
            "firstName": first,
            "lastName": last,
            "email": f"spend.user.{number + 1:02}@example.com",
            "retired": number % 12 == 11,
            "role": roles[number] if number < len(roles) else "MEMBER",
            "createdTime": timestamp(_EPOCH + timedelta(hours=number)),
        }
