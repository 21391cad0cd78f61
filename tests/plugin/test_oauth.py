"""OAuth client credentials in whole runs: one token, renewed, recorded and replayed."""

from __future__ import annotations

import json

import pytest

from pytest_bill.cassettes import store
from tests.plugin.suites import LOCAL, RECORD, counts

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


RENEWED = """
from datetime import timedelta


def test_first(bill_oauth_session):
    assert bill_oauth_session.call("GET", "/v3/vendors")["results"]


def test_when_the_token_has_ended(bill_oauth_session, bill_sandbox):
    bill_sandbox.advance(timedelta(hours=2))
    assert bill_oauth_session.call("GET", "/v3/vendors")["results"]
    assert bill_oauth_session.call("GET", "/v3/spend/budgets", params={"max": 1})["results"]
"""


def test_a_token_that_has_ended_is_renewed_once_and_the_request_repeated(pytester, run):
    pytester.makepyfile(test_renewed=RENEWED)
    done = counts(pytester, run, *LOCAL, "--bill-live", "-p", "no:randomly")
    assert done["sign_ins"] == 2
    assert done["requests"] == 3  # what was refused is repeated, and counts once


SECRETS = {
    "BILL_CLIENT_ID": "0oa-client-id-of-ours",
    "BILL_CLIENT_SECRET": "cl1ent-S3cret/of+ours==",
}


@pytest.fixture
def bill(server, monkeypatch):
    """A BILL, or what stands before it, that the client credentials of the environment are for."""
    bill = server()
    for name, value in {**SECRETS, "BILL_BASE_URL": bill.origin}.items():
        monkeypatch.setenv(name, value)
    return bill


ONE = """
def test_one(bill_oauth_session):
    assert bill_oauth_session.get("/v3/vendors").ok

def test_another(bill_oauth_session):
    assert bill_oauth_session.get("/v3/vendors").ok
"""


@pytest.mark.parametrize(
    ("status", "body", "lines"),
    [
        (
            401,
            {"error": "invalid_client", "error_description": "Unknown cl1ent-S3cret/of+ours=="},
            [
                "*bill_oauth_session: BILL refused the sign-in with the OAuth client credentials "
                "(HTTP 401: invalid_client Unknown PLACEHOLDER_BILL_CLIENT_SECRET).",
                "*Check BILL_CLIENT_ID and BILL_CLIENT_SECRET, and that they are of this env*",
            ],
        ),
        (
            400,
            {"error": "unsupported_grant_type"},
            ["*(HTTP 400: *unsupported_grant_type).", "*takes another request*BILL_OAUTH_URL*"],
        ),
        (200, {"token": "x"}, ["*JSON without an access_token (HTTP 200).", "*BILL_OAUTH_URL*"]),
        (404, {}, ["*is not BILL, or something stands before it*", "*BILL_OAUTH_URL*"]),
    ],
    ids=["client", "grant", "no token", "nothing there"],
)
@pytest.mark.sampled(3)
def test_a_refusal_is_told_and_final(pytester, run, bill, status, body, lines):
    bill.default = (status, {}, json.dumps(body).encode())
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once", "--showlocals")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines([*lines, "*BILL was asked once for a sign-in with it in this run*"])
    assert [path for _, path, *_ in bill.received] == ["/authx/token"]
    told = result.stdout.str() + result.stderr.str()
    assert [value for value in SECRETS.values() if value in told] == []
    assert not (pytester.path / "cassettes").exists()


def test_what_is_missing_is_named(pytester, run, monkeypatch):
    monkeypatch.setenv("BILL_CLIENT_ID", SECRETS["BILL_CLIENT_ID"])
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-record-mode=once")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(
        [
            "*bill_oauth_session needs the OAuth client credentials, and no value was found for: "
            "BILL_CLIENT_SECRET."
        ]
    )


def test_productions_address_has_to_be_told(pytester, run, monkeypatch):
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(test_bill=ONE)
    result = run("--bill-live", "--bill-allow-production", "--bill-environment=production")
    result.assert_outcomes(errors=2)
    result.stdout.fnmatch_lines(["*Set BILL_OAUTH_URL to the address that BILL told you.*"])


