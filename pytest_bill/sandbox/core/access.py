"""Who may call: the headers that each part of BILL asks for.

Source: https://developer.bill.com/docs/bill-keys-tokens. AP and AR operations take the headers
``sessionId`` and ``devKey``, partner operations ``sessionId`` and ``appKey``, Spend & Expense
operations ``apiToken`` and no sign-in at all. An OAuth access token alone opens the first and the
last of these, not the Console's, partners' or webhooks'
(https://developer.bill.com/docs/oauth-client-credentials); see ``oauth``.

Which refusal comes for a missing header is not documented. Here a missing or unknown key is
BDC_1102, a key of BILL's own sandbox or of production among them (see BILL's FAQ), and every other
mismatch, a session under another known key among them, is BDC_1109. So a partner's session and app
key open no organization's operation, and a session of an organization no partner's.

What the sync token may not do: any MFA operation, any MFA-protected one, and payments
(https://developer.bill.com/docs/token-based-sign-in). That page ends in a table of permissions, of
which no copy was to be found. Public clients and a public summary report of it: vendors' bank
accounts, paying, canceling and voiding, sending invoices, charging customers and changing users are
forbidden; bills, recurring bills, vendor credits, recorded payments, classifications, customers and
invoices are open, and users may be looked at. Some clients also keep customers' bank accounts,
their authorization to be charged, changes of the organization's bank accounts, of approval
policies, and approving for full access; so does the sandbox. What the table says of anything else
is not known, and open here. The Console token may call everything that a developer's session may
(https://developer.bill.com/docs/bill-accountant-console-operations).

What needs an MFA-trusted session, in production: enabling a vendor's automatic payments or a
recurring bill's, paying, creating a bank account of the organization, and setting up MFA again
(https://developer.bill.com/reference/setup).

Users have roles (https://developer.bill.com/docs/organizations-users), by default administrator.
"""

from __future__ import annotations

import hmac
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from pytest_bill.sandbox.core import errors
from pytest_bill.sandbox.core.http import Request
from pytest_bill.sandbox.core.oauth import Scope
from pytest_bill.sandbox.core.sessions import ORGANIZATION_KINDS, Kind, Session
from pytest_bill.sandbox.core.state import SandboxState

ADMINISTRATOR = "ADMINISTRATOR"
"""The role of a user who was given no other."""


def require_session(request: Request, state: SandboxState) -> Session:
    """The organization-level session that the call is made in, or that of its token."""
    token = token_of(request)
    if token is not None:
        return _session_of(token, state)
    return require_given_session(request.headers, state)


def token_of(request: Request) -> str | None:
    """The OAuth access token that a call is made with; None if there is none."""
    scheme, _, token = request.headers.get("authorization", "").partition(" ")
    return token.strip() if scheme.lower() == "bearer" else None


def require_in_scope(request: Request, operation: str, state: SandboxState) -> None:
    """Refuse an operation that the scope of the call's token leaves out: BDC_1361, as any other.

    BILL documents no refusal for it.
    """
    token = token_of(request)
    if token is not None and state.tokens.leaves_out(token, operation):
        raise errors.untrusted_session()


def _session_of(token: str, state: SandboxState) -> Session:
    scope = state.tokens.require(token)
    credentials = state.credentials
    return Session(
        "",
        Kind.OAUTH,
        credentials.client_id,
        state.user_ids[Kind.DEVELOPER_KEY],
        credentials.organization_id,
        trusted=scope is Scope.FULL,
    )


def require_given_session(given: Mapping[str, str], state: SandboxState) -> Session:
    """The organization-level session of ``sessionId`` and ``devKey``: headers, or v2's form."""
    credentials = state.credentials
    keys = (credentials.dev_key, credentials.sync_dev_key, credentials.console_dev_key)
    return _require(given, state, "devKey", keys, ORGANIZATION_KINDS)


def require_any_session(request: Request, state: SandboxState) -> Session:
    """The session that the call is made in: a partner's if the call has an ``appKey``."""
    require = require_partner_session if "appKey" in request.headers else require_session
    return require(request, state)


def require_any_key(request: Request, state: SandboxState) -> Session:
    """The organization-level session of a request that names no key: of a download."""
    token = token_of(request)
    if token is not None:
        return _session_of(token, state)
    return state.sessions.require(request.headers.get("sessionId", ""), None, ORGANIZATION_KINDS)


