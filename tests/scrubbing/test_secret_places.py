"""The table of secrets: documented, and neither too wide nor too narrow."""

import pytest

from pytest_bill.scrubbing.personal_places import PERSONAL_PLACES
from pytest_bill.scrubbing.secret_places import (
    COOKIE_HEADERS,
    SECRET_FIELDS,
    SECRET_HEADERS,
    SECRET_PLACES,
    SIGN_IN_FIELDS,
    SIGN_IN_PATH,
)


def test_each_secret_place_has_one_placeholder_and_names_its_page():
    placeholders = {}
    for place in SECRET_PLACES:
        where = place.field.lower(), place.header, place.of
        assert placeholders.setdefault(where, place.placeholder) == place.placeholder
        assert place.placeholder
        assert place.page or place.field.endswith("authorization")  # HTTP's own


def test_no_place_is_in_both_tables():
    secret = {(place.field.lower(), place.of) for place in SECRET_PLACES if not place.header}
    assert not secret & {(place.field.lower(), place.of) for place in PERSONAL_PLACES}


@pytest.mark.parametrize(
    "name",
    [
        *("password", "devKey", "appKey", "apiToken", "consoleApiToken", "token"),
        *("client_id", "client_secret", "access_token", "refresh_token"),
        *("id_token", "assertion", "client_assertion"),
        *("sessionId", "rememberMeId", "device", "machineName", "mfaId", "deviceId"),
        *("cvv", "cvc", "pin", "securityKey", "signature", "sig", "AWSAccessKeyId"),
        *("X-Amz-Signature", "X-Amz-Credential", "X-Amz-Security-Token", "GoogleAccessId"),
        *("X-Goog-Signature", "X-Goog-Credential"),
    ],
)
def test_what_gives_access_is_secret_in_any_operation(name):
    assert name.lower() in SECRET_FIELDS


@pytest.mark.parametrize(
    "name",
    ["devKey", "sessionId", "apiToken", "appKey", "Authorization", "Proxy-Authorization"],
)
def test_headers_that_give_access(name):
    assert name.lower() in SECRET_HEADERS


def test_both_sides_have_cookies():
    assert sorted(COOKIE_HEADERS) == ["cookie", "cookie2", "set-cookie", "set-cookie2"]


def test_signing_in_has_secrets_of_its_own():
    assert set(SIGN_IN_FIELDS) == {"username", "organizationid", "orgid"}
    assert not set(SIGN_IN_FIELDS) & set(SECRET_FIELDS)
    assert SIGN_IN_PATH.search("/connect/v3/login")
    assert {"cvv", "mfaid", "x-amz-signature"} < set(SECRET_FIELDS)
