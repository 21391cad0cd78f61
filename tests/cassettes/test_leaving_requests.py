"""What of a run's requests may leave, and which are on their way."""

from __future__ import annotations

import pytest

from pytest_bill.exceptions import NetworkRefused, PlaceholderSent
from pytest_bill.interaction import Interaction
from pytest_bill.scrubbing.registry import SecretRegistry

URL = "https://gateway.stage.bill.com/connect/v3/vendors"
SECRET = "K-0123456789-KEY"
KNOWN = [("PLACEHOLDER_BILL_DEV_KEY", SECRET)]


def test_a_connection_is_seen_while_something_is_sent(recorder):
    it = recorder()
    assert not it.sees_requests
    with it.sending(), it.sending():
        assert it.sees_requests
    assert not it.sees_requests


def test_a_placeholder_does_not_leave_for_bill(recorder):
    request = Interaction("GET", URL, {"devKey": "PLACEHOLDER_BILL_DEV_KEY"}, b"")
    with pytest.raises(PlaceholderSent):
        recorder(registry=SecretRegistry(KNOWN)).check_leaving(request)


@pytest.mark.parametrize("method", ["check_leaving", "check_foreign"])
def test_a_credential_does_not_leave_for_another_host(recorder, method):
    request = Interaction("GET", f"https://example.com/?key={SECRET}", {}, b"")
    with pytest.raises(NetworkRefused):
        getattr(recorder(registry=SecretRegistry(KNOWN)), method)(request)


def test_what_may_be_a_part_of_a_word_waits(recorder):
    it = recorder(registry=SecretRegistry(KNOWN))
    assert it.may_go_on(b"a whole word ")
    assert not it.may_go_on(b"half of K-0123")


def test_production_is_asked_only_with_leave(recorder):
    assert recorder().why_not_unwatched
    consent = {"allow_production": True, "allowed_changes": frozenset({"unknown"})}
    assert not recorder(**consent).why_not_unwatched
