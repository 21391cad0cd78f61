"""User roles of an organization: list, get.

Pages: https://developer.bill.com/docs/organizations-users,
https://developer.bill.com/reference/listorganizationuserroles,
https://developer.bill.com/reference/getorganizationuserrole, and the samples of BILL's Postman
collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

A role has ``id`` (begins with 0po), ``type``, ``description``, ``createdTime`` and ``updatedTime``.
Every organization has BILL's six default roles; custom roles are made in BILL's web app only.
"""

from __future__ import annotations

from pytest_bill.sandbox.core.fields import Field, Object, Text
from pytest_bill.sandbox.core.filters import IDS, TIMES, one_of
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource

ADMINISTRATOR = "ADMINISTRATOR"
DEFAULT_ROLES = {
    ADMINISTRATOR: "Everything, users and settings included",
    "ACCOUNTANT": "Enters and approves bills, and syncs; pays nothing",
    "APPROVER": "Approves or denies bills and vendor credits",
    "PAYER": "Pays approved bills",
    "CLERK": "Enters bills",
    "AUDITOR": "Sees everything, changes nothing",
}
"""What each of BILL's default roles may do, by its type."""

_FIELDS: dict[str, Field] = {"type": Text(required=True), "description": Text()}

ROLES = Resource(
    "Roles",
    "/roles",
    "roleId",
    "roles",
    "0po",
    _FIELDS,
    filterable={
        "id": IDS,
        "type": one_of(*DEFAULT_ROLES),
        "createdTime": TIMES,
        "updatedTime": TIMES,
    },
    sortable=("description",),
    archivable=False,
)

ROLE_OF_USER = Object({"id": Text(required=True), "type": Text(), "description": Text()})
"""A user's role, as it is answered with the user."""

FILTERS_UNSURE = (
    "BILL's page of filterable fields does not name this list's; the sample filters on id."
)

OPERATIONS: tuple[Operation, ...] = (
    ROLES.operations.list(
        "listOrganizationUserRoles", "Get list of user roles", unsure=FILTERS_UNSURE
    ),
    ROLES.operations.get("getOrganizationUserRole", "Get user role details"),
)


def add_defaults(call: Call) -> None:
    """Give the caller's organization BILL's default roles."""
    for role_type, description in DEFAULT_ROLES.items():
        ROLES.insert(call, {"type": role_type, "description": description})


def of_type(call: Call, role_type: str) -> Record:
    """The organization's role of that type, as a user has it."""
    roles = call.table(ROLES.table).values()
    return role_of_user(next(role for role in roles if role["type"] == role_type))


def role_of_user(role: Record) -> Record:
    """The role as a user has it: without its times."""
    return {name: role[name] for name in ROLE_OF_USER.fields}