DANCE = """
import os

import pytest
{imports}


def bearer(environ):
    form = {{
        "grant_type": "client_credentials",
        "client_id": environ["client_id"],
        # As code under test has it, which knows nothing of fixtures.
        "client_secret": os.environ.get("BILL_CLIENT_SECRET") or environ["client_secret"],
    }}
    answer = {post}(environ["oauth_url"], data=form)
    assert answer.status_code == 200, answer.text
    return {{"Authorization": f"Bearer {{answer.json()['access_token']}}"}}


@pytest.mark.parametrize("number", range(2))
def test_it(bill_environ, number):
    headers = bearer(bill_environ)
    answer = {get}(f"{{bill_environ['v3_url']}}/v3/vendors", headers=headers)
    assert answer.json()["results"]
"""
CLIENTS = {
    "requests": {"imports": "import requests", "post": "requests.post", "get": "requests.get"},
    "httpx": {"imports": "import httpx", "post": "httpx.post", "get": "httpx.get"},
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.nightly
def test_a_client_that_asks_for_tokens_by_itself_replays_without_its_secret_leaving(
    pytester, run, server, monkeypatch, client
):
    pytester.makepyfile(test_dance=DANCE.format(**CLIENTS[client]))
    recorded = counts(pytester, run, *RECORD)
    assert recorded["sign_ins"] == 2
    folder = pytester.path / "cassettes"
    assert [path.name for path in (folder / "sign_in").iterdir()] == ["oauth_client.yaml"]
    token = "Bearer PLACEHOLDER_BILL_OAUTH_CLIENT_SESSION_ID"
    for path in (folder / "test_dance").iterdir():
        (vendors,) = store.load(path).interactions
        headers = {name.lower(): value for name, value in vendors.headers.items()}
        assert headers["authorization"].removesuffix("_2") == token
    # Elsewhere, where the variables are set, and the address of tokens is another one.
    proxy = server()
    for name, value in SECRETS.items():
        monkeypatch.setenv(name, value)
    for address in ("", f"{proxy.origin}/tokens/of/ours"):
        monkeypatch.setenv("BILL_OAUTH_URL", address)
        replayed = counts(pytester, run, "--bill-block-network")
        assert replayed["replayed"] == replayed["requests"] == 4
    assert proxy.received == []


def test_tokens_are_asked_for_where_the_variable_says(pytester, run, bill, server, monkeypatch):
    tokens = server()
    tokens.default = (200, {}, b'{"access_token": "t0ken-of-0123456789", "expires_in": 3600}')
    bill.default = (200, {"Content-Type": "application/json"}, b'{"results": []}')
    monkeypatch.setenv("BILL_OAUTH_URL", f"{tokens.origin}/oauth/v2")
    pytester.makepyfile(test_bill=ONE)
    assert counts(pytester, run, "--bill-record-mode=once")["sign_ins"] == 1
    assert [path for _, path, *_ in tokens.received] == ["/oauth/v2"]
    assert "/authx/token" not in [path for _, path, *_ in bill.received]
    (sign_in,) = (pytester.path / "cassettes/sign_in").iterdir()
    assert "uri: https://auth.stage.bill.com/authx/token" in sign_in.read_text()
    monkeypatch.delenv("BILL_OAUTH_URL")
    assert counts(pytester, run)["replayed"] == 3


@pytest.mark.nightly
@pytest.mark.parametrize("mode", ["--bill-record-mode=all", "--bill-live"])
def test_two_workers_share_one_token(pytester, subprocess_run, mode):
    pytester.makepyfile(test_a=SUITE, test_b=SUITE)
    result = subprocess_run("-n", "2", *LOCAL, mode, "--bill-report=report.json")
    assert result.ret == 0, result.stdout.str()
    assert json.loads((pytester.path / "report.json").read_text())["sign_ins"] == 1
