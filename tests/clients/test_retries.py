"""Clients that ask again: BILL's faults are recorded and replayed as each client met them."""

from __future__ import annotations

import pytest

from tests.helpers.suites import RECORD

FAULTS = """
import asyncio

import aiohttp
import httpx
import pytest
import requests
import urllib3
from requests.adapters import HTTPAdapter
from urllib3.util import Retry

RETRY = Retry(3, status_forcelist=[503], backoff_factor=0, allowed_methods=None)


@pytest.fixture
def url(bill_dev_session):
    return f"{bill_dev_session.base_url}/v3/vendors?max=1"


@pytest.fixture
def is_recording(url):
    return url.startswith("http:")


@pytest.fixture
def fail(is_recording, request):
    # What answers a replay is recorded.
    def fail(**how):
        if is_recording:
            request.getfixturevalue("bill_sandbox").fail("listVendors", times=1, **how)
    return fail


@pytest.fixture
def retrying(bill_dev_session):
    with requests.Session() as session:
        session.auth = bill_dev_session.auth
        for scheme in ("http://", "https://"):
            session.mount(scheme, HTTPAdapter(max_retries=RETRY))
        yield session


def test_requests(retrying, fail, url):
    fail(status=503)
    answer = retrying.get(url)
    assert answer.ok
    assert [each.status for each in answer.raw.retries.history] == [503]


def test_urllib3(bill_dev_session, fail, url):
    fail(status=503)
    with urllib3.PoolManager(retries=RETRY) as pool:
        answer = pool.request("GET", url, headers=bill_dev_session.credential_headers())
    assert answer.status == 200
    assert [each.status for each in answer.retries.history] == [503]


def test_the_session(bill_dev_session, fail):
    before = bill_dev_session.adapters.copy()
    for scheme in ("http://", "https://"):
        bill_dev_session.mount(scheme, HTTPAdapter(max_retries=RETRY))
    fail(status=503)
    assert bill_dev_session.get("/v3/vendors").ok
    bill_dev_session.adapters = before


def test_by_hand(bill_dev_session, fail, url):
    fail(status=429)
    assert httpx.get(url, auth=bill_dev_session.auth).status_code == 429
    assert httpx.get(url, auth=bill_dev_session.auth).status_code == 200


def test_a_session_that_expired(bill_dev_session, is_recording, request, url):
    if is_recording:
        request.getfixturevalue("bill_sandbox").expire_sessions()
    assert httpx.get(url, auth=bill_dev_session.auth).status_code == 401
    assert bill_dev_session.get("/v3/vendors").ok  # signs in anew
    assert httpx.get(url, auth=bill_dev_session.auth).status_code == 200


def again(ask, *errors):
    for _ in range(3):
        try:
            return ask()
        except errors:
            pass
    return None


def test_cut_off_requests(retrying, fail, url):
    fail(drop=True)
    assert retrying.get(url).ok


def test_cut_off_httpx(bill_dev_session, fail, url):
    fail(drop=True)
    ask = lambda: httpx.get(url, auth=bill_dev_session.auth)
    assert again(ask, httpx.TransportError).status_code == 200


def test_cut_off_within_requests(bill_dev_session, fail, url):
    fail(truncate=True)
    ask = lambda: requests.get(url, auth=bill_dev_session.auth).json()
    assert again(ask, requests.RequestException)["results"]


def test_cut_off_within_the_session(bill_dev_session, fail):
    fail(truncate=True)
    ask = lambda: bill_dev_session.get("/v3/vendors").json()
    assert again(ask, requests.RequestException)["results"]


def test_cut_off_within_aiohttp(bill_dev_session, fail, url):
    fail(truncate=True)

    async def ask():
        async with aiohttp.ClientSession(headers=bill_dev_session.credential_headers()) as client:
            async with client.get(url) as answer:
                return await answer.json()

    assert again(lambda: asyncio.run(ask()), aiohttp.ClientError)["results"]
"""


@pytest.mark.nightly
def test_what_a_client_met_and_did_about_it_is_recorded_and_replayed(suite):
    suite.write(test_faults=FAULTS)
    result = suite.run(*RECORD)
    result.assert_outcomes(passed=10)
    assert "= bill: " not in result.stdout.str()  # all was meant
    for name in ("requests", "urllib3", "by_hand"):
        recorded = suite.interactions(f"test_faults.py::test_{name}")
        statuses = [each["response"]["status"]["code"] for each in recorded]
        assert statuses == [429 if name == "by_hand" else 503, 200]
    assert suite.replays()["passed"] == 10
    suite.replays("-p", "randomly")
