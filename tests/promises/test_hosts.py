"""Credentials go to the configured BILL and to nobody else: real servers count what arrives."""

from __future__ import annotations

import asyncio
import socket
import threading
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import aiohttp
import httpx
import pytest
import requests
import urllib3

from pytest_bill.clients.base import served_by
from pytest_bill.credentials.kinds import DEVELOPER_KEY, Credential
from pytest_bill.environments import SANDBOX, at_origin
from pytest_bill.exceptions import NetworkRefused, SettingsError
from pytest_bill.secret import SecretStr
from pytest_bill.sessions.access import Access
from pytest_bill.sessions.session import BillSession
from tests.clients.test_secrets_elsewhere import SECRETS as OTHERS
from tests.clients.test_secrets_elsewhere import WAYS, pieces_in

SECRETS = {
    "username": "ada.lovelace@example.com",
    "password": "correct-horse-battery",
    "organization_id": "00801ABCDEFGHIJKLMNO",
    "key": "01DEVELOPERKEY012345",
}
SESSION_ID = "session-id-0123456789"
COOKIE = "cookie-value-0123456789"
CREDENTIALS = [SECRETS["password"], SECRETS["key"], SESSION_ID, COOKIE]


class Host:
    """A server on an address of this machine; it keeps each request whole, as text."""

    def __init__(self, address: str = "127.0.0.1") -> None:
        self.received: list[str] = []
        self.answers: list[tuple[int, dict[str, str]]] = []
        outer = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                outer.received.append(
                    f"{self.requestline}\n{self.headers}\n{body.decode('latin-1')}"
                )
                status, headers = outer.answers.pop(0) if outer.answers else (200, {})
                self.send_response(status)
                for name, value in headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", "2")
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(b"{}")

            do_GET = do_POST = do_PUT = do_HEAD = do_CONNECT = answer  # noqa: N815

            def log_message(self, *_: object) -> None:
                pass

        self._server = ThreadingHTTPServer((address, 0), Handler)
        self._server.daemon_threads = True
        threading.Thread(target=self._server.serve_forever, args=(0.01,), daemon=True).start()
        self.place = f"{address}:{self._server.server_address[1]}"
        self.origin = f"http://{self.place}"

    @property
    def leaked(self) -> list[str]:
        """The credentials that arrived here."""
        return [secret for secret in CREDENTIALS for text in self.received if secret in text]

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()


@pytest.fixture
def host():
    hosts = []

    def host(address: str = "127.0.0.1") -> Host:
        hosts.append(Host(address))
        return hosts[-1]

    yield host
    for each in hosts:
        each.close()


@pytest.fixture
def bill(host):
    return host()


@pytest.fixture(params=["127.0.0.1", "127.0.0.2", "localhost"])
def other(request, host):
    return host(request.param)


@pytest.fixture
def session(bill, recorder):
    it = recorder(at_origin(bill.origin, "custom"), live=True)

    def network(request):
        body = f'{{"sessionId": "{SESSION_ID}"}}'.encode()
        return replace(request, status=200, answer_body=body)

    access = Access(
        DEVELOPER_KEY,
        load=lambda: Credential(
            DEVELOPER_KEY, {role: SecretStr(value) for role, value in SECRETS.items()}
        ),
        recorder=it,
        network=network,
        sign_in_use=lambda: None,
    )
    with BillSession(access, it) as session:
        session.recorder = it
        # Signed in, and with a cookie of BILL's.
        bill.answers = [(200, {"Set-Cookie": f"JSESSIONID={COOKIE}; Path=/"})]
        assert session.get("/v3/vendors").ok
        assert SESSION_ID in bill.received[0]
        assert SECRETS["key"] in bill.received[0]
        bill.received.clear()
        yield session


def send(session, method, url, **options):
    with suppress(requests.RequestException, NetworkRefused, UnicodeError):
        return session.request(method, url, **options)
    return None


