"""Users of an organization: list, get, create, update, archive, restore.

Pages: https://developer.bill.com/docs/organizations-users, the reference pages of the operations,
https://developer.bill.com/changelog/2024-04-22-new-v3-api-endpoints-for-organizations-and-organization-level-users
and the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

A user has ``id`` (begins with 006), ``archived``, ``firstName``, ``lastName``, ``email``, ``role``
(``id``, ``type`` and ``description``), ``createdTime`` and ``updatedTime``. Only an administrator
creates users and manages their access; everyone may look. An organization has at least one active
administrator at all times
(https://vendorpayhelp.bill.com/hc/en-us/articles/360007958352-User-roles-and-permissions).

The table "users" of an organization holds everyone who can sign in to it; the role of a session's
user is looked up there (see ``access.require_role``). A partner's users are in the same tables.
"""

from __future__ import annotations

from pytest_bill.sandbox.api.people import roles
from pytest_bill.sandbox.api.people.roles import ADMINISTRATOR
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Text
from pytest_bill.sandbox.core.filters import FLAG, IDS, TIMES
from pytest_bill.sandbox.core.operations import Call, Operation
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.resources import Resource
from pytest_bill.sandbox.core.sessions import Kind

_LONGEST_NAME = 100

FIRST_NAME = Text(required=True, longest=_LONGEST_NAME)
EMAIL = Text(required=True)
_LAST_NAME = Text(required=True, longest=_LONGEST_NAME)
_FIELDS: dict[str, Field] = {"firstName": FIRST_NAME, "lastName": _LAST_NAME, "email": EMAIL}
_NEW: dict[str, Field] = {
    **_FIELDS,
    "roleId": Text(),
    "acceptTermsOfService": Boolean(required=True),
}
_CHANGES: dict[str, Field] = {"firstName": FIRST_NAME, "lastName": _LAST_NAME, "roleId": Text()}
_SETTABLE = ("firstName", "lastName", "email")


def checked_user(call: Call, body: Record) -> Record:
    """What a checked body sets in a user; BDC_1119 for a role that the organization lacks."""
    user = {name: body[name] for name in _SETTABLE if name in body}
    if "roleId" in body:
        role = call.table(roles.ROLES.table).get(body["roleId"])
        if role is None:
            raise errors.bad_request(errors.invalid_value("roleId", body["roleId"]))
        user["role"] = roles.role_of_user(role)
    return user


def new_user(call: Call, body: Record) -> Record:
    """A new user of a checked body: an administrator if it names no role."""
    return {"role": roles.of_type(call, ADMINISTRATOR), **checked_user(call, body)}


def _change(call: Call, user: Record, body: Record) -> None:
    changes = checked_user(call, body)
    if "role" in changes and changes["role"]["type"] != ADMINISTRATOR:
        _keep_an_administrator(call, user, errors.invalid_value("roleId", body["roleId"]))
    user.update(changes)


def _archiving(call: Call, user: Record) -> None:
    _keep_an_administrator(call, user, errors.invalid_value("userId", user["id"]))


def _keep_an_administrator(call: Call, user: Record, problem: errors.Problem) -> None:
    """Refuse with ``problem`` what leaves the organization without an active administrator."""
    administrators = [
        each["id"]
        for each in call.table(USERS.table).values()
        if each["role"]["type"] == ADMINISTRATOR and not each["archived"]
    ]
    if administrators == [user["id"]]:
        raise errors.bad_request(problem)


USERS = Resource(
    "Organization users",
    "/users",
    "userId",
    "users",
    "006",
    _FIELDS,
    answered={"role": roles.ROLE_OF_USER},
    filterable={"id": IDS, "archived": FLAG, "createdTime": TIMES, "updatedTime": TIMES},
    sortable=("firstName", "lastName"),
    complete=new_user,
    change=_change,
    before_archiving=_archiving,
)

_ONLY = (ADMINISTRATOR,)
_REFUSAL = (
    "The refusal of a user without the administrator's role is not documented; here HTTP 403 with "
    "BDC_1361."
)
_LAST = (
    "The refusal of what leaves no active administrator is not documented; here BDC_1119. "
    + _REFUSAL
)

OPERATIONS: tuple[Operation, ...] = (
    USERS.operations.list(
        "listOrganizationUsers", "Get list of users", unsure=roles.FILTERS_UNSURE
    ),
    USERS.operations.create(
        "createOrganizationUser",
        "Create a user",
        body=_NEW,
        roles=_ONLY,
        sync=False,
        missing="The mail with which the user completes the sign-up: the user cannot sign in.",
        unsure="The reference requires roleId and also names what holds without it; here it may be "
        "absent. The refusal of an unknown roleId is not documented; here BDC_1119. " + _REFUSAL,
    ),
    USERS.operations.get("getOrganizationUser", "Get user details"),
    USERS.operations.update(
        "updateOrganizationUser",
        "Update a user",
        body=_CHANGES,
        roles=_ONLY,
        sync=False,
        unsure=_LAST,
    ),
    USERS.operations.archive(
        "archiveOrganizationUser", "Archive a user", roles=_ONLY, sync=False, unsure=_LAST
    ),
    USERS.operations.restore(
        "restoreOrganizationUser",
        "Restore an archived user",
        roles=_ONLY,
        sync=False,
        unsure=_REFUSAL,
    ),
)

_SIGNING_IN = {
    Kind.DEVELOPER_KEY: ("Dana", "Keyes"),
    Kind.SYNC_TOKEN: ("Sasha", "Sync"),
    Kind.CONSOLE_TOKEN: ("Connie", "Ledger"),
}
_OTHERS = {
    ADMINISTRATOR: ("Ada", "Marlow"),
    "ACCOUNTANT": ("Abe", "Counts"),
    "APPROVER": ("April", "Prover"),
    "PAYER": ("Paige", "Ayer"),
    "CLERK": ("Clark", "Billings"),
    "AUDITOR": ("Audrey", "Torres"),
}


def fill(call: Call) -> None:
    """Everyone who signs in to the organization, as administrators, and one more of each role."""
    credentials = call.state.credentials
    signing_in = {
        Kind.DEVELOPER_KEY: (credentials.organization_id,),
        Kind.SYNC_TOKEN: (credentials.sync_organization_id,),
        Kind.CONSOLE_TOKEN: call.state.client_ids,
    }
    for kind, organization_ids in signing_in.items():
        if call.owner in organization_ids:
            user = _user(call, _SIGNING_IN[kind], ADMINISTRATOR)
            USERS.insert(call, user, record_id=call.state.user_ids[kind])
    for role_type, name in _OTHERS.items():
        USERS.insert(call, _user(call, name, role_type))


def _user(call: Call, name: tuple[str, str], role_type: str) -> Record:
    """A user by name. Mail addresses are made up: those of credentials are shown to nobody."""
    return {
        "firstName": name[0],
        "lastName": name[1],
        "email": f"{name[0].lower()}@example.com",
        "roleId": roles.of_type(call, role_type)["id"],
    }
