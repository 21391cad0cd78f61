"""What the code under test needs to reach BILL by itself, by name."""

from __future__ import annotations

import os
import pickle

import pytest

from pytest_bill.credentials.env_file import EnvFile, Variables
from pytest_bill.credentials.environ import (
    NAMES,
    BillEnviron,
    SetVariables,
    token_url,
    with_tokens_at,
)
from pytest_bill.environments import (
    PRODUCTION,
    SANDBOX,
    at_origin,
    hosts_of,
    is_host_of,
    matching_url,
    recorded_url,
    takes_credentials,
)
from pytest_bill.exceptions import MissingCredentials, SettingsError
from pytest_bill.secret import SecretStr

LOCAL = at_origin("http://127.0.0.1:8080", "local")
VALUES = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
    "BILL_CLIENT_ID": "client-id-0123456789",
    "BILL_CLIENT_SECRET": "client-secret-0123456789",
}


def environ(environment=SANDBOX, *, sends=True, certain=True, values=VALUES) -> BillEnviron:
    variables = Variables(values, EnvFile(".env", exists=False))
    return BillEnviron(environment, variables, lambda: sends, lambda: certain)


@pytest.mark.parametrize(
    ("environment", "addresses"),
    [
        (
            SANDBOX,
            {
                "v3_url": "https://gateway.stage.bill.com/connect",
                "v2_url": "https://api-stage.bill.com/api",
                "webhooks_url": "https://gateway.stage.bill.com/connect-events",
                "oauth_url": "https://auth.stage.bill.com/authx/token",
            },
        ),
        (
            LOCAL,
            {
                "v3_url": "http://127.0.0.1:8080/connect",
                "v2_url": "http://127.0.0.1:8080/api",
                "webhooks_url": "http://127.0.0.1:8080/connect-events",
                "oauth_url": "http://127.0.0.1:8080/authx/token",
            },
        ),
    ],
    ids=["sandbox", "local"],
)
def test_addresses_are_those_of_the_environment(environment, addresses):
    assert {name: environ(environment)[name] for name in addresses} == addresses


def test_bills_documentation_names_no_address_of_productions_tokens():
    with pytest.raises(SettingsError, match="Set BILL_OAUTH_URL to the address that BILL told"):
        environ(PRODUCTION)["oauth_url"]
    told = with_tokens_at(PRODUCTION, "https://auth.example.com/token")
    assert environ(told)["oauth_url"] == "https://auth.example.com/token"
    assert environ(PRODUCTION, sends=False)["oauth_url"].startswith("https://auth.stage.bill.com/")


def test_values_are_real_where_something_may_be_sent():
    it = environ()
    assert it["username"] == "ada.lovelace@example.com"
    assert it["client_secret"] == "client-secret-0123456789"
    assert it["sync_organization_id"] == it["organization_id"] == "00801ABCDEFGHIJKLMNO"
    assert it["sync_dev_key"] == it["dev_key"]


@pytest.mark.parametrize("values", [VALUES, {}], ids=["set", "not set"])
def test_values_are_placeholders_in_a_replay_whatever_is_set(values):
    it = environ(sends=False, values=values)
    assert it["username"] == "PLACEHOLDER_BILL_USERNAME"
    assert it["sync_dev_key"] == "PLACEHOLDER_BILL_SYNC_DEV_KEY"
    assert it["client_id"] == "PLACEHOLDER_BILL_CLIENT_ID"


def test_a_missing_variable_is_named():
    message = "no value for console_api_token: BILL_CONSOLE_API_TOKEN is not set"
    with pytest.raises(MissingCredentials, match=message):
        environ()["console_api_token"]


def test_as_a_dict_it_has_what_has_a_value():
    it = environ(PRODUCTION)
    assert (
        dict(it).keys()
        == set(it)
        == {
            *("v3_url", "v2_url", "webhooks_url", "client_id", "client_secret"),
            *("username", "password", "organization_id", "dev_key"),
            *("sync_organization_id", "sync_dev_key"),
        }
    )
    assert len(it) == 11
    assert ("dev_key" in it, "spend_api_token" in it, "nonsense" in it) == (True, False, False)
    assert it.get("spend_api_token") is it.get("nonsense") is it.get("oauth_url") is None
    assert it.get("spend_api_token", "-") == "-"
    assert it.get("dev_key") == it["dev_key"]


def test_where_it_is_not_certain_that_a_test_sends_a_missing_one_is_a_placeholder():
    assert environ(certain=False)["console_api_token"] == "PLACEHOLDER_BILL_CONSOLE_API_TOKEN"


def test_an_unknown_name_is_answered_with_those_that_are_known():
    with pytest.raises(KeyError, match=r"'key'; bill_environ knows v3_url, .*spend_api_token"):
        environ()["key"]
    assert environ().get("key") is None
    assert "key" not in environ()


