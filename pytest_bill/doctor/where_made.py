"""Where in BILL's web app each credential is made, looked up and replaced.

As BILL's pages say it; each is named in its line. Of the Accountant Console's menus no copy of the
page's steps was to be found, so its line names the page alone.
"""

from __future__ import annotations

from collections.abc import Mapping

from pytest_bill.credentials import kinds

_DOCS = "https://developer.bill.com/docs"

WHERE_MADE: Mapping[str, str] = {
    kinds.DEVELOPER_KEY.key: (
        "In BILL's web app: Settings > Sync & Integrations > Manage Developer Keys; the "
        f"organization's id is at the bottom of that page. See {_DOCS}/api-sandbox-sign-up."
    ),
    kinds.SYNC_TOKEN.key: (
        "In BILL's web app: Settings > Sync & Integrations > Tokens; the name that you give it is "
        f"the user name, the token the password. See {_DOCS}/token-based-sign-in."
    ),
    kinds.CONSOLE_API_TOKEN.key: (
        "In the Accountant Console; organization and developer key are those of the client. See "
        f"{_DOCS}/bill-accountant-console-operations."
    ),
    kinds.SPEND_API_TOKEN.key: (
        "In Spend & Expense: your profile > Settings > API tokens > Generate new token; it is "
        f"shown once. See {_DOCS}/authentication-with-api-token."
    ),
    kinds.PARTNER_APP_KEY.key: (
        f"BILL gives it to partners: ask your account manager. See {_DOCS}/bill-partner-operations."
    ),
    kinds.OAUTH_CLIENT.key: (
        "Make a developer app in BILL's web app: it has a client ID and a client secret. See "
        f"{_DOCS}/oauth-client-credentials."
    ),
}
"""By the ``key`` of the credential's kind."""


def where_made(kind: kinds.Kind) -> str:
    """Where what it signs in with is made: with OAuth, also in place of another credential."""
    return WHERE_MADE[kinds.OAUTH_CLIENT.key if kind.is_oauth else kind.key]
