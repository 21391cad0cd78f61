"""Partner operations: organizations that a partner created, their users and their user roles.

Pages: https://developer.bill.com/docs/bill-partner-operations,
https://developer.bill.com/docs/partner-organizations, https://developer.bill.com/docs/partner-users,
https://developer.bill.com/reference-link/createorganization,
https://developer.bill.com/hc/reference/createpartneruser, and /listpartnerorganizations,
/listpartnerusers, /getpartneruserrole and /archivepartneruser beside it.

Every call takes the headers `sessionId` (of POST /v3/partner/login) and `appKey`; those for users
and roles also take `organizationId`. A created organization has no user yet, and BILL's six default
roles. Lists answer `results`, `nextPage` and `prevPage`, and take `max`, `sort`, `filters`, `page`.

An organization is answered as `id`, `archived`, the fields that it was created with, `createdTime`
and `updatedTime`; a user as `id`, `archived`, `firstName`, `lastName`, `email`, `role` (`id` and
`type`), `createdTime` and `updatedTime`, as public clients see the users of /v3/users.

BILL's guides and reference disagree on what is required: the guides add `phone` and `lastName`. The
reference is followed.

Not documented, and chosen here: HTTP 201 for a creation (v3 answers 200 or 201 on success,
https://developer.bill.com/docs/v3-api-response-changes); HTTP 400 with BDC_1108 for a missing
`organizationId` header and with BDC_1123 for an organization that the partner did not create; 404
with BDC_1120 for an unknown user or role; 400 with BDC_1119 for a value that is too long, a user
name that is taken and an unknown `roleId`; and the fields to filter and sort by. Whether answers
hold `username` and `externalReferenceId` is not documented either: here they do not.
"""

from __future__ import annotations

from collections.abc import Mapping

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.access import require_partner_session
from pytest_bill.sandbox.bodies import (
    ADDRESS,
    Boolean,
    Date,
    Field,
    Object,
    Text,
    check,
    json_object,
)
from pytest_bill.sandbox.lists import FLAG, IDS, TIMES, Filterable, one_of, page
from pytest_bill.sandbox.records import Record, Table
from pytest_bill.sandbox.state import SandboxState

_OWNER = "partner"
_CREATED = 201
_SAME_ADDRESS = "mailingAddressSameAsPhysical"

_ORGANIZATION: Mapping[str, Field] = {
    "name": Text(required=True),
    "address": Object(ADDRESS, required=True),
    "mailingAddress": Object(ADDRESS),
    "phone": Text(),
    "companyOwner": Object({"name": Text(), "dateOfBirth": Date()}),
    "taxId": Text(),
    "taxIdType": Text(),
    "industry": Text(),
    "businessCategory": Text(),
    "accountType": Text(),
}
_ORGANIZATION_LENGTHS = {"name": 100, "industry": 500}
_USER: Mapping[str, Field] = {
    "firstName": Text(required=True),
    "lastName": Text(),
    "email": Text(required=True),
    "roleId": Text(),
}
_NEW_USER: Mapping[str, Field] = {
    **_USER,
    "username": Text(required=True),
    "externalReferenceId": Text(),
    "acceptTermsOfService": Boolean(required=True),
}
_USER_LENGTHS = {"firstName": 100, "lastName": 100, "username": 40}
_DEFAULT_ROLE = "ADMINISTRATOR"
_ROLES = (_DEFAULT_ROLE, "ACCOUNTANT", "APPROVER", "PAYER", "CLERK", "AUDITOR")

_COMMON_FILTERS = {"id": IDS, "archived": FLAG, "createdTime": TIMES, "updatedTime": TIMES}
_ORGANIZATION_FILTERS = {**_COMMON_FILTERS, "name": Filterable(("eq", "sw"))}
_ROLE_FILTERS = {"id": IDS, "type": one_of(*_ROLES)}


