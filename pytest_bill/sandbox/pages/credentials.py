"""The six credentials as the pages send them: how each signs in, and what its calls carry.

Sources: https://developer.bill.com/docs/bill-keys-tokens and
https://developer.bill.com/docs/oauth-client-credentials.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from pytest_bill.sandbox.api.sign_in import oauth
from pytest_bill.sandbox.core.operations import V3
from pytest_bill.sandbox.core.sessions import Kind

V2_LOGIN = "/api/v2/Login.json"
LOGIN = f"{V3}/login"
PARTNER_LOGIN = f"{V3}/partner/login"


@dataclass(frozen=True, eq=False)
class SentCredential:
    """One of them. Its ``fields`` and ``key`` name attributes of ``Credentials``."""

    name: str
    key_header: str
    """The header that its key is sent in; that of an OAuth token is Authorization."""
    key: str = ""
    login_path: str = ""
    """Where it signs in; empty for the Spend & Expense API token, which needs no sign-in."""
    is_json: bool = True
    fields: Mapping[str, str] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    kind: Kind | None = None
    """Of which kind its sessions are."""
    organization: str = ""
    """The attribute with the organization that it signs in to, and as which field it is sent."""

    @property
    def is_oauth(self) -> bool:
        """Whether what it gets is an access token."""
        return self.kind is Kind.OAUTH


DEVELOPER_KEY = SentCredential(
    "developer key",
    "devKey",
    "dev_key",
    LOGIN,
    fields={
        "username": "username",
        "password": "password",
        "organizationId": "organization_id",
        "devKey": "dev_key",
    },
    kind=Kind.DEVELOPER_KEY,
    organization="organizationId",
)
SYNC_TOKEN = SentCredential(
    "AP/AR sync token",
    "devKey",
    "sync_dev_key",
    LOGIN,
    fields={
        "username": "sync_token_name",
        "password": "sync_token_value",
        "organizationId": "sync_organization_id",
        "devKey": "sync_dev_key",
    },
    kind=Kind.SYNC_TOKEN,
    organization="organizationId",
)
CONSOLE_TOKEN = SentCredential(
    "Accountant Console API token",
    "devKey",
    "console_dev_key",
    V2_LOGIN,
    is_json=False,
    fields={
        "userName": "console_admin_email",  # pytest-bill: allow (the name of an attribute)
        "password": "console_api_token",
        "orgId": "console_organization_id",
        "devKey": "console_dev_key",
    },
    kind=Kind.CONSOLE_TOKEN,
    organization="orgId",
)
SPEND_TOKEN = SentCredential("Spend & Expense API token", "apiToken", "spend_api_token")
PARTNER_KEY = SentCredential(
    "partner app key",
    "appKey",
    "partner_app_key",
    PARTNER_LOGIN,
    fields={
        "username": "partner_username",
        "password": "partner_password",
        "appKey": "partner_app_key",
    },
    kind=Kind.PARTNER,
)
OAUTH_CLIENT = SentCredential(
    "OAuth client credentials",
    "Authorization",
    login_path=oauth.PATH,
    is_json=False,
    fields={"client_id": "client_id", "client_secret": "client_secret"},
    constants={"grant_type": "client_credentials"},
    kind=Kind.OAUTH,
)
ALL = (DEVELOPER_KEY, SYNC_TOKEN, CONSOLE_TOKEN, SPEND_TOKEN, PARTNER_KEY, OAUTH_CLIENT)
BY_NAME = {each.name: each for each in ALL}
