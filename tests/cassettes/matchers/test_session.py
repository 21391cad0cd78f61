"""Comparing whose session asks."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes.matchers.session import (
    are_different,
    session_in_form,
    session_in_headers,
)
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


def test_one_that_nobody_knows_is_not_known():
    asked = Interaction("GET", URL, {"sessionId": "another-session"}, b"")
    assert session_in_headers(asked, REGISTRY) == ""
    assert session_in_headers(Interaction("GET", URL, {}, b""), REGISTRY) == ""


def test_in_v2_it_is_known_by_the_form():
    body = f"data=1&sessionId={SESSION}".encode()
    assert session_in_form(Interaction("POST", URL, FORM, body), REGISTRY) == DEV
    assert session_in_form(Interaction("POST", URL, {}, b"{}"), REGISTRY) == ""


def test_those_of_two_credentials_are_different():
    assert not are_different(DEV, DEV)
    assert not are_different(DEV, "PLACEHOLDER_SESSION_ID_7")
    assert not are_different("", DEV)
