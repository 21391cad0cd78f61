"""Production through the front door: what it takes to ask it, and for what."""

from __future__ import annotations

import os
import socket
import threading

import pytest

TRUSTED = ("--bill-environment=production", "--bill-allow-production")
CREDENTIALS = {
    "BILL_USERNAME": "ada.lovelace@example.com",
    "BILL_PASSWORD": "Correct-Horse/Battery+Staple",
    "BILL_ORGANIZATION_ID": "00801ABCDEFGHIJKLMNO",
    "BILL_DEV_KEY": "01DEVELOPERKEY0123456789",
    "BILL_SPEND_API_TOKEN": "spend-token-0123456789",
}
# Production is a proxy here that counts who comes; it answers nothing.
CONFTEST = """
import os

import pytest
import requests

from pytest_bill.sessions import access, signing_in


@pytest.fixture(scope="session", autouse=True)
def _signed_in():
    signing_in.SigningIn._send = lambda self, request, known: __import__("dataclasses").replace(
        request, status=200, answer_body=b'{"sessionId": "0123456789-session"}'
    )
    access.Access.sign_in = lambda self: None
"""
PAY = """
import httpx
import pytest
import requests
import urllib3

PAYMENTS = "https://gateway.prod.bill.com/connect/v3/payments"

def test_session(bill_dev_session):
    bill_dev_session.post("/v3/payments", json={})

def test_v2(bill_dev_session):
    bill_dev_session.post("/v2/PayBills.json", data={})

def test_requests(bill_dev_session):
    requests.post(PAYMENTS, json={}, timeout=5)

def test_httpx(bill_dev_session):
    httpx.post(PAYMENTS, json={}, timeout=5)

def test_urllib3(bill_dev_session):
    urllib3.request("POST", PAYMENTS, json={}, retries=False, timeout=5)

def test_aiohttp(bill_dev_session):
    import aiohttp, asyncio
    async def pay():
        async with aiohttp.ClientSession(trust_env=True) as session:
            async with session.post(PAYMENTS, json={}) as answer:
                await answer.read()
    asyncio.run(pay())

@pytest.fixture(scope="module")
def wide(bill_dev_session):
    httpx.post(PAYMENTS, json={}, timeout=5)

def test_wide(wide):
    pass
"""
UNSEEN = """
import socket

import httpx

def test_unseen():
    httpx.get("https://gateway.prod.bill.com/connect/v3/vendors", timeout=5)

def test_raw_socket():
    socket.create_connection(("api.bill.com", 443), 5)
"""


