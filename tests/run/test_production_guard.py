"""Production is not asked where no BILL fixture watches over it: from the start of a run on."""

from __future__ import annotations

import re

import pytest

from pytest_bill.guards.production_groups import UNKNOWN
from tests.promises.test_production import Proxy

TRUSTED = ("--bill-allow-production", f"--bill-allow-production-changes={UNKNOWN}")
QUIET = ("-p", "no:cacheprovider", "-rf", "-W", "ignore")

ASKS = '''
import asyncio
import http.client
import socket
import sys
import urllib.request

import aiohttp
import httpx
import pytest
import requests
import urllib3

URL = "https://api.bill.com/api/v2/List/Vendor.json"


def by_http_client():
    connection = http.client.HTTPSConnection("gateway.prod.bill.com", timeout=5)
    connection.request("GET", "/connect/v3/vendors")


def by_tunnel():
    """As with a proxy that the code has from elsewhere than the environment."""
    import os

    proxy = os.environ["https_proxy"].removeprefix("http://")
    connection = http.client.HTTPSConnection(proxy, timeout=5)
    connection.set_tunnel("gateway.prod.bill.com", 443)
    connection.request("GET", "/connect/v3/vendors")


async def by_async_httpx():
    async with httpx.AsyncClient(timeout=5) as client:
        await client.get(URL)


async def by_aiohttp():
    async with aiohttp.ClientSession(trust_env=True) as client, client.get(URL) as answer:
        await answer.read()


def by_httpx_stream():
    with httpx.Client(timeout=5) as client, client.stream("POST", URL, content=[b"a"]) as answer:
        answer.read()


def by_urllib3():
    import os

    with urllib3.ProxyManager(os.environ["https_proxy"]) as client:
        client.request("POST", URL, json={}, retries=False, timeout=5)


def by_own_tunnel():
    """A tunnel that the code asks for by itself."""
    import os

    connection = http.client.HTTPConnection(os.environ["https_proxy"][7:], timeout=5)
    connection.request("CONNECT", "gateway.prod.bill.com:443")
    assert connection.getresponse().status == 200


def by_httpcore(method, target):
    """A proxy that is asked without httpcore's knowing that it is one."""
    import os

    import httpcore

    proxy = httpcore.URL(os.environ["https_proxy"])
    asked = httpcore.URL(scheme=b"http", host=proxy.host, port=proxy.port, target=target)
    with httpcore.HTTPConnection(asked.origin) as connection:
        assert connection.request(method, asked).status == 200


PROXIED = {
    "own tunnel": by_own_tunnel,
    "httpcore's tunnel": lambda: by_httpcore("CONNECT", b"api.bill.com:443"),
    "httpcore's whole URL": lambda: by_httpcore("GET", URL.encode()),
    "requests": lambda: requests.post(URL, data={}, timeout=5),
    "httpx": lambda: httpx.get(URL, timeout=5),
    "httpx stream": by_httpx_stream,
    "async httpx": lambda: asyncio.run(by_async_httpx()),
    "aiohttp": lambda: asyncio.run(by_aiohttp()),
    "urllib3": by_urllib3,
    "urllib": lambda: urllib.request.urlopen(URL, timeout=5),
    "http.client": by_tunnel,
}
DIRECT = {
    "http.client": by_http_client,
    "urllib3": lambda: urllib3.request("GET", URL, retries=False, timeout=5),
    "socket": lambda: socket.create_connection(("gateway.prod.bill.com", 443), 5),
    "soft hyphen": lambda: socket.create_connection(("api.bi\\xadll.com", 443), 5),
    "bytes": lambda: socket.getaddrinfo(b"api.bill.com", 443),
    "bytearray": lambda: sys.audit("socket.connect", None, (bytearray(b"api.bill.com"), 443)),
    "name": lambda: socket.gethostbyname("app02.us.bill.com"),
}
'''
TESTS = """
import pytest
from asks import DIRECT, PROXIED


@pytest.mark.parametrize("way", PROXIED)
def test_proxied(way):
    PROXIED[way]()


@pytest.mark.parametrize("way", DIRECT)
def test_direct(way):
    DIRECT[way]()
"""
ALL = 18


@pytest.fixture
def proxy(monkeypatch):
    """A way to production that no socket shows."""
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.delenv(name, raising=False)
    proxy = Proxy()
    monkeypatch.setenv("https_proxy", proxy.url)
    yield proxy
    proxy.close()


def refused(result) -> int:
    shown = result.stdout.str().partition("short test summary")[0]
    return len(re.findall(r"^A connection to \S+ was refused\.$", shown, re.M))


