"""`--bill-sign-in`: the same tests and the same cassettes, however a credential signs in."""

from __future__ import annotations

import pytest

from pytest_bill.cassettes import store
from tests.plugin.suites import LOCAL, RECORD, counts, tree

SUITE = """
import httpx
import requests


def test_developer(bill_dev_session):
    made = bill_dev_session.call("POST", "/v3/customers", json={"name": "Ada", "email": "a@b.co"})
    read = bill_dev_session.call("GET", f"/v3/customers/{made['id']}")
    assert read["name"] == "Ada"


def test_spend(bill_spend_client):
    assert len(list(bill_spend_client.paginate("/v3/spend/budgets", {"max": 20}))) > 20


def test_other_clients(bill_dev_session, bill_spend_client):
    url, headers = f"{bill_dev_session.base_url}/v3/bills", bill_dev_session.credential_headers()
    assert httpx.get(url, headers=headers).status_code == 200
    assert requests.get(url, auth=bill_dev_session.auth, params={"max": 1}).ok
    budgets = f"{bill_spend_client.base_url}/v3/spend/budgets"
    assert httpx.get(budgets, auth=bill_spend_client.auth).status_code == 200
"""
OAUTH = ("--bill-sign-in=developer=oauth,spend=oauth",)
WAYS = {"keys": (), "oauth": OAUTH}


def sent_headers(folder) -> set[str]:
    """The names of the headers that carried a credential in what was recorded."""
    names = {"authorization", "devkey", "sessionid", "apitoken"}
    return {
        name
        for path in folder.rglob("test_*.yaml")
        for each in store.load(path).interactions
        for name in map(str.lower, each.headers)
        if name in names
    }


@pytest.mark.parametrize(("before", "after"), [("keys", "oauth"), ("oauth", "keys")])
def test_cassettes_serve_both_ways_and_are_as_before(pytester, run, before, after):
    pytester.makepyfile(test_both=SUITE)
    folder = pytester.path / "cassettes"
    counts(pytester, run, *RECORD, *WAYS[before])
    keys = {"devkey", "sessionid", "apitoken"}
    assert sent_headers(folder) == ({"authorization"} if before == "oauth" else keys)
    written = tree(folder)
    assert "sign_in/spend_api_token.yaml" not in written
    for way in (before, after):
        replayed = counts(pytester, run, *WAYS[way], "--bill-strict")
        assert replayed["replayed"] == replayed["requests"] > 8
        assert replayed["sign_ins"] == 1
    again = run(*LOCAL, "--bill-record-mode=all", *WAYS[after])
    assert again.ret == 0
    again.stdout.fnmatch_lines(["*4 of 4 cassettes as before*"])
    assert tree(folder) == written


TWO = """
import os
from pathlib import Path

def test_two_sessions_in_one_test(bill_dev_session, bill_sync_session):
    sessions = {"dev": bill_dev_session, "sync": bill_sync_session}
    order = sorted(sessions, reverse="OTHER_ORDER" in os.environ)
    users = {name: sessions[name].call("GET", "/v3/login/session")["userId"] for name in order}
    assert users["dev"] != users["sync"]
    recorded = Path("dev-user")
    if not recorded.exists():
        recorded.write_text(users["dev"])
    assert users["dev"] == recorded.read_text()
"""


@pytest.mark.parametrize(("before", "after"), [("keys", "oauth"), ("oauth", "keys")])
def test_two_sessions_are_told_apart_in_any_order(pytester, run, monkeypatch, before, after):
    pytester.makepyfile(test_two=TWO)
    counts(pytester, run, *RECORD, "--bill-no-prove", *WAYS[before])
    monkeypatch.setenv("OTHER_ORDER", "1")
    replayed = counts(pytester, run, *WAYS[after])
    assert replayed["replayed"] == replayed["requests"] == 4
