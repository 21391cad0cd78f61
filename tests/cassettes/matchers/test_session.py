"""Comparing whose session asks."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.matchers.session import (
    are_different,
    are_same,
    session_in_form,
    session_in_headers,
)
from pytest_bill.credentials.kinds import KINDS, OAUTH_CLIENT
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry

URL = "https://api-stage.bill.com/api/v2/List/Vendor.json"
SESSION = "session-0123456789"
DEV = "PLACEHOLDER_BILL_SESSION_ID"
REGISTRY = SecretRegistry([(DEV, SESSION)])
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


@pytest.mark.parametrize("name", ["sessionId", "SESSIONID", "apiToken", "Authorization"])
@pytest.mark.parametrize("value", [SESSION, DEV])
def test_it_is_known_by_a_header(name, value):
    assert session_in_headers(Interaction("GET", URL, {name: value}, b""), REGISTRY) == DEV


@pytest.mark.parametrize("value", [f"Bearer {SESSION}", f"bearer  {DEV}"])
def test_it_is_known_behind_its_scheme(value):
    headers = {"authorization": value}
    assert session_in_headers(Interaction("GET", URL, headers, b""), REGISTRY) == DEV


def test_one_that_nobody_knows_is_not_known():
    asked = Interaction("GET", URL, {"sessionId": "another-session"}, b"")
    assert session_in_headers(asked, REGISTRY) == ""
    assert session_in_headers(Interaction("GET", URL, {}, b""), REGISTRY) == ""


@pytest.mark.parametrize("other", ["Basic b2YtYW5vdGhlcg==", "PLACEHOLDER_AUTHORIZATION"])
def test_beside_a_session_an_authorization_does_not_matter(other):
    for headers in (
        {"Authorization": other, "sessionId": SESSION},
        {"sessionId": SESSION, "Authorization": other},
    ):
        assert session_in_headers(Interaction("GET", URL, headers, b""), REGISTRY) == DEV


def test_in_v2_it_is_known_by_the_form():
    body = f"data=1&sessionId={SESSION}".encode()
    assert session_in_form(Interaction("POST", URL, FORM, body), REGISTRY) == DEV
    assert session_in_form(Interaction("POST", URL, {}, b"{}"), REGISTRY) == ""


def test_a_token_is_that_of_the_credential_whose_place_it_took():
    developer = "PLACEHOLDER_BILL_DEVELOPER_KEY_SESSION_ID"
    for headers in ({"sessionId": developer}, {"Authorization": f"Bearer {developer}_2"}):
        found = session_in_headers(Interaction("GET", URL, headers, b""), REGISTRY)
        assert are_same(found, developer)
        assert not are_different(found, developer)
    key, token = (
        session_in_headers(Interaction("GET", URL, headers, b""), REGISTRY)
        for headers in (
            {"apiToken": "PLACEHOLDER_BILL_SPEND_API_TOKEN"},
            {"authorization": "Bearer PLACEHOLDER_BILL_SPEND_API_TOKEN_SESSION_ID"},
        )
    )
    assert key == token
    assert are_same(key, token)
    assert are_different(token, developer)


@pytest.mark.parametrize(
    ("kind", "differs"),
    [(kind, not kind.may_be_oauth) for kind in KINDS if kind is not OAUTH_CLIENT],
    ids=lambda each: getattr(each, "key", ""),
)
def test_a_token_may_be_of_whoever_moved_to_oauth(kind, differs):
    """As a test that asked for the key's session, and asks for that of OAuth now."""
    token = "PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID"
    own = next(iter(kind.variables)).placeholder if not kind.signs_in else kind.session_placeholder
    assert are_different(token, own) is are_different(f"{own}_2", token) is differs
    assert not are_same(token, own)


def test_sessions_that_are_not_known_are_surely_nobodys():
    assert not are_same("", "")
    assert not are_same("PLACEHOLDER_AUTHORIZATION", "PLACEHOLDER_AUTHORIZATION")


def test_those_of_two_credentials_are_different():
    assert not are_different(DEV, DEV)
    assert not are_different(DEV, "PLACEHOLDER_SESSION_ID_7")
    assert not are_different("", DEV)
