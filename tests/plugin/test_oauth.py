"""OAuth client credentials in whole runs: one token, renewed, recorded and replayed."""

from __future__ import annotations

from pytest_bill.cassettes import store
from tests.plugin.suites import RECORD, counts

SUITE = """
import requests


def test_one_token_for_both_apis(bill_oauth_session):
    vendors = list(bill_oauth_session.paginate("/v3/vendors", {"max": 2}))
    budgets = list(bill_oauth_session.paginate("/v3/spend/budgets", {"max": 20}))
    assert len({each["id"] for each in vendors}) == len(vendors) > 2
    assert len({each["uuid"] for each in budgets}) == len(budgets) > 20


def test_another_client(bill_oauth_session):
    url = f"{bill_oauth_session.base_url}/v3/bills"
    headers = bill_oauth_session.credential_headers()
    assert list(headers) == ["Authorization"]
    assert requests.get(url, headers=headers).ok
    assert requests.get(url, auth=bill_oauth_session.auth).ok
"""


def test_it_is_recorded_with_one_token_and_replayed(pytester, run):
    pytester.makepyfile(test_oauth=SUITE)
    recorded = counts(pytester, run, *RECORD)
    assert recorded["sign_ins"] == 1
    folder = pytester.path / "cassettes"
    (sign_in,) = (folder / "sign_in").iterdir()
    assert sign_in.name == "oauth_client.yaml"
    text = sign_in.read_text()
    assert "uri: https://auth.stage.bill.com/authx/token" in text
    body = (
        "grant_type=client_credentials&client_id=PLACEHOLDER_BILL_CLIENT_ID"
        "&client_secret=PLACEHOLDER_BILL_CLIENT_SECRET"
    )
    (interaction,) = store.load(sign_in).interactions
    assert interaction.body.decode() == body
    assert "PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID" in text
    carried = {
        header
        for path in (folder / "test_oauth").iterdir()
        for each in store.load(path).interactions
        for header in each.headers.items()
        if header[0] in ("Authorization", "devKey", "sessionId", "apiToken")
    }
    token = "Bearer PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID"
    assert carried == {("Authorization", token)}
    replayed = counts(pytester, run)
    assert replayed["replayed"] == replayed["requests"] > 5
    assert replayed["sign_ins"] == 1
