"""Users of Spend & Expense: list, get, current, create, update, delete.

Pages: https://developer.bill.com/docs/budgets-and-users,
https://developer.bill.com/docs/authentication-with-api-token,
https://developer.bill.com/hc/reference/deleteuser and the reference pages of the other operations.

A user has ``id``, ``uuid`` (begins with usr_), ``firstName``, ``lastName``, ``email``,
``receiptEmail``, ``role`` (ADMIN, AUDITOR, BOOKKEEPER, FINANCE_ADMIN or MEMBER),
``hasDateOfBirth``, ``retired`` and ``createdTime``: ISO 8601 with an offset. BILL's pages list the
fields of requests; those of the records, the status 200 of a creation and that a deletion answers
nothing are those of BILL's Postman collection. The date of birth itself is never answered. That the
``receiptEmail`` is the ``email`` is what public clients report.

Only a user with the role ADMIN generates a token, and creates and manages other users. The token of
a sandbox belongs to its first user.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from pytest_bill.sandbox.api.spend import memberships
from pytest_bill.sandbox.api.spend.resources import SpendResource
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.clock import timestamp
from pytest_bill.sandbox.core.fields import Boolean, Date, Field, Text
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record

ADMIN = "ADMIN"

_ROLES = (ADMIN, "AUDITOR", "BOOKKEEPER", "FINANCE_ADMIN", "MEMBER")
_EPOCH = datetime(2026, 1, 1, 9, 0, tzinfo=UTC)
_FIELDS: dict[str, Field] = {
    "firstName": Text(required=True),
    "lastName": Text(required=True),
    "email": Text(required=True),
    "role": Text(required=True, choices=_ROLES),
    "dateOfBirth": Date(),
}


def current_user(call: Call) -> Record:
    """The administrator who generated the token."""
    return next(iter(call.table(USERS.table).values()))


def require_administrator(call: Call) -> None:
    """HTTP 403 where the token's user is no administrator any more."""
    if current_user(call)["role"] != ADMIN:
        raise errors.untrusted_session()


def _complete(call: Call, body: Record) -> Record:
    require_administrator(call)
    user: Record = {"hasDateOfBirth": False, **_settled(body)}
    return {**user, "createdTime": call.state.timestamp()}


def _change(call: Call, user: Record, body: Record) -> None:
    require_administrator(call)
    user.update(_settled(body))
    memberships.rename_memberships(call, user)


def _settled(body: Record) -> Record:
    settled = {name: value for name, value in body.items() if name != "dateOfBirth"}
    if "email" in body:
        settled["receiptEmail"] = body["email"]
    return {**settled, "hasDateOfBirth": True} if "dateOfBirth" in body else settled


def _added(call: Call, user: Record, _body: Record) -> None:
    memberships.join_budgets_of_new_users(call, user)


def _before_archiving(call: Call, user: Record) -> None:
    require_administrator(call)
    if user is current_user(call):
        raise errors.bad_request(errors.invalid_value("userId", user["uuid"]))
    memberships.end_memberships_of_user(call, user)


USERS = SpendResource(
    "Users",
    "/spend/users",
    "userId",
    "users",
    "User",
    "usr",
    fields=_FIELDS,
    answered={
        **{
            name: Text(required=True)
            for name in ("firstName", "lastName", "email", "receiptEmail", "role", "createdTime")
        },
        "hasDateOfBirth": Boolean(required=True),
    },
    complete=_complete,
    change=_change,
    after_insert=_added,
    before_archiving=_before_archiving,
    missing="smsOptIn and useCompanyMailingAddress are not answered: no call sets them, and the "
    "sandbox has neither text messages nor addresses of users.",
    unsure="That receiptEmail is the email is what public clients report.",
)

_RIGHTS = (
    "The refusal where the token's user is no ADMIN any more is not documented; here HTTP 403 with "
    "BDC_1361."
)

OPERATIONS: tuple[Operation, ...] = (
    USERS.operations.list("listUsers", "Get list of users"),
    USERS.operations.create(
        "createUser",
        "Create a user",
        missing="No invitation is sent.",
        unsure="The guide names dateOfBirth among the fields to set, public clients create users "
        f"without it; here it may be absent. {_RIGHTS}",
    ),
    USERS.operations.operation(
        "GET",
        "/current",
        "getCurrentUser",
        "Get current user details",
        current_user,
    ),
    USERS.operations.get("getUser", "Get user details"),
    USERS.operations.update("updateUser", "Update a user", unsure=_RIGHTS),
    USERS.operations.delete(
        "deleteUser",
        "Delete a user: retired, no member of a budget any more, the user's cards deleted",
        unsure="What becomes of memberships and cards is not documented. The user whom the token "
        f"belongs to cannot be deleted here. {_RIGHTS}",
    ),
)


def fill(call: Call) -> None:
    """25 users, the same for the same seed; some of them are retired."""
    for user in _users():
        USERS.insert_complete(call, user)


def _users() -> Iterable[Record]:
    first_names = ("Amara", "Bruno", "Chandra", "Dorota", "Emeka")
    last_names = ("Alvarez", "Bergström", "Castellano", "Dubois", "Eriksen")
    roles = (ADMIN, "BOOKKEEPER", "AUDITOR")
    names = [(first, last) for last in last_names for first in first_names]
    for number, (first, last) in enumerate(names):
        email = f"spend.user.{number + 1:02}@example.com"
        yield {
            "firstName": first,
            "lastName": last,
            "email": email,
            "receiptEmail": email,
            "retired": number % 12 == 11,
            "role": roles[number] if number < len(roles) else "MEMBER",
            "hasDateOfBirth": False,
            "createdTime": timestamp(_EPOCH + timedelta(hours=number)),
        }