# --- redirects -------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("method", ["GET", "POST", "PUT", "HEAD"])
@pytest.mark.sampled(4)
def test_redirects_take_nothing_along(session, bill, other, status, method):
    bill.answers = [(status, {"Location": f"{other.origin}/connect/v3/vendors"})]
    options = {} if method in ("GET", "HEAD") else {"json": {"password": SECRETS["password"]}}
    send(session, method, "/v3/vendors", allow_redirects=True, **options)
    assert len(bill.received) == 1
    assert other.leaked == []


@pytest.mark.parametrize("status", [307, 308])
def test_a_body_with_a_secret_is_not_sent_on(session, bill, other, status):
    bill.answers = [(status, {"Location": f"{other.origin}/connect/v3/login"})]
    with pytest.raises(NetworkRefused, match="PLACEHOLDER_BILL_PASSWORD") as refused:
        session.post("/v3/login", json={"password": SECRETS["password"]})
    assert SECRETS["password"] not in str(refused.value)
    assert other.received == []
    bill.answers = [(status, {"Location": f"{other.origin}/x"})]
    assert session.post("/v3/vendors", json={"name": "Acme"}).ok
    assert "Acme" in other.received[0]


FORMS = {
    "form": {"data": {"data": '{"start": 0}'}},
    "nothing": {},
    "file": {"data": {"data": "{}"}, "files": {"file": ("a.txt", b"text")}},
}


@pytest.mark.parametrize("status", [300, 301, 302, 303, 307, 308])
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.sampled(4)
def test_a_form_of_v2_takes_nothing_along(session, bill, other, status, form):
    bill.answers = [(status, {"Location": f"{other.origin}/api/v2/List/Vendor.json"})]
    send(session, "POST", "/v2/List/Vendor.json", **FORMS[form])
    (received,) = bill.received
    assert received.count(SESSION_ID) == received.count(SECRETS["key"]) == 2
    assert len(other.received) == (status != 300)
    assert other.leaked == []


@pytest.mark.parametrize(
    "url",
    [
        "{other}/api/v2/List/Vendor.json",
        "{other}/v2/List/Vendor.json",
        "{bill}/v2/List/Vendor.json",
        "{bill}/elsewhere/api/v2/List/Vendor.json",
        "{bill}/apiv2/v2/List/Vendor.json",
        "{bill}/API/v2/List/Vendor.json",
        "{bill}/api/../v2/List/Vendor.json",
        "{bill}/api/v2/../../elsewhere/v2/x.json",
        "{bill}/api/v2/%2e%2e/%2e%2e/elsewhere",
        "{bill}/api/v2/..;/..;/elsewhere",
        "{bill}/api/v2%5c..%5c..%5celsewhere",
    ],
)
@pytest.mark.parametrize("form", FORMS)
@pytest.mark.parametrize("how", ["directly", "by a redirect"])
@pytest.mark.sampled(4)
def test_a_form_elsewhere_gets_no_credential(session, bill, host, url, form, how):
    other = host()
    url = url.format(bill=bill.origin, other=other.origin)
    if how == "directly":
        send(session, "POST", url, **FORMS[form])
    else:
        bill.answers = [(307, {"Location": url})]
        send(session, "POST", "/v2/List/Vendor.json", **FORMS[form])
        bill.received = bill.received[1:]
    assert other.leaked == []
    sent = "".join(each for each in bill.received if not each.startswith("POST /api/v2/List/"))
    assert [secret for secret in CREDENTIALS[:3] if secret in sent] == []


def test_below_the_gateway_a_form_is_any_body(session, bill):
    assert session.post(f"{session.base_url}/v2/List/Vendor.json", data={"data": "{}"}).ok
    head, _, body = bill.received[0].rpartition("\n")
    assert SESSION_ID in head
    assert body == "data=%7B%7D"


