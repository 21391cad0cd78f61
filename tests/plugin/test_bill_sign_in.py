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
@pytest.mark.nightly
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


OTHERS = """
def test_console(bill_console_session):
    assert bill_console_session.call("GET", "/v3/vendors")["results"]


def test_sync(bill_sync_session):
    assert bill_sync_session.call("GET", "/v3/bills")["results"]
"""
OTHER_WAYS = ("--bill-sign-in=console=v3", "--bill-sign-in=sync=v2")


@pytest.mark.parametrize(
    ("before", "after", "addresses"),
    [
        ((), OTHER_WAYS, ("/api/v2/Login.json", "/connect/v3/login")),
        (OTHER_WAYS, (), ("/connect/v3/login", "/api/v2/Login.json")),
    ],
    ids=["usual", "others"],
)
@pytest.mark.nightly
def test_the_console_and_sync_tokens_sign_in_by_either_api(pytester, run, before, after, addresses):
    pytester.makepyfile(test_both=OTHERS)
    folder = pytester.path / "cassettes"
    counts(pytester, run, *RECORD, *before)
    for name, address in zip(("console_api_token", "sync_token"), addresses, strict=True):
        assert f"{address}\n" in (folder / f"sign_in/{name}.yaml").read_text()
    written = tree(folder)
    replayed = counts(pytester, run, *after, "--bill-strict")
    assert replayed["replayed"] == replayed["requests"] == 4
    again = run(*LOCAL, "--bill-record-mode=all", *after)
    again.stdout.fnmatch_lines(["*4 of 4 cassettes as before*"])
    assert tree(folder) == written


def test_a_test_that_asks_for_bill_oauth_session_now_finds_its_old_answers(pytester, run):
    one = "def test_one(bill_dev_session):\n    assert bill_dev_session.get('/v3/vendors').ok\n"
    pytester.makepyfile(test_a=one)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes")
    pytester.makepyfile(test_a=one.replace("bill_dev_session", "bill_oauth_session"))
    moved = counts(pytester, run, *LOCAL, "--bill-record-mode=new_episodes")
    assert (moved["recorded"], moved["replayed"]) == (1, 1)  # its sign-in is another fixture's
    after = tree(pytester.path / "cassettes")
    assert after.keys() - before.keys() == {"sign_in/oauth_client.yaml"}
    assert {name: after[name] for name in before} == before


def test_what_is_not_recorded_is_asked_by_the_way_of_now(pytester, run):
    one = "def test_one(bill_dev_session):\n    assert bill_dev_session.get('/v3/vendors').ok\n"
    pytester.makepyfile(test_a=one)
    counts(pytester, run, *RECORD)
    before = tree(pytester.path / "cassettes")
    new = (*LOCAL, "--bill-record-mode=new_episodes", *OAUTH)
    nothing = counts(pytester, run, *new)
    assert (nothing["recorded"], nothing["replayed"]) == (0, 2)
    pytester.makepyfile(test_b=one.replace("vendors", "bills"))
    more = counts(pytester, run, *new)
    assert (more["recorded"], more["replayed"]) == (1, 2)
    after = tree(pytester.path / "cassettes")
    assert {name: after[name] for name in before} == before
    assert b"Authorization:" in after["test_b/test_one.yaml"]
    assert counts(pytester, run)["replayed"] == 3


@pytest.mark.nightly
def test_what_was_recorded_with_keys_is_asked_again_with_oauth(pytester, run):
    pytester.makepyfile(test_both=SUITE)
    counts(pytester, run, *RECORD)
    result = run(*LOCAL, "--bill-verify", "--bill-strict", *OAUTH)
    assert result.ret == 0, result.stdout.str()
    assert "drift" not in result.stdout.str()


ORGANIZATION = """
def test_it(bill_dev_session):
    vendors = bill_dev_session.get("/v3/vendors", params={"of": bill_dev_session.organization_id})
    assert bill_dev_session.organization_id
"""


def test_a_token_does_not_tell_its_organization(pytester, run):
    pytester.makepyfile(test_organization=ORGANIZATION)
    for way in ((), OAUTH):
        counts(pytester, run, *LOCAL, "--bill-record-mode=all", *way)
        (path,) = (pytester.path / "cassettes/test_organization").iterdir()
        assert "of=PLACEHOLDER_BILL_ORGANIZATION_ID" in path.read_text()
        for other in ((), OAUTH):
            assert counts(pytester, run, *other)["replayed"] == 2


def test_an_organization_that_nobody_told_is_asked_for_by_its_variable(
    pytester, run, server, monkeypatch
):
    bill = server()
    bill.default = (200, {}, b'{"access_token": "t0ken-of-0123456789"}')
    variables = {"BILL_BASE_URL": bill.origin, "BILL_CLIENT_ID": "0oa-client-id-of-ours"}
    for name, value in {**variables, "BILL_CLIENT_SECRET": "cl1ent-S3cret/of+ours=="}.items():
        monkeypatch.setenv(name, value)
    pytester.makepyfile(test_organization=ORGANIZATION)
    result = run("--bill-live", *OAUTH)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        [
            "*bill_dev_session: BILL_ORGANIZATION_ID is not set, and the OAuth client credentials "
            "do not tell it.",
            "*Set it, too, for the tests that ask for it.*",
        ]
    )


def test_what_oauth_needs_is_named_by_the_fixture_that_asks(pytester, run):
    pytester.makepyfile(test_both=SUITE)
    result = run("--bill-record-mode=all", *OAUTH, "-k", "test_developer")
    result.assert_outcomes(errors=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            "*bill_dev_session needs the OAuth client credentials, and no value was found for: "
            "BILL_CLIENT_ID, BILL_CLIENT_SECRET."
        ]
    )


def test_a_word_that_does_not_exist_is_refused_in_a_replay_too(pytester, run):
    pytester.makepyfile(test_both=SUITE)
    result = run("--bill-sign-in=developer=saml", "-k", "test_developer")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        [
            "ERROR: --bill-sign-in names a way for developer that it does not know.",
            "It takes, with commas: developer=v3, developer=oauth, *",
        ]
    )


def test_a_variable_with_such_a_word_is_refused_where_bill_is_used(pytester, run, monkeypatch):
    monkeypatch.setenv("BILL_SIGN_IN", "developer=saml")
    pytester.makepyfile(test_both=SUITE)
    result = run("-k", "test_developer")
    result.assert_outcomes(errors=1, deselected=2)
    result.stdout.fnmatch_lines(
        ["*BILL_SIGN_IN (the environment) names a way for developer that it does not know.*"]
    )
