"""What to do next where BILL answers with an error that people stumble over.

Sources: the codes and what to do are those of https://developer.bill.com/docs/faq,
https://developer.bill.com/docs/common-api-error-codes and
https://developer.bill.com/docs/api-rate-limits, those of payments' dates what
https://developer.bill.com/docs/ap-payments and https://developer.bill.com/reference/createvendor
say, with the codes that public clients report; which credential is for which paths that of
https://developer.bill.com/docs/bill-keys-tokens and
https://developer.bill.com/docs/oauth-client-credentials; how v2 takes its fields that of
https://developer.bill.com/v2/docs/api-request-format. Not documented: the code where the scope of a
developer app leaves something out.
"""

from __future__ import annotations

from collections.abc import Collection
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import urlsplit

from pytest_bill.exceptions import Problem
from pytest_bill.patterns import late_pattern

if TYPE_CHECKING:
    import requests

_KNOWN = late_pattern(r".*?(/connect/v3/|/api/v2/|/connect-events/v3/|/AttachDownload|Servlet)")
_TWICE = late_pattern(r".*?/connect(/connect/|/api/v2/)")
_SPEND, _PARTNER, _V3 = "/connect/v3/spend/", "/connect/v3/partner/", "/connect/v3/"
_SPEND_KEY, _PARTNER_KEY, _SYNC_KEY = "spend_api_token", "partner_app_key", "sync_token"
_WEBHOOKS, _V2 = "/connect-events/", "/api/v2/"
_REFUSALS = frozenset({400, 401, 403, 404})
_SIGN_INS = ("/connect/v3/login", "/connect/v3/logout", "/connect/v3/partner/login")

_NEVER_BY_SYNC = (
    "An AP/AR sync token neither pays nor changes what needs MFA: ask with bill_dev_session.\n"
    "https://developer.bill.com/docs/token-based-sign-in"
)
_NEVER_BY_SCOPE = (
    "A developer app with Accounting data access neither pays nor changes what needs MFA, and its "
    "scope cannot be changed: make one with Full access.\n"
    "https://developer.bill.com/docs/oauth-api-scope-capabilities"
)
FEWER_AT_ONCE = (
    "At most three calls of a developer key and an organization run at once: wait until one is "
    "done, or let a semaphore of three hold the others."
)
"""What to do where BILL refuses a call that is one too many at once."""
_BY_CODE = {
    "BDC_1361": (
        "The operation needs an MFA-trusted session: run pytest-bill trust for the developer key, "
        "or answer a challenge in the session (POST /v3/mfa/challenge and "
        "/v3/mfa/challenge/validate).\n"
        "https://developer.bill.com/reference/generatechallenge"
    ),
    "BDC_1322": f"{FEWER_AT_ONCE}\nhttps://developer.bill.com/docs/api-rate-limits",
    "BDC_1144": (
        "All calls are refused until the next hour begins: ask less often, or reuse a session.\n"
        "https://developer.bill.com/docs/api-rate-limits"
    ),
    "BDC_1152": (
        "processDate is a US business day, today or later: leave it out, and BILL takes the next.\n"
        "https://developer.bill.com/docs/ap-payments"
    ),
    "BDC_1402": (
        "BILL verifies a vendor's new bank account for two business days: set processDate to the "
        "second from now.\n"
        "https://developer.bill.com/reference/createvendor"
    ),
    "BDC_1102": (
        "Check {variables}: that it is whole, not expired, and of this environment. BILL's sandbox "
        "and production share no keys."
    ),
    "BDC_1101": (
        "Check user name and password, or the token: that they are whole, and of this environment. "
        "BILL's sandbox and production share no users."
    ),
    "BDC_1123": (
        "The organization is none of the signed-in user's, or of another environment: check its "
        "id, with GET /v3/login/organizations."
    ),
}
"""By BILL's code, the most telling first."""


class AskedWith(Protocol):
    """What has to be known of a credential: a ``Kind`` has it."""

    @property
    def key(self) -> str:
        """Its name in files."""

    @property
    def fixture(self) -> str:
        """The fixture that signs in with it."""

    @property
    def variables(self) -> tuple[Any, ...]:
        """Its variables, each with ``name`` and ``role``."""

    @property
    def is_oauth(self) -> bool:
        """Whether OAuth client credentials sign in, of its own or in place of another's."""


