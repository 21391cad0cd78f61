"""The six fixtures at work in this project's own suite, replayed from `cassettes/`.

Recorded from the local sandbox, not from BILL, by `make record`.
"""

from __future__ import annotations

import requests

ADDRESS = {
    "line1": "1 Analytical Way",
    "city": "Houston",
    "stateOrProvince": "TX",
    "zipOrPostalCode": "77002",
    "country": "US",
}


def test_the_developer_key_creates_and_reads_a_vendor(bill_dev_session):
    created = bill_dev_session.call(
        "POST", "/v3/vendors", json={"name": "Difference Engines", "address": ADDRESS}
    )
    read = bill_dev_session.call("GET", f"/v3/vendors/{created['id']}")
    assert read["name"] == "Difference Engines"
    assert isinstance(bill_dev_session, requests.Session)


def test_the_sync_token_reads_bills(bill_sync_session):
    bills = list(bill_sync_session.paginate("/v3/bills", {"max": 50}))
    assert len(bills) > 0
    assert isinstance(bill_sync_session, requests.Session)


def test_the_console_api_token_signs_in_by_v2_and_uses_v3(bill_console_session):
    session = bill_console_session.call("GET", "/v3/login/session")
    assert session["organizationId"] == bill_console_session.organization_id
    assert isinstance(bill_console_session, requests.Session)


def test_the_spend_api_token_lists_budgets(bill_spend_client):
    budgets = list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))
    assert len({budget["uuid"] for budget in budgets}) == len(budgets) > 20
    assert isinstance(bill_spend_client, requests.Session)


def test_the_partner_app_key_manages_the_users_of_an_organization(bill_partner_session):
    organization = bill_partner_session.call(
        "POST",
        "/v3/partner/organizations",
        json={"name": "Difference Engines", "address": ADDRESS},
    )
    listed = bill_partner_session.call("GET", "/v3/partner/organizations")["results"]
    assert organization["id"] in [each["id"] for each in listed]
    users = bill_partner_session.for_organization(organization["id"])
    assert "results" in users.call("GET", "/v3/partner/users")
    assert isinstance(users, requests.Session)


def test_oauth_client_credentials_read_bills_and_budgets(bill_oauth_session):
    bills = list(bill_oauth_session.paginate("/v3/bills", {"max": 50}))
    budgets = list(bill_oauth_session.paginate("/v3/spend/budgets", {"max": 20}))
    assert len(bills) > 0
    assert len({budget["uuid"] for budget in budgets}) == len(budgets) > 20
    assert isinstance(bill_oauth_session, requests.Session)
