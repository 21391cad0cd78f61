"""Code under test that signs in by itself, with what ``bill_environ`` has for it."""

from __future__ import annotations

import pytest

from tests.helpers.suites import LOOPBACK_ONLY, RECORD

ANOTHER_ORDER = ("-p", "randomly", "-p", "no:cacheprovider")

ACME = """
import functools
import json
import os

import httpx
import requests


class Acme:
    # Signs in when it is made, as code does that knows nothing of this plugin.
    fields = {
        "dev": ("username", "password", "organization_id", "dev_key"),
        "sync": (
            "sync_token_name", "sync_token_value", "sync_organization_id", "sync_dev_key",
        ),
        "console": (
            "console_admin_email", "console_api_token", "console_organization_id",
            "console_dev_key",
        ),
        "partner": ("partner_username", "partner_password", "", "partner_app_key"),
    }

    def __init__(self, environ, kind, post=httpx.post):
        self.url, self.kind = environ["v3_url"], kind
        if kind == "spend":
            self.headers = {"apiToken": environ["spend_api_token"]}
            return
        name, password, organization, key = (
            environ[each] if each else "" for each in self.fields[kind]
        )
        if kind == "console":
            form = {"userName": name, "password": password, "orgId": organization, "devKey": key}
            answer = post(f"{environ['v2_url']}/v2/Login.json", data=form)
            session = answer.json()["response_data"]["sessionId"]
        elif kind == "partner":
            login = {"username": name, "password": password, "appKey": key}
            session = post(f"{self.url}/v3/partner/login", json=login).json()["sessionId"]
        else:
            login = {"username": name, "password": password, "organizationId": organization}
            answer = post(f"{self.url}/v3/login", json=login | {"devKey": key})
            session = answer.json()["sessionId"]
        self.headers = {"sessionId": session, "appKey" if kind == "partner" else "devKey": key}

    def get(self, path):
        answer = httpx.get(f"{self.url}{path}", headers=self.headers)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def vendors(self):
        return [vendor["name"] for vendor in self.get("/v3/vendors")["results"]]


@functools.cache
def connected(kind):
    # As a module's one client: made once, whoever asks first.
    return Acme(
        {name[5:].lower(): os.environ[name] for name in os.environ if name.startswith("ACME_")},
        kind,
    )
"""

# --- each credential -----------------------------------------------------------------------------

EACH = """
import httpx
import pytest
import requests

from acme import Acme

PATHS = {
    "dev": "/v3/vendors", "sync": "/v3/bills", "console": "/v3/vendors",
    "spend": "/v3/spend/budgets",
}
POSTS = {"httpx": httpx.post, "requests": requests.post}


@pytest.mark.parametrize("post", POSTS)
@pytest.mark.parametrize("kind", PATHS)
def test_a_client(bill_environ, kind, post):
    assert Acme(bill_environ, kind, POSTS[post]).get(PATHS[kind])["results"]


def test_a_partner(bill_environ):
    acme = Acme(bill_environ, "partner")
    address = {"line1": "1 Way", "city": "Houston", "zipOrPostalCode": "77002", "country": "US"}
    made = httpx.post(
        f"{acme.url}/v3/partner/organizations",
        json={"name": "Acme", "address": address},
        headers=acme.headers,
    )
    acme.headers["organizationId"] = made.json()["id"]
    assert "results" in acme.get("/v3/partner/users")


def test_beside_a_session(bill_environ, bill_dev_session):
    assert Acme(bill_environ, "dev").vendors()
    assert bill_dev_session.get("/v3/bills").ok


def test_twice(bill_environ):
    assert Acme(bill_environ, "dev").vendors() == Acme(bill_environ, "dev").vendors()
"""


