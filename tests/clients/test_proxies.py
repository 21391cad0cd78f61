"""What a proxy gets to see: of plain HTTP no credential, and of production nothing at all."""

from __future__ import annotations

import asyncio
import http.client
import urllib.request

import aiohttp
import httpcore
import httpx
import pytest
import requests
import urllib3

from pytest_bill.exceptions import NetworkRefused
from pytest_bill.scrubbing.registry import SecretRegistry
from tests.clients.test_secrets_elsewhere import causes

KEY = "01DEVELOPERKEY0123456789"
HEADERS = {"devKey": KEY}


def by_proxy_manager(url, proxy, headers):
    with urllib3.ProxyManager(proxy, retries=False) as client:
        client.request("POST", url, headers=headers, body=b"a=1")


def by_proxy_handler(url, proxy, headers):
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({"http": proxy}))
    with opener.open(urllib.request.Request(url, headers=headers), timeout=5) as answer:
        answer.read()


def by_urlopen(url, headers):
    opener = urllib.request.build_opener()  # urlopen's own keeps what it found first
    with opener.open(urllib.request.Request(url, headers=headers), timeout=5) as answer:
        answer.read()


def by_httpx(url, headers, **options):
    with httpx.Client(verify=False, **options) as client:
        client.post(url, headers=headers, content=iter([b"a", b"b"]))


def by_async_httpx(url, headers, **options):
    async def main():
        async with httpx.AsyncClient(verify=False, **options) as client:
            await client.get(url, headers=headers)

    asyncio.run(main())


def in_core(headers):
    return [(name.encode(), value.encode()) for name, value in headers.items()]


def by_http_proxy(url, proxy, headers):
    with httpcore.HTTPProxy(proxy) as pool:
        pool.request("GET", url, headers=[(b"Host", b"a"), *in_core(headers)])


def by_pool_with_proxy(url, proxy, headers):
    with httpcore.ConnectionPool(proxy=httpcore.Proxy(proxy)) as pool:
        pool.request("GET", url, headers=[(b"Host", b"a"), *in_core(headers)])


def by_async_http_proxy(url, proxy, headers):
    async def main():
        async with httpcore.AsyncHTTPProxy(proxy) as pool:
            await pool.request("GET", url, headers=[(b"Host", b"a"), *in_core(headers)])

    asyncio.run(main())


def by_aiohttp(url, headers, proxy=None, **options):
    async def main():
        async with (
            aiohttp.ClientSession(**options) as client,
            client.post(url, headers=headers, data=b"a=1", proxy=proxy) as answer,
        ):
            await answer.read()

    asyncio.run(main())


def by_whole_url(url, proxy, headers):
    connection = http.client.HTTPConnection(proxy.removeprefix("http://"), timeout=5)
    try:
        connection.request("GET", url, headers=headers)
        connection.getresponse().read()
    finally:
        connection.close()


def by_open_tunnel(url, proxy, headers):
    """A tunnel without TLS in it, which the proxy reads, too."""
    connection = http.client.HTTPConnection(proxy.removeprefix("http://"), timeout=5)
    try:
        connection.set_tunnel(url.split("/")[2])
        connection.request("GET", "/" + url.split("/", 3)[3], headers=headers)
        connection.getresponse().read()
    finally:
        connection.close()


TOLD = {
    "requests": lambda url, proxy, headers: requests.get(
        url, headers=headers, proxies={"http": proxy}, timeout=5
    ),
    "urllib3": by_proxy_manager,
    "urllib": by_proxy_handler,
    "httpx": lambda url, proxy, headers: by_httpx(url, headers, proxy=proxy),
    "mounts of httpx": lambda url, proxy, headers: by_httpx(
        url, headers, mounts={"http://": httpx.HTTPTransport(proxy=proxy, verify=False)}
    ),
    "async httpx": lambda url, proxy, headers: by_async_httpx(url, headers, proxy=proxy),
    "httpcore": by_http_proxy,
    "a pool of httpcore": by_pool_with_proxy,
    "async httpcore": by_async_http_proxy,
    "aiohttp": lambda url, proxy, headers: by_aiohttp(url, headers, proxy),
    "aiohttp's session": lambda url, proxy, headers: by_aiohttp(url, headers, proxy=proxy),
    "http.client": by_whole_url,
    "a tunnel of http.client": by_open_tunnel,
}
"""Clients that are told of a proxy."""
CONFIGURED = {
    "requests": lambda url, headers: requests.get(url, headers=headers, timeout=5),
    "urllib": by_urlopen,
    "httpx": by_httpx,
    "async httpx": by_async_httpx,
    "aiohttp": lambda url, headers: by_aiohttp(url, headers, trust_env=True),
}
"""Clients that look for one in the environment."""
VARIABLES = {
    "http_proxy": set(CONFIGURED),
    "HTTP_PROXY": set(CONFIGURED),
    "ALL_PROXY": {"requests", "httpx", "async httpx"},
}


@pytest.fixture
def run(local):
    """A run with a developer key, whose BILL is plain HTTP on this machine."""
    return lambda: local.run(SecretRegistry([("PLACEHOLDER_BILL_DEV_KEY", KEY)]))