def routes(state: SandboxState) -> list[BaseRoute]:
    """Organizations, users and roles at the level of the partner."""
    organizations = state.table(_OWNER, "organizations")
    usernames = state.table(_OWNER, "usernames")

    async def create_organization(request: Request) -> Response:
        """POST /v3/partner/organizations: the organization with its id, which begins with 008."""
        require_partner_session(request, state)
        body = await json_object(request)
        options = {"processingOptions": Object({_SAME_ADDRESS: _same_address_field(body)})}
        given = check(body, {**_ORGANIZATION, **options})
        _check_lengths(given, _ORGANIZATION_LENGTHS)
        chosen = given.pop("processingOptions", {})
        if chosen.get(_SAME_ADDRESS) in (True, "true"):
            given["mailingAddress"] = given["address"]
        organization = _record(state, "008", given)
        organizations[organization["id"]] = organization
        roles = state.table(organization["id"], "roles")
        for role_type in _ROLES:
            role_id = state.ids.new("0po")
            roles[role_id] = {"id": role_id, "type": role_type}
        return JSONResponse(organization, _CREATED)

    async def list_organizations(request: Request) -> Response:
        """GET /v3/partner/organizations: those that the partner created."""
        require_partner_session(request, state)
        return JSONResponse(page(request, organizations.values(), _ORGANIZATION_FILTERS))

    async def create_user(request: Request) -> Response:
        """POST /v3/partner/users: the user with an id that begins with 006.

        `username` is unique whatever its case, and has at most 40 characters.
        """
        organization_id = require_organization(request)
        given = check(await json_object(request), _NEW_USER)
        _check_lengths(given, _USER_LENGTHS)
        role = _role(state, organization_id, given.pop("roleId", None))
        username = given.pop("username")
        if username.casefold() in usernames:
            raise errors.bad_request(errors.invalid_value("username", username))
        shown = {name: value for name, value in given.items() if name in _USER}
        user = _record(state, "006", {**shown, "role": role})
        usernames[username.casefold()] = {"userId": user["id"]}
        state.table(organization_id, "users")[user["id"]] = user
        return JSONResponse(user, _CREATED)

    async def list_users(request: Request) -> Response:
        """GET /v3/partner/users: the organization's users, archived ones too."""
        users = state.table(require_organization(request), "users")
        return JSONResponse(page(request, users.values(), _COMMON_FILTERS))

    async def get_user(request: Request) -> Response:
        """GET /v3/partner/users/{userId}."""
        users = state.table(require_organization(request), "users")
        return JSONResponse(_find(users, request))

    async def update_user(request: Request) -> Response:
        """PATCH /v3/partner/users/{userId}: `firstName`, `lastName`, `email`, `roleId`."""
        organization_id = require_organization(request)
        user = _find(state.table(organization_id, "users"), request)
        given = check(await json_object(request), _USER, partial=True)
        _check_lengths(given, _USER_LENGTHS)
        if "roleId" in given:
            given["role"] = _role(state, organization_id, given.pop("roleId"))
        user.update(given, updatedTime=state.timestamp())
        return JSONResponse(user)

    async def archive_user(request: Request) -> Response:
        """POST /v3/partner/users/{userId}/archive: no change to a user who is archived already."""
        return set_archived(request, archived=True)

    async def restore_user(request: Request) -> Response:
        """POST /v3/partner/users/{userId}/restore: no change to a user who is not archived."""
        return set_archived(request, archived=False)

    def set_archived(request: Request, *, archived: bool) -> Response:
        user = _find(state.table(require_organization(request), "users"), request)
        if user["archived"] != archived:
            user.update(archived=archived, updatedTime=state.timestamp())
        return JSONResponse(user)

    async def list_roles(request: Request) -> Response:
        """GET /v3/partner/roles: `id`, which begins with 0po, and `type`."""
        roles = state.table(require_organization(request), "roles")
        return JSONResponse(page(request, roles.values(), _ROLE_FILTERS))

    async def get_role(request: Request) -> Response:
        """GET /v3/partner/roles/{roleId}."""
        roles = state.table(require_organization(request), "roles")
        return JSONResponse(_find(roles, request))

    def require_organization(request: Request) -> str:
        """The id in the header `organizationId`, once the session is known to be the partner's."""
        require_partner_session(request, state)
        organization_id = request.headers.get("organizationId", "")
        if not organization_id:
            raise errors.bad_request(errors.missing_parameter("organizationId"))
        if organization_id not in organizations:
            raise errors.invalid_organization()
        return organization_id

    base = "/connect/v3/partner"
    return [
        Route(f"{base}/organizations", create_organization, methods=["POST"]),
        Route(f"{base}/organizations", list_organizations, methods=["GET"]),
        Route(f"{base}/users", create_user, methods=["POST"]),
        Route(f"{base}/users", list_users, methods=["GET"]),
        Route(f"{base}/users/{{id}}", get_user, methods=["GET"]),
        Route(f"{base}/users/{{id}}", update_user, methods=["PATCH"]),
        Route(f"{base}/users/{{id}}/archive", archive_user, methods=["POST"]),
        Route(f"{base}/users/{{id}}/restore", restore_user, methods=["POST"]),
        Route(f"{base}/roles", list_roles, methods=["GET"]),
        Route(f"{base}/roles/{{id}}", get_role, methods=["GET"]),
    ]


def _same_address_field(body: Record) -> Field:
    """How the flag is to be checked: BILL's own sample sends this boolean as a string."""
    options = body.get("processingOptions")
    as_text = isinstance(options, dict) and isinstance(options.get(_SAME_ADDRESS), str)
    return Text(choices=("true", "false")) if as_text else Boolean()


def _check_lengths(given: Record, lengths: Mapping[str, int]) -> None:
    problems = [
        errors.invalid_value(name, given[name])
        for name, longest in lengths.items()
        if len(given.get(name, "")) > longest
    ]
    if problems:
        raise errors.bad_request(*problems)


def _record(state: SandboxState, prefix: str, fields: Record) -> Record:
    now = state.timestamp()
    return {
        "id": state.ids.new(prefix),
        "archived": False,
        **fields,
        "createdTime": now,
        "updatedTime": now,
    }


def _role(state: SandboxState, organization_id: str, role_id: str | None) -> Record:
    """The organization's role of that id; its administrator role if no id is given."""
    roles = state.table(organization_id, "roles")
    if role_id is None:
        return next(role for role in roles.values() if role["type"] == _DEFAULT_ROLE)
    if role_id not in roles:
        raise errors.bad_request(errors.invalid_value("roleId", role_id))
    return roles[role_id]


def _find(table: Table, request: Request) -> Record:
    record = table.get(request.path_params["id"])
    if record is None:
        raise errors.no_data_found()
    return record
