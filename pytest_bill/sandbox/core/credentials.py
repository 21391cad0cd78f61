"""The six credentials of one sandbox, freshly made, under the names of their variables.

What they are: https://developer.bill.com/docs/bill-keys-tokens. An organization id is a unique
alphanumeric value that begins with 008 (https://developer.bill.com/docs/api-sandbox-sign-in).

The sync token belongs to the developer key's organization but comes with a developer key of its
own, the app partner's. The Accountant Console's client organization is another one, the first of
several. The OAuth
client credentials are those of a developer app that the developer key's user made
(https://developer.bill.com/docs/oauth-client-credentials).
"""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass, fields

from pytest_bill.patterns import late_pattern
from pytest_bill.sandbox.core.ids import Ids

_IS_SECRET = late_pattern("password|key|api_token|token_value|client_secret")


@dataclass(frozen=True, repr=False)
class Credentials:
    """Every variable's value; an attribute is its variable in lower case, without BILL_."""

    username: str
    password: str
    organization_id: str
    dev_key: str
    sync_token_name: str
    sync_token_value: str
    sync_organization_id: str
    sync_dev_key: str
    console_admin_email: str
    console_api_token: str
    console_organization_id: str
    console_dev_key: str
    spend_api_token: str
    partner_username: str
    partner_password: str
    partner_app_key: str
    client_id: str
    client_secret: str

    @property
    def secrets(self) -> set[str]:
        """The passwords, keys and tokens; names of users and organizations are none."""
        return {getattr(self, f.name) for f in fields(self) if _IS_SECRET.search(f.name)}

    @property
    def variables(self) -> dict[str, str]:
        """The values under the names of their environment variables."""
        return {_variable(f.name): getattr(self, f.name) for f in fields(self)}


def variable_names() -> list[str]:
    """The names of all variables that a sandbox has a value for."""
    return [_variable(each.name) for each in fields(Credentials)]


def is_secret(variable: str) -> bool:
    """Whether a variable's value is a password, a key or a token."""
    return _IS_SECRET.search(variable.removeprefix("BILL_").lower()) is not None


def _variable(attribute: str) -> str:
    return "BILL_" + attribute.upper()


def make_credentials(ids: Ids, given: Mapping[str, str]) -> Credentials:
    """Fresh random credentials, with the ``given`` variables in place of their random values.

    Secrets have at least 16 characters. What the sync token is used with follows the developer
    key's, as the plugin takes it. Raises ValueError for a variable that is not one of BILL's.
    """
    drawn = ids.new("008")  # also where it is given: all other ids are as without
    organization_id = given.get("BILL_ORGANIZATION_ID", drawn)
    values = {
        "username": _email("developer"),
        "password": secrets.token_urlsafe(24),
        "organization_id": organization_id,
        "dev_key": secrets.token_hex(16),
        "sync_token_name": f"sync-{secrets.token_hex(8)}",
        "sync_token_value": secrets.token_urlsafe(32),
        "sync_organization_id": organization_id,
        "sync_dev_key": given.get("BILL_DEV_KEY", secrets.token_hex(16)),
        "console_admin_email": _email("console"),
        "console_api_token": secrets.token_urlsafe(32),
        "console_organization_id": ids.new("008"),
        "console_dev_key": secrets.token_hex(16),
        "spend_api_token": secrets.token_urlsafe(32),
        "partner_username": _email("partner"),
        "partner_password": secrets.token_urlsafe(24),
        "partner_app_key": secrets.token_hex(16),
        "client_id": secrets.token_urlsafe(18),
        "client_secret": secrets.token_urlsafe(36),
    }
    attributes = {_variable(name): name for name in values}
    if unknown := sorted(set(given) - set(attributes)):
        raise ValueError(f"not variables of BILL's credentials: {', '.join(unknown)}")
    values.update({attributes[variable]: value for variable, value in given.items()})
    return Credentials(**values)


def _email(role: str) -> str:
    # No name of a host begins so: what is cut off of a secret is hidden, too.
    return f"{role}-{secrets.token_hex(8)}@example.com"