@pytest.mark.parametrize("why", ["a variable", "an option", "an ini setting", ".env", "a test"])
@pytest.mark.sampled(5)
def test_a_run_with_anything_of_bills_asks_no_production_by_any_client(
    pytester, monkeypatch, proxy, why
):
    pytester.makepyfile(asks=ASKS, test_a=TESTS)
    options = []
    if why == "a variable":
        monkeypatch.setenv("BILL_DEV_KEY", "01DEVELOPERKEY0123456789")
    elif why == "an option":
        options.append("--bill-record-mode=once")
    elif why == "an ini setting":
        pytester.makeini("[pytest]\nbill_record_mode = once")
    elif why == ".env":
        pytester.path.joinpath(".env").write_text("BILL_DEV_KEY=01DEVELOPERKEY0123456789\n")
    else:
        pytester.makepyfile(test_z="def test_bill(bill_dev_session):\n    pass\n")
    result = pytester.runpytest_subprocess(*QUIET, *options, "--maxfail", str(ALL))
    result.assert_outcomes(failed=ALL)
    assert refused(result) == ALL, result.stdout.str()
    assert proxy.received == []


def test_a_run_without_anything_of_bills_opens_no_socket_to_production(pytester, monkeypatch):
    pytester.makepyfile(asks=ASKS, test_a=TESTS)
    monkeypatch.delenv("https_proxy", raising=False)
    result = pytester.runpytest_subprocess(*QUIET, "-k", "direct")
    result.assert_outcomes(failed=7, deselected=11)
    assert refused(result) == 7
    assert "It is BILL's production; allow it with --bill-allow-production." in result.stdout.str()


@pytest.mark.nightly
def test_a_conftest_may_bring_the_plugin(pytester, monkeypatch, proxy):
    monkeypatch.setenv("PYTEST_PLUGINS", "")
    monkeypatch.setenv("BILL_DEV_KEY", "01DEVELOPERKEY0123456789")
    pytester.makeconftest("pytest_plugins = ['pytest_bill.plugin']")
    pytester.makepyfile(asks=ASKS, test_a=TESTS)
    result = pytester.runpytest_subprocess(*QUIET, "--bill-live")
    result.assert_outcomes(failed=ALL)
    assert refused(result) == ALL
    assert proxy.received == []


REACHES = """
import urllib.request

def reach():
    try:
        urllib.request.urlopen("https://api.bill.com/api/v2/List/Vendor.json", timeout=5)
    except Exception as error:
        with open("told.txt", "a") as file:
            print(__name__, type(error).__name__, file=file)
"""


@pytest.mark.parametrize("workers", [(), ("-n1",)], ids=["alone", "worker"])
@pytest.mark.sampled(2)
def test_conftests_imports_and_hooks_do_not_reach_it_either(pytester, monkeypatch, proxy, workers):
    monkeypatch.setenv("BILL_DEV_KEY", "01DEVELOPERKEY0123456789")
    pytester.makepyfile(
        reaches=REACHES,
        conftest="""
        from reaches import reach

        reach()

        def pytest_configure():
            reach()

        def pytest_sessionstart():
            reach()

        def pytest_sessionfinish():
            reach()
        """,
        test_a="""
        from reaches import reach

        reach()

        def test_a():
            reach()
        """,
    )
    pytester.runpytest_subprocess(*QUIET, *workers).assert_outcomes(passed=1)
    told = pytester.path.joinpath("told.txt").read_text().splitlines()
    assert set(told) == {"reaches NetworkRefused"}
    assert len(told) == (10 if workers else 6)
    assert proxy.received == []


CHILD = """
import subprocess, sys
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from reaches import reach

def test_child():
    subprocess.run([sys.executable, "-c", "import reaches; reaches.reach()"], check=True)
    for way in ("fork", "spawn"):
        with ProcessPoolExecutor(1, mp_context=get_context(way)) as pool:
            pool.submit(reach).result()
"""


@pytest.mark.parametrize("first", ["test_bill", "test_child"])
@pytest.mark.sampled(2)
def test_processes_that_tests_start_do_not_reach_it_either(pytester, proxy, first):
    bill = "def test_bill(bill_dev_session):\n    bill_dev_session.get('/v3/vendors')\n"
    pytester.makepyfile(reaches=REACHES, test_child=CHILD, test_bill=bill)
    files = sorted(["test_bill.py", "test_child.py"], key=lambda name: first not in name)
    options = ("--bill-environment=local", "--bill-record-mode=once")
    pytester.runpytest_subprocess(*QUIET, *options, *files).assert_outcomes(passed=2)
    told = pytester.path.joinpath("told.txt").read_text().splitlines()
    assert told == 3 * ["reaches NetworkRefused"]
    assert proxy.received == []


@pytest.mark.nightly
def test_who_allows_it_reaches_it(pytester, monkeypatch, proxy):
    monkeypatch.setenv("BILL_DEV_KEY", "01DEVELOPERKEY0123456789")
    pytester.makepyfile(asks=ASKS, test_a=TESTS)
    result = pytester.runpytest_subprocess(*QUIET, *TRUSTED, "-k", "proxied")
    result.assert_outcomes(failed=11, deselected=7)  # the proxy goes no further
    assert refused(result) == 0
    assert len(proxy.received) >= 11
    proxy.received.clear()
    result = pytester.runpytest_subprocess(*QUIET, TRUSTED[0], "-k", "proxied")
    assert refused(result) == 11
    assert "pytest-bill does not see what this client would do there" in result.stdout.str()
    assert proxy.received == []
