"""Whom the sandbox answers: not a web page that makes a browser ask it."""

import http.client
import json
import socket

import pytest

from pytest_bill.sandbox import LocalSandbox, control
from pytest_bill.sandbox.admission import HEADER, hosts_of

SIMPLE = [
    {"Content-Type": "text/plain"},
    {"Content-Type": "application/x-www-form-urlencoded"},
    {"Content-Type": "application/json"},
    {},
]
"""What a page of another site may send without being asked whether it may, and some more."""


def ask(sandbox, method, path, *, host=None, body=None, **headers):
    """Status, and what is said; ``host`` is the header as it is sent."""
    address = sandbox.origin.removeprefix("http://")
    connection = http.client.HTTPConnection(address, timeout=5)
    try:
        connection.putrequest(method, path, skip_host=True)
        connection.putheader("Host", address if host is None else host)
        for name, value in headers.items():
            connection.putheader(name, value)
        content = b"" if body is None else json.dumps(body).encode()
        connection.putheader("Content-Length", str(len(content)))
        connection.endheaders(content)
        answer = connection.getresponse()
        return answer.status, answer.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize(
    "path", ["/connect/v3/vendors", "/api/v2/List/Vendor.json", "/", control.RECEIVED_PATH]
)
@pytest.mark.parametrize(
    "host",
    [
        *("evil.example.com", "evil.example.com:80", "127.0.0.1.evil.example.com", "10.0.0.1"),
        *("localhost.evil.com", "[::1].evil.com", "127.0.0.1@evil.com", "evil.com:127.0.0.1"),
    ],
)
def test_another_name_is_refused(sandbox, host, path):
    status, said = ask(sandbox, "GET", path, host=host)
    assert status == 421
    assert "evil" not in said


def test_how_another_name_can_be_allowed_is_said(sandbox):
    status, said = ask(sandbox, "GET", "/connect/v3/vendors", host="evil.example.com")
    assert status == 421
    (problem,) = json.loads(said)
    assert "--allowed-host" in problem["message"]
    assert sandbox.request_counts() == {}


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:80", "127.0.0.1", "[::1]:8080", "::1"])
def test_names_of_this_machine_are_answered(sandbox, host):
    assert ask(sandbox, "GET", "/openapi.json", host=host)[0] == 200


def test_names_that_were_allowed_are_answered():
    with LocalSandbox(allowed_hosts=["bill-sandbox"]) as sandbox:
        assert ask(sandbox, "GET", "/openapi.json", host="Bill-Sandbox:8080")[0] == 200
        assert ask(sandbox, "GET", "/connect/v3/vendors", host="bill-sandbox.evil.com")[0] == 421


@pytest.mark.parametrize(
    ("bound", "host", "is_answered"),
    [
        ("0.0.0.0", "192.0.2.7:8080", True),
        ("0.0.0.0", "[2001:db8::7]:8080", True),
        ("0.0.0.0", "evil.example.com", False),
        ("192.0.2.7", "192.0.2.7", True),
        ("192.0.2.7", "192.0.2.8", False),
        ("sandbox.internal", "sandbox.internal", True),
        ("127.0.0.1", "192.0.2.7", False),
        ("::", "192.0.2.7", True),
    ],
)
def test_which_names_are_those_of_an_address(bound, host, is_answered):
    """On all addresses, any of them: a name is needed to make a browser mix up two servers."""
    assert hosts_of(bound, ())(host) is is_answered


def test_a_request_without_a_name_is_none_of_a_browser(sandbox):
    host, _, port = sandbox.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(b"GET /openapi.json HTTP/1.0\r\n\r\n")
        assert b" 200 " in connection.makefile("rb").readline()


@pytest.mark.parametrize("headers", SIMPLE, ids=str)
@pytest.mark.parametrize(
    "path", [control.RESET_PATH, control.CLOCK_PATH, control.FAULTS_PATH, control.SEED_PATH]
)
def test_a_page_of_another_site_controls_nothing(sandbox, path, headers):
    before = sandbox.clock._offset
    for more in ({}, {HEADER: "1", "Origin": "https://evil.example.com"}, {"Origin": "null"}):
        status, said = ask(sandbox, "POST", path, body={"advance_seconds": 1}, **headers, **more)
        assert status == 403
        assert json.loads(said)[0]["message"]
    assert sandbox.clock._offset == before


def test_what_came_in_is_told_to_no_other_site(sandbox):
    origin = {"Origin": "http://evil.example.com"}
    assert ask(sandbox, "GET", control.RECEIVED_PATH, **origin)[0] == 403
    same = {"Origin": sandbox.origin}
    assert ask(sandbox, "GET", control.RECEIVED_PATH, **same)[0] == 200
    assert ask(sandbox, "POST", control.RESET_PATH, **same, **{HEADER: "1"})[0] == 204