def test_a_name_that_is_taken_for_an_attribute_is_answered_with_how_to_write_it():
    with pytest.raises(AttributeError, match=r"write bill_environ\['v3_url'\]"):
        _ = environ().v3_url
    assert not hasattr(environ(), "anything_else")


def test_all_names_are_there_and_all_variables_among_them():
    it = environ(sends=False)
    assert tuple(it) == NAMES
    assert len(it) == len(NAMES) == len(set(NAMES))
    assert {"partner_app_key", "spend_api_token", "console_admin_email"} < set(dict(it))


def test_it_shows_nothing():
    it = environ()
    shown = f"{it} {it!r} {it['password']!r} {vars(it)!r}"
    assert [value for value in VALUES.values() if value in shown] == []
    assert isinstance(it["password"], SecretStr)
    with pytest.raises(TypeError):
        pickle.dumps(it)


# --- environment variables -------------------------------------------------------------------


def test_variables_are_set_and_taken_away(monkeypatch):
    monkeypatch.setenv("ACME_USER", "before")
    monkeypatch.delenv("ACME_URL", raising=False)
    them = SetVariables({"ACME_USER": "username", "ACME_URL": "v3_url"}, environ())
    for _ in range(2):  # a run has more tests than one
        them.put()
        assert os.environ["ACME_USER"] == "ada.lovelace@example.com"
        assert type(os.environ["ACME_USER"]) is str
        assert os.environ["ACME_URL"] == SANDBOX.gateway
        them.put()
        them.take_away()
        assert os.environ["ACME_USER"] == "before"
        assert "ACME_URL" not in os.environ


@pytest.mark.parametrize(
    "wanted", ["text", ["ACME_URL"], {"ACME_URL": 1}, {1: "v3_url"}, {"": "v3_url"}, {"A": ""}]
)
def test_what_is_no_dict_of_names_is_refused(wanted):
    with pytest.raises(SettingsError, match=r'Write it as \{"environ": \{"ACME_BILL_URL": "v3_ur'):
        SetVariables(wanted, environ())


def test_an_unknown_value_is_refused():
    with pytest.raises(
        SettingsError, match="an environ with 'url' for ACME_URL, which bill_environ does not"
    ):
        SetVariables({"ACME_URL": "url"}, environ())


# --- through the front door ------------------------------------------------------------------


CONFTEST = """
import pytest


@pytest.fixture(scope="session")
def bill_config():
    return {"environ": {"ACME_URL": "v3_url", "ACME_USER": "username", "ACME_KEY": "dev_key",
                        "ACME_PASSWORD": "password", "ACME_ORGANIZATION": "organization_id"}}
"""
TESTS = """
import os

import httpx

RECORDING = "ACME_RECORDS" in os.environ


def vendors():
    fields = {"username": "USER", "password": "PASSWORD", "devKey": "KEY",
              "organizationId": "ORGANIZATION"}
    login = {field: os.environ[f"ACME_{name}"] for field, name in fields.items()}
    answer = httpx.post(os.environ["ACME_URL"] + "/v3/login", json=login)
    headers = {"devKey": login["devKey"], "sessionId": answer.json()["sessionId"]}
    url = os.environ["ACME_URL"] + "/v3/vendors"
    return httpx.get(url, headers=headers).json()["results"]


def test_before():
    assert "ACME_URL" not in os.environ
    assert os.environ["ACME_USER"] == "of the team"


def test_variables(bill_environ):
    assert os.environ["ACME_USER"] == str.__str__(bill_environ["username"])
    assert os.environ["ACME_USER"].startswith("PLACEHOLDER_") is not RECORDING
    assert (os.environ["ACME_URL"] == "https://gateway.stage.bill.com/connect") is not RECORDING
    assert vendors()


def test_another(bill_environ):
    assert vendors()
"""
AFTER = """
import os


def pytest_unconfigure():
    print("AFTER", os.environ["ACME_USER"], "ACME_URL" in os.environ)
"""


@pytest.mark.nightly
def test_variables_are_real_in_a_recording_placeholders_in_a_replay_and_then_away(
    suite, monkeypatch
):
    suite.write(conftest=CONFTEST + AFTER, test_acme=TESTS)
    monkeypatch.setenv("ACME_USER", "of the team")
    with monkeypatch.context() as patch:
        patch.setenv("ACME_RECORDS", "yes")
        suite.records("-p", "no:randomly")
    suite.replays()
    suite.replays("-k", "test_another")
    suite.run("-s").stdout.fnmatch_lines(["*AFTER of the team False"])