def advice(
    response: requests.Response, problems: Collection[Problem], asked_with: AskedWith | None
) -> str:
    """What to do, in a line or two; empty where there is nothing to say.

    ``asked_with`` is the credential that the request was sent with, where that is known.
    """
    path = urlsplit(response.url or "").path
    codes = {problem.code for problem in problems}
    return (
        _of_path(path, response.status_code)
        or _of_credential(response.url or "", response.status_code, asked_with)
        or _of_form(path, response)
        or _of_v2(path, codes, asked_with)
        or _of_codes(codes, asked_with)
    )


def _of_path(path: str, status: int) -> str:
    if status != 404:
        return ""
    if _TWICE.match(path):
        return (
            "Write the path as BILL's reference does: /v3/… or /v2/…, without /connect or /api, "
            "which are part of the address already."
        )
    if not _KNOWN.match(path):
        return "BILL's paths begin with /v3 (or /v2): /v3/vendors, say."
    return ""


def _of_credential(url: str, status: int, asked_with: AskedWith | None) -> str:
    if asked_with is None or (status not in _REFUSALS and _V2 not in url):
        return ""
    wanted = wanted_instead(url, asked_with)
    if wanted.endswith(f" {asked_with.fixture}"):  # which signs in otherwise
        return f"{wanted} that signs in with it: --bill-sign-in=developer=v3."
    return f"{wanted}, not {asked_with.fixture}." if wanted else ""


def wanted_instead(url: str, asked_with: AskedWith) -> str:
    """Which credential a path takes, in words, where it is another one than it was asked with.

    An OAuth access token is for AP, AR and Spend & Expense alike, whichever fixture has it, and not
    for partners and webhooks.
    """
    path, key = urlsplit(url).path, asked_with.key
    if _WEBHOOKS in path and asked_with.is_oauth:
        return "Webhooks take the developer key: ask with bill_dev_session"
    if _SPEND in path:
        if key == _SPEND_KEY or asked_with.is_oauth:
            return ""
        return "Spend & Expense takes the Spend & Expense API token: ask with bill_spend_client"
    if _PARTNER in path:
        if key == _PARTNER_KEY:
            return ""
        return "Partner operations take the partner app key: ask with bill_partner_session"
    if asked_with.is_oauth:
        return ""
    if key not in (_SPEND_KEY, _PARTNER_KEY):
        return ""
    if _V2 in path:
        return "v2 takes a session of an organization: ask with bill_dev_session"
    if _V3 in path and not path.endswith(_SIGN_INS):
        return "AP and AR take a session of an organization: ask with bill_dev_session"
    return ""


def _of_form(path: str, response: requests.Response) -> str:
    if _V2 not in path or response.request is None:
        return ""
    kind = response.request.headers.get("Content-Type", "")
    if isinstance(kind, bytes):
        kind = kind.decode("latin-1")
    if "json" not in kind:
        return ""
    return 'v2 takes a form, with the object as JSON in it: data={"data": json.dumps({…})}'


def _of_v2(path: str, codes: Collection[str], asked_with: AskedWith | None) -> str:
    if asked_with is None or not asked_with.is_oauth or _V2 not in path:
        return ""
    if not any(code in codes for code in ("BDC_1102", "BDC_1109")):
        return ""
    return (
        "Whether v2 takes an OAuth access token is not documented: ask with the session of a "
        "developer key (bill_dev_session, --bill-sign-in=developer=v3)."
    )


def _of_codes(codes: Collection[str], asked_with: AskedWith | None) -> str:
    for code, line in _BY_CODE.items():
        if code in codes:
            if code == "BDC_1361" and asked_with is not None:
                if asked_with.is_oauth:
                    return _NEVER_BY_SCOPE
                if asked_with.key == _SYNC_KEY:
                    return _NEVER_BY_SYNC
            return line.format(variables=_variables(asked_with))
    return ""


def _variables(asked_with: AskedWith | None) -> str:
    if asked_with is None:
        return "the key"
    return " and ".join(
        each.name for each in asked_with.variables if each.role == "key" or asked_with.is_oauth
    )
