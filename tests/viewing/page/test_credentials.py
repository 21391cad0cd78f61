"""With which credential a request was made."""

from __future__ import annotations

import pytest

from pytest_bill.viewing.page.credentials import credential_of
from tests.helpers.recorded import form, recorded

SESSION = "PLACEHOLDER_BILL_{}_SESSION_ID"


def asked(**headers: str):
    return recorded("GET", "/v3/vendors", {}, headers=headers)


@pytest.mark.parametrize(
    ("request_", "credential"),
    [
        (asked(sessionId=SESSION.format("DEVELOPER_KEY")), "developer key"),
        (asked(sessionId=SESSION.format("SYNC_TOKEN") + "_2"), "AP/AR sync token"),
        (asked(apiToken="PLACEHOLDER_BILL_SPEND_API_TOKEN"), "Spend & Expense API token"),
        (
            asked(Authorization="Bearer " + SESSION.format("OAUTH_CLIENT")),
            "OAuth client credentials",
        ),
        (asked(sessionId="PLACEHOLDER_SESSION_ID", devKey="PLACEHOLDER_DEV_KEY"), "not known"),
        (asked(), "none"),
        (form("/v2/List/Bill.json", {}, {}), "developer key"),
        (
            recorded(
                "POST", "/v3/login", {}, headers={}, body={"username": "PLACEHOLDER_BILL_USERNAME"}
            ),
            "developer key",
        ),
    ],
)
def test_by_its_placeholders(request_, credential):
    assert credential_of(request_, "cassettes/test_a/test_b.yaml") == credential


def test_a_sign_ins_cassette_is_named_for_it():
    each = recorded("POST", "/v3/login", {}, headers={})
    assert credential_of(each, "cassettes/sign_in/partner_app_key.yaml") == "partner app key"
    assert credential_of(each, "cassettes/sign_in/other.yaml") == "none"