def test_what_is_wrong_with_them_is_one_clear_error(suite):
    suite.write(conftest=CONFTEST.replace('"v3_url"', '"url"'), test_acme=TESTS)
    result = suite.run("-k", "test_another")
    result.assert_outcomes(errors=1, deselected=2)
    result.stdout.fnmatch_lines(
        ["*has an environ with 'url' for ACME_URL, which bill_environ does not know.*"]
    )
    assert "Traceback" not in result.stdout.str()

    suite.write(conftest=CONFTEST)
    result = suite.run("-k", "test_another", "--bill-record-mode=once")
    result.assert_outcomes(errors=1, deselected=2)
    result.stdout.fnmatch_lines(
        [
            "*bill_environ has no value for username: BILL_USERNAME is not set.*",
            "*Looked in the en*",
        ]
    )


# --- where OAuth tokens are handed out ---------------------------------------------------------

TOKENS = "https://auth.stage.bill.com/authx/token"
ELSEWHERE = with_tokens_at(PRODUCTION, "https://auth.acme.example/oauth/token")


@pytest.mark.parametrize(
    ("environment", "url"),
    [
        (SANDBOX, TOKENS),
        (at_origin("http://127.0.0.1:8080", "local"), "http://127.0.0.1:8080/authx/token"),
        (
            at_origin("https://x.example/bill/connect", "custom"),
            "https://x.example/bill/authx/token",
        ),
        (at_origin("https://gateway.stage.bill.com", "custom"), TOKENS),
        (ELSEWHERE, "https://auth.acme.example/oauth/token"),
    ],
    ids=["sandbox", "local", "prefix", "bill's own host", "told"],
)
def test_tokens_are_handed_out_at_one_address(environment, url):
    assert token_url(environment, may_send=True) == token_url(environment, may_send=False) == url
    assert environment.gives_tokens(url)
    assert takes_credentials(url, environment)
    assert recorded_url(url, environment) == matching_url(url, environment) == TOKENS
    # A session's credential is none for it, nor is anything else there for tokens.
    assert not environment.owns(url)
    for other in (f"{url}?a=1", f"{url}/x", url.removesuffix("n"), f"{url}/../token"):
        assert not environment.gives_tokens(other)
        assert not takes_credentials(other, environment)


def test_productions_address_is_not_documented():
    for environment in (PRODUCTION, at_origin("https://gateway.prod.bill.com", "custom")):
        with pytest.raises(SettingsError, match="Set BILL_OAUTH_URL to the address that BILL told"):
            token_url(environment, may_send=True)
        assert token_url(environment, may_send=False) == TOKENS
        assert "" not in hosts_of(environment)


def test_a_cassette_of_productions_tokens_replays_for_all():
    url = "https://auth.prod.bill.com/authx/token"
    assert recorded_url(url, PRODUCTION) == url
    assert matching_url(url, SANDBOX) == matching_url(url, PRODUCTION) == TOKENS
    assert PRODUCTION.moved_to(SANDBOX, url) == url
    assert SANDBOX.moved_to(PRODUCTION, TOKENS) == TOKENS


@pytest.mark.parametrize(
    ("environment", "url", "message"),
    [
        (SANDBOX, "auth.example.com", "BILL_OAUTH_URL is not an http"),
        (SANDBOX, "https://me:secret-word@auth.example.com/token", "BILL_OAUTH_URL is not an http"),
        (SANDBOX, "https://auth.example.com/token?a=secret-word", "BILL_OAUTH_URL is not an http"),
        (SANDBOX, "https://auth.example.com:99999/", "BILL_OAUTH_URL is not an http"),
        (SANDBOX, "https://auth.example.com/a/../b", "BILL_OAUTH_URL is not an http"),
        (SANDBOX, "http://auth.example.com/token", "unencrypted to auth.example.com"),
        (SANDBOX, "https://auth.stage.bil.com/authx/token", "looks like auth.stage.bill.com"),
        (SANDBOX, "https://auth.bill.com/authx/token", "leads to BILL's production"),
        (PRODUCTION, TOKENS, "leads to BILL's sandbox"),
        (at_origin("http://127.0.0.1:1", "custom"), "https://bill.com/t", "BILL's production"),
    ],
)
def test_an_address_that_must_not_be_asked_is_not(environment, url, message):
    told = with_tokens_at(environment, url)
    with pytest.raises(SettingsError) as refused:
        token_url(told, may_send=True)
    assert message in str(refused.value)
    assert "secret-word" not in str(refused.value)
    assert not told.gives_tokens(url)
    # A replay has no need of it.
    assert token_url(told, may_send=False) == (environment.tokens or TOKENS)


def test_the_sandboxs_tokens_are_for_who_stands_before_it():
    custom = at_origin("https://proxy.acme.example", "custom")
    assert token_url(with_tokens_at(custom, TOKENS), may_send=True) == TOKENS


def test_another_address_of_tokens_makes_no_other_bill():
    assert ELSEWHERE == PRODUCTION
    assert "auth.acme.example" in hosts_of(ELSEWHERE)
    assert is_host_of("auth.acme.example", ELSEWHERE)
    assert not is_host_of("auth.acme.example", PRODUCTION)