@pytest.mark.parametrize("status", [307, 308])
@pytest.mark.parametrize("files", [{}, {"files": FORMS["file"]["files"]}], ids=["form", "file"])
def test_a_form_filled_by_hand_is_not_sent_on(session, bill, other, status, files):
    bill.answers = [(status, {"Location": f"{other.origin}/api/v2/List/Vendor.json"})]
    with pytest.raises(NetworkRefused, match="its body holds the secret of PLACEHOLDER_BILL_"):
        session.post("/v2/List/Vendor.json", data=session.credential_headers(), **files)
    assert len(bill.received) == 1
    assert other.received == []
    with pytest.raises(NetworkRefused, match="its body holds the secret of PLACEHOLDER_BILL_"):
        session.post(f"{other.origin}/x", data=session.credential_headers(), **files)
    assert other.received == []


def test_chains_and_the_way_back(session, bill, host):
    first, second = host(), host("127.0.0.2")
    bill.answers = [(302, {"Location": f"{first.origin}/a"})]
    first.answers = [(307, {"Location": f"{second.origin}/b"})]
    second.answers = [(308, {"Location": f"{bill.origin}/connect/v3/back"})]
    assert session.get("/v3/vendors").ok
    assert first.leaked == second.leaked == []
    assert SESSION_ID in bill.received[1]


@pytest.mark.parametrize(
    "location",
    [
        "//{other}/connect/v3/x",
        "///{other}/connect/v3/x",
        "/\\{other}/connect/v3/x",
        "\\\\{other}/connect/v3/x",
        "http:{other}/x",
        "http:/{other}/x",
        "http://{bill}@{other}/connect/v3/x",
        "http://{bill}%40{other}/connect/v3/x",
        "http://{bill}\\@{other}/connect/v3/x",
        "http://{other}\\@{bill}/connect/v3/x",
        "http://{other}#@{bill}/connect/v3/x",
        "http://{other}?@{bill}/connect/v3/x",
        "http://{other}%2f@{bill}/connect/v3/x",
        "http://{other}\t@{bill}/connect/v3/x",
        "HTTP://{other}/connect/v3/x",
        " http://{other}/connect/v3/x",
        "http://{other}/connect/v3/x?u=http://{bill}/connect",
        "http://{other}/{bill}/connect/v3/x",
        "http://sessionId:devKey@{other}/connect/v3/x",
        "",
        "/../../elsewhere",
        "http://{bill}/connect/../elsewhere",
        "http://{bill}/connect/%2e%2e/elsewhere",
        "http://{bill}/connect/%252e%252e/elsewhere",
        "http://{bill}/connect/..%2felsewhere",
        "http://{bill}/connect/v3/..;/..;/elsewhere",
        "http://{bill}/connect%5c..%5celsewhere",
        "http://{bill}/connected/elsewhere",
        "http://{bill}/elsewhere",
        "http://{bill}/CONNECT/elsewhere",
        "https://{bill}/connect/elsewhere",
    ],
)
@pytest.mark.parametrize("how", ["directly", "by a redirect"])
@pytest.mark.sampled(4)
def test_urls_that_look_like_bills(session, bill, host, location, how):
    other = host()
    url = location.format(bill=bill.place, other=other.place)
    if how == "directly":
        send(session, "GET", url)
    else:
        bill.answers = [(302, {"Location": url.replace("\t", "%09")})]
        send(session, "GET", "/v3/vendors")
        bill.received = bill.received[1:]
    assert other.leaked == []
    # Elsewhere at BILL's own address is not BILL's API either.
    outside = [text for text in bill.received if not text.split()[1].startswith("/connect/")]
    outside += [text for text in bill.received if ".." in text.split()[1].lower()]
    outside += [text for text in bill.received if "%2e" in text.split()[1].lower()]
    assert [secret for secret in CREDENTIALS[:3] for text in outside if secret in text] == []


