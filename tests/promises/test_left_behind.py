"""Threads that outlive their test, and links that BILL hands out."""

from __future__ import annotations

import pytest

from tests.helpers.suites import NO_NETWORK, RECORD

# --- threads -------------------------------------------------------------------------------------

LEAVES = """
import threading

import httpx
import pytest
import requests
import urllib3

GO, LEFT = threading.Event(), []
CLIENTS = {
    "requests": lambda url, session: requests.get(url, auth=session.auth),
    "httpx": lambda url, session: httpx.get(url, auth=session.auth),
    "urllib3": lambda url, session: urllib3.request(
        "GET", url, headers=session.credential_headers()
    ),
    "session": lambda url, session: session.get(url),
}


def late(ask, url, session):
    GO.wait(10)
    try:
        ask(url, session)
    except BaseException as error:
        LEFT.append(type(error).__name__)
    else:
        LEFT.append("answered")


@pytest.fixture(scope="module")
def threads():
    threads = []
    yield threads
    GO.set()
    for thread in threads:
        thread.join(10)
    assert LEFT == ["LateRequest"] * len(threads)


@pytest.mark.parametrize("client", CLIENTS)
def test_leaves(bill_dev_session, threads, client):
    url = f"{bill_dev_session.base_url}/v3/vendors?max=5"
    GO.clear()
    thread = threading.Thread(target=late, args=(CLIENTS[client], url, bill_dev_session))
    thread.start()
    threads.append(thread)
    assert bill_dev_session.get("/v3/bills").ok


def test_next(bill_dev_session, threads):
    assert bill_dev_session.get("/v3/vendors?max=1").ok
    GO.set()
    for thread in threads:
        thread.join(10)
    url = f"{bill_dev_session.base_url}/v3/vendors?max=5"
    assert len(requests.get(url, auth=bill_dev_session.auth).json()["results"]) == 5
    assert LEFT == ["LateRequest"] * len(threads)
"""


@pytest.mark.nightly
def test_a_thread_that_outlives_its_test_is_in_no_cassette_and_named(suite):
    suite.write(test_leaves=LEAVES)
    for args in (RECORD, NO_NETWORK, (*RECORD[:1], "--bill-record-mode=all"), NO_NETWORK):
        result = suite.run(*args)
        result.assert_outcomes(passed=5)
        shown = result.stdout.str()
        assert "neither recorded nor played" in shown
        for client in ("requests", "httpx", "urllib3", "session"):
            assert (
                "GET https://gateway.stage.bill.com/connect/v3/vendors?max=5 was asked for by a "
                f"thread or process that test_leaves.py::test_leaves[{client}] left behind, while "
                "test_leaves.py::test_next was running"
            ) in shown
        asked = [each["request"]["uri"] for each in suite.interactions("test_leaves.py::test_next")]
        assert [url.partition("?")[2] for url in asked] == ["max=1", "max=5"]


@pytest.mark.nightly
def test_the_next_test_is_the_same_whether_something_was_left_behind_or_not(suite):
    suite.write(test_leaves=LEAVES)
    assert suite.records("-k", "test_next")["requests"] == 3
    suite.replays("-k", "test_next")
    leaves = "test_leaves.py::test_leaves[httpx]"
    # Nobody waits for it but the fixture of the module, which is torn down with the last test.
    runs = [(*RECORD, leaves), (*NO_NETWORK, leaves)]
    runs += [(*NO_NETWORK, leaves, "test_leaves.py::test_next")]
    runs += [(*NO_NETWORK, "test_leaves.py::test_next", leaves)]
    for args in runs:
        result = suite.run(*args)
        assert result.ret == 0
        assert f"a thread or process that {leaves} left behind" in result.stdout.str()
    assert "fixture" not in " ".join(suite.cassettes())
    assert len(suite.interactions(leaves)) == 1


# --- links ---------------------------------------------------------------------------------------

LINKS = """
import asyncio

import aiohttp
import httpx
import pytest
import requests
import urllib3


def vendor(session):
    address = {"line1": "1 Way", "city": "Houston", "stateOrProvince": "TX",
               "zipOrPostalCode": "77002", "country": "US"}
    made = {"name": "Ada", "accountType": "BUSINESS", "address": address}
    return session.call("POST", "/v3/vendors", json=made)["id"]


@pytest.fixture
def link(bill_dev_session):
    answer = bill_dev_session.post(
        f"/v3/attachments/vendors/{vendor(bill_dev_session)}",
        params={"name": "a.txt"},
        data=b"as it was",
        headers={"Content-Type": "application/octet-stream"},
    )
    return answer.json()["downloadLink"]


def test_the_session(bill_dev_session, link):
    assert bill_dev_session.get(link).content == b"as it was"


def test_the_session_twice(bill_dev_session, link):
    assert bill_dev_session.get(link).content == bill_dev_session.get(link).content


def test_httpx(bill_dev_session, link):
    assert httpx.get(link, auth=bill_dev_session.auth).content == b"as it was"


def test_httpx_in_pieces(bill_dev_session, link):
    with httpx.stream("GET", link, auth=bill_dev_session.auth) as answer:
        assert b"".join(answer.iter_bytes(3)) == b"as it was"


def test_requests(bill_dev_session, link):
    assert requests.get(link, auth=bill_dev_session.auth).content == b"as it was"


def test_urllib3(bill_dev_session, link):
    headers = bill_dev_session.credential_headers()
    assert urllib3.request("GET", link, headers=headers).data == b"as it was"


def test_aiohttp(bill_dev_session, link):
    async def ask():
        async with aiohttp.ClientSession(headers=bill_dev_session.credential_headers()) as client:
            async with client.get(link) as answer:
                return await answer.read()
    assert asyncio.run(ask()) == b"as it was"


def test_uploaded_and_downloaded_by_the_same_client(bill_dev_session):
    with httpx.Client(base_url=bill_dev_session.base_url, auth=bill_dev_session.auth) as client:
        answer = client.post(
            f"/v3/attachments/vendors/{vendor(bill_dev_session)}",
            params={"name": "b.bin"},
            content=bytes(range(256)),
            headers={"Content-Type": "application/octet-stream"},
        )
        assert client.get(answer.json()["downloadLink"]).content == bytes(range(256))
"""


@pytest.mark.nightly
def test_links_to_uploaded_files_are_followed_by_any_client(suite):
    suite.write(test_links=LINKS)
    suite.records_and_replays()
    suite.replays("-p", "randomly")
    suite.replays("-k", "aiohttp")