def raw(sandbox, sent: bytes) -> bytes:
    """All that is answered until the connection is closed, or nothing more can come."""
    host, _, port = sandbox.origin.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), 5) as connection:
        connection.sendall(sent)
        connection.shutdown(socket.SHUT_WR)
        return connection.makefile("rb").read()


def test_a_request_whose_end_is_not_certain_gets_one_answer(sandbox):
    head = b"POST /connect/v3/login HTTP/1.1\r\nHost: localhost\r\n"
    ends = b"Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n"
    hidden = b"GET /connect/v3/vendors HTTP/1.1\r\nHost: localhost\r\n\r\n"
    answered = raw(sandbox, head + ends + hidden)
    assert answered.startswith(b"HTTP/1.1 400 ")
    assert answered.count(b"HTTP/1.1 ") == 1
    assert sandbox.request_counts() == {}


@pytest.mark.parametrize(
    "ends",
    [b"Content-Length: 100\r\n\r\n{", b"Transfer-Encoding: chunked\r\n\r\nZZ\r\n"],
    ids=["cut off", "no chunk"],
)
def test_who_goes_away_leaves_no_trace_on_the_terminal(sandbox, caplog, capfd, ends):
    raw(sandbox, b"POST /connect/v3/login HTTP/1.1\r\nHost: localhost\r\n" + ends)
    assert ask(sandbox, "GET", "/openapi.json")[0] == 200
    assert "Traceback" not in caplog.text + "".join(capfd.readouterr())
    assert [record for record in caplog.records if record.exc_info] == []


def head(host, more="A: b", path="/__sandbox__/reset", version="1.1"):
    """A request that controls, but for what is given."""
    lines = [f"POST {path} HTTP/{version}", f"Host: {host}", more, f"{HEADER}: 1"]
    return "\r\n".join([*lines, "Content-Length: 0", "", ""]).encode()


@pytest.mark.parametrize(
    ("sent", "status"),
    [
        (head("localhost"), 204),
        (head("localhost", "Host: evil.example.com"), 400),
        (head("evil.example.com", "Host: localhost"), 400),
        (head("evil.example.com", "X-Forwarded-Host: localhost"), 421),
        (head("localhost", " .evil.example.com"), 400),
        (head("localhost\0.evil.example.com"), 400),
        (head("localhost, evil.example.com"), 421),
        (head("localhost."), 421),
        (head("user@localhost"), 421),
        (head("[::ffff:127.0.0.1]"), 421),
        (head("::1%evil.example.com"), 421),
        (head("evil.example.com", path="http://localhost/__sandbox__/reset"), 421),
        (head("localhost", path="http://evil.example.com/__sandbox__/reset"), 404),
        (head("localhost", path="/x/../__sandbox__/reset"), 404),
        (head("localhost", "Origin: null", path="/%5f_sandbox__%2freset"), 403),
        (head("localhost", "Origin: http://localhost\r\nOrigin: http://evil"), 403),
        (head("localhost", "Sec-Fetch-Site: cross-site"), 403),
        (head("localhost", "Sec-Fetch-Site: same-site"), 403),
        (head("localhost").replace(b"b\r\n", b"b\r\n "), 400),
        (head("localhost", version="2.0"), 505),
        (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" + bytes(9), 400),
    ],
)
def test_no_trick_with_the_head_gets_through(sandbox, sent, status):
    sandbox.fail("listVendors", status=500)
    answered = raw(sandbox, sent)
    assert answered.startswith(b"HTTP/1.1 %d " % status)
    assert answered.count(b"HTTP/1.1 ") == 1
    assert bool(sandbox._state.faults.take("listVendors")) is (status != 204)
    assert b"evil" not in answered


@pytest.mark.parametrize("protocol", ["websocket", "h2c"])
def test_it_stays_http_whatever_else_is_asked_for(sandbox, caplog, protocol):
    asked = {"Connection": "Upgrade", "Upgrade": protocol, "Origin": "http://evil.example.com"}
    assert ask(sandbox, "GET", control.RECEIVED_PATH, **asked)[0] == 403
    assert ask(sandbox, "GET", "/openapi.json", **asked)[0] == 200
    assert caplog.text == ""


@pytest.mark.parametrize("path", [control.RESET_PATH, "/connect/v3/vendors", "*", "/"])
def test_no_page_is_told_that_it_may(sandbox, path):
    wants = b"Access-Control-Request-Method: POST\r\nAccess-Control-Request-Headers: sessionid"
    start = b"OPTIONS %s HTTP/1.1\r\nHost: localhost\r\nOrigin: http://evil.example.com\r\n%s"
    answered = raw(sandbox, start % (path.encode(), wants) + b"\r\n\r\n").lower()
    assert answered[9:12] in {b"403", b"404"}
    assert b"access-control" not in answered


def test_the_refusal_names_the_header(sandbox):
    status, said = ask(sandbox, "POST", control.RESET_PATH)
    assert status == 403
    assert HEADER in json.loads(said)[0]["message"]