@pytest.mark.nightly
def test_a_client_may_sign_in_with_each_credential(suite):
    suite.write(acme=ACME, test_each=EACH)
    # The session's sign-in is that of the client before it, which is recorded by then.
    recorded = suite.passes(*RECORD)
    assert (recorded["recorded"], recorded["replayed"]) == (24, 1)
    assert suite.replays()["requests"] == 25
    assert [name for name in suite.cassettes() if name.startswith("sign_in")] == [
        "sign_in/console_api_token.yaml",
        "sign_in/developer_key.yaml",
        "sign_in/partner_app_key.yaml",
        "sign_in/sync_token.yaml",
    ]
    suite.replays(*ANOTHER_ORDER)
    suite.replays("-n", "2", network=LOOPBACK_ONLY)
    for alone in ("sync-requests", "test_a_partner", "test_beside_a_session"):
        suite.replays("-k", alone)


# --- a client for several tests ------------------------------------------------------------------

CONFIG = """
import pytest


@pytest.fixture(scope="session")
def bill_config():
    names = ["v3_url", "v2_url", "username", "password", "organization_id", "dev_key",
             "console_admin_email", "console_api_token", "console_organization_id",
             "console_dev_key"]
    return {"environ": {f"ACME_{name.upper()}": name for name in names}}
"""
ONE_CLIENT = """
import os

import pytest

from acme import connected

pytestmark = pytest.mark.usefixtures("bill_environ")


def test_first():
    assert len(connected("dev").get("/v3/vendors?max=1")["results"]) == 1


def test_second():
    assert len(connected("dev").get("/v3/vendors?max=2")["results"]) == 2


def test_another_organization():
    assert len(connected("console").get("/v3/vendors?max=1")["results"]) == 1


def test_both():
    assert connected("dev").vendors() != connected("console").vendors()


@pytest.mark.parametrize("number", [1, 2, 3])
def test_each(number):
    assert len(connected("dev").get(f"/v3/bills?max={number}")["results"]) == number
"""
NOTHING_IS_LEFT = """
import os


def test_before():
    assert not [name for name in os.environ if name.startswith("ACME_")]


def test_with_other_values(monkeypatch, bill_environ):
    monkeypatch.setenv("ACME_DEV_KEY", "own")
    assert os.environ["ACME_DEV_KEY"] == "own"
    assert os.environ["ACME_V3_URL"] == bill_environ["v3_url"]
"""


@pytest.mark.nightly
def test_a_client_that_signs_in_once_for_several_tests(suite):
    suite.write(acme=ACME, conftest=CONFIG, test_a=NOTHING_IS_LEFT, test_one_client=ONE_CLIENT)
    assert suite.records()["sign_ins"] == 2
    suite.replays()
    suite.replays(*ANOTHER_ORDER, "test_one_client.py")
    suite.replays("-n", "2", network=LOOPBACK_ONLY)
    for alone in ("test_second", "test_both", "test_each"):
        suite.replays("-k", alone)
    suite.replays("test_one_client.py::test_each[2]", "test_one_client.py::test_first")


@pytest.mark.nightly
def test_what_was_recorded_one_by_one_replays_together(suite):
    suite.write(acme=ACME, conftest=CONFIG, test_one_client=ONE_CLIENT)
    for alone in ("test_second", "test_both", "first or another or each"):
        suite.records("-k", alone)
    suite.replays()


BRINGS_ALONG = """
import sys

from acme import Acme


def test_httpx_alone(bill_environ):
    assert Acme(bill_environ, "dev").vendors()
    others = {"requests", "urllib3", "aiohttp", "vcr", "uvicorn", "filelock"}
    print("BROUGHT ALONG", sorted(others & set(sys.modules)))
"""


@pytest.mark.nightly
def test_a_replayed_client_brings_no_other_client_along(suite):
    suite.write(acme=ACME.replace("import requests\n", ""), test_alone=BRINGS_ALONG)
    suite.records()
    replayed = suite.run("-p", "no:xdist", "-p", "no:pytest_socket", "-s", "--bill-no-scan")
    replayed.assert_outcomes(passed=1)
    replayed.stdout.fnmatch_lines(["*BROUGHT ALONG []"])


# --- two organizations ---------------------------------------------------------------------------

