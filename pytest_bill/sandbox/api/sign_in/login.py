"""Signing in and out, the details of a session, and the organizations that it may enter.

Pages: https://developer.bill.com/docs/bill-keys-tokens,
https://developer.bill.com/reference/login, and /partnerlogin, /loginasuser, /logout,
/getsessioninfo, /listallorganizations and /gethealthcheck beside it,
https://developer.bill.com/docs/bill-accountant-console-operations,
https://developer.bill.com/docs/partner-users.

The answers are those of the samples of BILL's Postman collection
(https://developer.bill.com/docs/bill-v3-api-in-postman).

The order of the checks is not documented: first what is missing, then the key, then how often it
signed in, then whether the user name is locked, then user and password, then the organization. BILL
issues a developer key for any of a developer's organizations and users; here each user signs in
with one key only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.core import errors, health
from pytest_bill.sandbox.core.access import is_same
from pytest_bill.sandbox.core.fields import Boolean, Field, Object, Text
from pytest_bill.sandbox.core.limits import SIGN_INS_AN_HOUR
from pytest_bill.sandbox.core.mfa import LONGEST_DEVICE
from pytest_bill.sandbox.core.operations import V3, Call, Caller, Operation, Query, listing, many_of
from pytest_bill.sandbox.core.records import Record
from pytest_bill.sandbox.core.sessions import Kind, Session
from pytest_bill.sandbox.core.state import SandboxState

_AREA = "Sign-in"

_DEVICE: Mapping[str, Field] = {"rememberMeId": Text(), "device": Text(longest=LONGEST_DEVICE)}
_LOGIN: Mapping[str, Field] = {
    "devKey": Text(required=True),
    "username": Text(required=True),
    "password": Text(required=True, unless="consoleApiToken"),
    "consoleApiToken": Text(),
    "organizationId": Text(required=True),
    **_DEVICE,
}
_PARTNER_LOGIN: Mapping[str, Field] = {
    "appKey": Text(required=True),
    "username": Text(required=True),
    "password": Text(required=True),
}
_AS_USER: Mapping[str, Field] = {
    "organizationId": Text(required=True),
    "userId": Text(required=True),
    **_DEVICE,
}
_SIGNED_IN = Object(
    {
        "sessionId": Text(required=True),
        "organizationId": Text(required=True),
        "userId": Text(required=True),
        "trusted": Boolean(required=True),
    }
)
_NAMED: Mapping[str, Field] = {"id": Text(required=True), "name": Text(required=True)}


@dataclass(frozen=True, repr=False)
class User:
    """Someone who can sign in to an organization; ``secret_field`` is where v3 takes the secret."""

    kind: Kind
    name: str
    secret: str
    secret_field: str
    organization_id: str
    key: str


def _login(call: Call) -> Record:
    body = call.body
    secret_field = "consoleApiToken" if body.get("consoleApiToken") else "password"
    users = find_users(
        call.state,
        key=body["devKey"],
        name=body["username"],
        secrets={secret_field: body[secret_field]},
    )
    session = sign_in_as_one_of(
        call.state,
        users,
        body["organizationId"],
        remember_me_id=body.get("rememberMeId", ""),
        device=body.get("device", ""),
    )
    return _session_details(session)


def _partner_login(call: Call) -> Record:
    state, credentials = call.state, call.state.credentials
    name = call.body["username"]
    if not is_same(call.body["appKey"], credentials.partner_app_key):
        raise errors.invalid_developer_key()
    state.limits.count(f"sign-ins of {credentials.partner_app_key}", SIGN_INS_AN_HOUR)
    state.locks.require_open(name)
    if name != credentials.partner_username:
        raise errors.wrong_user_or_password()
    if not is_same(call.body["password"], credentials.partner_password):
        state.locks.failed(name)
        raise errors.wrong_user_or_password()
    state.locks.signed_in(name)
    session = state.sessions.open(
        Kind.PARTNER, key=credentials.partner_app_key, user_id=state.user_ids[Kind.PARTNER]
    )
    return {"sessionId": session.id}


def _login_as_user(call: Call) -> Record:
    state = call.state
    organization_id, user_id = call.body["organizationId"], call.body["userId"]
    if organization_id not in state.table("partner", "organizations"):
        raise errors.invalid_organization()
    user = state.table(organization_id, "users").get(user_id)
    if user is None or user.get("archived"):
        raise errors.no_active_user(user_id, organization_id)
    session = state.sessions.open(
        Kind.DEVELOPER_KEY,
        key=state.credentials.dev_key,
        user_id=user_id,
        organization_id=organization_id,
        trusted=state.mfa.remembers(
            user_id, call.body.get("rememberMeId", ""), call.body.get("device", "")
        ),
    )
    return {"sessionId": session.id, "trusted": session.trusted}


def _logout(call: Call) -> None:
    call.state.sessions.close(call.who)


def _session_info(call: Call) -> Record:
    session, mfa = call.who, call.state.mfa
    untrusted = "INCOMPLETE" if mfa.required else "DISABLED"
    return {
        "organizationId": session.organization_id,
        "userId": session.user_id,
        "mfaStatus": "COMPLETE" if session.trusted else untrusted,
        "mfaBypass": not mfa.required,
    }


def _organizations(call: Call) -> Record:
    session = call.who
    if session.kind is not Kind.CONSOLE_TOKEN:
        return listing(call, [_entered(call, session.organization_id)], {})
    parent = call.table("consoleOrganizations")["parent"]
    clients = [
        {**_entered(call, client), "consoleOrganization": parent}
        for client in call.state.client_ids
    ]
    return listing(call, clients, {})


def _entered(call: Call, organization_id: str) -> Record:
    return {"id": organization_id, "name": organizations.name_of(call.state, organization_id)}


def find_users(
    state: SandboxState, *, key: str, name: str, secrets: Mapping[str, str]
) -> list[User]:
    """Who has this developer key, name and secret; ``secrets`` are the given ones by their field.

    Raises BillError if nobody has, and counts the sign-in.
    """
    with_key = [user for user in _users(state) if is_same(key, user.key)]
    if not with_key:
        raise errors.invalid_developer_key()
    state.limits.count(f"sign-ins of {key}", SIGN_INS_AN_HOUR)
    state.locks.require_open(name)
    named = [user for user in with_key if user.name == name]
    found = [user for user in named if is_same(secrets.get(user.secret_field, ""), user.secret)]
    if not found:
        if named:
            state.locks.failed(name)
        raise errors.wrong_user_or_password()
    state.locks.signed_in(name)
    return found


def sign_in_as_one_of(
    state: SandboxState,
    users: Sequence[User],
    organization_id: str,
    *,
    remember_me_id: str,
    device: str,
) -> Session:
    """A session of the one of ``users`` who belongs to the organization.

    It is trusted if the user's device is remembered; a sync token's never is.
    """
    for user in users:
        if user.organization_id == organization_id:
            user_id = state.user_ids[user.kind]
            remembered = state.mfa.remembers(user_id, remember_me_id, device)
            return state.sessions.open(
                user.kind,
                key=user.key,
                user_id=user_id,
                organization_id=organization_id,
                trusted=remembered and user.kind is not Kind.SYNC_TOKEN,
            )
    raise errors.invalid_organization()


def fill(call: Call) -> None:
    """The accounting firm that the Console's client organizations belong to."""
    parent = {"id": call.state.ids.new("008"), "name": "Copper Ledger Accountants"}
    for client in call.state.client_ids:
        call.state.table(client, "consoleOrganizations")["parent"] = parent