@pytest.mark.parametrize(
    "url",
    [
        "https://gateway.stage.bill.com.evil.example/connect/v3/x",
        "https://gateway-stage.bill.com/connect/v3/x",
        "https://gateway.stage.bi11.com/connect/v3/x",
        "https://xn--gatewy-3nf.stage.bill.com/connect/v3/x",
        "https://g\u0430teway.stage.bill.com/connect/v3/x",
        "https://gateway.stage.bill.com\u3002evil.example/connect/v3/x",
        "https://gateway\u3002stage.bill.com/connect/v3/x",
        "https://\uff47ateway.stage.bill.com/connect/v3/x",
        "https://gateway.stage.bill.com./connect/v3/x",
        "https://gateway.stage.bill.com../connect/v3/x",
        "https://gateway.stage.bill.%63om/connect/v3/x",
        "https://gateway.stage.bill.com%2eevil.example/connect/v3/x",
        "https://gateway.stage.bill.com%00.evil.example/connect/v3/x",
        "https://gateway.stage.bill.com@evil.example/connect/v3/x",
        "https://evil.example@gateway.stage.bill.com/connect/v3/x",
        "https://gateway.stage.bill.com:443@evil.example/connect/v3/x",
        "https://gateway.stage.bill.com\\@evil.example/connect/v3/x",
        "https://gateway.stage.bill.com\\.evil.example/connect/v3/x",
        "https://gateway.stage.bill.com\t/connect/v3/x",
        "https://gateway.stage.bill.com/connect/v3/x\n",
        " https://gateway.stage.bill.com/connect/v3/x",
        "https://gateway.stage.bill.com:8443/connect/v3/x",
        "https://gateway.stage.bill.com:80/connect/v3/x",
        "https://gateway.stage.bill.com:443443/connect/v3/x",
        "https://gateway.stage.bill.com:x/connect/v3/x",
        "http://gateway.stage.bill.com/connect/v3/x",
        "http://gateway.stage.bill.com:443/connect/v3/x",
        "ftp://gateway.stage.bill.com/connect/v3/x",
        "https://gateway.stage.bill.com/connect/../v3/x",
        "https://gateway.stage.bill.com/connect/%2e%2e/v3/x",
        "https://gateway.stage.bill.com/connect/%252e%252e/v3/x",
        "https://gateway.stage.bill.com/connect/.%2e%5cv3/x",
        "https://gateway.stage.bill.com/v3/x",
        "https://api-stage.bill.com/connect/v3/x",
        "https://[gateway.stage.bill.com]/connect/v3/x",
        "https://gateway.prod.bill.com/connect/v3/x",
        "//gateway.stage.bill.com/connect/v3/x",
        "gateway.stage.bill.com/connect/v3/x",
    ],
)
def test_not_the_configured_bill(url):
    assert not SANDBOX.owns(url)


@pytest.mark.parametrize(
    "url", ["http://[::1%25lo]:8080/connect/v3/x", "http://[::1%lo]:8080/connect/v3/x"]
)
def test_an_address_with_a_zone_is_another(url):
    assert not at_origin("http://[::1]:8080", "custom").owns(url)


def test_the_default_port_and_case_are_the_same_host():
    assert SANDBOX.owns("https://gateway.stage.bill.com:443/connect/v3/x")
    assert SANDBOX.owns("HTTPS://Gateway.Stage.BILL.com/connect/v3/x")


@pytest.mark.parametrize(
    "path", ["//evil.example/x", "\\\\evil.example/x", "@evil.example/x", ":pw@evil.example/x"]
)
def test_a_path_is_always_a_path(path):
    assert SANDBOX.resolve(path).startswith("https://gateway.stage.bill.com/connect/")


def test_a_url_within_a_path_is_part_of_the_path():
    path = "/v3/vendors?next=https://evil.example/"
    assert SANDBOX.resolve(path) == f"https://gateway.stage.bill.com/connect{path}"


