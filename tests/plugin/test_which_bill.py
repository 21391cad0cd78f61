"""Which BILL is asked, and which one answered."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.helpers.suites import LOOPBACK_ONLY, NO_NETWORK, RECORD

ASKS = """
import asyncio
import http.client
import urllib.request

import aiohttp
import httpx
import pytest
import requests
import urllib3


def with_aiohttp(url):
    async def ask():
        async with aiohttp.ClientSession() as client, client.get(url) as answer:
            return await answer.read()
    return asyncio.run(ask())


def with_async_httpx(url):
    async def ask():
        async with httpx.AsyncClient() as client:
            return await client.get(url)
    return asyncio.run(ask())


def with_http_client(url):
    scheme, _, host, path = url.split("/", 3)
    kind = http.client.HTTPSConnection if scheme == "https:" else http.client.HTTPConnection
    connection = kind(host, timeout=5)
    connection.request("GET", f"/{path}")
    return connection.getresponse()


CLIENTS = {
    "httpx": httpx.get,
    "async httpx": with_async_httpx,
    "requests": requests.get,
    "aiohttp": with_aiohttp,
    "urllib3": lambda url: urllib3.request("GET", url),
    "urllib": urllib.request.urlopen,
    "http.client": with_http_client,
}
"""
CONSTANT = """
from asks import CLIENTS, pytest

BILL = "https://gateway.stage.bill.com/connect"


@pytest.mark.parametrize("client", CLIENTS)
def test_a_constant(bill_dev_session, client):
    CLIENTS[client](f"{BILL}/v3/vendors?max=1")


def test_the_session(bill_dev_session):
    bill_dev_session.get(f"{BILL}/v3/vendors?max=1")
"""
ALL_CLIENTS = 7


@pytest.mark.nightly
def test_with_the_local_sandbox_a_client_that_keeps_bills_address_is_told_the_right_one(suite):
    suite.write(asks=ASKS, test_constant=CONSTANT)
    for _ in range(2):  # not recorded, so never answered
        recorded = suite.run(*RECORD, *LOOPBACK_ONLY)
        recorded.assert_outcomes(failed=ALL_CLIENTS + 1)
        shown = recorded.stdout.str()
        assert shown.count("nothing goes to BILL's own hosts.") == ALL_CLIENTS + 1
        told = r"The local sandbox is at http://127\.0\.0\.1:\d+/connect/v3/vendors: take the"
        assert len(re.findall(told, shown)) == ALL_CLIENTS + 1
        assert list(suite.cassettes()) == ["sign_in/developer_key.yaml"]

    replayed = suite.run(*NO_NETWORK)
    replayed.assert_outcomes(failed=ALL_CLIENTS + 1)
    assert replayed.stdout.str().count("no recorded answer (record mode none)") == ALL_CLIENTS + 1


HOSTS = """
from asks import CLIENTS, pytest

URLS = [
    "https://auth.stage.bill.com/authx/token",
    "https://app02.us.bill.com/neo/login",
    "https://api.bill.com/api/v2/List/Vendor.json",
    "https://app-stage.bill.com/AttachDownload?sessionId=1",
    "https://gateway.stage.bill.com/AttachDownload?id=1",
    "https://gateway.stage.bill.com/elsewhere",
    "http://gateway.stage.bill.com/connect/v3/vendors",
    "https://api.divvy.co/budgets",
]


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
@pytest.mark.parametrize("client", ["async httpx", "aiohttp", "urllib3"])
def test_a_client(bill_dev_session, client, url):
    CLIENTS[client](url)


@pytest.mark.parametrize("url", URLS, ids=range(len(URLS)))
def test_the_session(bill_dev_session, url):
    bill_dev_session.get(url)
"""
ALL_ASKED = 8 * (3 + 1)


@pytest.mark.nightly
def test_no_host_of_bills_is_connected_to_while_answers_are_replayed(suite):
    suite.write(asks=ASKS, test_hosts=HOSTS)
    recorded = suite.run(*RECORD, *LOOPBACK_ONLY)
    recorded.assert_outcomes(failed=ALL_ASKED)
    assert len(re.findall(r"^GET \S+ was not sent", recorded.stdout.str(), re.M)) == ALL_ASKED
    assert list(suite.cassettes()) == ["sign_in/developer_key.yaml"]

    replayed = suite.run(*NO_NETWORK)
    replayed.assert_outcomes(failed=ALL_ASKED)
    shown = replayed.stdout.str()
    assert shown.count("no recorded answer (record mode none)") == ALL_ASKED
    assert "SocketBlocked" not in shown


# --- who answered ------------------------------------------------------------------------------

BANKS = """
import os

import requests


def test_banks(bill_dev_session):
    url = bill_dev_session.base_url
    for path in os.environ["PATHS"].split():
        assert requests.get(f"{url}{path}", auth=bill_dev_session.auth).ok
"""
BANK_LISTS = ["/v3/funding-accounts/banks?max=1", "/v3/funding-accounts/banks?max=2"]
CASSETTE = "cassettes/test_banks/test_banks.yaml"


@pytest.fixture
def scan(suite):
    """Look for secrets in the cassettes of the suite, and give what is found."""

    def scan() -> list[str]:
        command = [Path(sys.executable).with_name("pytest-bill"), "scan", "cassettes"]
        done = subprocess.run(
            command, cwd=suite.folder, capture_output=True, text=True, check=False
        )
        found = re.findall(r"interaction (\d+) ", done.stdout)
        assert done.returncode == bool(found), done.stdout + done.stderr
        return found

    return scan


def answerers(suite) -> list[str]:
    return [each["answered_by"] for each in suite.interactions("test_banks.py::test_banks")]


@pytest.mark.nightly
def test_each_answer_keeps_who_gave_it_and_that_is_what_the_scanner_goes_by(
    suite, scan, monkeypatch
):
    suite.write(test_banks=BANKS)
    monkeypatch.setenv("PATHS", BANK_LISTS[0])
    suite.records()
    assert answerers(suite) == ["local"]
    assert scan() == []

    # As if BILL's sandbox had answered that one.
    path = suite.folder / CASSETTE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("answered_by: local", "answered_by: sandbox"), encoding="utf-8")
    assert scan() == ["1"]

    monkeypatch.setenv("PATHS", " ".join([*BANK_LISTS, "/v3/bills"]))
    done = suite.passes("--bill-environment=local", "--bill-record-mode=new_episodes")
    assert (done["recorded"], done["replayed"]) == (2, 2)
    assert answerers(suite) == ["sandbox", "local", "local"]
    assert set(scan()) == {"1"}
    about = yaml.safe_load(path.read_text(encoding="utf-8"))["metadata"]["pytest_bill"]
    assert about["environment"] != "local"
    suite.replays()


def test_a_run_warns_of_what_bill_answered_and_not_of_what_the_local_sandbox_did(
    suite, monkeypatch
):
    suite.write(test_banks=BANKS)
    monkeypatch.setenv("PATHS", BANK_LISTS[0])
    assert "secrets in cassettes" not in suite.run(*RECORD).stdout.str()
    path = suite.folder / CASSETTE
    text = path.read_text(encoding="utf-8")
    path.write_text(text.replace("answered_by: local", "answered_by: sandbox"), encoding="utf-8")
    replayed = suite.run()
    replayed.assert_outcomes(passed=1)
    replayed.stdout.fnmatch_lines(["*secrets in cassettes*", "*bank routing number*"])