def _session_details(session: Session) -> Record:
    return {
        "sessionId": session.id,
        "organizationId": session.organization_id,
        "userId": session.user_id,
        "trusted": session.trusted,
    }


def _users(state: SandboxState) -> list[User]:
    credentials = state.credentials
    return [
        User(
            Kind.DEVELOPER_KEY,
            credentials.username,
            credentials.password,
            "password",
            credentials.organization_id,
            credentials.dev_key,
        ),
        User(
            Kind.SYNC_TOKEN,
            credentials.sync_token_name,
            credentials.sync_token_value,
            "password",
            credentials.sync_organization_id,
            credentials.sync_dev_key,
        ),
        *(
            User(
                Kind.CONSOLE_TOKEN,
                credentials.console_admin_email,
                credentials.console_api_token,
                "consoleApiToken",
                client,
                credentials.console_dev_key,
            )
            for client in state.client_ids
        ),
    ]


OPERATIONS: tuple[Operation, ...] = (
    Operation(
        "POST",
        f"{V3}/login",
        "login",
        "Sign in with a developer key, a sync token or a Console token",
        _login,
        caller=Caller.ANYONE,
        area=_AREA,
        body=_LOGIN,
        answer=_SIGNED_IN,
        unsure="An MFA id that is unknown, expired or another device's gives a session that is "
        "not trusted, as public clients report of the step-up. A user name is locked (BDC_1110) "
        "after 10 wrong passwords in a row. The order of the checks is not documented: here what "
        "is missing, the key, how often it signed in, the lock, user and password, the "
        "organization. Each user of the sandbox signs in with one key only.",
    ),
    Operation(
        "POST",
        f"{V3}/logout",
        "logout",
        "Sign out, of a partner's session too",
        _logout,
        caller=Caller.SIGNED_IN,
        area=_AREA,
    ),
    Operation(
        "GET",
        f"{V3}/login/session",
        "getSessionInfo",
        "The session's organization, user and MFA status",
        _session_info,
        area=_AREA,
        answer=Object(
            {
                "organizationId": Text(required=True),
                "userId": Text(required=True),
                "mfaStatus": Text(required=True, choices=("COMPLETE", "INCOMPLETE", "DISABLED")),
                "mfaBypass": Boolean(required=True),
            }
        ),
        unsure="BILL's changelog names DISABLED for an organization without MFA, and mfaBypass for "
        "a developer key without it; public clients report COMPLETE and INCOMPLETE of others.",
    ),
    Operation(
        "GET",
        f"{V3}/login/organizations",
        "listAllOrganizations",
        "The organizations that the session's user may enter, with the console above them",
        _organizations,
        area=_AREA,
        query=(Query("page"),),
        answer=many_of(Object({**_NAMED, "consoleOrganization": Object(_NAMED)})),
        unsure="The fields of an answer are not documented; id, name and consoleOrganization are "
        "the sandbox's guess.",
    ),
    Operation(
        "GET",
        f"{V3}/health",
        "getHealthCheck",
        "The application, its version and where it runs",
        lambda _call: health.ANSWER,
        caller=Caller.ANYONE,
        area=_AREA,
        answer=health.FIELDS,
        unsure="What BILL answers with is not documented; the values are the sandbox's own.",
    ),
    Operation(
        "POST",
        f"{V3}/partner/login",
        "partnerLogin",
        "Sign in as a partner",
        _partner_login,
        caller=Caller.ANYONE,
        area=_AREA,
        body=_PARTNER_LOGIN,
        answer=Object({"sessionId": Text(required=True)}),
    ),
    Operation(
        "POST",
        f"{V3}/partner/login-as-user",
        "loginAsUser",
        "Sign in as a user of an organization that the partner created",
        _login_as_user,
        caller=Caller.PARTNER,
        area=_AREA,
        body=_AS_USER,
        answer=Object({"sessionId": Text(required=True), "trusted": Boolean(required=True)}),
        unsure="The session is used with a developer key, which the sign-in does not take: here "
        "with the one of the sandbox's developer. Which code an unknown or archived user is "
        "refused with is not documented: here BDC_1111.",
    ),
)
"""Signing in and out in v3; see ``api.v2.sign_in`` for v2."""