@pytest.mark.parametrize(
    "address",
    [
        "http://gateway.stage.bill.com",
        "http://192.0.2.1:8080",
        "http://127.0.0.1.evil.example",
        "http://127.0.0.1@evil.example",
        "http://evil.example\\@127.0.0.1",
        "http://127.0.0.1\\.evil.example",
        "http://localhost.evil.example",
        "http://0.0.0.0:8080",
        "http://127.1:8080",
        "http://[::1%25lo]:8080",
        "http://loc\talhost:8080",
        "https://bill.example.com/x?y=z",
        "https://bill.example.com/#x",
        "https://bill.example.com/a/../b",
        "https://\uff42ill.example.com",
        "https://user:pass-word@bill.example.com",
    ],
)
def test_base_urls_that_are_refused(address):
    with pytest.raises(SettingsError) as refused:
        at_origin(address, "custom")
    assert "pass-word" not in str(refused.value)


@pytest.mark.parametrize("url", ["http://gateway.stage.bill.com/connect/v3/x"])
def test_bill_is_not_asked_in_clear(session, url):
    with pytest.raises(NetworkRefused, match="unencrypted"):
        session.get(url)


# --- what a session carries ------------------------------------------------------------------


def test_what_a_test_put_into_the_session_stays_at_bill(session, bill, other):
    session.headers.update({"sessionId": "by-hand-0123456789", "devKey": SECRETS["key"]})
    session.auth = ("someone", "elses-password")
    bill.answers = [(302, {"Location": f"{other.origin}/x"})]
    session.get("/v3/vendors")
    assert "by-hand" in bill.received[0]
    assert other.leaked == []
    assert "by-hand" not in "".join(other.received)
    assert "authorization" not in "".join(other.received).lower()
    del session.headers["sessionId"], session.headers["devKey"]
    session.headers["X-Own"] = SESSION_ID
    with pytest.raises(NetworkRefused, match="X-Own"):
        session.get(f"{other.origin}/x")


STRIPPED = ("header of BILL's", "Basic", "Basic in Latin-1", "Bearer", "cookie")


@pytest.mark.parametrize("way", [way for way in WAYS if way not in STRIPPED])
@pytest.mark.parametrize("how", ["directly", "by a redirect"])
@pytest.mark.parametrize("name", OTHERS)
@pytest.mark.sampled(101)
def test_a_session_sends_no_credential_to_another_host(session, bill, host, way, how, name):
    session.recorder.registry.add(OTHERS[name], f"PLACEHOLDER_{name}")
    sent, other = WAYS[way](OTHERS[name]), host()
    options = {"headers": sent.headers, "data": iter(sent.pieces) if sent.pieces else sent.body}
    url = other.origin + sent.target
    if how == "by a redirect":
        if sent.pieces:
            pytest.skip("requests cannot send it again")
        bill.answers = [(307, {"Location": url})]
        url = "/v3/vendors"
    told = rf"PLACEHOLDER_\w*{name.removeprefix('BILL_')}(_[0-9])?\."
    with session.recorder.watching(), pytest.raises(NetworkRefused, match=told):
        session.request(sent.method, url, **options)
    assert pieces_in("".join(other.received).encode(), OTHERS[name]) == []
    # Of a stream some may have left before.
    assert other.received == [] or sent.pieces


def test_cookies_of_bill_stay_at_bill(session, bill, other):
    session.get(f"{other.origin}/x", cookies={"own": "1"})
    assert other.leaked == []
    assert "own=1" in other.received[0]
    session.get("/v3/vendors")
    assert COOKIE in bill.received[0]


def test_netrc_adds_nothing(session, bill, other, monkeypatch, tmp_path):
    netrc = tmp_path / "netrc"
    netrc.write_text("default login someone password netrc-password\n")
    monkeypatch.setenv("NETRC", str(netrc))
    bill.answers = [(302, {"Location": f"{other.origin}/x"})]
    other.answers = [(302, {"Location": f"{bill.origin}/connect/v3/back"})]
    session.get("/v3/vendors")
    session.get(f"{other.origin}/x")
    assert len(other.received) == 2
    assert "uthorization" not in "".join(bill.received + other.received)


