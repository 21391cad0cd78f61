"""Who may call: the headers that each part of BILL asks for.

Source: https://developer.bill.com/docs/bill-keys-tokens. AP and AR operations take the headers
`sessionId` and `devKey`, partner operations `sessionId` and `appKey`, Spend & Expense operations
`apiToken` and no sign-in at all.

Which refusal comes for a missing header is not documented. Here a missing or unknown key is
BDC_1102, and every other mismatch, a session under another known key among them, is BDC_1109.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection

from starlette.requests import Request

from pytest_bill.sandbox import errors
from pytest_bill.sandbox.sessions import ORGANIZATION_KINDS, Kind, Session
from pytest_bill.sandbox.state import SandboxState


def require_session(request: Request, state: SandboxState) -> Session:
    """The organization-level session that the call is made in."""
    credentials = state.credentials
    keys = (credentials.dev_key, credentials.sync_dev_key, credentials.console_dev_key)
    return _require(request, state, "devKey", keys, ORGANIZATION_KINDS)


def require_any_key(request: Request, state: SandboxState) -> Session:
    """The organization-level session of a request that names no key: of a download."""
    return state.sessions.require(request.headers.get("sessionId", ""), None, ORGANIZATION_KINDS)


def require_partner_session(request: Request, state: SandboxState) -> Session:
    """The partner-level session that the call is made in."""
    keys = (state.credentials.partner_app_key,)
    return _require(request, state, "appKey", keys, {Kind.PARTNER})


def require_spend_token(request: Request, state: SandboxState) -> None:
    """Refuse a call without the Spend & Expense API token.

    BILL documents no refusal for it; public clients report HTTP 401. Here it is BDC_1109, with 401.
    """
    if not same(request.headers.get("apiToken", ""), state.credentials.spend_api_token):
        raise errors.invalid_session()


def require_rights(session: Session, *, trusted: bool, sync: bool) -> None:
    """Refuse what the session's credential may not do.

    A session that was signed in with a sync token takes part in no MFA-protected operation
    (https://developer.bill.com/docs/token-based-sign-in). Its refusal is not documented; here it is
    BDC_1361, which public clients report for an untrusted session.
    """
    if session.kind is Kind.SYNC_TOKEN and (trusted or not sync):
        raise errors.untrusted_session()


def same(given: str, secret: str) -> bool:
    """Whether two secrets are equal, whatever characters they hold."""
    return hmac.compare_digest(given.encode(), secret.encode())


def _require(
    request: Request,
    state: SandboxState,
    key_header: str,
    known_keys: Collection[str],
    kinds: Collection[Kind],
) -> Session:
    key = request.headers.get(key_header, "")
    if not any(same(key, known) for known in known_keys):
        raise errors.invalid_developer_key()
    return state.sessions.require(request.headers.get("sessionId", ""), key, kinds)