def require_partner_session(request: Request, state: SandboxState) -> Session:
    """The partner-level session that the call is made in."""
    keys = (state.credentials.partner_app_key,)
    return _require(request.headers, state, "appKey", keys, {Kind.PARTNER})


def require_subscriber(request: Request, state: SandboxState) -> Session | None:
    """The session that a call of the webhook API is made in; None for Spend & Expense.

    An organization sends ``sessionId`` and ``devKey``, a partner ``sessionId`` and ``appKey``,
    Spend & Expense ``apiToken``. Here BILL documents the statuses
    (https://developer.bill.com/docs/webhook-api-error-responses): 400 for an absent header, 401 for
    a wrong one.
    """
    if "apiToken" in request.headers:
        require_spend_token(request, state)
        return None
    key = "appKey" if "appKey" in request.headers else "devKey"
    absent = [name for name in ("sessionId", key) if not request.headers.get(name)]
    if absent:
        raise errors.bad_request(*map(errors.missing_parameter, absent))
    try:
        if key == "appKey":
            return require_partner_session(request, state)
        return require_session(request, state)
    except errors.BillError as refusal:
        raise errors.BillError(401, refusal.problems) from None


def require_spend_token(request: Request, state: SandboxState) -> None:
    """Refuse a call without the Spend & Expense API token, or an OAuth access token.

    BILL documents no refusal for it; public clients report HTTP 401. Here it is BDC_1109, with 401.
    """
    token = token_of(request)
    if token is not None:
        state.tokens.require(token)
    elif not is_same(request.headers.get("apiToken", ""), state.credentials.spend_api_token):
        raise errors.invalid_session()


def require_rights(
    session: Session,
    state: SandboxState,
    *,
    trusted: bool = False,
    sync: bool = True,
    roles: Sequence[str] = (),
) -> None:
    """Refuse what the session's credential, or its user's role, may not do.

    ``trusted`` operations need an MFA-trusted session where MFA is required; public clients report
    BDC_1361. What a sync token is refused with is not documented; here it is BDC_1361 too.
    ``roles`` are those that may call the operation, if not all may.
    """
    if is_limited(session) and (trusted or not sync):
        raise errors.untrusted_session()
    if trusted and state.mfa.required and not session.trusted:
        raise errors.untrusted_session()
    if roles:
        _require_role(session, state, roles)


def is_limited(session: Session) -> bool:
    """Whether it has a sync token's rights: an app's of Accounting data access has them, too."""
    if session.kind is Kind.OAUTH:
        return not session.trusted
    return session.kind is Kind.SYNC_TOKEN


def _require_role(session: Session, state: SandboxState, roles: Sequence[str]) -> None:
    if not has_role(session, state, roles):
        raise errors.permission_denied(roles)


def has_role(session: Session, state: SandboxState, roles: Collection[str]) -> bool:
    """Whether the session's user, who is not archived, has one of the roles there."""
    user = state.table(session.organization_id, "users").get(session.user_id)
    return user is not None and not user["archived"] and user["role"]["type"] in roles


def require_own_organization(session: Session, organization_id: str) -> None:
    """Refuse another organization than the session's own: BDC_1123."""
    if organization_id != session.organization_id:
        raise errors.invalid_organization()


def in_organization(session: Session, request: Request, state: SandboxState) -> Session:
    """The partner's session, in the organization that the header ``organizationId`` names.

    BDC_1123 for one that the partner did not create; BILL's pages do not say what it answers.
    """
    organization_id = request.headers.get("organizationId", "")
    if organization_id not in state.table("partner", "organizations"):
        raise errors.invalid_organization()
    return replace(session, organization_id=organization_id)


def is_same(given: str, secret: str) -> bool:
    """Whether two secrets are equal, whatever characters they hold."""
    return hmac.compare_digest(given.encode(), secret.encode())


def _require(
    given: Mapping[str, str],
    state: SandboxState,
    key_header: str,
    known_keys: Collection[str],
    kinds: Collection[Kind],
) -> Session:
    key = given.get(key_header, "")
    if not any(is_same(key, known) for known in known_keys):
        raise errors.invalid_developer_key()
    return state.sessions.require(given.get("sessionId", ""), key, kinds)
