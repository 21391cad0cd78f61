"""Signing in and out, and the details of a session, in BILL's v2 API.

Pages: https://developer.bill.com/v2/reference/auth-login, and /auth-logout, /auth-getsessioninfo
and /search-listorgs beside it, https://developer.bill.com/v2/docs/authentication-overview,
https://developer.bill.com/v2/docs/api-response-format.

The Accountant Console's token and the sync token's value go into ``password``. The MFA id and
device of v3 are ``mfaId`` and ``deviceId`` here. A session of v2 is good for v3 too (the page on
keys and tokens). What Logout, GetSessionInfo and ListOrgs answer is what public clients report.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pytest_bill.sandbox.api.people import organizations
from pytest_bill.sandbox.api.sign_in import login
from pytest_bill.sandbox.api.v2.operations import operation
from pytest_bill.sandbox.core.fields import Field, Many, Object, Text
from pytest_bill.sandbox.core.operations import Call, Caller, Operation
from pytest_bill.sandbox.core.records import Record

_WHO: Mapping[str, Field] = {
    "devKey": Text(required=True),
    "userName": Text(required=True),
    "password": Text(required=True),
}


def _login(call: Call) -> Record:
    session = login.sign_in_as_one_of(
        call.state,
        _users(call),
        call.form["orgId"],
        remember_me_id=call.form.get("mfaId", ""),
        device=call.form.get("deviceId", ""),
    )
    return {
        "sessionId": session.id,
        "orgId": session.organization_id,
        "apiEndPoint": call.request.base_url.rstrip("/") + "/api/v2",
        "usersId": session.user_id,
    }


def _logout(call: Call) -> Record:
    call.state.sessions.close(call.who)
    return {}


def _session_info(call: Call) -> Record:
    return {"organizationId": call.who.organization_id, "userId": call.who.user_id}


def _organizations(call: Call) -> list[Any]:
    return [
        {
            "orgId": user.organization_id,
            "orgName": organizations.name_of(call.state, user.organization_id),
        }
        for user in _users(call)
    ]


def _users(call: Call) -> list[login.User]:
    form = call.form
    secret = form["password"]
    return login.find_users(
        call.state,
        key=form["devKey"],
        name=form["userName"],
        secrets={"password": secret, "consoleApiToken": secret},
    )


OPERATIONS: tuple[Operation, ...] = (
    operation(
        "Login",
        "v2Login",
        "Sign in with a developer key, a sync token or a Console token",
        _login,
        page="auth-login",
        caller=Caller.ANYONE,
        form={**_WHO, "orgId": Text(required=True), "mfaId": Text(), "deviceId": Text()},
        answer=Object(
            {name: Text(required=True) for name in ("sessionId", "orgId", "apiEndPoint", "usersId")}
        ),
    ),
    operation(
        "Logout",
        "v2Logout",
        "Sign out",
        _logout,
        page="auth-logout",
        answer=Object({}),
        unsure="response_data is an empty object here.",
    ),
    operation(
        "GetSessionInfo",
        "v2GetSessionInfo",
        "The session's organization and user",
        _session_info,
        page="auth-getsessioninfo",
        answer=Object({"organizationId": Text(required=True), "userId": Text(required=True)}),
    ),
    operation(
        "ListOrgs",
        "v2ListOrgs",
        "The organizations that a user may sign in to",
        _organizations,
        page="search-listorgs",
        caller=Caller.ANYONE,
        form=_WHO,
        answer=Many(Object({"orgId": Text(required=True), "orgName": Text(required=True)})),
        unsure="BILL's page speaks of the signed-in user; public clients need no session for it.",
    ),
)
"""Signing in and out in v2."""