class Proxy:
    """Counts connections and what was asked of it first, and refuses."""

    def __init__(self) -> None:
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.received: list[bytes] = []
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        threading.Thread(target=self._serve, daemon=True).start()

    def _serve(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                connection.settimeout(2)
                self.received.append(connection.recv(65536))
                connection.sendall(b"HTTP/1.1 502 No\r\nContent-Length: 0\r\n\r\n")

    def close(self) -> None:
        self._socket.close()


@pytest.fixture
def proxy(monkeypatch):
    """What production's network is in these tests."""
    for name in [name for name in os.environ if name.startswith("BILL_")]:
        monkeypatch.delenv(name)
    for name, value in CREDENTIALS.items():
        monkeypatch.setenv(name, value)
    for name in ("no_proxy", "NO_PROXY", "http_proxy", "HTTP_PROXY"):
        monkeypatch.delenv(name, raising=False)
    proxy = Proxy()
    monkeypatch.setenv("https_proxy", proxy.url)
    yield proxy
    proxy.close()


@pytest.fixture
def run(pytester, proxy):
    def run(*args):
        pytester.makeconftest(CONFTEST)
        return pytester.runpytest_subprocess(*args)

    return run


@pytest.mark.parametrize("mode", ["--bill-live", "--bill-record-mode=once"])
@pytest.mark.parametrize("workers", [(), ("-n2",)], ids=["alone", "workers"])
@pytest.mark.sampled(4)
def test_production_alone_does_not_pay(pytester, run, proxy, mode, workers):
    pytester.makepyfile(test_pay=PAY)
    result = run(*TRUSTED, mode, *workers)
    result.assert_outcomes(failed=6, errors=1)
    result.stdout.fnmatch_lines_random(
        [
            "*POST /v3/payments (createPayment) was not sent to BILL's production: it moves, *",
            "*Asked for by test_pay.py::test_session.",
            "*type --bill-allow-production-changes=payments on the command line.",
            "*POST /v2/PayBills.json (PayBills) was not sent*",
        ]
    )
    assert proxy.received == []
    shown = result.stdout.str()
    assert [name for name, value in CREDENTIALS.items() if value in shown] == []


@pytest.mark.nightly
def test_the_group_lets_it_pass_and_no_other(pytester, run, proxy):
    pytester.makepyfile(test_pay=PAY)
    run(*TRUSTED, "--bill-live", "--bill-allow-production-changes=people,cards")
    assert proxy.received == []
    # urllib3 by itself knows no proxy of the environment, and would look for BILL.
    allowed = ("--bill-allow-production-changes", "people, payments")
    result = run(*TRUSTED, "--bill-live", *allowed, "-k", "not urllib3")
    assert "was not sent" not in result.stdout.str()
    # A tunnel is asked for, and nothing more is said in clear.
    assert len(proxy.received) >= 5
    for received in proxy.received:
        assert received.startswith((b"CONNECT gateway.prod.bill.com:443 ", b"CONNECT api.bill.com"))
        assert [v for v in [*CREDENTIALS.values(), "0123456789-s"] if v.encode() in received] == []


@pytest.mark.parametrize(
    "source",
    [
        "[pytest]\naddopts = --bill-allow-production --bill-allow-production-changes=payments",
        "[pytest]\nbill_allow_production = true\nbill_allow_production_changes = payments",
        "conftest",
        "environment",
        "fixture",
        "marker",
    ],
)
@pytest.mark.parametrize("typed", [(), ("--bill-allow-production",)], ids=["none", "production"])
@pytest.mark.sampled(6)
def test_no_file_can_agree(pytester, run, proxy, monkeypatch, source, typed):
    options = "--bill-allow-production --bill-allow-production-changes=payments"
    pytester.makepyfile(test_pay=PAY.partition("def test_v2")[0])
    result = None
    if source.startswith("["):
        pytester.makeini(source)
    elif source == "marker":
        mark = "@pytest.mark.bill_cassette(allow_production_changes='payments')\ndef test_session"
        marked = PAY.partition("def test_v2")[0].replace("def test_session", mark)
        pytester.makepyfile(test_pay=marked)
    elif source == "environment":
        monkeypatch.setenv("PYTEST_ADDOPTS", options)
        monkeypatch.setenv("BILL_ALLOW_PRODUCTION", "1")
        monkeypatch.setenv("BILL_ALLOW_PRODUCTION_CHANGES", "payments")
    else:
        hook = (
            "\ndef pytest_configure(config):\n"
            "    config.option.bill_allow_production = True\n"
            "    config.option.bill_allow_production_changes = ['payments']\n"
            if source == "conftest"
            else "\n@pytest.fixture(scope='session')\ndef bill_config():\n"
            "    return {'allow_production_changes': 'payments'}\n"
        )
        pytester.makeconftest(CONFTEST + hook)
        result = pytester.runpytest_subprocess(
            "--bill-environment=production", *typed, "--bill-live"
        )
    result = result or run("--bill-environment=production", *typed, "--bill-live")
    assert result.ret != 0
    assert proxy.received == []
    if typed and source in ("conftest", "environment"):
        result.stdout.fnmatch_lines(["*--bill-allow-production-changes=payments*"])


def test_plain_records_need_the_first_consent_only_whatever_is_in_them(pytester, run, proxy):
    pytester.makepyfile(
        test_plain="""
        import pytest

        ACCOUNT = {"accountNumber": "998877665544", "routingNumber": "074000010"}

        @pytest.mark.parametrize("path", ["/v3/vendors", "/v3/bills", "/v3/invoices"])
        def test_record(bill_dev_session, path):
            body = {"name": "Acme", "paymentInformation": {"bankAccount": ACCOUNT}}
            bill_dev_session.post(path, json=body)
        """
    )
    result = run(*TRUSTED, "--bill-live", "-rf")
    result.assert_outcomes(failed=3)
    assert "was not sent" not in result.stdout.str()
    assert len(proxy.received) == 3
    run("--bill-environment=production", "--bill-live").assert_outcomes(errors=3)
    assert len(proxy.received) == 3


@pytest.mark.parametrize("group", ["all", "payment", "*"])
@pytest.mark.sampled(3)
def test_an_unknown_group_is_explained(pytester, run, group):
    pytester.makepyfile(test_pay=PAY.partition("def test_v2")[0])
    result = run(*TRUSTED, "--bill-live", f"--bill-allow-production-changes=people,{group}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(
        ["*--bill-allow-production-changes has no group*", "*payments, approvals, bank-accounts,*"]
    )


@pytest.mark.parametrize(
    "mode",
    [
        ("--bill-live", "--bill-allow-production-changes=payments"),
        ("--bill-live",),
        ("--bill-record-mode=once",),
    ],
    ids=["allowed to pay", "live", "records"],
)
@pytest.mark.sampled(3)
def test_a_client_that_nobody_looks_into_does_not_reach_production(
    pytester, run, proxy, monkeypatch, mode
):
    monkeypatch.delenv("https_proxy")
    pytester.makepyfile(test_a="def test_first(bill_dev_session):\n    pass\n", test_b=UNSEEN)
    result = run(*TRUSTED, *mode)
    result.assert_outcomes(passed=1, failed=2)
    result.stdout.fnmatch_lines(["*A connection to api.bill.com was refused*"])
    if "payments" in mode[-1]:
        result.stdout.fnmatch_lines(["*does not see what this client would do there*"])


@pytest.mark.parametrize(("allowed", "passed"), [("unknown", 2), ("payments", 1)])
@pytest.mark.sampled(2)
def test_what_nobody_looks_into_may_be_allowed_as_unknown(pytester, run, allowed, passed):
    # What opening a socket would ask the guard; no socket is opened.
    pytester.makepyfile(
        test_a="def test_first(bill_dev_session):\n    pass\n",
        test_b="import sys\n\n"
        "def test_unseen():\n"
        "    sys.audit('socket.getaddrinfo', 'api.bill.com', 443, 0, 0, 0)\n",
    )
    result = run(*TRUSTED, "--bill-live", f"--bill-allow-production-changes={allowed}")
    result.assert_outcomes(passed=passed, failed=2 - passed)


def test_replay_needs_no_consent(pytester, run, proxy):
    pytester.makepyfile(test_pay=PAY.partition("def test_v2")[0])
    folder = pytester.mkdir("cassettes") / "test_pay"
    folder.mkdir()
    (folder / "test_session.yaml").write_text(
        """
interactions:
- request:
    method: POST
    uri: https://gateway.prod.bill.com/connect/v3/payments
    body: '{}'
    headers: {Content-Type: [application/json]}
  response:
    status: {code: 200, message: OK}
    headers: {}
    body: {string: '{}'}
version: 1
"""
    )
    run("--bill-environment=production").assert_outcomes(passed=1)
    assert proxy.received == []