TWO = """
import os

import requests

from acme import Acme


def in_order(pair):
    return reversed(pair) if "REVERSED" in os.environ else pair


EXPECTED = {"dev": "Happy Music Supplies", "console": "Harbor Tea Importers"}


def test_own_clients(bill_environ):
    acmes = {kind: Acme(bill_environ, kind) for kind in in_order(["dev", "console"])}
    for kind in in_order(["dev", "console"]):
        assert acmes[kind].vendors()[0] == EXPECTED[kind]


def test_sessions(bill_dev_session, bill_console_session):
    sessions = {"dev": bill_dev_session, "console": bill_console_session}
    for kind in in_order(["dev", "console"]):
        answer = sessions[kind].call("GET", "/v3/vendors")
        assert answer["results"][0]["name"] == EXPECTED[kind]


def test_clients_with_headers_of_sessions(bill_dev_session, bill_console_session):
    sessions = {"dev": bill_dev_session, "console": bill_console_session}
    for kind in in_order(["dev", "console"]):
        headers = sessions[kind].credential_headers()
        answer = requests.get(f"{sessions[kind].base_url}/v3/vendors", headers=headers)
        assert answer.json()["results"][0]["name"] == EXPECTED[kind]


def test_clients_with_auth_of_sessions(bill_dev_session, bill_console_session):
    sessions = {"dev": bill_dev_session, "console": bill_console_session}
    for kind in in_order(["dev", "console"]):
        answer = requests.get(f"{sessions[kind].base_url}/v3/vendors", auth=sessions[kind].auth)
        assert answer.json()["results"][0]["name"] == EXPECTED[kind]
"""


@pytest.mark.nightly
def test_two_organizations_get_each_their_own_answers_in_any_order(suite, monkeypatch):
    suite.write(acme=ACME, test_two=TWO)
    recorded = suite.passes(*RECORD)
    assert suite.replays()["requests"] == recorded["requests"] == 12
    monkeypatch.setenv("REVERSED", "1")
    suite.replays()
    suite.replays(*ANOTHER_ORDER)


# --- what goes wrong ------------------------------------------------------------------------------

REFUSED = """
import httpx


def test_a_wrong_password(bill_environ):
    login = {"username": bill_environ["username"], "password": "wrong password",
             "organizationId": bill_environ["organization_id"], "devKey": bill_environ["dev_key"]}
    refused = httpx.post(f"{bill_environ['v3_url']}/v3/login", json=login)
    assert refused.status_code >= 400
    taken = httpx.post(
        f"{bill_environ['v3_url']}/v3/login", json=login | {"password": bill_environ["password"]}
    )
    assert taken.status_code == 200


def test_the_right_one(bill_environ):
    login = {"username": bill_environ["username"], "password": bill_environ["password"],
             "organizationId": bill_environ["organization_id"], "devKey": bill_environ["dev_key"]}
    assert httpx.post(f"{bill_environ['v3_url']}/v3/login", json=login).status_code == 200
"""


@pytest.mark.nightly
def test_a_sign_in_that_was_refused_is_its_own_tests(suite):
    suite.write(test_refused=REFUSED)
    suite.records_and_replays()
    suite.replays("-k", "right")
    suite.replays("test_refused.py::test_the_right_one", "test_refused.py::test_a_wrong_password")
    (refused,) = suite.interactions("test_refused.py::test_a_wrong_password")
    assert refused["response"]["status"]["code"] >= 400


NOT_RECORDED = """
from acme import Acme


def test_new(bill_environ):
    Acme(bill_environ, "dev").vendors()
"""


@pytest.mark.parametrize("what", ["nothing", "the sign-in"])
@pytest.mark.sampled(2)
def test_what_is_not_recorded_is_named(suite, what):
    suite.write(acme=ACME, test_new=NOT_RECORDED)
    if what == "the sign-in":
        suite.write(test_old=NOT_RECORDED.replace("vendors()", "get('/v3/bills')"))
        suite.records("test_old.py")
    result = suite.run("test_new.py")
    result.assert_outcomes(failed=1)
    missing = "POST */connect/v3/login" if what == "nothing" else "GET */connect/v3/vendors"
    result.stdout.fnmatch_lines([f"  request: {missing}", "Record it: pytest *test_new*"])
