"""Clients of the code under test, threads, and a sign-in of their own."""

import asyncio
import http.client
import json
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import urlsplit

import httpx
import pytest
import requests
import urllib3


def with_requests(url, session):
    return requests.get(url, auth=session.auth, timeout=10).content


def with_urllib3(url, session):
    return urllib3.PoolManager().request("GET", url, headers=session.credential_headers()).data


def with_httpx(url, session):
    return httpx.get(url, auth=session.auth).content


def with_async_httpx(url, session):
    async def asked():
        async with httpx.AsyncClient(auth=session.auth) as client:
            return (await client.get(url)).content

    return asyncio.run(asked())


def with_urllib(url, session):
    request = urllib.request.Request(url, headers=session.credential_headers())
    with urllib.request.urlopen(request, timeout=10) as answer:
        return answer.read()


def with_http_client(url, session):
    parts = urlsplit(url)
    kind = {"http": http.client.HTTPConnection, "https": http.client.HTTPSConnection}
    connection = kind[parts.scheme](parts.netloc, timeout=10)
    connection.request("GET", f"{parts.path}?{parts.query}", headers=session.credential_headers())
    return connection.getresponse().read()


CLIENTS = [
    with_requests,
    with_urllib3,
    with_httpx,
    with_async_httpx,
    with_urllib,
    with_http_client,
]


@pytest.mark.parametrize("ask", CLIENTS)
def test_a_client(bill_dev_session, ask):
    answer = ask(f"{bill_dev_session.base_url}/v3/vendors?max=2", bill_dev_session)
    assert len(json.loads(answer)["results"]) == 2


def test_threads(bill_sync_session):
    def vendors(size):
        url = f"{bill_sync_session.base_url}/v3/vendors"
        return requests.get(url, params={"max": size}, auth=bill_sync_session.auth, timeout=10)

    with ThreadPoolExecutor(3) as pool:
        found = [answer.json()["results"] for answer in pool.map(vendors, [1, 2, 3])]
    assert list(map(len, found)) == [1, 2, 3]


@pytest.mark.bill_cassette
def test_a_client_that_signs_in_by_itself(bill_environ):
    login = {"username": bill_environ["username"], "password": bill_environ["password"]}
    login |= {"organizationId": bill_environ["organization_id"], "devKey": bill_environ["dev_key"]}
    with httpx.Client(base_url=bill_environ["v3_url"]) as client:
        session_id = client.post("/v3/login", json=login).json()["sessionId"]
        headers = {"devKey": login["devKey"], "sessionId": session_id}
        assert client.get("/v3/vendors", headers=headers).status_code == 200
