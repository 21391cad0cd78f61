"""Signing in and out, and the details of a session.

Pages: https://developer.bill.com/docs/bill-keys-tokens,
https://developer.bill.com/reference/login, https://developer.bill.com/reference/partnerlogin,
https://developer.bill.com/reference/logout, https://developer.bill.com/reference/getsessioninfo,
and for v2 https://developer.bill.com/docs/api-response-format.

The order of the checks is not documented: first what is missing, then the key, then user and
password, then the organization. BILL issues a developer key for any of a developer's organizations
and users; here each user signs in with one key only.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import BaseRoute, Route

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.access import require_partner_session, require_session, same
from pytest_bill.sandbox.bodies import Text, check, form, json_object
from pytest_bill.sandbox.records import Record
from pytest_bill.sandbox.sessions import Kind, Session
from pytest_bill.sandbox.state import SandboxState


@dataclass(frozen=True, repr=False)
class _User:
    """Someone who can sign in to an organization; `secret_field` is where v3 takes the secret."""

    kind: Kind
    name: str
    secret: str
    secret_field: str
    organization_id: str
    key: str


def routes(state: SandboxState) -> list[BaseRoute]:
    """The sign-ins of v3, v2 and partners, signing out, and the session's details."""
    users = _users(state)
    fields = {name: Text() for name in ("devKey", "username", "password", "organizationId")}
    fields |= {name: Text() for name in ("consoleApiToken", "rememberMeId", "device")}
    partner_fields = {name: Text() for name in ("appKey", "username", "password")}

    async def login(request: Request) -> Response:
        """POST /v3/login: `sessionId`, `organizationId`, `userId`, `trusted`.

        The Accountant Console's token goes into `consoleApiToken` in the place of `password`.
        `trusted` is always false: `rememberMeId` comes from an MFA challenge, which the sandbox
        does not have.
        """
        body = check(await json_object(request), fields)
        secret_field = "consoleApiToken" if body.get("consoleApiToken") else "password"
        _require_parameters(body, ("devKey", "username", secret_field, "organizationId"))
        session = _sign_in(
            state,
            users,
            key=body["devKey"],
            name=body["username"],
            secrets={secret_field: body[secret_field]},
            organization_id=body["organizationId"],
        )
        return JSONResponse(
            {
                "sessionId": session.id,
                "organizationId": session.organization_id,
                "userId": session.user_id,
                "trusted": False,
            }
        )

    async def login_v2(request: Request) -> Response:
        """POST /v2/Login.json: an envelope with `sessionId`, `orgId`, `apiEndPoint`, `usersId`."""
        body = await form(request)
        _require_parameters(body, ("devKey", "userName", "password", "orgId"))
        session = _sign_in(
            state,
            users,
            key=body["devKey"],
            name=body["userName"],
            secrets={"password": body["password"], "consoleApiToken": body["password"]},
            organization_id=body["orgId"],
        )
        return JSONResponse(
            {
                "response_status": 0,
                "response_message": "Success",
                "response_data": {
                    "sessionId": session.id,
                    "orgId": session.organization_id,
                    "apiEndPoint": str(request.base_url).rstrip("/") + "/api/v2",
                    "usersId": session.user_id,
                },
            }
        )

    async def partner_login(request: Request) -> Response:
        """POST /v3/partner/login: `sessionId` and `userId` of the partner's user."""
        body = check(await json_object(request), partner_fields)
        _require_parameters(body, tuple(partner_fields))
        credentials = state.credentials
        if not same(body["appKey"], credentials.partner_app_key):
            raise errors.invalid_developer_key()
        if not (
            body["username"] == credentials.partner_username
            and same(body["password"], credentials.partner_password)
        ):
            raise errors.wrong_user_or_password()
        session = state.sessions.open(
            Kind.PARTNER,
            key=credentials.partner_app_key,
            user_id=state.user_ids[Kind.PARTNER],
        )
        return JSONResponse({"sessionId": session.id, "userId": session.user_id})

    async def logout(request: Request) -> Response:
        """POST /v3/logout: HTTP 200 and an empty body, for a partner's session too."""
        require = require_partner_session if "appKey" in request.headers else require_session
        state.sessions.close(require(request, state))
        return Response()

    async def session_details(request: Request) -> Response:
        """GET /v3/login/session: `organizationId`, `userId`, `mfaStatus`, `mfaBypass`.

        The sandbox's organizations have MFA disabled at the level of the developer key, so
        `mfaBypass` is true and `mfaStatus` is DISABLED: this is how BILL lets a session pay that
        went through no MFA challenge (https://developer.bill.com/changelog,
        2024-11-22 "MFA status improvements in the Get API session details endpoint").
        """
        session = require_session(request, state)
        return JSONResponse(
            {
                "organizationId": session.organization_id,
                "userId": session.user_id,
                "mfaStatus": "DISABLED",
                "mfaBypass": True,
            }
        )

    return [
        Route("/connect/v3/login", login, methods=["POST"]),
        Route("/connect/v3/login/session", session_details, methods=["GET"]),
        Route("/connect/v3/logout", logout, methods=["POST"]),
        Route("/connect/v3/partner/login", partner_login, methods=["POST"]),
        Route("/api/v2/Login.json", login_v2, methods=["POST"]),
    ]


def _users(state: SandboxState) -> list[_User]:
    credentials = state.credentials
    return [
        _User(
            Kind.DEVELOPER_KEY,
            credentials.username,
            credentials.password,
            "password",
            credentials.organization_id,
            credentials.dev_key,
        ),
        _User(
            Kind.SYNC_TOKEN,
            credentials.sync_token_name,
            credentials.sync_token_value,
            "password",
            credentials.sync_organization_id,
            credentials.sync_dev_key,
        ),
        _User(
            Kind.CONSOLE_TOKEN,
            credentials.console_admin_email,
            credentials.console_api_token,
            "consoleApiToken",
            credentials.console_organization_id,
            credentials.console_dev_key,
        ),
    ]


def _sign_in(
    state: SandboxState,
    users: Sequence[_User],
    *,
    key: str,
    name: str,
    secrets: Mapping[str, str],
    organization_id: str,
) -> Session:
    """A session for the one user that fits; `secrets` are the given ones by the user's field."""
    with_key = [user for user in users if same(key, user.key)]
    if not with_key:
        raise errors.invalid_developer_key()
    with_secret = [
        user
        for user in with_key
        if name == user.name and same(secrets.get(user.secret_field, ""), user.secret)
    ]
    if not with_secret:
        raise errors.wrong_user_or_password()
    for user in with_secret:
        if organization_id == user.organization_id:
            return state.sessions.open(
                user.kind,
                key=user.key,
                user_id=state.user_ids[user.kind],
                organization_id=organization_id,
            )
    raise errors.invalid_organization()


def _require_parameters(body: Mapping[str, str] | Record, names: Sequence[str]) -> None:
    problems = [errors.missing_parameter(name) for name in names if not body.get(name)]
    if problems:
        raise errors.bad_request(*problems)