@pytest.fixture
def unset(monkeypatch):
    for name in ("http_proxy", "https_proxy", "all_proxy", "no_proxy"):
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)


def refused(ask) -> str:
    with pytest.raises(Exception) as raised:  # noqa: PT011 - each client wraps it
        ask()
    (told,) = {str(each) for each in causes(raised.value) if isinstance(each, NetworkRefused)}
    return told


@pytest.mark.parametrize("client", TOLD)
@pytest.mark.sampled(5)
def test_a_proxy_sees_no_credential(local, elsewhere, run, use, unset, client):
    with run().using(use("once")):
        told = refused(lambda: TOLD[client](local.url, elsewhere.origin, HEADERS))
    place = elsewhere.origin.removeprefix("http://")
    shown = f"A request to the proxy {place} was not sent: its header devkey holds the secret"
    assert shown.lower() in told.lower()
    assert "put the host into NO_PROXY" in told
    assert local.bill.came == b""
    assert KEY.encode() not in elsewhere.came
    if "tunnel" not in client:
        assert elsewhere.came == b""


@pytest.mark.parametrize("client", TOLD)
@pytest.mark.sampled(5)
def test_what_has_no_credential_may_go_through_a_proxy(local, elsewhere, run, use, unset, client):
    if "tunnel" in client:
        pytest.skip("this proxy makes none")
    with run().using(use("once")):
        TOLD[client](local.url, elsewhere.origin, {})
    assert len(elsewhere.requests) == 1
    with run().using(use("none")):  # and is recorded
        TOLD[client](local.url, elsewhere.origin, HEADERS)
    assert len(elsewhere.requests) == 1


@pytest.mark.parametrize("client", CONFIGURED)
@pytest.mark.parametrize("variable", VARIABLES)
@pytest.mark.sampled(6)
def test_a_proxy_of_the_environment_sees_no_credential(
    local, elsewhere, run, use, unset, monkeypatch, client, variable
):
    monkeypatch.setenv(variable, elsewhere.origin)
    if client not in VARIABLES[variable]:
        pytest.skip("it does not look there")
    with run().using(use("once")):
        assert "the proxy" in refused(lambda: CONFIGURED[client](local.url, HEADERS))
    assert elsewhere.came == local.bill.came == b""
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    with run().using(use("once")):
        CONFIGURED[client](local.url, HEADERS)
    assert elsewhere.came == b""
    assert len(local.bill.requests) == 1


ASKED_FOR_TUNNELS = {
    "http.client": lambda url, proxy: tunnel_of_http_client(url, proxy),
    "urllib3": lambda url, proxy: urllib3.ProxyManager(
        proxy, proxy_headers=HEADERS, retries=False
    ).request("GET", url),
    "httpcore": lambda url, proxy: httpcore.HTTPProxy(
        proxy, proxy_headers=in_core(HEADERS)
    ).request("GET", url),
    "httpx": lambda url, proxy: by_httpx(url, {}, proxy=httpx.Proxy(proxy, headers=HEADERS)),
    "async httpx": lambda url, proxy: by_async_httpx(
        url, {}, proxy=httpx.Proxy(proxy, headers=HEADERS)
    ),
    "aiohttp": lambda url, proxy: tunnel_of_aiohttp(url, proxy),
}


def tunnel_of_http_client(url, proxy):
    connection = http.client.HTTPSConnection(proxy.removeprefix("http://"), timeout=5)
    connection.set_tunnel(url.split("/")[2], headers=HEADERS)
    try:
        connection.request("GET", "/x")
    finally:
        connection.close()


def tunnel_of_aiohttp(url, proxy):
    async def main():
        async with (
            aiohttp.ClientSession() as client,
            client.get(url, proxy=proxy, proxy_headers=HEADERS) as answer,
        ):
            await answer.read()

    asyncio.run(main())


@pytest.mark.parametrize("client", ASKED_FOR_TUNNELS)
@pytest.mark.parametrize(
    "url", ["https://example.com/x", "https://gateway.stage.bill.com/connect/v3/x"]
)
@pytest.mark.sampled(6)
def test_a_proxy_that_is_asked_for_a_tunnel_is_told_no_credential(
    recorder, elsewhere, use, unset, client, url
):
    it = recorder(registry=SecretRegistry([("PLACEHOLDER_BILL_DEV_KEY", KEY)]))
    with it.using(use("once")):
        refused(lambda: ASKED_FOR_TUNNELS[client](url, elsewhere.origin))
    assert elsewhere.came == b""


@pytest.mark.parametrize("client", ["requests", "urllib", "httpx", "aiohttp"])
@pytest.mark.sampled(6)
def test_who_is_let_through_a_proxy_is_told_to_it_each_time(
    local, elsewhere, run, use, unset, client
):
    proxy = elsewhere.origin.replace("://", "://ada:word-of-the-proxy@")
    with run().using(use("once")):
        for _ in range(2):
            TOLD[client](local.url, proxy, {})
    assert len(elsewhere.requests) == 2
    assert elsewhere.came.lower().count(b"proxy-authorization: basic ") == 2
