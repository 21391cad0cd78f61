"""Users and user roles of the organizations that a partner created.

Pages: https://developer.bill.com/docs/bill-partner-operations,
https://developer.bill.com/docs/partner-users,
https://developer.bill.com/hc/reference/createpartneruser,
https://developer.bill.com/hc/reference/createphone, the reference pages of the other operations and
the samples of BILL's Postman collection (https://developer.bill.com/docs/bill-v3-api-in-postman).

Every call takes the headers ``sessionId`` (of POST /v3/partner/login), ``appKey`` and
``organizationId``. Users and roles are those that the organization itself has (see ``users`` and
``roles``). A user's name for signing in is not answered; it is kept in ``created_users(state)``, by
the user's id.

BILL's guides and reference disagree on what is required: the guides add ``lastName``. The reference
is followed.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from pytest_bill.sandbox.api.people import users
from pytest_bill.sandbox.api.people.partner_organizations import OWNER
from pytest_bill.sandbox.api.people.roles import FILTERS_UNSURE, ROLES
from pytest_bill.sandbox.api.people.users import EMAIL, FIRST_NAME, USERS
from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.fields import Boolean, Field, Text
from pytest_bill.sandbox.core.operations import V3, Call, Caller, Header, Operation
from pytest_bill.sandbox.core.records import Record, Table
from pytest_bill.sandbox.core.state import SandboxState

_AREA = "Partner users"
_CALLER: dict[str, Any] = {
    "caller": Caller.PARTNER_IN_ORGANIZATION,
    "headers": (Header("organizationId", Text(required=True)),),
}

_FIELDS: dict[str, Field] = {
    "firstName": FIRST_NAME,
    "lastName": Text(longest=FIRST_NAME.longest),
    "email": EMAIL,
    "roleId": Text(),
}
_NEW: dict[str, Field] = {
    **_FIELDS,
    "username": Text(required=True, longest=40),
    "externalReferenceId": Text(),
    "acceptTermsOfService": Boolean(required=True),
}
_PHONE: dict[str, Field] = {
    "phoneNumber": Text(required=True, pattern="[0-9]{10}$"),
    "phoneType": Text(required=True),
}
PHONES = "risk_verification_phones"
"""The table of an organization with the phones for its risk verification, by their user's id."""


def created_users(state: SandboxState) -> Table:
    """Who a partner created, by the user's id: ``username``, ``organizationId`` and ``userId``."""
    return state.table(OWNER, "logins")


def _change(call: Call, user: Record, body: Record) -> None:
    user.update(users.checked_user(call, body))


_USERS = replace(USERS, area=_AREA, path="/partner/users", change=_change, before_archiving=None)
_ROLES = replace(ROLES, area=_AREA, path="/partner/roles")


def _create(call: Call) -> Record:
    username = call.body["username"]
    known = created_users(call.state)
    if any(each["username"].casefold() == username.casefold() for each in known.values()):
        raise errors.bad_request(errors.invalid_value("username", username))
    user = _USERS.insert(call, call.body)
    known[user["id"]] = {
        "username": username,
        "organizationId": call.owner,
        "userId": user["id"],
    }
    return user


def _add_phone(call: Call) -> None:
    user = _USERS.find(call)
    call.table(PHONES)[user["id"]] = dict(call.body)


_UNSURE = (
    "The refusal of an organization that the partner did not create is not documented; here "
    "BDC_1123, and BDC_1108 for a missing header."
)

OPERATIONS: tuple[Operation, ...] = (
    _USERS.operations.list(
        "listPartnerUsers", "Get list of users", unsure=FILTERS_UNSURE, **_CALLER
    ),
    replace(
        _USERS.operations.create("createPartnerUser", "Create a user", body=_NEW, **_CALLER),
        handler=_create,
        unsure="The guides require `lastName` too, the reference does not; it may be absent. Not "
        "documented: the refusal of a username that is taken and of an unknown roleId; here "
        "BDC_1119. `username` and `externalReferenceId` are not answered. " + _UNSURE,
    ),
    _USERS.operations.get("getPartnerUser", "Get user details", unsure=_UNSURE, **_CALLER),
    _USERS.operations.update(
        "updatePartnerUser", "Update a user", body=_FIELDS, unsure=_UNSURE, **_CALLER
    ),
    _USERS.operations.archive(
        "archivePartnerUser",
        "Archive a user",
        unsure="The last administrator may be archived too: an organization of a partner may have "
        "no user at all. " + _UNSURE,
        **_CALLER,
    ),
    _USERS.operations.restore(
        "restorePartnerUser", "Restore an archived user", unsure=_UNSURE, **_CALLER
    ),
    _ROLES.operations.list(
        "listPartnerUserRoles", "Get list of user roles", unsure=FILTERS_UNSURE, **_CALLER
    ),
    _ROLES.operations.get("getPartnerUserRole", "Get user role details", unsure=_UNSURE, **_CALLER),
    Operation(
        "POST",
        f"{V3}/partner/risk-verifications/{{userId}}/phone",
        "createPhone",
        "Add a phone for the risk verification",
        _add_phone,
        area=_AREA,
        body=_PHONE,
        unsure="Of the values of phoneType BILL's sample shows MOBILE; any text is taken. A second "
        "phone takes the place of the first. " + _UNSURE,
        **_CALLER,
    ),
)
