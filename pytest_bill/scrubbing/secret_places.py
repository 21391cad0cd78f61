"""The places where BILL carries secrets: one table, by API area.

A place is a header, a field of a body (JSON, form or multipart) or a query parameter. Names are
compared without regard to case. ``of`` limits a place to the operations whose path one of these
expressions finds. What stands at other names that read as a secret's, ``secret_names`` knows.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from pytest_bill.patterns import late_pattern


class SecretPlace(NamedTuple):
    """One header, field or query parameter. ``placeholder`` is what is put there, less its prefix.

    ``page`` is where BILL's documentation describes it, below https://developer.bill.com/.
    """

    field: str
    page: str
    placeholder: str
    header: bool = False
    of: tuple[str, ...] = ()


def _headers(page: str, placeholders: dict[str, str]) -> Iterable[SecretPlace]:
    for name, placeholder in placeholders.items():
        yield SecretPlace(name, page, placeholder, header=True)


def _secrets(page: str, placeholders: dict[str, str], *of: str) -> Iterable[SecretPlace]:
    for name, placeholder in placeholders.items():
        yield SecretPlace(name, page, placeholder, of=of)


_SIGN_IN = r"/login(-as-user)?(\.json)?$"

SECRET_PLACES: tuple[SecretPlace, ...] = (
    # --- sign-in and MFA ---------------------------------------------------------------------
    *_headers(
        "docs/bill-keys-tokens",
        {
            "devKey": "BILL_DEV_KEY",
            "sessionId": "BILL_SESSION_ID",
            "apiToken": "BILL_SPEND_API_TOKEN",
            "appKey": "BILL_PARTNER_APP_KEY",
        },
    ),
    *_secrets(
        "docs/bill-keys-tokens",
        {
            "devKey": "BILL_DEV_KEY",
            "sessionId": "BILL_SESSION_ID",
            "apiToken": "BILL_SPEND_API_TOKEN",
            "appKey": "BILL_PARTNER_APP_KEY",
            "consoleApiToken": "BILL_CONSOLE_API_TOKEN",
            "password": "BILL_PASSWORD",
        },
    ),
    # The names are those of the OAuth standards: RFC 6749, RFC 7521, and OpenID Connect Core.
    *_secrets(
        "docs/oauth-client-credentials",
        {
            "client_id": "BILL_CLIENT_ID",
            "client_secret": "BILL_CLIENT_SECRET",
            "access_token": "BILL_ACCESS_TOKEN",
            "refresh_token": "BILL_REFRESH_TOKEN",
            "id_token": "BILL_ID_TOKEN",
            "assertion": "BILL_ASSERTION",
            "client_assertion": "BILL_ASSERTION",
        },
    ),
    # Who signs in is a secret; elsewhere the same names are data like any other.
    *_secrets("reference/login", {"username": "BILL_USERNAME"}, _SIGN_IN),
    *_secrets("reference/login", {"organizationId": "BILL_ORGANIZATION_ID"}, _SIGN_IN),
    *_secrets("v2/reference/auth-login", {"orgId": "BILL_ORGANIZATION_ID"}, _SIGN_IN),
    # With these two a sign-in is trusted without a code, for 30 days.
    *_secrets("reference/login", {"rememberMeId": "BILL_REMEMBER_ME_ID", "device": "BILL_DEVICE"}),
    *_secrets("reference/validatechallenge", {"machineName": "BILL_MACHINE_NAME"}),
    *_secrets(
        "v2/reference/auth-mfaauthenticate",
        {"mfaId": "BILL_REMEMBER_ME_ID", "deviceId": "BILL_DEVICE"},
    ),
    # The code that was sent to a phone; in Spend & Expense, the JWT that shows a card's number.
    *_secrets("reference/validatechallenge", {"token": "BILL_TOKEN"}),
    # --- Spend & Expense ---------------------------------------------------------------------
    *_secrets("docs/virtual-cards", {"cvv": "CVV", "cvc": "CVV", "pin": "PIN"}),
    # --- webhooks ----------------------------------------------------------------------------
    *_secrets("docs/test-with-webhook-security", {"securityKey": "BILL_WEBHOOK_SECURITY_KEY"}),
    # --- files: the query parameters that make a link work without a credential ---------------
    *_secrets(
        "reference/createimageuploadurl",
        {
            "signature": "URL_SIGNATURE",
            "sig": "URL_SIGNATURE",
            "X-Amz-Signature": "URL_SIGNATURE",
            "X-Amz-Credential": "URL_CREDENTIAL",
            "X-Amz-Security-Token": "URL_TOKEN",
            "AWSAccessKeyId": "URL_CREDENTIAL",
            "X-Goog-Signature": "URL_SIGNATURE",
            "X-Goog-Credential": "URL_CREDENTIAL",
            "GoogleAccessId": "URL_CREDENTIAL",
        },
    ),
    # --- HTTP itself -------------------------------------------------------------------------
    *_headers("", {"authorization": "AUTHORIZATION", "proxy-authorization": "AUTHORIZATION"}),
)

COOKIE_HEADERS = frozenset({"cookie", "cookie2", "set-cookie", "set-cookie2"})


def _secret_names(*, header: bool, sign_in: bool) -> dict[str, str]:
    return {
        place.field.lower(): place.placeholder
        for place in SECRET_PLACES
        if place.header is header and bool(place.of) is sign_in
    }


SECRET_HEADERS = _secret_names(header=True, sign_in=False)
SECRET_FIELDS = _secret_names(header=False, sign_in=False)
# Fields that identify the person or organization signing in; elsewhere they are plain data.
SIGN_IN_FIELDS = _secret_names(header=False, sign_in=True)
SIGN_IN_PATH = late_pattern(_SIGN_IN, re.IGNORECASE)
"""The end of the path of a request that signs in, where ``SIGN_IN_FIELDS`` are secret, too."""


def plain_name(name: str) -> str:
    """A name without what separates its words, and in lower case: ``devkey`` of ``DEV_KEY``."""
    return re.sub(r"[^a-z0-9]", "", name.lower())


BY_PLAIN_NAME = {
    plain_name(name): place for name, place in (SECRET_FIELDS | SIGN_IN_FIELDS).items()
}
"""The placeholders of secret fields, by their names in any spelling."""