@pytest.fixture
def proxied(monkeypatch, host):
    for name in ("no_proxy", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.delenv(name, raising=False)
    proxy = host()
    monkeypatch.setenv("http_proxy", proxy.origin)
    monkeypatch.setenv("https_proxy", proxy.origin)
    return proxy


def test_a_proxy_sees_no_request_in_clear(session, bill, proxied):
    assert session.get("/v3/vendors").ok
    session.proxies = {"http": proxied.origin}
    assert session.get("/v3/vendors").ok
    assert proxied.received == []
    assert len(bill.received) == 2


def test_a_proxy_sees_no_form_in_clear(session, bill, proxied):
    assert session.post("/v2/List/Vendor.json", data={"data": "{}"}).ok
    assert proxied.received == []
    assert f"sessionId={SESSION_ID}" in bill.received[0]


def test_a_proxy_is_asked_for_a_tunnel(recorder, proxied):
    it = recorder(at_origin("https://bill.example.com", "custom"), live=True)
    credential = Credential(
        DEVELOPER_KEY, {role: SecretStr(value) for role, value in SECRETS.items()}
    )
    access = Access(
        DEVELOPER_KEY,
        load=lambda: credential,
        recorder=it,
        network=lambda request: __import__("dataclasses").replace(
            request, status=200, answer_body=f'{{"sessionId": "{SESSION_ID}"}}'.encode()
        ),
        sign_in_use=lambda: None,
    )
    proxied.answers = [(502, {})]
    with BillSession(access, it) as session:
        send(session, "POST", "/v3/vendors", json=SECRETS)
    assert proxied.received[0].startswith("CONNECT bill.example.com:443 ")
    assert proxied.leaked == []
    assert SECRETS["username"] not in proxied.received[0]


# --- other clients ---------------------------------------------------------------------------


def by_aiohttp(url, headers):
    async def ask():
        async with aiohttp.ClientSession() as session, session.get(url, headers=headers) as it:
            await it.read()

    asyncio.run(ask())


CLIENTS = {
    "requests": lambda url, headers: requests.get(url, headers=headers, timeout=5),
    "urllib3": lambda url, headers: urllib3.request("GET", url, headers=headers),
    "httpx": lambda url, headers: httpx.get(url, headers=headers, follow_redirects=True),
    "aiohttp": by_aiohttp,
}


@pytest.mark.parametrize("client", CLIENTS)
@pytest.mark.parametrize("how", ["directly", "by a redirect"])
def test_a_client_given_the_headers_cannot_send_them_elsewhere(session, bill, host, client, how):
    other = host()
    headers = {name: str(value) for name, value in session.credential_headers().items()}
    if how == "by a redirect":
        bill.answers = [(307, {"Location": f"{other.origin}/connect/v3/vendors"})]
    url = f"{session.base_url}/v3/vendors" if how == "by a redirect" else f"{other.origin}/x"
    refused = pytest.raises(NetworkRefused, match="configured BILL")
    with served_by(session.recorder), session.recorder.watching(), refused:
        CLIENTS[client](url, headers)
    assert other.received == []


@pytest.mark.parametrize("client", CLIENTS)
def test_a_client_may_ask_others_and_name_the_organization(session, host, client):
    other = host()
    with served_by(session.recorder), session.recorder.watching():
        CLIENTS[client](f"{other.origin}/x", {"X-Organization": SECRETS["organization_id"]})
    assert len(other.received) == 1


def test_a_name_that_only_looks_different_is_guarded(recorder):
    from pytest_bill.guards.sockets import Guard

    guard = Guard({"api.bill.com"}.__contains__, lambda: False, "Because.")
    guard.set()
    try:
        for name in ("\uff41pi.bill.com", "api\u3002bill.com", "API.bill.com."):
            with pytest.raises(NetworkRefused):
                socket.getaddrinfo(name, 443)
    finally:
        guard.lift()
